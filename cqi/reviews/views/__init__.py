"""The pages of case reviews: scoring, submission, QA, and rounds with their cases."""

from __future__ import annotations

from cqi.reviews.views import (
    alerts,
    conflicts,
    consistency,
    face_sheet,
    history,
    overrides,
    posting,
    presence,
    qa,
    rounds,
    routes,
    scoring,
    submission,
)

PAGES = (
    *(alerts, conflicts, consistency, face_sheet, history, overrides),
    *(posting, presence, qa, rounds, scoring, submission),
)
blueprint = routes.blueprint
