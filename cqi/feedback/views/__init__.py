"""Pages of feedback, by what they are about."""

from __future__ import annotations

from cqi.feedback.views import (
    coaching,
    debriefs,
    memos,
    needs,
    reconsidering,
    releasing,
    rollup,
    routes,
    units,
)

PAGES = (coaching, debriefs, memos, needs, reconsidering, releasing, rollup, units)
blueprint = routes.blueprint
