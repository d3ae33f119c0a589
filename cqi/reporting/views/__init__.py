"""The pages of results: the rounds within reach and their reports."""

from __future__ import annotations

from cqi.reporting.views import dashboards, packs, publications, reports, routes, sections, work

PAGES = (dashboards, packs, publications, reports, sections, work)
blueprint = routes.blueprint
