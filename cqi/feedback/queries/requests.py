"""Requests to look at a rating again, as pages show them: one with its trail, lists, counts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core.errors import Blocker
from cqi.feedback import rules as memo_rules
from cqi.feedback.models import MemoRelease, Reconsideration
from cqi.feedback.policy import reconsidering as policy
from cqi.feedback.queries import memos
from cqi.feedback.queries import reconsidering as reads
from cqi.feedback.rules import reconsidering as rules
from cqi.feedback.rules.clocks import Clocks, Due
from cqi.feedback.rules.reconsidering import Ground, Outcome
from cqi.feedback.workflow import Step
from cqi.instruments.definition import Item, Rating
from cqi.places import queries as places
from cqi.reviews import queries as reviews
from cqi.reviews import workflow as review_workflow
from cqi.reviews.models import CaseReview, ReviewStep, StoredRating
from cqi.reviews.rules import RatingLevel, ReviewState


@dataclass(frozen=True)
class Request:
    """A request in a list. `wanted` is what it should be by the decision, `now` what the item is
    rated after its review was opened again; `due` counts while it is undecided."""

    public_id: uuid.UUID
    review_id: uuid.UUID
    case_number: str
    county: str
    unit: str
    round: str
    item: str
    title: str
    before: Rating
    wanted: Rating | None
    now: Rating | None
    ground: Ground
    outcome: Outcome
    asked_at: dt.datetime
    decided_at: dt.datetime | None
    due: Due
    graded: bool

    @property
    def words(self) -> str:
        """What came of it, with ratings for those who see them: "Changed to strength"."""
        said = rules.OUTCOME_WORDS[self.outcome]
        if not self.graded:
            return said
        if self.outcome is Outcome.CHANGED and self.now is not None:
            return f"{said} to {self.now.label.lower()}"
        if self.outcome in (Outcome.TO_REOPEN, Outcome.REOPENED) and self.wanted is not None:
            return said.replace("To be changed", f"To be {self.wanted.noun}")
        return said


@dataclass(frozen=True)
class Happened:
    """One line of a request's trail; nobody stands where the clock did it."""

    what: str
    at: dt.datetime
    by: str
    words: str = ""


@dataclass(frozen=True)
class RequestSheet:
    """One request with everything that its page shows.

    `point` is the item in the memo, None where it was not applicable; `decides` is None for whoever
    does not decide, else what stands in the way; `leads` are who may, `by_director` where no QA
    lead may; `component` is the page of the case review, for those who may read it.
    """

    row: Request
    words: str
    asked_by: str
    point: memo_rules.Point | None
    trail: tuple[Happened, ...]
    decides: list[Blocker] | None
    withdraws: bool
    leads: tuple[str, ...]
    by_director: bool
    component: str = ""
    reopens: bool = False

    @property
    def ratings(self) -> tuple[Rating, ...]:
        """What else an item can be."""
        return tuple(each for each in policy.ITEM_RATINGS if each is not self.row.before)


def requests(session: orm.Session, actor: Actor, clocks: Clocks) -> list[Request]:
    """All that somebody may read: what is to be decided first, the late ones on top; then what
    waits for the CQI director; then the newest."""
    seen = reads.seen_by(actor, clocks.calendar.today)
    found = list(session.scalars(reads.everything().where(seen)).unique())
    newest = sorted(
        _rows(session, actor, found, clocks), key=lambda row: row.asked_at, reverse=True
    )
    return sorted(newest, key=_urgency)


def _urgency(row: Request) -> tuple[int, dt.date]:
    if row.outcome is Outcome.OPEN:
        return 0, row.due.on
    return (1 if row.outcome is Outcome.TO_REOPEN else 2), dt.date.min


def of_memo(
    session: orm.Session, actor: Actor, review_id: uuid.UUID, clocks: Clocks
) -> list[Request]:
    """Those about a review's memos that somebody may read, the newest first."""
    seen = reads.seen_by(actor, clocks.calendar.today)
    here = CaseReview.public_id == review_id
    query = reads.everything().where(here, seen).order_by(Reconsideration.id.desc())
    return _rows(session, actor, list(session.scalars(query).unique()), clocks)


def sheet(session: orm.Session, actor: Actor, one: Reconsideration, clocks: Clocks) -> RequestSheet:
    """One request that was found for the actor, as its page shows it."""
    [row] = _rows(session, actor, [one], clocks)
    standing = reads.standing(session, one, clocks.calendar.today)
    names = _names(session, one, standing.leads)
    visible = reviews.is_visible(session, actor, one.review)
    return RequestSheet(
        row=row,
        words=one.words,
        asked_by=names[one.asked_by_id],
        point=_point(session, one),
        trail=tuple(_trail(session, one, row, names)),
        decides=policy.decides(standing, actor),
        withdraws=policy.withdraws(standing, actor),
        leads=tuple(sorted(names[each] for each in standing.leads)),
        by_director=not standing.leads,
        component=_item(one).component if visible else "",
        reopens=row.outcome is Outcome.TO_REOPEN
        and visible
        and actor.may(Permission.REVIEW_REOPEN, standing.thing),
    )


def rated_items(session: orm.Session, release: MemoRelease) -> list[tuple[str, str, Rating]]:
    """(code, title, rating) of every item that counts in a memo, in the instrument's order."""
    instrument = reviews.pinned(release.review, None)
    found = reads.ratings(session, release).items()
    return [(code, instrument.item(code).title, rating) for code, rating in found]


def _names(session: orm.Session, one: Reconsideration, leads: Iterable[int]) -> dict[int, str]:
    people = {one.asked_by_id, *leads, *(step.by_id for step in one.steps if step.by_id)}
    return access.people_names(session, people)


def _item(one: Reconsideration) -> Item:
    return reviews.pinned(one.review, None).item(one.item)


def _point(session: orm.Session, one: Reconsideration) -> memo_rules.Point | None:
    """The item in the memo that the request is about."""
    memo = memos.content(session, one.release)
    found = _with_parts((*memo.needs, *memo.all_strengths)) if memo else ()
    return next((point for point in found if point.code == one.item), None)


def _with_parts(points: Iterable[memo_rules.Point]) -> Iterator[memo_rules.Point]:
    for point in points:
        yield point
        yield from _with_parts(point.parts)


_STEP_SAID = {
    Step.WITHDRAW: "Withdrawn",
    Step.UPHOLD: "Decided: upheld, the rating stays",
    Step.CHANGE: "Decided: the rating should change",
    Step.TELL_LATE: "Late: told to those who decide and to the CQI director",
}


def _trail(
    session: orm.Session, one: Reconsideration, row: Request, names: Mapping[int, str]
) -> Iterator[Happened]:
    """What was done about it, then what happened with the review."""
    for step in one.steps:
        said = _STEP_SAID[Step(step.step)]
        if step.rating and row.graded:
            said = f"Decided: it should be {step.rating.noun}"
        by = names[step.by_id] if step.by_id else ""
        yield Happened(said, step.at, by, step.words or "")
    yield from _afterwards(session, one, row)


def _afterwards(session: orm.Session, one: Reconsideration, row: Request) -> Iterator[Happened]:
    """When the review was opened again after it was asked, and when it became final again."""
    said = {
        review_workflow.Step.REOPEN.value: "The review was opened again",
        review_workflow.Step.APPROVE.value: "The review is final again",
    }
    query = sa.select(ReviewStep).where(
        ReviewStep.review_id == one.review_id,
        ReviewStep.step.in_(said),
        ReviewStep.at >= one.asked_at,
        # what was approved in the very instant came before: one asks about a final review
        sa.or_(ReviewStep.step == review_workflow.Step.REOPEN.value, ReviewStep.at > one.asked_at),
    )
    steps = list(session.scalars(query.order_by(ReviewStep.id)))
    names = access.people_names(session, {each.by_id for each in steps if each.by_id})
    for number, step in enumerate(steps, 1):
        words, last = said[step.step], number == len(steps)
        if last and row.now is not None and row.graded:
            words = f"{words}; the item is {row.now.noun}"
        # who approved it is QA's own matter; who opened it again stands for it
        by = names.get(step.by_id or 0, "") if step.step == review_workflow.Step.REOPEN else ""
        yield Happened(words, step.at, by)


def _rows(
    session: orm.Session, actor: Actor, found: Sequence[Reconsideration], clocks: Clocks
) -> list[Request]:
    cases = [one.review.case for one in found]
    lie = {place for case in cases for place in (case.county_id, case.unit_id) if place}
    names, came = places.names(session, lie), reads.outcomes(session, found)
    return [_row(one, actor, clocks, names, *came[one.id]) for one in found]


def _row(
    one: Reconsideration,
    actor: Actor,
    clocks: Clocks,
    names: Mapping[int, str],
    outcome: Outcome,
    now: Rating | None,
) -> Request:
    case = one.review.case
    decided = [step for step in one.steps if step.step in (Step.UPHOLD, Step.CHANGE)]
    thing = memos.case_facts(one.review, clocks.calendar.today).thing
    return Request(
        public_id=one.public_id,
        review_id=one.review.public_id,
        case_number=case.case_number,
        county=names[case.county_id],
        unit=names[case.unit_id] if case.unit_id else memos.NO_UNIT,
        round=one.review.round.name,
        item=one.item,
        title=_item(one).title,
        before=one.rating,
        wanted=decided[-1].rating if decided else None,
        now=now,
        ground=one.ground,
        outcome=outcome,
        asked_at=one.asked_at,
        decided_at=decided[-1].at if decided else None,
        due=clocks.decide_due(one.asked_at),
        graded=memos.graded(one.release.ratings, actor)
        or actor.may(Permission.RECONSIDERATION_DECIDE, thing),
    )


# ---- counts by item ----------------------------------------------------------------------------


@dataclass
class OfItem:
    """How often the rating of an item was asked about, of how many `rated` in released memos."""

    code: str
    title: str
    instrument: str
    rated: int
    asked: int = 0
    upheld: int = 0
    changed: int = 0
    open: int = 0

    @property
    def otherwise(self) -> int:
        """Withdrawn, or overtaken by another reopening."""
        return self.asked - self.upheld - self.changed - self.open


def by_item(session: orm.Session, actor: Actor, today: dt.date) -> list[OfItem]:
    """Counts of all that somebody may read, in the order of the instruments. Nobody is named."""
    seen = reads.seen_by(actor, today)
    found = list(session.scalars(reads.everything().where(seen)).unique())
    came, rated = reads.outcomes(session, found), _rated(session, actor, today)
    counts: dict[tuple[str, str], OfItem] = {}
    for one in found:
        key = (one.review.instrument, one.item)
        if key not in counts:
            named = reviews.pinned(one.review, None)
            counts[key] = OfItem(one.item, named.item(one.item).title, named.title, rated[key])
        _count(counts[key], came[one.id][0])
    return sorted(counts.values(), key=lambda one: (one.instrument, one.code))


def _count(one: OfItem, outcome: Outcome) -> None:
    one.asked += 1
    one.upheld += outcome is Outcome.UPHELD
    one.changed += outcome in rules.DECIDED_TO_CHANGE
    one.open += outcome is Outcome.OPEN


def _rated(session: orm.Session, actor: Actor, today: dt.date) -> defaultdict[tuple[str, str], int]:
    """(instrument, item) -> ratings of final reviews whose memo was released."""
    out = sa.exists().where(MemoRelease.review_id == CaseReview.id)
    query = (
        sa.select(CaseReview.instrument, StoredRating.code, sa.func.count())
        .select_from(StoredRating)
        .join(CaseReview, CaseReview.id == StoredRating.review_id)
        .join(CaseReview.case)
        .join(CaseReview.round)
        .where(
            CaseReview.state == ReviewState.FINAL,
            StoredRating.level == RatingLevel.ITEM,
            StoredRating.counted.is_not(None),
            out,
            reads.seen_by(actor, today),
        )
        .group_by(CaseReview.instrument, StoredRating.code)
    )
    rows = session.execute(query)
    return defaultdict(int, {(instrument, code): number for instrument, code, number in rows})
