"""The pages of results: the rounds within reach and their reports."""

from __future__ import annotations

from cqi.reporting.views import dashboards, reports, routes

PAGES = (dashboards, reports)
blueprint = routes.blueprint
