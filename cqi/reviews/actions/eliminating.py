"""Eliminations from the sample, with what becomes of the case review."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.reviews import queries
from cqi.reviews.actions import steps
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState
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
    review = _review(session, case)
    return sampling.propose_elimination(
        session, case=case, new=new, final=_final(review), actor=actor, now=now
    )


def decide_elimination(
    session: orm.Session,
    *,
    elimination: Elimination,
    decision: sampling.Decision,
    actor: Actor,
    now: dt.datetime,
) -> str | None:
    """Decide on an elimination; with a yes its case review, where it has one, is withdrawn.

    Returns the number of the case that stepped in. Raises as the action of `sampling`.
    """
    review = _review(session, elimination.drawn_case)
    instead = sampling.decide_elimination(
        session,
        elimination=elimination,
        decision=decision,
        final=_final(review),
        actor=actor,
        now=now,
    )
    if decision.approve and review is not None and review.state is not ReviewState.WITHDRAWN:
        reason = f"Eliminated from the sample: {ELIMINATION_WORDS[elimination.reason]}."
        steps.withdraw(session, review=review, reason=reason, actor=actor, now=now)
    return instead


def _review(session: orm.Session, case: DrawnCase) -> CaseReview | None:
    in_round: Round = case.draw.frame.round
    return queries.scored_review(session, in_round, case.case_number)


def _final(review: CaseReview | None) -> bool:
    return review is not None and review.state is ReviewState.FINAL
