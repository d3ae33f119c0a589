"""The pages of case reviews: scoring, submission, QA, and rounds with their cases."""

from __future__ import annotations

from cqi.reviews.views import (
    conflicts,
    face_sheet,
    interviews,
    notes_conflicts,
    overview,
    posting,
    printing,
    protected,
    qa,
    rounds,
    routes,
    scoring,
    submission,
)

PAGES = (
    conflicts,
    face_sheet,
    interviews,
    notes_conflicts,
    overview,
    posting,
    printing,
    protected,
    qa,
    rounds,
    scoring,
    submission,
)
blueprint = routes.blueprint
