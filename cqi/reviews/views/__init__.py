"""The pages of case reviews: scoring, submission, QA, and rounds with their cases."""

from __future__ import annotations

from cqi.reviews.views import (
    alerts,
    assigning,
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
    practice,
    presence,
    printing,
    protected,
    qa,
    rounds,
    routes,
    sample,
    scoring,
    shares,
    submission,
    waiting,
)

PAGES = (
    *(alerts, assigning, conflicts, consistency, face_sheet, history, overrides),
    *(posting, practice, presence, qa, rounds, sample, scoring, shares, submission),
    *(interests, interviews, notes_conflicts, overview, printing, protected, waiting),
)
blueprint = routes.blueprint
