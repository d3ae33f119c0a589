"""Ratings that came in with a file: what a file is checked against, and what stands of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.cases import queries as cases
from cqi.cases.models import Case
from cqi.cases.rules.lists import Line
from cqi.core import events
from cqi.instruments import inputs, rating
from cqi.instruments.component_rating import ComponentRating
from cqi.instruments.definition import Instrument
from cqi.instruments.definition import Rating as Rated
from cqi.instruments.item_rating import ItemRating
from cqi.places.models import Place
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.queries import visibility
from cqi.reviews.queries.contents import Assessment, Count, Progress
from cqi.reviews.rules import RatingLevel, ReviewPurpose, importing
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round, RoundCounty
from cqi.sampling import queries as sampling

KIND = "review.imported"  # the event that a case review from a file begins with
_AT_ONCE = 500  # case numbers in one question
GIVEN = "It came in with a file: there are no answers behind it."
NOT_GIVEN = "The file that it came from does not have it."


@dataclass(frozen=True)
class Arrival:
    """How a case review came in: when, by whom ("" for the command), from which file."""

    at: dt.datetime
    by: str
    digest: str


@dataclass(frozen=True)
class FileBefore:
    """A file that was brought in already: when, and how many case reviews came with it."""

    at: dt.datetime
    reviews: int


def known(
    session: orm.Session, lines: Iterable[Line], actor: Actor | None, today: dt.date
) -> importing.Known:
    """What the rows of a file are checked against; the command may fill every round."""
    rows = list(lines)
    numbers = {_plain(line.values.get("case_number", "")) for line in rows}
    named = {_plain(line.values.get("round", "")) for line in rows}
    may = rounds.visible_to(actor, Permission.REVIEW_IMPORT) if actor else sa.true()
    every = list(session.scalars(sa.select(Round).where(may).order_by(Round.on_site_from.desc())))
    called = {_plain(one.name): one for one in every} | {str(one.public_id): one for one in every}
    meant = {called[name] for name in named if name in called}
    _hold(session, [one.id for one in meant])
    made = {one.id: _known_round(session, one) for one in meant}
    return importing.Known(
        rounds={name: made[called[name].id] if name in called else None for name in named},
        cases=_known_cases(session, numbers, actor),
        names=tuple(one.name for one in every),
        today=today,
    )


def _hold(session: orm.Session, round_ids: Collection[int]) -> None:
    """Keep others who bring in ratings of these rounds waiting."""
    query = sa.select(Round.id).where(Round.id.in_(sorted(round_ids))).order_by(Round.id)
    session.execute(query.with_for_update())


def _plain(text: str) -> str:
    return " ".join(text.split())


def _known_round(session: orm.Session, one: Round) -> importing.KnownRound:
    instrument = visibility.pinned(one, one.items)
    every = visibility.pinned(one, None)
    counties = (
        sa.select(Place.code, Place.id)
        .join(RoundCounty, RoundCounty.county_id == Place.id)
        .where(RoundCounty.round_id == one.id)
    )
    return importing.KnownRound(
        id=one.id,
        public_id=one.public_id,
        name=one.name,
        pur_from=one.pur_from,
        counties=dict(session.execute(counties).all()),
        instrument=instrument,
        others=frozenset(every.items_by_code) - frozenset(instrument.items_by_code),
        sample=sampling.in_sample(session, [one.id]).get(one.id),
        before=_reviewed(session, one),
    )


def _reviewed(session: orm.Session, one: Round) -> dict[str, importing.Before]:
    """The cases that are in a round, by number; practice and second readings are apart."""
    query = (
        sa.select(Case.case_number, CaseReview.state, CaseReview.imported_digest)
        .join(Case, Case.id == CaseReview.case_id)
        .where(CaseReview.round_id == one.id, CaseReview.purpose == ReviewPurpose.SCORED)
    )
    return {
        number: importing.Before(state, digest) for number, state, digest in session.execute(query)
    }


def _known_cases(
    session: orm.Session, numbers: Collection[str], actor: Actor | None
) -> dict[str, importing.KnownCase]:
    seen = cases.visible_to(actor) if actor else sa.true()
    found: dict[str, importing.KnownCase] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        query = (
            sa.select(Case.case_number, Place.code, Case.case_type, seen)
            .join(Place, Place.id == Case.county_id)
            .where(Case.case_number.in_(part))
        )
        for number, fips, case_type, is_seen in session.execute(query):
            found[number] = importing.KnownCase(fips, case_type, bool(is_seen))
    return found


def file_before(session: orm.Session, digest: str) -> FileBefore | None:
    """When a file was brought in, or None where it was not yet."""
    query = sa.select(sa.func.min(CaseReview.created_at), sa.func.count()).where(
        CaseReview.imported_digest == digest
    )
    at, number = session.execute(query).one()
    return FileBefore(at, number) if number else None


def counts(session: orm.Session, actor: Actor) -> dict[int, int]:
    """Round id -> how many of its cases came in with a file, in the rounds that `actor` sees."""
    seen = sa.select(Round.id).where(rounds.visible_to(actor))
    query = (
        sa.select(CaseReview.round_id, sa.func.count())
        .where(CaseReview.round_id.in_(seen), CaseReview.imported_digest.is_not(None))
        .group_by(CaseReview.round_id)
    )
    return dict(session.execute(query).all())


def arrival(session: orm.Session, review: CaseReview) -> Arrival | None:
    """How a case review came in; None for one that was scored here."""
    if review.imported_digest is None:
        return None
    query = (
        sa.select(Person.name)
        .join(events.Event, events.Event.actor_id == Person.id)
        .where(events.Event.stream_id == review.public_id, events.Event.kind == KIND)
    )
    by = session.scalar(query) or ""
    return Arrival(review.created_at, by, review.imported_digest)


def assess(session: orm.Session, review: CaseReview, instrument: Instrument) -> Assessment:
    """What stands of a case review that came in with a file: ratings without answers, nothing to
    do. Components follow from them by the instrument's rule, as they did then."""
    stored = _stored(session, review)
    items = {item.code: _item(stored.get(item.code)) for item in instrument.items}
    facts = importing.facts_of(instrument, review.case.case_type)
    ratings = {code: one.rating for code, one in items.items()}
    components = rating.rate_components(instrument, ratings, facts)
    rated = rating.CaseRating(items, components, inputs.Known(facts, {}))
    return Assessment(rated, {}, _progress(instrument, components, ratings))


def _stored(session: orm.Session, review: CaseReview) -> dict[str, Rated | None]:
    query = sa.select(StoredRating.code, StoredRating.rating).where(
        StoredRating.review_id == review.id, StoredRating.level == RatingLevel.ITEM
    )
    return dict(session.execute(query).all())


def _item(rated: Rated | None) -> ItemRating:
    if rated is None:
        return ItemRating(None, (), NOT_GIVEN, (), None, ())
    return ItemRating(rated, (), GIVEN, (), rated is not Rated.NOT_APPLICABLE, ())


def _progress(
    instrument: Instrument,
    components: dict[str, ComponentRating],
    ratings: dict[str, Rated | None],
) -> Progress:
    counted = {
        code: Count(
            sum(ratings[item] is not None for item in instrument.component(code).items),
            len(instrument.component(code).items),
            0,
        )
        for code in components
    }
    done = sum(each.complete for each in counted.values())
    of = sum(each.of for each in counted.values())
    return Progress(Count(done, of, 0), Count(0, 0, 0), Count(0, 0, 0), counted)
