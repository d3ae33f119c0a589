"""The pages of results: the rounds within reach and their reports."""

from __future__ import annotations

from cqi.reporting.views import reports, routes

PAGES = (reports,)
blueprint = routes.blueprint
