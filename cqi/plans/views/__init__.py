"""Pages of plans, by what they are about."""

from __future__ import annotations

from cqi.plans.views import (
    amending,
    beginning,
    elsewhere,
    files,
    findings,
    outlining,
    plans,
    progress,
    routes,
    steps,
)

PAGES = (amending, beginning, elsewhere, files, findings, outlining, plans, progress, steps)
blueprint = routes.blueprint
