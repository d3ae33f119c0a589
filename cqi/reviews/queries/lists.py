"""Case reviews in lists: mine, QA's, a round's."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.instruments.definition import Rating
from cqi.places.models import Place
from cqi.reviews import rules
from cqi.reviews.models import CaseReview, ReviewPerson, ReviewStep, StoredRating
from cqi.reviews.queries import contents, planning, samples, visibility
from cqi.reviews.queries.contents import Progress
from cqi.reviews.rules import OPEN_STATES, Part, RatingLevel, ReviewPurpose, ReviewState
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.rounds.policy import Handled

_WITH_QA = (ReviewState.SUBMITTED, ReviewState.FIRST_LEVEL_QA, ReviewState.SECOND_LEVEL_QA)
# what a reviewer sees first: what came back, then what is open, then what is out of their hands
_MINE_FIRST = (
    ReviewState.RETURNED,
    ReviewState.REOPENED,
    ReviewState.IN_PROGRESS,
    ReviewState.ASSIGNED,
    *_WITH_QA,
    ReviewState.FINAL,
    ReviewState.WITHDRAWN,
)


@dataclass(frozen=True)
class ReviewLine:
    """One case review in a list.

    `to_hear` counts the interviews that are neither held nor have a reason;
    `progress` is there while the reviewers have it, `components` (rating by code) after that, with
    what was `computed` in place of those that overrides changed;
    `stuck` says what would move it, empty where it moves; `returned_reason` is QA's last one,
    while it is returned. `second_reading` is not told to those who read it.
    """

    public_id: uuid.UUID
    round_id: uuid.UUID
    round_name: str
    case_number: str
    case_type: CaseType
    county: str
    state: ReviewState
    state_since: dt.datetime
    days_in_state: int
    reviewers: tuple[str, ...]
    progress: Progress | None
    components: Mapping[str, Rating | None]
    computed: Mapping[str, Rating | None]
    returned_reason: str
    stuck: str
    practice: bool = False
    second_reading: bool = False
    imported: bool = False
    to_hear: int = 0


def my_reviews(session: orm.Session, actor: Actor, now: dt.datetime) -> list[ReviewLine]:
    """What `actor` scores in unfinished rounds: returned first, then open, then the rest."""
    unfinished = sa.select(CaseReview.round_id).where(
        CaseReview.state.not_in(sorted(rules.ENDED_STATES)), visibility.one_a_case(actor)
    )
    return _mine(session, actor, sa.and_(_WORK, CaseReview.round_id.in_(unfinished)), now)


def my_practice(session: orm.Session, actor: Actor, now: dt.datetime) -> list[ReviewLine]:
    """What `actor` practises on, in the same order."""
    return _mine(session, actor, ~_WORK, now)


_WORK = CaseReview.purpose != ReviewPurpose.PRACTICE  # second readings too


def _mine(
    session: orm.Session, actor: Actor, where: sa.ColumnElement[bool], now: dt.datetime
) -> list[ReviewLine]:
    lines = _lines(session, actor, sa.and_(visibility.scored_by(actor), where), now)
    return sorted(lines, key=lambda line: (_MINE_FIRST.index(line.state), line.case_number))


def qa_queue(session: orm.Session, actor: Actor, now: dt.datetime) -> list[ReviewLine]:
    """What waits for QA where `actor` may approve, oldest first; never what they scored."""
    where = sa.and_(CaseReview.state.in_(_WITH_QA), _checked_by(actor))
    return sorted(_lines(session, actor, where, now), key=lambda line: line.state_since)


def returned_by_qa(session: orm.Session, actor: Actor, now: dt.datetime) -> list[ReviewLine]:
    """What is back with its reviewers, of what `actor` may approve; oldest first."""
    where = sa.and_(CaseReview.state == ReviewState.RETURNED, _checked_by(actor))
    return sorted(_lines(session, actor, where, now), key=lambda line: line.state_since)


def _checked_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: where `actor` may approve, never what they scored."""
    return sa.and_(visibility.checked_by(actor), CaseReview.id.not_in(visibility.read_by(actor)))


def round_overview(
    session: orm.Session, actor: Actor, in_round: Round, now: dt.datetime
) -> list[ReviewLine]:
    """One line a case that `actor` sees: stuck first, then by state and number."""
    where = sa.and_(CaseReview.round_id == in_round.id, visibility.visible_to(actor))
    order = tuple(ReviewState)
    return sorted(
        _lines(session, actor, where, now),
        key=lambda line: (not line.stuck, order.index(line.state), line.case_number),
    )


@dataclass
class _Beside:
    """What is loaded beside the case reviews, by review id."""

    reviewers: dict[int, list[str]] = field(default_factory=dict)
    returns: dict[int, list[str]] = field(default_factory=dict)
    components: dict[int, dict[str, Rating | None]] = field(default_factory=dict)
    computed: dict[int, dict[str, Rating | None]] = field(default_factory=dict)
    contents: dict[int, contents.Content] = field(default_factory=dict)
    last_saved: dict[int, dt.datetime] = field(default_factory=dict)


def _lines(
    session: orm.Session, actor: Actor, where: sa.ColumnElement[bool], now: dt.datetime
) -> list[ReviewLine]:
    second = sa.and_(
        CaseReview.purpose == ReviewPurpose.RELIABILITY,
        CaseReview.id.not_in(visibility.read_by(actor)),
    )
    query = (
        sa.select(CaseReview, Place.name, second)
        .join(CaseReview.case)
        .join(Place, Place.id == Case.county_id)
        .options(orm.contains_eager(CaseReview.case), orm.joinedload(CaseReview.round))
        .where(where)
    )
    found = list(session.execute(query))
    beside = _beside(session, [review for review, *_ in found])
    return [
        dataclasses.replace(_line(review, county, beside, now), second_reading=bool(is_second))
        for review, county, is_second in found
    ]


def _beside(session: orm.Session, reviews: list[CaseReview]) -> _Beside:
    ids = [review.id for review in reviews]
    scored_here = (review for review in reviews if review.imported_digest is None)
    still_open = [review.id for review in scored_here if review.state in OPEN_STATES]
    components, computed = _components(session, ids)
    return _Beside(
        reviewers=_reviewers(session, ids),
        returns=_returns(session, ids),
        components=components,
        computed=computed,
        contents=contents.contents(session, still_open),
        last_saved=contents.last_saved(session, still_open),
    )


def _reviewers(session: orm.Session, ids: list[int]) -> dict[int, list[str]]:
    query = (
        sa.select(ReviewPerson.review_id, Person.name)
        .join(Person, Person.id == ReviewPerson.person_id)
        .where(
            ReviewPerson.review_id.in_(ids),
            ReviewPerson.part == Part.REVIEWER,
            ReviewPerson.until_at.is_(None),
        )
        .order_by(ReviewPerson.id)
    )
    found: dict[int, list[str]] = {}
    for review_id, name in session.execute(query):
        found.setdefault(review_id, []).append(name)
    return found


def _returns(session: orm.Session, ids: list[int]) -> dict[int, list[str]]:
    query = (
        sa.select(ReviewStep.review_id, ReviewStep.reason)
        .where(ReviewStep.review_id.in_(ids), ReviewStep.to_state == ReviewState.RETURNED.value)
        .order_by(ReviewStep.id)
    )
    found: dict[int, list[str]] = {}
    for review_id, reason in session.execute(query):
        found.setdefault(review_id, []).append(reason or "")
    return found


_ByReview = dict[int, dict[str, Rating | None]]


def _components(session: orm.Session, ids: list[int]) -> tuple[_ByReview, _ByReview]:
    """The components' ratings that count, and what was computed where overrides changed them."""
    row = StoredRating
    query = sa.select(row.review_id, row.code, row.rating, row.counted).where(
        row.review_id.in_(ids), row.level == RatingLevel.COMPONENT
    )
    counted: _ByReview = {}
    computed: _ByReview = {}
    for review_id, code, rating, counts in session.execute(query):
        counted.setdefault(review_id, {})[code] = counts
        if counts is not rating:
            computed.setdefault(review_id, {})[code] = rating
    return counted, computed


def _line(review: CaseReview, county: str, beside: _Beside, now: dt.datetime) -> ReviewLine:
    content = beside.contents.get(review.id)
    reviewers = beside.reviewers.get(review.id, [])
    returns = beside.returns.get(review.id, [])
    last_at = max(review.state_since, beside.last_saved.get(review.id, review.state_since))
    resting = rules.Rest(review.state, (now - last_at).days, len(reviewers), len(returns))
    practice = review.purpose is ReviewPurpose.PRACTICE
    is_returned = review.state is ReviewState.RETURNED
    return ReviewLine(
        public_id=review.public_id,
        round_id=review.round.public_id,
        round_name=review.round.name,
        case_number=review.case.case_number,
        case_type=review.case.case_type,
        county=county,
        state=review.state,
        state_since=review.state_since,
        days_in_state=(now - review.state_since).days,
        reviewers=tuple(reviewers),
        progress=_progress(review, content) if content else None,
        components={} if content else beside.components.get(review.id, {}),
        computed=beside.computed.get(review.id, {}),
        returned_reason=returns[-1] if is_returned and returns else "",
        stuck="" if practice else _stuck(review, resting),
        practice=practice,
        imported=review.imported_digest is not None,
        to_hear=len(planning.outstanding(content)) if content else 0,
    )


def _stuck(review: CaseReview, resting: rules.Rest) -> str:
    """What would move it. Nobody scores anew what came in with a file."""
    if review.imported_digest is None:
        return rules.stuck(resting)
    reopened = review.state is ReviewState.REOPENED
    return "It was imported, and is reopened: withdraw it, with the reason." if reopened else ""


def _progress(review: CaseReview, content: contents.Content) -> Progress:
    return contents.assess(visibility.instrument_of(review), content).progress


def review_counts(session: orm.Session, actor: Actor) -> dict[int, dict[ReviewState, int]]:
    """Round id -> how many case reviews stand in each state, in the rounds that `actor` sees.

    All of a round's, also those that the actor may not open: a number names nobody, and a total
    over a part would be false. Practice counts nowhere, and of two readings one.
    """
    seen = sa.select(Round.id).where(rounds.visible_to(actor))
    query = (
        sa.select(CaseReview.round_id, CaseReview.state, sa.func.count())
        .where(CaseReview.round_id.in_(seen), visibility.one_a_case(actor))
        .group_by(CaseReview.round_id, CaseReview.state)
    )
    counts: dict[int, dict[ReviewState, int]] = {}
    for round_id, state, number in session.execute(query):
        counts.setdefault(round_id, {})[state] = number
    return counts


# what first-level QA has not let go yet
_BEFORE_SECOND = (*OPEN_STATES, ReviewState.SUBMITTED, ReviewState.FIRST_LEVEL_QA)


def handled(session: orm.Session, in_round: Round) -> Handled:
    """How far a round's case reviews are: what decides whether its second-level QA may change."""
    handed_in = sa.case((CaseReview.first_submitted_at.is_not(None), 1), else_=0)
    before = sa.case((CaseReview.state.in_(sorted(_BEFORE_SECOND)), 1), else_=0)
    sums = (sa.func.coalesce(sa.func.sum(each), 0) for each in (handed_in, before))
    query = sa.select(sa.func.count(), *sums).where(CaseReview.round_id == in_round.id, _WORK)
    return Handled(*session.execute(query).one())


def in_hands(session: orm.Session, in_round: Round) -> Handled:
    """How many of a round's cases reviewers have or had: what decides whether the share that is
    read twice may change."""
    query = sa.select(sa.func.count()).where(
        CaseReview.round_id == in_round.id, CaseReview.purpose == ReviewPurpose.SCORED
    )
    number = session.scalar(query) or 0
    return Handled(number, known=number, left=number)


def finished(session: orm.Session, round_ids: Collection[int]) -> frozenset[int]:
    """The rounds that are finished: each of their case reviews is final or withdrawn, and nobody of
    their sample waits to be assigned. A second reading that is still out holds up no round."""
    ended = sa.case((CaseReview.state.in_(sorted(rules.ENDED_STATES)), 1), else_=0)
    query = (
        sa.select(CaseReview.round_id)
        .where(CaseReview.round_id.in_(round_ids), CaseReview.purpose == ReviewPurpose.SCORED)
        .group_by(CaseReview.round_id)
        .having(sa.func.count() == sa.func.sum(ended))
    )
    ended_rounds = frozenset(session.scalars(query))
    left = samples.unassigned(session, ended_rounds)
    return ended_rounds - {round_id for round_id, numbers in left.items() if numbers}
