"""Pages of plans, by what they are about."""

from __future__ import annotations

from cqi.plans.views import amending, outlining, plans, routes, steps

PAGES = (amending, outlining, plans, steps)
blueprint = routes.blueprint
