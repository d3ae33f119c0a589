"""Eliminations from the sample, with what becomes of the case review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.reviews import queries
from cqi.reviews.actions import steps
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ENDED_STATES, ReviewState
from cqi.rounds.models import Round
from cqi.sampling import actions as sampling
from cqi.sampling.models import DrawnCase, Elimination
from cqi.sampling.rules.eliminating import ELIMINATION_WORDS


def propose_elimination(
    session: orm.Session,
    *,
    case: DrawnCase,
    new: sampling.NewElimination,
    actor: Actor,
    now: dt.datetime,
) -> Elimination:
    """Propose that a case of the sample is not reviewed. Raises as the action of `sampling`."""
    return sampling.propose_elimination(
        session, case=case, new=new, final=_final(_readings(session, case)), actor=actor, now=now
    )


def decide_elimination(
    session: orm.Session,
    *,
    elimination: Elimination,
    decision: sampling.Decision,
    actor: Actor,
    now: dt.datetime,
) -> str | None:
    """Decide on an elimination; with a yes its case review, where it has one, is withdrawn, and so
    is a second reading that is not final.

    Returns the number of the case that stepped in. Raises as the action of `sampling`.
    """
    found = _readings(session, elimination.drawn_case)
    instead = sampling.decide_elimination(
        session,
        elimination=elimination,
        decision=decision,
        final=_final(found),
        actor=actor,
        now=now,
    )
    reason = f"Eliminated from the sample: {ELIMINATION_WORDS[elimination.reason]}."
    for review in found:
        if decision.approve and review.state not in ENDED_STATES:
            steps.withdraw(session, review=review, reason=reason, actor=actor, now=now)
    return instead


def _readings(session: orm.Session, case: DrawnCase) -> list[CaseReview]:
    in_round: Round = case.draw.frame.round
    return queries.readings.readings(session, in_round, case.case_number)


def _final(found: Sequence[CaseReview]) -> bool:
    """Whether the reading that counts is: a final second one does not keep a case."""
    return any(one.state is ReviewState.FINAL and not one.second_reading for one in found)
