"""How often who somebody is may be proved wrongly, before they have to wait.

Failures are counted in a table, by keyed digests. A browser in which a person has signed in before
carries a signed cookie that says so: its tries for that account are counted apart, so that no
stranger can shut the person out there, from wherever and however often they try.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

import flask
import itsdangerous
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import current
from cqi.access.models import SignInAttempt

WINDOW = dt.timedelta(minutes=15)
MOST_FOR_ACCOUNT, MOST_FOR_ADDRESS, MOST_AT_ALL = 5, 30, 300
MOST_FOR_DEVICE = 5  # of one account, in a browser that it has been used in
COOKIE = "cqi_device"
_SALT, _PEOPLE = "device", 10
_KEPT, _COOKIE_KEPT = dt.timedelta(days=1), dt.timedelta(days=180)


@dataclass(frozen=True)
class Trying:
    """Digests of who is meant, from where, and of the browser where it is known for them."""

    account: str
    address: str
    device: str | None = None


def trying(account: str) -> Trying:
    """Who tries in this request. `account` is an e-mail address, or names a passkey."""
    of_account = digest("account", account)
    device = _device_of_cookie()
    known = device is not None and _short(of_account) in device["of"]
    return Trying(
        of_account,
        digest("address", flask.request.remote_addr or ""),
        digest("device", device["id"]) if device is not None and known else None,
    )


def digest(kind: str, text: str) -> str:
    """What stands for a text in the tables of sign-in."""
    key = current.database().keys.web
    return hmac.new(key, f"{kind}|{text}".encode(), hashlib.sha256).hexdigest()


def is_closed(session: orm.Session, who: Trying, now: dt.datetime) -> bool:
    """True while there were too many failures."""
    rows, count = SignInAttempt, sa.func.count()
    recent = rows.at > now - WINDOW
    if who.device is not None:
        own = (rows.account_digest == who.account, rows.device_digest == who.device)
        return (session.scalar(sa.select(count).where(recent, *own)) or 0) >= MOST_FOR_DEVICE
    query = sa.select(
        count.filter(rows.account_digest == who.account),
        count.filter(rows.address_digest == who.address),
        count,
    ).where(recent, rows.device_digest.is_(None))
    of_account, of_address, at_all = session.execute(query).one()
    return bool(
        of_account >= MOST_FOR_ACCOUNT or of_address >= MOST_FOR_ADDRESS or at_all >= MOST_AT_ALL
    )


def write_down(session: orm.Session, who: Trying, now: dt.datetime) -> None:
    """One failure more; those of another day go."""
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < now - _KEPT))
    failed = SignInAttempt(
        account_digest=who.account, address_digest=who.address, device_digest=who.device, at=now
    )
    session.add(failed)


def know(account: str) -> None:
    """From here on, this browser is one in which the account was signed in to."""
    found = _device_of_cookie() or {"id": secrets.token_hex(16), "of": []}
    mark = _short(digest("account", account))
    found["of"] = [mark, *(each for each in found["of"] if each != mark)][:_PEOPLE]
    value = _signer().dumps(found)
    flask.after_this_request(lambda response: _with_cookie(response, str(value)))


def _with_cookie(response: flask.Response, value: str) -> flask.Response:
    secure = flask.current_app.session_interface.get_cookie_secure(flask.current_app)
    response.set_cookie(
        _cookie(), value, max_age=_COOKIE_KEPT, secure=secure, httponly=True, samesite="Lax"
    )
    return response


def _cookie() -> str:
    """Over TLS browsers take it from this very host only."""
    return f"__Host-{COOKIE}" if flask.request.is_secure else COOKIE


def _device_of_cookie() -> dict[str, Any] | None:
    value = flask.request.cookies.get(_cookie(), "")
    try:
        found: dict[str, Any] = _signer().loads(value, max_age=int(_COOKIE_KEPT.total_seconds()))
    except itsdangerous.BadData:
        return None
    return found


def _signer() -> itsdangerous.URLSafeTimedSerializer:
    return itsdangerous.URLSafeTimedSerializer(flask.current_app.secret_key or "", salt=_SALT)


def _short(of_account: str) -> str:
    return of_account[:20]
