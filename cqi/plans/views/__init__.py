"""Pages of plans, by what they are about."""

from __future__ import annotations

from cqi.plans.views import elsewhere, files, outlining, plans, progress, routes, steps

PAGES = (elsewhere, files, outlining, plans, progress, steps)
blueprint = routes.blueprint
