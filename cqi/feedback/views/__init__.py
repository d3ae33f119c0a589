"""Pages of feedback, by what they are about."""

from __future__ import annotations

from cqi.feedback.views import debriefs, memos, reconsidering, releasing, routes

PAGES = (debriefs, memos, reconsidering, releasing)
blueprint = routes.blueprint
