"""Pages of plans, by what they are about."""

from __future__ import annotations

from cqi.plans.views import outlining, plans, routes, steps

PAGES = (outlining, plans, steps)
blueprint = routes.blueprint
