"""The legal bases of people outside the agency: put on file, listed, ended."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import actions, law, policy, queries
from cqi.access.actor import Actor
from cqi.access.law import BASIS_WORDS, NewBasis
from cqi.access.models import LegalBasis, Person
from cqi.core import errors
from cqi.core.errors import Blocker


@dataclass(frozen=True)
class BasisLine:
    """A legal basis in a list; `standing` is "in force", "expired" or "ended"."""

    public_id: uuid.UUID
    words: str
    reference: str
    document_on: dt.date
    expires_on: dt.date
    standing: str
    end_reason: str


def put_on_file(
    session: orm.Session,
    person_id: uuid.UUID,
    new: NewBasis,
    *,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> LegalBasis:
    """Let somebody in by a document, until it expires. Raises Forbidden, NotFound or Blocked."""
    actions.require_administrator(actor)
    person = session.scalar(sa.select(Person).where(Person.public_id == person_id))
    if person is None:
        raise errors.NotFound("there is no such person")
    found = policy.own_blockers(person.id, actor.person_id)
    errors.require(found + law.basis_blockers(new, today))
    row = LegalBasis(
        person_id=person.id,
        kind=new.kind,
        reference=new.reference.strip(),
        document_on=new.document_on,
        expires_on=new.expires_on,
        recorded_by_id=actor.person_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    payload = {
        "basis": str(row.public_id),
        "kind": new.kind.value,
        "document_on": new.document_on.isoformat(),
        "expires_on": new.expires_on.isoformat(),
    }
    actions.record(session, person, "access.legal_basis_filed", actor.person_id, now, payload)
    return row


def end(
    session: orm.Session, basis_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> Person:
    """End one before its last day, from the next request on; whose it was. Raises Forbidden,
    NotFound or Blocked."""
    actions.require_administrator(actor)
    query = sa.select(LegalBasis).where(LegalBasis.public_id == basis_id).with_for_update()
    row = session.scalar(query)
    if row is None:
        raise errors.NotFound("there is no such legal basis")
    found = policy.own_blockers(row.person_id, actor.person_id) + policy.reason_blockers(reason)
    if row.ended_at is not None:
        found.append(Blocker("ended", "This legal basis has ended already"))
    errors.require(found)
    row.ended_at, row.ended_by_id, row.end_reason = now, actor.person_id, reason.strip()
    person = session.get_one(Person, row.person_id)
    payload = {"basis": str(row.public_id)}
    actions.record(session, person, "access.legal_basis_ended", actor.person_id, now, payload)
    return person


def of_person(session: orm.Session, person_id: int, today: dt.date) -> list[BasisLine]:
    """What is on file about somebody, the newest first."""
    query = sa.select(LegalBasis).where(LegalBasis.person_id == person_id)
    return [_line(row, today) for row in session.scalars(query.order_by(LegalBasis.id.desc()))]


def reference_of(session: orm.Session, person_id: int, today: dt.date) -> str | None:
    """The reference of somebody's legal basis that is in force, if there is one."""
    where = (LegalBasis.person_id == person_id, *queries.basis_in_force(today))
    query = sa.select(LegalBasis.reference).where(*where).order_by(LegalBasis.id.desc())
    return session.scalar(query.limit(1))


def _line(row: LegalBasis, today: dt.date) -> BasisLine:
    standing = "ended" if row.ended_at else "expired" if row.expires_on < today else "in force"
    return BasisLine(
        row.public_id,
        BASIS_WORDS[row.kind],
        row.reference,
        row.document_on,
        row.expires_on,
        standing,
        row.end_reason or "",
    )
