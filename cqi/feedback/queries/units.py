"""A unit's feedback in one view, and what a memo's page says of the unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.cases.models import Case, CaseStaff
from cqi.cases.rules import StaffKind
from cqi.feedback.models import Acknowledgement, MemoRelease
from cqi.feedback.queries import memos, reach
from cqi.feedback.rules import units as rules
from cqi.feedback.rules.units import Line, Pages, Reviewed, Worker, WorkerTable
from cqi.instruments.definition import Rating
from cqi.places import queries as places
from cqi.reviews import queries as reviews
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import MemoRatings

_Ratings = dict[int, dict[str, Rating | None]]


@dataclass(frozen=True)
class RoundOf:
    """A round with cases of the unit in it."""

    name: str
    cases: int


# of a round whose memos show ratings to nobody, a supervisor sees none here either
_SHOWN = (MemoRatings.SUPERVISORS, MemoRatings.EVERYBODY)


@dataclass(frozen=True)
class UnitView:
    """All of a unit's feedback: `left_out` reviews were opened again, or are of a round whose memos
    show no ratings, and do not count."""

    units: tuple[str, ...]
    cases: int
    left_out: int
    rounds: tuple[RoundOf, ...]
    components: tuple[Line, ...]
    needs: tuple[Line, ...]
    workers: tuple[WorkerTable, ...]


@dataclass(frozen=True)
class UnitOn:
    """The unit on some items: (code, title, share) each, over how many rounds and cases."""

    lines: tuple[Line, ...]
    rounds: int
    cases: int


def unit(session: orm.Session, actor: Actor, today: dt.date) -> UnitView:
    """Of the cases that the actor supervises, whose memo is released and they may read."""
    query = reach.releases().options(orm.defer(MemoRelease.content))
    released = list(session.scalars(query.where(reach.newest(), _coached(actor, today))))
    found = [one for one in released if memos.stands(one) and one.ratings in _SHOWN]
    rounds = _rounds(found)
    counted = _reviewed(session, found)
    listed = pages(one.review for one in found)
    workers = _workers(session, counted)
    lies = {one.review.case.unit_id for one in found} - {None}
    names = places.names(session, [place for place in lies if place])
    return UnitView(
        units=tuple(sorted(names.values())),
        cases=len(found),
        left_out=len(released) - len(found),
        rounds=tuple(
            RoundOf(one.name, sum(each.round_id == one.id for each in counted)) for one in rounds
        ),
        components=rules.by_round(
            counted,
            [one.id for one in rounds],
            {code: title for one in listed for code, title in one.components.items()},
        ),
        needs=rules.needs(
            counted, {code: title for one in listed for code, title in one.items.items()}
        ),
        workers=tuple(rules.worker_table(counted, workers, one) for one in listed),
    )


def _coached(actor: Actor, today: dt.date) -> sa.ColumnElement[bool]:
    """Where-clause on releases with their reviews: of the actor's unit, or of a case that their
    staff number supervises; and they may read the memo."""
    of_unit = reach.within(actor, actor.reach(Permission.FEEDBACK_COACH))
    supervised = sa.exists().where(
        CaseStaff.case_id == Case.id,
        CaseStaff.kind == StaffKind.SUPERVISOR,
        CaseStaff.staff_id == (actor.staff_id or None),
        reach.on_the_case(CaseStaff, today),
    )
    return sa.and_(reach.visible(actor, today), sa.or_(of_unit, supervised))


def _rounds(found: Iterable[MemoRelease]) -> list[Round]:
    """The oldest first."""
    rounds = {one.review.round_id: one.review.round for one in found}
    return sorted(rounds.values(), key=lambda one: (one.on_site_from, one.id))


def _reviewed(session: orm.Session, found: Sequence[MemoRelease]) -> list[Reviewed]:
    ratings = _ratings(session, [one.review_id for one in found])
    read = _acknowledged(session, [one.id for one in found])
    return [
        Reviewed(
            one.review.round_id,
            _worked(one.review),
            ratings.get(one.review_id, {}),
            read.get(one.id, frozenset()),
            one.review.instrument,
        )
        for one in found
    ]


def _worked(review: CaseReview) -> frozenset[str]:
    """Staff numbers of the caseworkers in the period under review: whoever took the case later did
    not do what was reviewed."""
    until = review.pur_to or dt.date.max
    return frozenset(
        one.staff_id
        for one in review.case.staff
        if one.kind is StaffKind.CASEWORKER and reach.works(one, review.round.pur_from, until)
    )


def _ratings(session: orm.Session, ids: Collection[int]) -> _Ratings:
    query = sa.select(StoredRating.review_id, StoredRating.code, StoredRating.counted)
    found: _Ratings = {}
    for review_id, code, counted in session.execute(query.where(StoredRating.review_id.in_(ids))):
        found.setdefault(review_id, {})[code] = counted
    return found


def _acknowledged(session: orm.Session, ids: Collection[int]) -> dict[int, frozenset[int]]:
    query = sa.select(Acknowledgement.release_id, Acknowledgement.person_id)
    found: dict[int, frozenset[int]] = {}
    for release_id, person_id in session.execute(query.where(Acknowledgement.release_id.in_(ids))):
        found[release_id] = found.get(release_id, frozenset()) | {person_id}
    return found


def _workers(session: orm.Session, counted: Iterable[Reviewed]) -> list[Worker]:
    """By staff number; whoever signs in by their name."""
    numbers = {number for one in counted for number in one.workers}
    query = sa.select(Person.staff_id, Person.name, Person.id).where(Person.staff_id.in_(numbers))
    known = {number: (name, id_) for number, name, id_ in session.execute(query)}
    return [
        Worker(number, *known.get(number, (f"Staff number {number}", None))) for number in numbers
    ]


def pages(found: Iterable[CaseReview]) -> list[Pages]:
    """What is called how in the instruments of some reviews, the newest versions first; an item's
    parts are not told apart."""
    pins = {(one.instrument, one.instrument_version): one for one in found}
    made: dict[str, Pages] = {}
    for one in sorted(pins.values(), key=lambda pin: pin.id):
        pinned, known = reviews.pinned(one, None), made.get(one.instrument)
        components = {each.code: each.short_title for each in pinned.components}
        items = {each.code: each.title for each in pinned.wholes}
        made[one.instrument] = Pages(
            one.instrument,
            pinned.title,
            _with_older(components, known.components if known else {}),
            _with_older(items, known.items if known else {}),
        )
    return sorted(made.values(), key=lambda each: each.title)


def _with_older(newer: Mapping[str, str], older: Mapping[str, str]) -> dict[str, str]:
    return {**newer, **{code: title for code, title in older.items() if code not in newer}}


def unit_on(
    session: orm.Session, actor: Actor, wanted: Mapping[str, str], today: dt.date
) -> UnitOn | None:
    """What the unit's cases say of some items (code -> title); None for who coaches nobody, and
    where there is nothing to say."""
    if not wanted or not actor.holds(Permission.FEEDBACK_COACH):
        return None
    query = reach.of_releases(sa.select(CaseReview.id, CaseReview.round_id))
    stands = (
        CaseReview.state == ReviewState.FINAL,
        CaseReview.final_at == MemoRelease.final_at,
        MemoRelease.ratings.in_(_SHOWN),
    )
    found = session.execute(query.where(*stands, reach.newest(), _coached(actor, today))).all()
    ratings = _ratings(session, [key for key, _ in found])
    counted = [Reviewed(on, frozenset(), ratings.get(key, {})) for key, on in found]
    lines = tuple(
        Line(code, title, (rules.share(counted, code),)) for code, title in wanted.items()
    )
    return UnitOn(lines, len({on for _, on in found}), len(found)) if found else None
