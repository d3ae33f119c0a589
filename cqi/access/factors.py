"""Second factors: codes of an authenticator app (TOTP), and recovery codes for when it is lost.

The key of the app lies in an encrypted column. A code counts once: the counter of the last one is
kept. Recovery codes are shown once and kept as salted, slow digests.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets

import sqlalchemy as sa
from passlib import totp
from sqlalchemy import orm

from cqi.access import throttle
from cqi.access.actor import Actor
from cqi.access.models import Passkey, Person, RecoveryCode
from cqi.access.permissions import NEEDS_SECOND_FACTOR
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.settings import queries as settings
from cqi.settings import registry

CODE, RECOVERY_CODE, PASSKEY = "code", "recovery_code", "passkey"
ISSUER = "Case Review"
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
_LETTERS_OF_A_CODE = 12
_WINDOW = 30  # seconds that the clock of a phone may go wrong
WRONG = Blocker(
    "wrong_code", "This code is not right, or was used before. Try the next one.", "code"
)


def has_one(person: Person) -> bool:
    """True when somebody has a second factor to show."""
    return person.totp_key is not None or bool(person.webauthn)


def must_have_one(session: orm.Session, actor: Actor, today: dt.date) -> bool:
    """True for whoever holds a permission that asks for a second factor, while the setting does."""
    if not any(actor.holds(each) for each in NEEDS_SECOND_FACTOR):
        return False
    return bool(settings.value(session, registry.SECOND_FACTOR, today))


def key_from(nonce: str, uniquifier: str) -> str:
    """The key that an app is offered, in base32: the same for the same nonce, known to nobody else,
    and kept only once a code has shown that the app has it."""
    digest = bytes.fromhex(throttle.digest("totp", f"{nonce}|{uniquifier}"))
    return base64.b32encode(digest[:20]).decode()


def address_of(key: str, email: str) -> str:
    """What the picture holds that an authenticator app is shown."""
    return str(_app(key).to_uri(email, issuer=ISSUER))


def readable(key: str) -> str:
    """The key in groups of four, for whoever types it."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def code_at(key: str, now: dt.datetime) -> str:
    """What the app shows at an instant."""
    return str(_app(key).generate(now).token)


def _app(key: str) -> totp.TOTP:
    return totp.TOTP(key=key, format="base32")


def counter_of(key: str, code: str, now: dt.datetime, last: int | None = None) -> int | None:
    """The counter of a right code that comes after the last one used; None for any other."""
    try:
        found = _app(key).match(code, time=now, window=_WINDOW, last_counter=last)
    except totp.TokenError:
        return None
    return int(found.counter)


def accept(session: orm.Session, person: Person, code: str, now: dt.datetime) -> str | None:
    """Use a code up, of the app or for recovery; which of both it was, None where it is neither.

    `person` is locked for this transaction: of two requests with the same code one is too late.
    """
    written = "".join(code.split()).lower().replace("-", "")
    if person.totp_key is not None and written.isascii() and written.isdigit():
        counter = counter_of(person.totp_key, written, now, person.totp_counter)
        if counter is not None:
            person.totp_counter = counter
            return CODE
    return RECOVERY_CODE if _use_up(session, person, written, now) else None


def _use_up(session: orm.Session, person: Person, written: str, now: dt.datetime) -> bool:
    rows = RecoveryCode
    unused = sa.select(rows).where(rows.person_id == person.id, rows.used_at.is_(None))
    wanted = _digest(person, written)
    for row in session.scalars(unused):
        if hmac.compare_digest(row.digest, wanted):
            row.used_at = now
            _record(session, person, "access.recovery_code_used", now)
            return True
    return False


def _digest(person: Person, written: str) -> str:
    made = hashlib.scrypt(
        written.encode(errors="replace"), salt=person.public_id.bytes, n=2**12, r=8, p=1, dklen=32
    )
    return made.hex()


def set_up(session: orm.Session, person: Person, *, key: str, code: str, now: dt.datetime) -> None:
    """Keep a key of which the person's app has shown a code. Raises Blocked."""
    counter = counter_of(key, "".join(code.split()), now)
    if counter is None:
        raise errors.Blocked([WRONG])
    person.totp_key, person.totp_counter = key, counter
    _record(session, person, "access.second_factor_set", now)


def remove(session: orm.Session, person: Person, *, by_id: int, now: dt.datetime) -> None:
    """Take all second factors away, recovery codes too: the next sign-in leads to a new one."""
    person.totp_key, person.totp_counter = None, None
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session.execute(sa.delete(Passkey).where(Passkey.user_id == person.id))
    _record(session, person, "access.second_factor_removed", now, by_id=by_id)


def make_recovery_codes(session: orm.Session, person: Person, *, now: dt.datetime) -> list[str]:
    """Ten codes to be shown once; earlier ones no longer count."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = [_invented() for _ in range(RECOVERY_CODES)]
    for code in codes:
        row = RecoveryCode(
            person_id=person.id, digest=_digest(person, code.replace("-", "")), made_at=now
        )
        session.add(row)
    _record(session, person, "access.recovery_codes_made", now)
    return codes


def _invented() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_OF_A_CODE))
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def recovery_codes_left(session: orm.Session, person_id: int) -> int:
    """How many unused ones somebody has."""
    rows = RecoveryCode
    unused = sa.select(sa.func.count()).where(rows.person_id == person_id, rows.used_at.is_(None))
    return session.scalar(unused) or 0


def _record(
    session: orm.Session, person: Person, kind: str, now: dt.datetime, by_id: int | None = None
) -> None:
    happening = events.Happening(kind, by_id or person.id, now)
    events.record(session, events.Stream("person", person.public_id), happening, {})
