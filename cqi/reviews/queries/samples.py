"""The sample of a round with how far each of its cases is."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.cases.models import Case
from cqi.reviews.models import CaseReview
from cqi.reviews.queries import visibility
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.sampling import queries as sampling
from cqi.sampling.models import Draw
from cqi.sampling.queries import Sampled

_SCORED = CaseReview.purpose == ReviewPurpose.SCORED


@dataclass(frozen=True)
class SampleLine:
    """A case of a draw. `state` is None where it is not in reviewers' hands yet; `review` is the
    address of its case review where the actor may open it."""

    sampled: Sampled
    state: ReviewState | None = None
    review: uuid.UUID | None = None
    imported: bool = False


def sample_lines(session: orm.Session, actor: Actor, one: Draw) -> list[SampleLine]:
    """The cases of a draw by stratum and order."""
    mine = sa.select(CaseReview.id).where(visibility.visible_to(actor))
    query = (
        sa.select(Case.case_number, CaseReview.state, CaseReview.public_id, CaseReview.id.in_(mine))
        .add_columns(CaseReview.imported_digest.is_not(None))
        .join(Case, Case.id == CaseReview.case_id)
        .where(CaseReview.round_id == one.round_id, visibility.one_a_case(actor))
    )
    known = {number: (state, public_id if opens else None, bool(came))
             for number, state, public_id, opens, came in session.execute(query)}  # fmt: skip
    return [
        SampleLine(each, *known.get(each.case_number, (None, None, False)))
        for each in sampling.sampled(session, one)
    ]


def beside_sample(session: orm.Session, in_round: Round) -> list[str]:
    """Numbers of cases that are scored in a round and stand in no sample of it: put in by hand
    before, or by a draw that does not stand any more. Those withdrawn are none of them."""
    stand = sampling.in_sample(session, [in_round.id]).get(in_round.id)
    if stand is None:
        return []
    query = (
        sa.select(Case.case_number)
        .join(CaseReview, CaseReview.case_id == Case.id)
        .where(
            CaseReview.round_id == in_round.id,
            _SCORED,
            CaseReview.state != ReviewState.WITHDRAWN,
        )
        .order_by(Case.case_number)
    )
    return [number for number in session.scalars(query) if number not in stand]


def unassigned(session: orm.Session, round_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Round id -> the numbers of its sample that are not in reviewers' hands yet."""
    query = (
        sa.select(CaseReview.round_id, Case.case_number)
        .join(Case, Case.id == CaseReview.case_id)
        .where(CaseReview.round_id.in_(round_ids), _SCORED)
    )
    there: dict[int, set[str]] = {}
    for round_id, number in session.execute(query):
        there.setdefault(round_id, set()).add(number)
    return {
        round_id: numbers - there.get(round_id, set())
        for round_id, numbers in sampling.in_sample(session, round_ids).items()
    }
