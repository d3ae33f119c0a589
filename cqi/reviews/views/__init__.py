"""The pages of case reviews: scoring, submission, QA, and rounds with their cases."""

from __future__ import annotations

from cqi.reviews.views import (
    alerts,
    assigning,
    conflicts,
    consistency,
    county,
    face_sheet,
    history,
    importing,
    interests,
    interviews,
    notes_conflicts,
    overrides,
    overview,
    planning,
    posting,
    practice,
    presence,
    printing,
    protected,
    qa,
    rounds,
    routes,
    sample,
    schedule,
    scoring,
    shares,
    submission,
    waiting,
)

PAGES = (
    *(alerts, assigning, conflicts, consistency, county, face_sheet, history, overrides),
    *(planning, posting, practice, presence, qa, rounds, sample, schedule, scoring),
    *(shares, submission, waiting),
    *(importing, interests, interviews, notes_conflicts, overview, printing, protected),
)
blueprint = routes.blueprint
