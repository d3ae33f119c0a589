"""The pages of case reviews: scoring, submission, QA, and rounds with their cases."""

from __future__ import annotations

from cqi.reviews.views import (
    alerts,
    conflicts,
    consistency,
    face_sheet,
    history,
    interests,
    interviews,
    notes_conflicts,
    overrides,
    overview,
    posting,
    presence,
    printing,
    protected,
    qa,
    rounds,
    routes,
    scoring,
    submission,
)

PAGES = (
    *(alerts, conflicts, consistency, face_sheet, history, overrides),
    *(posting, presence, qa, rounds, scoring, submission),
    *(interests, interviews, notes_conflicts, overview, printing, protected),
)
blueprint = routes.blueprint
