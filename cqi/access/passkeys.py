"""Passkeys: made, shown and checked by the webauthn library; ours are the rules around it.

A passkey verifies its person by a finger, a face or a PIN, so it is password and second step in
one. What is asked for (the challenge) is signed into the cookie with its time; a passkey that was
used takes no challenge that is as old as the last one, so nothing can be sent twice.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import secrets
import urllib.parse
import uuid
from dataclasses import dataclass

import flask
import sqlalchemy as sa
import webauthn
from sqlalchemy import orm
from webauthn.helpers import exceptions, structs

from cqi.access import current, factors
from cqi.access.models import Passkey, Person
from cqi.core import errors, events
from cqi.core.errors import Blocker

_ASKED = "passkey"
_LONGEST = dt.timedelta(minutes=5)
WRONG = Blocker("wrong_passkey", "This passkey does not fit. Try again, or use your password.")
_NOT_MADE = Blocker("passkey_not_made", "The passkey could not be made. Load the page, try again.")
_VERIFIED = structs.UserVerificationRequirement.REQUIRED


@dataclass(frozen=True)
class Site:
    """Where passkeys are for: a host's name, and the whole origin."""

    host: str
    origin: str


def site() -> Site | None:
    """This site, where it can have passkeys: at its public address, or on this machine by the
    name localhost. The Host header decides nothing else."""
    asked = urllib.parse.urlsplit(flask.request.host_url)
    host = asked.hostname or ""
    public = urllib.parse.urlsplit(current.installation().public_url)
    here = host == "localhost" or (asked.scheme, asked.netloc) == (public.scheme, public.netloc)
    return Site(host, f"{asked.scheme}://{asked.netloc}") if here and not _is_number(host) else None


def elsewhere() -> str:
    """Where this very product has passkeys, when it is asked by this machine's number; else ""."""
    asked = urllib.parse.urlsplit(flask.request.host_url)
    host = asked.hostname or ""
    own = _is_number(host) and ipaddress.ip_address(host).is_loopback
    return asked._replace(netloc=f"localhost:{asked.port or 80}").geturl() if own else ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def address_of(passkey: Passkey) -> uuid.UUID:
    """What names a passkey in an address."""
    return uuid.uuid5(uuid.NAMESPACE_OID, passkey.credential_id.hex())


def _here() -> Site:
    found = site()
    if found is None:
        raise errors.NotFound("there are no passkeys at this address")
    return found


def _ask() -> bytes:
    challenge = secrets.token_bytes(32)
    flask.session[_ASKED] = {"challenge": challenge.hex(), "at": current.now().isoformat()}
    return challenge


@dataclass(frozen=True)
class _Asked:
    challenge: bytes
    at: dt.datetime


def _asked(wrong: Blocker) -> _Asked:
    """What was asked for in this browser, once. Raises Blocked."""
    kept = flask.session.pop(_ASKED, None)
    if not kept:
        raise errors.Blocked([wrong])
    at = dt.datetime.fromisoformat(kept["at"])
    if current.now() - at > _LONGEST:
        raise errors.Blocked([wrong])
    return _Asked(bytes.fromhex(kept["challenge"]), at)


def options_to_make(person: Person) -> str:
    """What the browser makes a passkey by, as JSON. Raises NotFound where there are none."""
    selection = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
    )
    options = webauthn.generate_registration_options(
        rp_id=_here().host,
        rp_name=factors.ISSUER,
        user_name=person.email,
        user_display_name=person.name,
        user_id=person.public_id.bytes,
        challenge=_ask(),
        authenticator_selection=selection,
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=each.credential_id) for each in person.webauthn
        ],
    )
    return webauthn.options_to_json(options)


def add(
    session: orm.Session, person: Person, *, name: str, credential: str, now: dt.datetime
) -> Passkey:
    """Keep what the browser made. Raises Blocked."""
    _require_name(name)
    asked, here = _asked(_NOT_MADE), _here()
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=asked.challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except exceptions.WebAuthnException as error:
        raise errors.Blocked([_NOT_MADE]) from error
    if session.scalar(sa.select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
        raise errors.Blocked([_NOT_MADE])
    row = Passkey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        backup_state=made.credential_backed_up,
        device_type=made.credential_device_type.value,
        create_datetime=now,
        lastuse_datetime=asked.at,
        name=name.strip(),
        usage="first",
        user_id=person.id,
    )
    session.add(row)
    session.flush()
    _record(session, person, "access.passkey_added", now)
    return row


def options_to_show() -> str:
    """What the browser shows any passkey of this site by, as JSON. Raises NotFound."""
    options = webauthn.generate_authentication_options(
        rp_id=_here().host, challenge=_ask(), user_verification=_VERIFIED
    )
    return webauthn.options_to_json(options)


def shown_by(session: orm.Session, credential: str) -> Person:
    """Whose passkey the browser has shown, for a session that writes. Raises Blocked."""
    asked, here = _asked(WRONG), _here()
    row = _named(session, credential)
    if row is None or asked.at <= row.lastuse_datetime or not row.user.active:
        raise errors.Blocked([WRONG])
    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=asked.challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except exceptions.WebAuthnException as error:
        raise errors.Blocked([WRONG]) from error
    row.sign_count, row.lastuse_datetime = shown.new_sign_count, asked.at
    row.backup_state = shown.credential_backed_up
    return row.user


def named_by(credential: str) -> str:
    """Which passkey a browser says that it shows; for counting failures."""
    try:
        raw = flask.json.loads(credential)["rawId"]
        return webauthn.base64url_to_bytes(raw).hex()[:2048]
    except (ValueError, KeyError, TypeError):
        return ""


def _named(session: orm.Session, credential: str) -> Passkey | None:
    name = bytes.fromhex(named_by(credential))
    return session.scalar(sa.select(Passkey).where(Passkey.credential_id == name).with_for_update())


def remove(
    session: orm.Session, person: Person, address: uuid.UUID, *, required: bool, now: dt.datetime
) -> None:
    """Take a passkey away. Raises NotFound, or Blocked where it is the last second step."""
    row = own(person, address)
    if required and person.totp_key is None and len(person.webauthn) == 1:
        message = "Your role asks for a second step: set up an app or another passkey first"
        raise errors.Blocked([Blocker("second_factor_required", message)])
    session.delete(row)
    _record(session, person, "access.passkey_removed", now)


def rename(
    session: orm.Session, person: Person, address: uuid.UUID, *, name: str, now: dt.datetime
) -> None:
    """Call a passkey otherwise. Raises NotFound or Blocked."""
    row = own(person, address)
    _require_name(name)
    row.name = name.strip()
    _record(session, person, "access.passkey_named", now)


def _require_name(name: str) -> None:
    if not name.strip():
        raise errors.Blocked([Blocker("name_missing", "Give the passkey a name", "name")])


def own(person: Person, address: uuid.UUID) -> Passkey:
    """A passkey of somebody's. Raises NotFound."""
    found = next((each for each in person.webauthn if address_of(each) == address), None)
    if found is None:
        raise errors.NotFound(f"they have no passkey {address}")
    return found


def _record(session: orm.Session, person: Person, kind: str, now: dt.datetime) -> None:
    happening = events.Happening(kind, person.id, now)
    events.record(session, events.Stream("person", person.public_id), happening, {})
