"""The application of a preview: the product's shell around the pages of one draft."""

from __future__ import annotations

import secrets
from pathlib import Path

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.core.clock import Clock
from cqi.ui import pages as ui_pages
from cqi.web import app as web_app
from cqi.web import headers, problems, static_files, unreadable
from cqi.web.preview import draft, invented, pages

_HOSTS = ("127.0.0.1", "localhost")
_WORDS = "Nothing is kept: what you answer is gone when the preview ends."


def create_preview(folder: Path, clock: Clock) -> flask.Flask:
    """The pages of the version in `folder` as a WSGI application, without database or keys."""
    app = web_app.Shell("cqi.web", static_folder=None)
    web_app.configure(app, secrets.token_bytes(32), web_app.Options())
    app.config["SESSION_COOKIE_NAME"] = "cqi_preview"
    current.install(app, current.Installation(None, clock))
    app.extensions["preview"] = pages.Preview(draft.Reader(folder), invented.InventedCase())
    app.before_request(_only_here)
    unreadable.install_address_check(app)
    unreadable.install_form_check(app)
    flask_wtf.CSRFProtect(app)
    static_files.install(app)
    guard.public(app.view_functions["static"])
    problems.install(app)
    headers.install(app)
    app.context_processor(lambda: _frame(folder))
    for blueprint in (ui_pages.blueprint, pages.blueprint):
        app.register_blueprint(blueprint)
    return app


def _only_here() -> ResponseReturnValue | None:
    """A stranger's page may not read along under a name of its own that leads here."""
    if flask.request.host.partition(":")[0] in _HOSTS:
        return None
    return "A preview answers to 127.0.0.1 only.\n", 400, {"Content-Type": "text/plain"}


def _frame(folder: Path) -> dict[str, object]:
    found: draft.Draft | None = flask.g.get("draft")  # not at an address that is none
    home = flask.url_for("reviews.case_review")
    kind = "Preview" if found and found.published else "Draft preview"
    frame: dict[str, object] = {
        "product": "Preview",
        "banner": f"{kind} of {folder.parent.name} {folder.name}",
        "demonstration": _WORDS,
        "home_url": home,
    }
    if found is None or found.instrument is None:
        return frame
    at, worked = flask.request.endpoint, "reviews.worked_cases"
    scoring = ("Scoring pages", home, "" if at == worked else "true")
    cases = ("Worked cases", flask.url_for(worked), "page" if at == worked else "")
    return {**frame, "navigation": [scoring, cases]}
