"""The rows of signed-in browsers: begun, kept up by their person's keys and clicks, ended."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person, SignInSession
from cqi.core import errors, events
from cqi.settings import queries as settings
from cqi.settings import registry

_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What somebody signed in with beside the password, and in which kind of browser."""

    second_factor: str | None = None
    browser: str = ""


@dataclass(frozen=True)
class Listed:
    """A sign-in that has not ended, as a page lists it."""

    public_id: uuid.UUID
    browser: str
    started_at: dt.datetime
    seen_at: dt.datetime


def browser_family(user_agent: str) -> str:
    """ "Firefox on Windows"; never the whole of what a browser says of itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Another browser")
    machine = next((name for mark, name in _MACHINES if re.search(mark, user_agent)), "")
    return f"{browser} on {machine}" if machine else browser


def open_row(
    session: orm.Session,
    *,
    person_id: int,
    now: dt.datetime,
    today: dt.date,
    shown: Shown | None = None,
) -> SignInSession:
    """A new sign-in session; how long it can last is what the settings say today."""
    with_what = shown or Shown()
    longest = dt.timedelta(hours=settings.number(session, registry.LONGEST_HOURS, today))
    row = SignInSession(
        person_id=person_id,
        started_at=now,
        seen_at=now,
        until_at=now + longest,
        idle_until_at=now + _idle(session, today),
        fresh_at=now,
        second_factor=with_what.second_factor,
        browser=with_what.browser,
    )
    session.add(row)
    session.flush()
    return row


def _idle(session: orm.Session, today: dt.date) -> dt.timedelta:
    return dt.timedelta(minutes=settings.number(session, registry.IDLE_MINUTES, today))


def extend(session: orm.Session, public_id: uuid.UUID, now: dt.datetime, today: dt.date) -> None:
    """Its person is still there. A sign-in that has ended stays ended."""
    rows = SignInSession
    kept = sa.update(rows).where(
        rows.public_id == public_id, rows.ended_at.is_(None), rows.idle_until_at > now
    )
    session.execute(kept.values(seen_at=now, idle_until_at=now + _idle(session, today)))


def renew(session: orm.Session, public_id: uuid.UUID, now: dt.datetime) -> None:
    """Its person has just proved who they are again."""
    rows = SignInSession
    session.execute(sa.update(rows).where(rows.public_id == public_id).values(fresh_at=now))


def raise_to(session: orm.Session, public_id: uuid.UUID, second_factor: str) -> None:
    """Its person has shown a second factor while signed in."""
    rows, values = SignInSession, {"second_factor": second_factor}
    session.execute(sa.update(rows).where(rows.public_id == public_id).values(values))


def open_ones(session: orm.Session, person_id: int, now: dt.datetime) -> Sequence[Listed]:
    """Somebody's sign-ins that have not ended, the newest first."""
    rows = SignInSession
    found = (
        sa.select(rows)
        .where(rows.person_id == person_id, *_open(now))
        .order_by(rows.started_at.desc(), rows.id.desc())
    )
    return [
        Listed(row.public_id, row.browser or "Another browser", row.started_at, row.seen_at)
        for row in session.scalars(found)
    ]


def _open(now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    rows = SignInSession
    return rows.ended_at.is_(None), rows.until_at > now, rows.idle_until_at > now


@dataclass(frozen=True)
class Ending:
    """Why sign-ins end, by whom, when."""

    reason: str
    by_id: int | None
    now: dt.datetime


def end(session: orm.Session, row: SignInSession, ending: Ending) -> None:
    """End one, with its event."""
    row.ended_at, row.end_reason = ending.now, ending.reason
    person = session.get_one(Person, row.person_id)
    happening = events.Happening("access.signed_out", ending.by_id, ending.now)
    payload = {"sign_in": str(row.public_id), "reason": ending.reason}
    events.record(session, events.Stream("person", person.public_id), happening, payload)


def end_one(session: orm.Session, person_id: int, public_id: uuid.UUID, now: dt.datetime) -> None:
    """Somebody ends one of their own. Raises NotFound."""
    rows = SignInSession
    mine = sa.select(rows).where(rows.public_id == public_id, rows.person_id == person_id)
    row = session.scalar(mine.with_for_update())
    if row is None:
        raise errors.NotFound(f"they have no sign-in {public_id}")
    if row.ended_at is None:
        end(session, row, Ending("ended_by_person", person_id, now))


def end_all(
    session: orm.Session, person_id: int, ending: Ending, *, but: uuid.UUID | None = None
) -> int:
    """End all sign-ins of somebody, but one where one is named; how many there were."""
    rows = SignInSession
    found = sa.select(rows).where(rows.person_id == person_id, rows.ended_at.is_(None))
    ended = [row for row in session.scalars(found.with_for_update()) if row.public_id != but]
    for row in ended:
        end(session, row, ending)
    return len(ended)
