"""Pages of plans, by what they are about."""

from __future__ import annotations

from cqi.plans.views import beginning, findings, outlining, plans, routes, steps

PAGES = (beginning, findings, outlining, plans, steps)
blueprint = routes.blueprint
