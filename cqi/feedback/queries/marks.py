"""Figures that rest on ratings which are looked at again, or were changed after that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.feedback.models import MemoRelease, Reconsideration
from cqi.feedback.queries import reconsidering as reads
from cqi.feedback.rules import reconsidering as rules
from cqi.feedback.rules.reconsidering import Outcome
from cqi.measures.models import MeasureRun
from cqi.measures.rules import frozen
from cqi.measures.rules.tabulation import Group
from cqi.places.models import Place
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState

_Frozen = dict[tuple[int, str], frozen.FrozenCase]  # (round, case number)


@dataclass(frozen=True)
class Marks:
    """Ratings that a run froze: how many are looked at again now, how many were changed since."""

    open: int = 0
    changed: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """A sentence each; none where there is nothing to say."""
        found = []
        if self.open:
            count = "1 rating in these figures is" if self.open == 1 else _many(self.open, "are")
            found.append(f"{count} being looked at again.")
        if self.changed:
            number = self.changed
            count = "1 rating in these figures was" if number == 1 else _many(number, "were")
            found.append(f"{count} changed after this run.")
        return tuple(found)


def _many(number: int, verb: str) -> str:
    return f"{number} ratings in these figures {verb}"


def marks(session: orm.Session, run: MeasureRun) -> Marks:
    """What a run rests on of that kind, asked when it is read. It names no case."""
    rounds = {run.round_id, run.compare_round_id} - {None}
    which = (CaseReview.round_id.in_(rounds), Reconsideration.state.in_(reads.AWAITS))
    query = reads.everything().where(*which).order_by(Reconsideration.id)
    found = list(session.scalars(query).unique())
    if not found:
        return Marks()
    stored, came = frozen.from_json(run.frozen), reads.outcomes(session, found)
    cases: _Frozen = {(run.round_id, each.case_number): each for each in stored.round.cases}
    if stored.baseline and run.compare_round_id is not None:
        before = stored.baseline.cases
        cases |= {(run.compare_round_id, each.case_number): each for each in before}
    said = {(one.review_id, one.item): came[one.id][0] for one in found if _as_frozen(one, cases)}
    return Marks(
        sum(outcome in rules.IN_QUESTION for outcome in said.values()),
        sum(outcome is Outcome.CHANGED for outcome in said.values()),
    )


def _as_frozen(one: Reconsideration, cases: _Frozen) -> bool:
    """Whether the run froze the very rating that was asked about."""
    case = cases.get((one.review.round_id, one.review.case.case_number))
    return case is not None and case.ratings.get(one.item) == one.rating.value


def in_question(session: orm.Session, rounds: Collection[int], within: Group) -> int:
    """How many ratings that count now in these rounds are being looked at again."""
    query = (
        sa.select(Reconsideration.review_id, Reconsideration.item)
        .join(Reconsideration.review)
        .join(CaseReview.case)
        .join(Place, Place.id == Case.county_id)
        .join(MemoRelease, MemoRelease.id == Reconsideration.release_id)
        .where(
            Reconsideration.state.in_(reads.AWAITS),
            CaseReview.round_id.in_(rounds),
            CaseReview.state == ReviewState.FINAL,
            CaseReview.final_at == MemoRelease.final_at,
        )
        .distinct()
    )
    if within.place is not None:
        query = query.where(Place.code == within.place)
    if within.case_type is not None:
        query = query.where(sa.cast(Case.case_type, sa.String(40)) == within.case_type)
    return len(session.execute(query).all())
