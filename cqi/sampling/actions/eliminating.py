"""Eliminations: proposed with reason and evidence, decided by somebody else, replaced from the
reserve."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.sampling import policy, queries
from cqi.sampling.actions import sharing
from cqi.sampling.models import DrawnCase, Elimination
from cqi.sampling.policy import Deciding
from cqi.sampling.rules import eliminating
from cqi.sampling.rules.eliminating import EliminationReason


@dataclass(frozen=True)
class NewElimination:
    """Why a drawn case cannot be reviewed, and what shows it."""

    reason: EliminationReason
    evidence: str


def propose_elimination(
    session: orm.Session,
    *,
    case: DrawnCase,
    new: NewElimination,
    final: bool,
    actor: Actor,
    now: dt.datetime,
) -> Elimination:
    """Propose that a drawn case is not reviewed. `final`: its case review is, as the caller knows.

    Raises Forbidden, or Blocked with every reason: not_in_sample, waits, final, no_evidence.
    """
    in_round = case.draw.frame.round
    sharing.require(session, in_round, actor, Permission.ROUND_ASSIGN)
    sharing.lock(session, case.draw)
    waiting = sa.select(Elimination.id).where(
        Elimination.drawn_case_id == case.id, Elimination.approved.is_(None)
    )
    standing = eliminating.standing(queries.place_of(case), *queries.eliminated(session, case.draw))
    waits = session.scalar(waiting) is not None
    errors.require(policy.proposing_blockers(standing, new.evidence, waits=waits, final=final))
    row = Elimination(
        drawn_case_id=case.id,
        reason=new.reason,
        evidence=new.evidence.strip(),
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    payload = {
        "elimination": str(row.public_id),
        "case": case.case_number,
        "reason": row.reason.value,
        "evidence": events.digest(row.evidence),
    }
    happening = sharing.happening("sampling.elimination_proposed", actor, now)
    sharing.record(session, in_round, happening, payload)
    return row


@dataclass(frozen=True)
class Decision:
    """Yes or no to an elimination, and why; a no needs a reason."""

    approve: bool
    reason: str = ""


def decide_elimination(
    session: orm.Session,
    *,
    elimination: Elimination,
    decision: Decision,
    final: bool,
    actor: Actor,
    now: dt.datetime,
) -> str | None:
    """Decide on an elimination. With a yes the next case of the stratum's reserve steps in.

    Returns its case number; None with a no, or where the reserve is used up. Raises Forbidden, or
    Blocked with every reason: decided, own_proposal, another_draw, final, no_reason.
    """
    case = elimination.drawn_case
    in_round = case.draw.frame.round
    sharing.require(session, in_round, actor, Permission.SAMPLE_ELIMINATE)
    sharing.lock(session, case.draw)
    session.refresh(elimination)
    deciding = Deciding(
        decided=elimination.approved is not None,
        own=elimination.proposed_by_id == actor.person_id,
        final=final,
        stands=queries.draws(session, in_round)[0].id == case.draw_id,
    )
    errors.require(policy.deciding_blockers(deciding, decision.reason, approve=decision.approve))
    instead = _next(session, case) if decision.approve else None
    elimination.approved = decision.approve
    elimination.decided_by_id, elimination.decided_at = actor.person_id, now
    elimination.decision_reason = decision.reason.strip() or None
    elimination.replacement_id = instead.id if instead else None
    session.flush()
    if instead:
        sharing.take_up(session, case.draw.frame, [instead.case_number], now)
    payload = {
        "elimination": str(elimination.public_id),
        "approved": decision.approve,
        "instead": instead.case_number if instead else None,
    }
    happening = sharing.happening("sampling.elimination_decided", actor, now)
    sharing.record(session, in_round, happening, payload)
    return instead.case_number if instead else None


def _next(session: orm.Session, case: DrawnCase) -> DrawnCase | None:
    rows = session.scalars(sa.select(DrawnCase).where(DrawnCase.draw_id == case.draw_id)).all()
    gone, came = queries.eliminated(session, case.draw)
    found = eliminating.next_in_line(map(queries.place_of, rows), case.stratum, gone, came)
    return next((row for row in rows if found and row.id == found.id), None)
