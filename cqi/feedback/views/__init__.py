"""Pages of feedback, by what they are about."""

from __future__ import annotations

from cqi.feedback.views import memos, releasing, routes

PAGES = (memos, releasing)
blueprint = routes.blueprint
