"""Released memos within a person's reach: by place or round, or because the case is theirs. Else:
not found."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.rules import CASE_TYPE_WORDS, StaffKind
from cqi.core import errors
from cqi.feedback import policy, rules
from cqi.feedback.models import Acknowledgement, Debrief, MemoRelease
from cqi.feedback.queries import assembling, reach, waiting
from cqi.feedback.rules import kept
from cqi.feedback.rules.clocks import Clocks, Due
from cqi.places import queries as places
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState
from cqi.rounds.rules import MemoRatings

NO_UNIT = "no unit"


@dataclass(frozen=True)
class Reader:
    """Somebody who acknowledged a memo, as what, and what they wrote."""

    person_id: int
    name: str
    kind: StaffKind
    at: dt.datetime
    words: str


@dataclass(frozen=True)
class MemoRow:
    """A released memo in a list. `mine` says that the reader of the list is to read it; `stands`
    that the review is final as it was then, and was not reopened."""

    public_id: uuid.UUID
    case_number: str
    case_type: str
    county: str
    unit: str
    round: str
    pur_from: dt.date
    pur_to: dt.date | None
    final_on: dt.date
    released_at: dt.datetime
    released_on: dt.date
    due: Due
    readers: tuple[Reader, ...]
    mine: bool
    read: bool
    stands: bool = True
    number: int = 1
    waits_for: tuple[StaffKind, ...] = ()

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
    """A memo with everything that its page shows. `memo` is None where an earlier version of the
    product gave it out and the review has changed since; `graded`: its reader sees ratings."""

    row: MemoRow
    memo: rules.Memo | None
    graded: bool
    released_by: str
    numbers: tuple[int, ...] = (1,)
    debriefed_at: dt.datetime | None = None


def memos(session: orm.Session, actor: Actor, clocks: Clocks) -> tuple[MemoRow, ...]:
    """The newest memo of each review within reach: what waits for the actor first, then the newest
    first."""
    seen = reach.visible(actor, clocks.calendar.today)
    found = list(session.scalars(reach.releases().where(reach.newest(), seen)))
    made = rows(session, actor, found, clocks)
    newest = sorted(made, key=lambda row: (row.released_on, row.case_number), reverse=True)
    waiting = sorted((row for row in newest if row.waits), key=lambda row: row.due.on)
    return (*waiting, *(row for row in newest if not row.waits))


def by_unit(found: Iterable[MemoRow]) -> list[tuple[str, list[MemoRow]]]:
    """Rows under their county and unit, in the order of their names; rows keep their order."""
    units: dict[str, list[MemoRow]] = {}
    for row in found:
        units.setdefault(row.place, []).append(row)
    return sorted(units.items())


def unread(found: Iterable[MemoRow]) -> list[MemoRow]:
    """Those that somebody has yet to acknowledge, the longest overdue first."""
    waiting = (row for row in found if row.stands and (row.waits_for or not row.readers))
    return sorted(waiting, key=lambda row: (row.due.on, row.case_number))


def released(
    session: orm.Session,
    actor: Actor,
    public_id: uuid.UUID,
    today: dt.date,
    number: int | None = None,
) -> MemoRelease:
    """The newest memo of a review that the actor may read, or an earlier one. Raises NotFound."""
    which = reach.newest() if number is None else MemoRelease.number == number
    query = reach.releases().where(
        CaseReview.public_id == public_id, which, reach.visible(actor, today)
    )
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such memo")
    return found


def memo(
    session: orm.Session,
    actor: Actor,
    public_id: uuid.UUID,
    clocks: Clocks,
    number: int | None = None,
) -> MemoSheet:
    """A released memo, as it was released. Raises NotFound."""
    one = released(session, actor, public_id, clocks.calendar.today, number)
    [row] = rows(session, actor, [one], clocks)
    by = one.released_by_id
    names = access.people_names(session, [by] if by is not None else [])
    return MemoSheet(
        row,
        content(session, one),
        graded(one, actor, clocks.calendar.today),
        names.get(by or 0, ""),
        tuple(range(1, _count(session, one.review_id) + 1)),
        _debriefed_at(session, one.review_id),
    )


def _debriefed_at(session: orm.Session, review_id: int) -> dt.datetime | None:
    query = sa.select(sa.func.max(Debrief.held_at)).where(Debrief.review_id == review_id)
    return session.scalar(query)


def content(session: orm.Session, one: MemoRelease) -> rules.Memo | None:
    """As it was kept; of those from before memos were kept, as the review still is."""
    if one.content is not None:
        return kept.loads(one.content)
    return assembling.assembled(session, one.review) if stands(one) else None


def graded(one: MemoRelease, actor: Actor, today: dt.date) -> bool:
    """Whether somebody sees ratings in a memo: whoever reads it from above does; whoever supervises
    the case or its unit, and its caseworker, by the round's setting."""
    lies = case_facts(one.review, today, ())
    above = (Permission.FEEDBACK_ROLL_UP, Permission.FEEDBACK_RELEASE)
    if any(policy.may(actor, permission, lies) for permission in above):
        return True
    supervising = case_facts(one.review, today, (StaffKind.SUPERVISOR,))
    if policy.may(actor, Permission.FEEDBACK_COACH, supervising):
        return one.ratings is not MemoRatings.NOBODY
    return one.ratings is MemoRatings.EVERYBODY


def stands(one: MemoRelease) -> bool:
    """Whether the review is final as it was when this memo was released."""
    return one.review.state is ReviewState.FINAL and one.review.final_at == one.final_at


def readable(
    session: orm.Session, actor: Actor, case_id: int | None, today: dt.date
) -> list[uuid.UUID]:
    """Public ids of the case reviews, of one case or of all, whose memo the actor may read."""
    here = sa.true() if case_id is None else CaseReview.case_id == case_id
    query = reach.of_releases(sa.select(CaseReview.public_id)).where(
        here, reach.newest(), reach.visible(actor, today)
    )
    return list(session.scalars(query.order_by(CaseReview.id)))


def case_facts(
    one: CaseReview, today: dt.date, kinds: Collection[StaffKind] = tuple(StaffKind)
) -> policy.CaseFacts:
    """What the policy asks about a review's case; of its staff, those of some kinds."""
    lies = {one.case.county_id, one.case.unit_id} - {None}
    theirs = (each for each in one.case.staff if each.kind in kinds)
    staff = (each for each in theirs if reach.works(each, one.round.pur_from, today))
    return policy.CaseFacts(
        frozenset(place for place in lies if place is not None),
        frozenset(each.staff_id for each in staff),
        one.round_id,
    )


def acknowledged(session: orm.Session, release: MemoRelease, actor: Actor) -> bool:
    """Whether somebody has acknowledged a memo."""
    query = sa.select(Acknowledgement.id).where(
        Acknowledgement.release_id == release.id, Acknowledgement.person_id == actor.person_id
    )
    return session.scalar(query) is not None


def _count(session: orm.Session, review_id: int) -> int:
    query = sa.select(sa.func.count()).where(MemoRelease.review_id == review_id)
    return session.scalar(query) or 0


def rows(
    session: orm.Session, actor: Actor, found: list[MemoRelease], clocks: Clocks
) -> list[MemoRow]:
    """Releases as rows of a list, in their order."""
    readers = _readers(session, [one.id for one in found])
    cases = [one.review.case for one in found]
    lie = {place for case in cases for place in (case.county_id, case.unit_id) if place}
    here = MemoRelease.id.in_([one.id for one in found])
    waits = waiting.waiting(session, here, clocks.calendar.today)
    names = places.names(session, lie)
    made = [_row(one, actor, clocks, readers.get(one.id, ()), names) for one in found]
    return [
        replace(row, waits_for=tuple(sorted(set(waits.get(one.id, {}).values()))))
        for one, row in zip(found, made, strict=True)
    ]


def _row(
    release: MemoRelease,
    actor: Actor,
    clocks: Clocks,
    readers: tuple[Reader, ...],
    names: dict[int, str],
) -> MemoRow:
    one, calendar = release.review, clocks.calendar
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
        final_on=calendar.day_of(release.final_at),
        released_at=release.released_at,
        released_on=calendar.day_of(release.released_at),
        due=clocks.read_due(release.released_at),
        readers=readers if mine else tuple(_without_words(each) for each in readers),
        mine=mine,
        read=any(each.person_id == actor.person_id for each in readers),
        stands=stands(release),
        number=release.number,
    )


def _without_words(one: Reader) -> Reader:
    """What staff write to each other about a case stays between them."""
    return Reader(one.person_id, one.name, one.kind, one.at, "")


def _readers(session: orm.Session, release_ids: Iterable[int]) -> dict[int, tuple[Reader, ...]]:
    query = sa.select(Acknowledgement).where(Acknowledgement.release_id.in_(list(release_ids)))
    found = list(session.scalars(query.order_by(Acknowledgement.at)))
    names = access.people_names(session, {one.person_id for one in found})
    by_release: dict[int, tuple[Reader, ...]] = {}
    for one in found:
        reader = Reader(one.person_id, names[one.person_id], one.kind, one.at, one.words or "")
        by_release[one.release_id] = (*by_release.get(one.release_id, ()), reader)
    return by_release
