"""The cookie of a browser: signed, and secure wherever it could leave the machine."""

from __future__ import annotations

import ipaddress

import flask
from flask import sessions


class SignedCookies(sessions.SecureCookieSessionInterface):
    """Flask's own, with `Secure` decided by the request's address."""

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
