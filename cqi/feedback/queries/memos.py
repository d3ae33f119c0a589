"""Memos within a person's reach: by place, or because the case is theirs. Else: not found."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.models import Case, CaseStaff
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.core import errors
from cqi.feedback import policy, rules
from cqi.feedback.models import Acknowledgement
from cqi.instruments.asking import Ask
from cqi.instruments.definition import Rating
from cqi.places import queries as places
from cqi.reviews import queries as reviews
from cqi.reviews import rules as review_rules
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.queries import visibility
from cqi.reviews.rules import RatingLevel, ReviewPurpose, ReviewState
from cqi.rounds.models import Round

NO_UNIT = "no unit"
_Column = TypeVar("_Column")


@dataclass(frozen=True)
class Reader:
    """Somebody who acknowledged a memo, and what they wrote."""

    person_id: int
    name: str
    at: dt.datetime
    words: str


@dataclass(frozen=True)
class MemoRow:
    """A final review's memo in a list. `mine` says that the reader of the list is to read it."""

    public_id: uuid.UUID
    case_number: str
    case_type: str
    county: str
    unit: str
    round: str
    pur_from: dt.date
    pur_to: dt.date | None
    final_on: dt.date
    due: rules.Due
    readers: tuple[Reader, ...]
    mine: bool
    read: bool

    @property
    def place(self) -> str:
        """ "Juniper County, Unit A"; a unit that is named after its county stands alone."""
        return self.unit if self.unit.startswith(self.county) else f"{self.county}, {self.unit}"

    @property
    def waits(self) -> bool:
        """True when its reader has yet to acknowledge it."""
        return self.mine and not self.read


@dataclass(frozen=True)
class MemoSheet:
    """A memo with everything that its page shows."""

    row: MemoRow
    memo: rules.Memo
    instrument: str


def memos(session: orm.Session, actor: Actor, calendar: rules.Calendar) -> tuple[MemoRow, ...]:
    """All memos within reach: what waits for the actor first, then the newest first."""
    query = _final_reviews().where(_visible(actor, calendar.today))
    rows = _rows(session, actor, list(session.scalars(query)), calendar)
    newest = sorted(rows, key=lambda row: (row.final_on, row.case_number), reverse=True)
    waiting = sorted((row for row in newest if row.waits), key=lambda row: row.due.on)
    return (*waiting, *(row for row in newest if not row.waits))


def by_unit(rows: Iterable[MemoRow]) -> list[tuple[str, list[MemoRow]]]:
    """Rows under their county and unit, in the order of their names; rows keep their order."""
    found: dict[str, list[MemoRow]] = {}
    for row in rows:
        found.setdefault(row.place, []).append(row)
    return sorted(found.items())


def unread(rows: Iterable[MemoRow]) -> list[MemoRow]:
    """Those that nobody has acknowledged, the longest overdue first."""
    return sorted((row for row in rows if not row.readers), key=lambda row: row.due.on)


def review(session: orm.Session, actor: Actor, public_id: uuid.UUID, today: dt.date) -> CaseReview:
    """A final, scored review whose feedback the actor may read. Raises NotFound."""
    query = _final_reviews().where(CaseReview.public_id == public_id, _visible(actor, today))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such memo")
    return found


def memo(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, calendar: rules.Calendar
) -> MemoSheet:
    """The memo of one final review. Raises NotFound."""
    one = review(session, actor, public_id, calendar.today)
    content = reviews.sheet(session, one)
    row = _rows(session, actor, [one], calendar)[0]
    made = rules.memo(content.instrument, _scored(session, one, content))
    return MemoSheet(row, made, f"{content.instrument.title} {content.instrument.version}")


def readable(
    session: orm.Session, actor: Actor, case_id: int | None, today: dt.date
) -> list[uuid.UUID]:
    """Public ids of the case reviews, of one case or of all, whose memo the actor may read."""
    here = sa.true() if case_id is None else CaseReview.case_id == case_id
    query = _of_final(sa.select(CaseReview.public_id)).where(here, _visible(actor, today))
    return list(session.scalars(query.order_by(CaseReview.id)))


def case_facts(one: CaseReview, today: dt.date) -> policy.CaseFacts:
    """What the policy asks about a review's case."""
    lies = {one.case.county_id, one.case.unit_id} - {None}
    staff = (each for each in one.case.staff if _works(each, one.round.pur_from, today))
    return policy.CaseFacts(
        frozenset(place for place in lies if place is not None),
        frozenset(each.staff_id for each in staff),
    )


def acknowledged(session: orm.Session, one: CaseReview, actor: Actor) -> bool:
    """True when the actor acknowledged this review's memo."""
    query = sa.select(Acknowledgement.id).where(
        Acknowledgement.review_id == one.id, Acknowledgement.person_id == actor.person_id
    )
    return session.scalar(query) is not None


def _final_reviews() -> sa.Select[CaseReview]:
    return _of_final(sa.select(CaseReview)).options(
        orm.contains_eager(CaseReview.round),
        orm.contains_eager(CaseReview.case).selectinload(Case.staff),
    )


def _of_final(query: sa.Select[_Column]) -> sa.Select[_Column]:
    return (
        query.join(CaseReview.case)
        .join(CaseReview.round)
        .where(
            CaseReview.state == ReviewState.FINAL,
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.reading == 1,
            CaseReview.imported_digest.is_(None),  # its feedback went back where it was scored
        )
    )


def _visible(actor: Actor, today: dt.date) -> sa.ColumnElement[bool]:
    """By place, but for a declared conflict of interest and cases of which one reads the other
    reading; and of cases that are one's own work."""
    reach = actor.reach(Permission.FEEDBACK_SEE)
    here = sa.or_(Case.county_id.in_(reach.places), Case.unit_id.in_(reach.places))
    by_place = sa.and_(
        here | sa.literal(reach.everywhere), visibility.undeclared(actor), visibility.blind(actor)
    )
    if not actor.staff_id or not reach:
        return by_place
    own = sa.exists().where(
        CaseStaff.case_id == Case.id,
        CaseStaff.staff_id == actor.staff_id,
        CaseStaff.from_on <= today,
        sa.or_(CaseStaff.until_on.is_(None), CaseStaff.until_on >= Round.pur_from),
    )
    return sa.or_(by_place, own)


def _works(one: CaseStaff, since: dt.date, today: dt.date) -> bool:
    """On the case today or in the period under review: those who did the work or take it on."""
    return one.from_on <= today and (one.until_on is None or one.until_on >= since)


def _rows(
    session: orm.Session, actor: Actor, reviews: list[CaseReview], calendar: rules.Calendar
) -> list[MemoRow]:
    ids = [one.id for one in reviews]
    readers = _readers(session, ids)
    lie = {place for one in reviews for place in (one.case.county_id, one.case.unit_id) if place}
    names = places.names(session, lie)
    return [_row(one, actor, calendar, readers.get(one.id, ()), names) for one in reviews]


def _row(
    one: CaseReview,
    actor: Actor,
    calendar: rules.Calendar,
    readers: tuple[Reader, ...],
    names: dict[int, str],
) -> MemoRow:
    if one.final_at is None:
        raise errors.NotFound("this review is not final")
    facts = case_facts(one, calendar.today)
    mine = policy.may(actor, Permission.FEEDBACK_ACKNOWLEDGE, facts)
    case = one.case
    return MemoRow(
        public_id=one.public_id,
        case_number=case.case_number,
        case_type=CASE_TYPE_WORDS[case.case_type],
        county=names[case.county_id],
        unit=names[case.unit_id] if case.unit_id else NO_UNIT,
        round=one.round.name,
        pur_from=one.round.pur_from,
        pur_to=one.pur_to,
        final_on=calendar.day_of(one.final_at),
        due=rules.due(one.final_at, calendar),
        readers=readers if mine else tuple(_without_words(each) for each in readers),
        mine=mine,
        read=any(each.person_id == actor.person_id for each in readers),
    )


def _without_words(one: Reader) -> Reader:
    """What staff write to each other about a case stays between them."""
    return Reader(one.person_id, one.name, one.at, "")


def _readers(session: orm.Session, review_ids: Iterable[int]) -> dict[int, tuple[Reader, ...]]:
    query = sa.select(Acknowledgement).where(Acknowledgement.review_id.in_(list(review_ids)))
    found = list(session.scalars(query.order_by(Acknowledgement.at)))
    names = access.people_names(session, {one.person_id for one in found})
    by_review: dict[int, tuple[Reader, ...]] = {}
    for one in found:
        reader = Reader(one.person_id, names[one.person_id], one.at, one.words or "")
        by_review[one.review_id] = (*by_review.get(one.review_id, ()), reader)
    return by_review


def _scored(session: orm.Session, one: CaseReview, sheet: reviews.ReviewSheet) -> rules.Scored:
    """What counts is the stored rating; the answers say why, or that QA set it."""
    rated, ratings = sheet.rating.items, _ratings(session, one)
    return rules.Scored(
        ratings=ratings,
        computed={
            code: each.rating
            for code, each in rated.items()
            if each.rating and sheet.overrides and each.rating is not ratings.get(code)
        },
        answers={code: dict(_answers(sheet, code)) for code in sheet.answers},
        narratives={item: entry.value for item, entry in sheet.narratives.items()},
        reasons={code: each.reason for code, each in rated.items()},
        decided_by={code: each.decided_by for code, each in rated.items()},
        withheld=frozenset(
            item
            for item, sources in sheet.evidence.items()
            if any(source.protected for source in sources)
        ),
        listed={kind: len(listed) for kind, listed in sheet.subjects.items()},
    )


def _answers(sheet: reviews.ReviewSheet, code: str) -> Iterator[tuple[Ask, str]]:
    """The answers to what is asked: one to a question that is asked no more is none."""
    entries = sheet.answers[code]
    for ask in sheet.rating.items[code].asks:
        entry = entries.get(review_rules.asked(*ask))
        if entry is not None:
            yield ask, entry.value


def _ratings(session: orm.Session, one: CaseReview) -> dict[str, Rating | None]:
    query = sa.select(StoredRating.code, StoredRating.counted).where(
        StoredRating.review_id == one.id, StoredRating.level == RatingLevel.ITEM
    )
    return dict(session.execute(query).all())
