"""The register of eliminations, their reasons, and which of them wait for somebody."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.sampling.models import Draw, DrawnCase, Elimination
from cqi.sampling.rules.eliminating import EliminationReason


@dataclass(frozen=True)
class Eliminated:
    """One line of the register of eliminations."""

    public_id: uuid.UUID
    case_number: str
    stratum: str
    reason: EliminationReason
    evidence: str
    proposed_by: str
    proposed_by_id: int
    proposed_at: dt.datetime
    approved: bool | None
    decided_by: str | None
    decided_at: dt.datetime | None
    decision_reason: str | None
    replacement: str | None


def register(session: orm.Session, in_round: Round) -> list[Eliminated]:
    """Every elimination of a round's draws, those that wait first, then the newest."""
    instead = orm.aliased(DrawnCase)
    proposer, decider = orm.aliased(Person), orm.aliased(Person)
    query = (
        sa.select(Elimination, DrawnCase, proposer.name, decider.name, instead.case_number)
        .join(DrawnCase, DrawnCase.id == Elimination.drawn_case_id)
        .join(Draw, Draw.id == DrawnCase.draw_id)
        .join(proposer, proposer.id == Elimination.proposed_by_id)
        .outerjoin(decider, decider.id == Elimination.decided_by_id)
        .outerjoin(instead, instead.id == Elimination.replacement_id)
        .where(Draw.round_id == in_round.id)
        .order_by(Elimination.approved.is_not(None), Elimination.id.desc())
    )
    return [_eliminated(*row) for row in session.execute(query)]


def reasons(session: orm.Session, in_round: Round) -> dict[str, EliminationReason]:
    """Case number -> why it was eliminated from a draw of the round."""
    query = (
        sa.select(DrawnCase.case_number, Elimination.reason)
        .join(DrawnCase, DrawnCase.id == Elimination.drawn_case_id)
        .join(Draw, Draw.id == DrawnCase.draw_id)
        .where(Draw.round_id == in_round.id, Elimination.approved.is_(True))
    )
    return dict(session.execute(query).all())


def _eliminated(
    row: Elimination, case: DrawnCase, proposer: str, decider: str | None, instead: str | None
) -> Eliminated:
    return Eliminated(
        row.public_id,
        case.case_number,
        case.stratum,
        row.reason,
        row.evidence,
        proposer,
        row.proposed_by_id,
        row.proposed_at,
        row.approved,
        decider,
        row.decided_at,
        row.decision_reason,
        instead,
    )


def to_decide(session: orm.Session, actor: Actor) -> list[tuple[Round, int]]:
    """Rounds with how many eliminations wait for `actor`: those that somebody else proposed."""
    query = (
        sa.select(Draw.round_id, sa.func.count())
        .join(DrawnCase, DrawnCase.draw_id == Draw.id)
        .join(Elimination, Elimination.drawn_case_id == DrawnCase.id)
        .where(Elimination.approved.is_(None), Elimination.proposed_by_id != actor.person_id)
        .group_by(Draw.round_id)
    )
    waiting = dict(session.execute(query).all())
    return [
        (one, waiting[one.id])
        for one in rounds.rounds(session, actor)
        if one.id in waiting and actor.may(Permission.SAMPLE_ELIMINATE, rounds.thing(session, one))
    ]


def elimination(session: orm.Session, in_round: Round, public_id: uuid.UUID) -> Elimination:
    """An elimination of a round's draws. Raises NotFound."""
    query = (
        sa.select(Elimination)
        .join(DrawnCase, DrawnCase.id == Elimination.drawn_case_id)
        .join(Draw, Draw.id == DrawnCase.draw_id)
        .where(Draw.round_id == in_round.id, Elimination.public_id == public_id)
    )
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such elimination")
    return found
