"""The application: one function makes it, from a database and a clock."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from types import ModuleType

import flask
import flask_wtf
from werkzeug.middleware import proxy_fix

from cqi.access import current, guard, sign_in
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.web import cookies, headers, navigation, problems, static_files, unreadable

# The modules whose `blueprint` is part of the product; a new one is one line.
VIEWS = (
    "cqi.ui.pages",
    "cqi.web.pages.health",
    "cqi.web.pages.sign_in",
    "cqi.web.pages.own_sign_in",
    "cqi.web.pages.passkeys",
    "cqi.web.pages.sign_ins_of",
    "cqi.web.pages.home",
    "cqi.web.pages.settings",
    "cqi.web.pages.places",
    "cqi.web.pages.instruments",
    "cqi.web.pages.people",
    "cqi.web.pages.grants",
    "cqi.web.pages.set_up",
    "cqi.web.pages.disclosures",
    "cqi.web.pages.roles",
    "cqi.web.pages.audit",
    "cqi.reporting.views",
    "cqi.feedback.views",
    "cqi.measures.views",
    "cqi.plans.views",
    "cqi.cases.views",
    "cqi.notices.views",
    "cqi.rounds.views",
    "cqi.rounds.views.rollout",
    "cqi.rounds.views.readiness",
    "cqi.rounds.views.ledger",
    "cqi.sampling.views",
    "cqi.reviews.views",
)
_LARGEST_REQUEST = 8 * 1024 * 1024


@dataclass(frozen=True)
class Options:
    """`proxies` is how many trusted proxies stand before the product; `testing` lets errors out
    and takes forms without their token. Passkeys are for the host of `public_url`."""

    demonstration: bool = False
    testing: bool = False
    proxies: int = 0
    public_url: str = ""


class Shell(flask.Flask):
    """Flask, with the one commit of a request: after the view, before its response leaves."""

    session_interface = cookies.SignedCookies()

    def log_exception(self, exc_info: object) -> None:
        """Flask would log the address and what the exception says; `problems` logs what may be."""

    def dispatch_request(self) -> flask.Response:
        """Run the view, commit what it did, and let a failed commit be an error page."""
        response = self.make_response(super().dispatch_request())
        current.finish(response.status_code)
        return response


def create_app(database: Database, clock: Clock, options: Options | None = None) -> flask.Flask:
    """The product as a WSGI application."""
    chosen = options or Options()
    app = Shell("cqi.web", static_folder=None)
    configure(app, database.keys.web, chosen)
    installed = current.Installation(database, clock, chosen.demonstration, chosen.public_url)
    current.install(app, installed)
    unreadable.install_address_check(app)
    guard.install(app)  # before the form tokens: who is signed out hears that first
    unreadable.install_form_check(app)
    flask_wtf.CSRFProtect(app)
    sign_in.prepare(app)
    static_files.install(app)
    guard.public(app.view_functions["static"])
    problems.install(app)
    headers.install(app)
    navigation.install(app)
    for module in views():
        app.register_blueprint(module.blueprint)
    return app


def views() -> list[ModuleType]:
    """The modules of `VIEWS`. A server loads them before it forks: a worker whose predecessor was
    killed then answers at once."""
    return [importlib.import_module(name) for name in VIEWS]


def configure(app: flask.Flask, secret_key: bytes, options: Options) -> None:
    """Cookies, forms and templates; the key signs cookies and the tokens of forms."""
    app.secret_key = secret_key
    app.config.update(
        TESTING=options.testing,
        WTF_CSRF_ENABLED=not options.testing,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its sign-in
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_LARGEST_REQUEST,
        SESSION_COOKIE_NAME="cqi",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if options.proxies:  # they hand on the Host header itself: no other name is believed
        hops = options.proxies
        app.wsgi_app = proxy_fix.ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]  # the documented way
