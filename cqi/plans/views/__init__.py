"""Pages of plans, by what they are about."""

from __future__ import annotations

from cqi.plans.views import calendars, deadlines, outlining, overview, plans, routes, steps

PAGES = (outlining, plans, steps, deadlines, overview, calendars)
blueprint = routes.blueprint
