"""Pages of plans, by what they are about."""

from __future__ import annotations

from cqi.plans.views import (
    amending,
    beginning,
    calendars,
    deadlines,
    dropping,
    elsewhere,
    files,
    findings,
    outlining,
    overview,
    plans,
    progress,
    routes,
    steps,
)

PAGES = (
    *(amending, beginning, calendars, deadlines, dropping, elsewhere, files, findings),
    *(outlining, overview, plans, progress, steps),
)
blueprint = routes.blueprint
