"""The cookie of a browser: signed, and secure wherever it could leave the machine."""

from __future__ import annotations

import ipaddress

import flask
from flask import sessions


class SignedCookies(sessions.SecureCookieSessionInterface):
    """Flask's own, with `Secure` decided by the request's address.

    Over TLS its name begins with `__Host-`: browsers then take it from this very host only, for
    all of its paths, and never from a neighbour under the same domain.
    """

    def get_cookie_name(self, app: flask.Flask) -> str:
        """The configured name, marked over TLS."""
        name = super().get_cookie_name(app)
        return f"__Host-{name}" if flask.request.is_secure else name

    def get_cookie_secure(self, app: flask.Flask) -> bool:  # noqa: ARG002 - the library's signature
        """False only for plain http to this very machine, as in a demonstration."""
        return flask.request.is_secure or not _is_loopback(flask.request.host)


def _is_loopback(host: str) -> bool:
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    name = name.strip("[]")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
