"""The pages of case reviews: scoring, submission, QA, and rounds with their cases."""

from __future__ import annotations

from cqi.reviews.views import (
    alerts,
    conflicts,
    face_sheet,
    history,
    interviews,
    notes_conflicts,
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
    alerts,
    conflicts,
    face_sheet,
    history,
    interviews,
    notes_conflicts,
    overview,
    posting,
    presence,
    printing,
    protected,
    qa,
    rounds,
    scoring,
    submission,
)
blueprint = routes.blueprint
