"""Pages of feedback, by what they are about."""

from __future__ import annotations

from cqi.feedback.views import coaching, memos, releasing, routes

PAGES = (coaching, memos, releasing)
blueprint = routes.blueprint
