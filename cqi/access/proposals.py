"""A further administrator takes two people: one proposes, another confirms within some days."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import actions, policy, queries
from cqi.access.actor import Actor
from cqi.access.models import AdministratorProposal, Decision, Person
from cqi.access.permissions import Role
from cqi.access.policy import NewGrant
from cqi.core import errors
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in a list; `state` is "waits", "lapsed" or what was decided."""

    public_id: uuid.UUID
    person: uuid.UUID
    name: str
    reason: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: dt.datetime
    expires_at: dt.datetime
    state: str
    decided_by: str
    decision_reason: str


def propose(
    session: orm.Session,
    person_id: uuid.UUID,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> AdministratorProposal:
    """Propose an administrator: nothing changes before another one confirms. Raises Forbidden,
    NotFound or Blocked."""
    actions.require_administrator(actor)
    query = sa.select(Person).where(Person.public_id == person_id).with_for_update()
    person = session.scalar(query)
    if person is None:
        raise errors.NotFound("there is no such person")
    waits = sa.select(AdministratorProposal.id).where(
        AdministratorProposal.person_id == person.id, *_waiting(now)
    )
    found = policy.proposing_blockers(
        person.id,
        actor.person_id,
        active=person.active,
        administrator=person.id in queries.administrators(session, today),
        waits=session.scalar(waits) is not None,
    )
    errors.require(found + policy.reason_blockers(reason))
    days = settings.number(session, registry.ADMINISTRATOR_CONFIRM_DAYS, today)
    row = AdministratorProposal(
        person_id=person.id,
        reason=reason.strip(),
        proposed_by_id=actor.person_id,
        proposed_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    session.add(row)
    session.flush()
    payload = {"proposal": str(row.public_id), "days": days}
    actions.record(session, person, "access.administrator_proposed", actor.person_id, now, payload)
    return row


def confirm(
    session: orm.Session,
    proposal_id: uuid.UUID,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """The second person's yes: the grant begins today. Raises Forbidden, NotFound or Blocked."""
    row, person = _held(session, proposal_id, actor)
    found = policy.confirming_blockers(_facts(row), actor.person_id, now)
    found += policy.reason_blockers(reason)
    if not person.active:
        found.append(errors.Blocker("disabled", "This person is disabled: enable them first"))
    errors.require(found)
    _decide(session, row, Decision.CONFIRMED, reason, actor, now)
    wish = NewGrant(person.id, Role.ADMINISTRATOR, today, f"{row.reason}\nConfirmed: {reason}")
    actions.add_grant(session, wish, person, actor.person_id, now)


def decline(
    session: orm.Session, proposal_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """The second person's no. Raises Forbidden, NotFound or Blocked."""
    row, _ = _held(session, proposal_id, actor)
    found = policy.confirming_blockers(_facts(row), actor.person_id, now)
    errors.require(found + policy.reason_blockers(reason))
    _decide(session, row, Decision.DECLINED, reason, actor, now)


def withdraw(
    session: orm.Session, proposal_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Whoever proposed it takes it back. Raises Forbidden, NotFound or Blocked."""
    row, _ = _held(session, proposal_id, actor)
    found = policy.withdrawing_blockers(_facts(row), actor.person_id, now)
    errors.require(found + policy.reason_blockers(reason))
    _decide(session, row, Decision.WITHDRAWN, reason, actor, now)


def listed(session: orm.Session, now: dt.datetime) -> list[ProposalLine]:
    """All proposals: those that wait, then the newest. For administrators."""
    found = [_line(*row, now) for row in session.execute(_all())]
    return sorted(found, key=lambda line: line.state != "waits")


def _all() -> sa.Select[AdministratorProposal, Person, str, str]:
    by, decider = orm.aliased(Person), orm.aliased(Person)
    return (
        sa.select(AdministratorProposal, Person, by.name, decider.name)
        .join(Person, Person.id == AdministratorProposal.person_id)
        .join(by, by.id == AdministratorProposal.proposed_by_id)
        .outerjoin(decider, decider.id == AdministratorProposal.decided_by_id)
        .order_by(AdministratorProposal.id.desc())
    )


def line(session: orm.Session, proposal_id: uuid.UUID, now: dt.datetime) -> ProposalLine:
    """One of them. Raises NotFound."""
    for each in listed(session, now):
        if each.public_id == proposal_id:
            return each
    raise errors.NotFound("there is no such proposal")


def waiting(session: orm.Session, now: dt.datetime) -> int:
    """How many wait for a second administrator."""
    query = sa.select(sa.func.count()).select_from(AdministratorProposal).where(*_waiting(now))
    return session.scalar(query) or 0


def _waiting(now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (AdministratorProposal.decision.is_(None), AdministratorProposal.expires_at > now)


def of_person(session: orm.Session, person_id: int, now: dt.datetime) -> ProposalLine | None:
    """The proposal about somebody that waits, if there is one. For administrators."""
    where = (AdministratorProposal.person_id == person_id, *_waiting(now))
    return next((_line(*row, now) for row in session.execute(_all().where(*where))), None)


def deciders(
    session: orm.Session, proposal: AdministratorProposal, today: dt.date
) -> frozenset[int]:
    """Who (ids) may confirm or decline it."""
    concerned = {proposal.person_id, proposal.proposed_by_id}
    return queries.administrators(session, today) - concerned


def _line(
    row: AdministratorProposal, person: Person, by: str, decider: str | None, now: dt.datetime
) -> ProposalLine:
    lapsed = "lapsed" if row.expires_at <= now else "waits"
    return ProposalLine(
        public_id=row.public_id,
        person=person.public_id,
        name=person.name,
        reason=row.reason,
        proposed_by_id=row.proposed_by_id,
        proposed_by=by,
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        state=row.decision.value if row.decision else lapsed,
        decided_by=decider or "",
        decision_reason=row.decision_reason or "",
    )


def _held(
    session: orm.Session, proposal_id: uuid.UUID, actor: Actor
) -> tuple[AdministratorProposal, Person]:
    actions.require_administrator(actor)
    query = sa.select(AdministratorProposal).where(AdministratorProposal.public_id == proposal_id)
    row = session.scalar(query.with_for_update())
    if row is None:
        raise errors.NotFound("there is no such proposal")
    return row, session.get_one(Person, row.person_id)


def _facts(row: AdministratorProposal) -> policy.Proposal:
    decided = row.decision is not None
    return policy.Proposal(row.person_id, row.proposed_by_id, row.expires_at, decided)


def _decide(
    session: orm.Session,
    row: AdministratorProposal,
    decision: Decision,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    row.decision, row.decision_reason = decision, reason.strip()
    row.decided_by_id, row.decided_at = actor.person_id, now
    person = session.get_one(Person, row.person_id)
    payload = {"proposal": str(row.public_id), "decision": decision.value}
    kind = "access.administrator_decided"
    actions.record(session, person, kind, actor.person_id, now, payload)
