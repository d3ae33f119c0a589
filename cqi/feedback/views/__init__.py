"""Pages of feedback, by what they are about."""

from __future__ import annotations

from cqi.feedback.views import debriefs, memos, releasing, routes

PAGES = (debriefs, memos, releasing)
blueprint = routes.blueprint
