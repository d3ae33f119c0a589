"""Feedback within somebody's reach, added up: by county and component, needs by kind, alerts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.models import Case
from cqi.cases.rules import StaffKind
from cqi.core import errors
from cqi.feedback.models import Acknowledgement, MemoRelease
from cqi.feedback.queries import drafts, needs, reach, units, waiting
from cqi.feedback.rules import rollup as rules
from cqi.feedback.rules import units as unit_rules
from cqi.feedback.rules.clocks import Clocks
from cqi.feedback.rules.needs import NeedKind, NeedState
from cqi.feedback.rules.rollup import Alert, CountyLine, KindLine, Released
from cqi.feedback.rules.units import Line, Pages, Share
from cqi.instruments.definition import Rating
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.reviews import queries as reviews
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import RatingLevel, ReviewState
from cqi.rounds.models import Round


@dataclass(frozen=True)
class ComponentTable:
    """The components of one instrument, each with its share in each of some counties (names)."""

    title: str
    counties: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class RollUp:
    """All of it. Alerts are counted for whoever may read the register (`shows_alerts`); `silent`
    counties of the reach have nothing yet; `left_out` reviews were opened again."""

    rounds: tuple[tuple[uuid.UUID, str], ...]
    counties: tuple[CountyLine, ...]
    components: tuple[ComponentTable, ...]
    needs: tuple[KindLine, ...]
    shows_alerts: bool
    silent: int
    cases: int
    left_out: int


@dataclass(frozen=True)
class _Asked:
    session: orm.Session
    actor: Actor
    clocks: Clocks
    now: dt.datetime
    round_id: int | None

    @property
    def here(self) -> sa.ColumnElement[bool]:
        """Where-clause on reviews with their cases and rounds: within reach, of the round."""
        there = reach.within(self.actor, self.actor.reach(Permission.FEEDBACK_ROLL_UP))
        return sa.and_(there, self.of_round)

    @property
    def of_round(self) -> sa.ColumnElement[bool]:
        """Of the round that is asked for, or of any."""
        return sa.true() if self.round_id is None else CaseReview.round_id == self.round_id


def roll_up(
    session: orm.Session,
    actor: Actor,
    clocks: Clocks,
    now: dt.datetime,
    round_id: uuid.UUID | None = None,
) -> RollUp:
    """Of one round or of all. Raises NotFound for a round that has nothing within reach."""
    rounds = _rounds(session, actor)
    chosen = next((one for one in rounds if one.public_id == round_id), None)
    if round_id is not None and chosen is None:
        raise errors.NotFound("there is no such round")
    asked = _Asked(session, actor, clocks, now, chosen.id if chosen else None)
    released, left_out = _released(asked)
    names = _counties(asked)
    queue, alerts = list(_waiting(asked)), list(_alerts(asked, names))
    found = {one.county for one in released} | {county for county, _ in queue}
    ids = sorted(found | {one.county for one in alerts}, key=lambda key: names[key])
    return RollUp(
        rounds=tuple((one.public_id, one.name) for one in rounds),
        counties=tuple(
            rules.county_line(
                names[county],
                (one for one in released if one.county == county),
                (late for its, late in queue if its == county),
                (one for one in alerts if one.county == county),
            )
            for county in ids
        ),
        components=_components(asked, names),
        needs=rules.by_kind(_needs(asked)),
        shows_alerts=actor.holds(Permission.ALERT_REGISTER),
        silent=len(names) - len(ids),
        cases=len(released),
        left_out=left_out,
    )


def _rounds(session: orm.Session, actor: Actor) -> list[Round]:
    """Those with final reviews or memos within reach, the newest first."""
    asked = reach.within(actor, actor.reach(Permission.FEEDBACK_ROLL_UP))
    ended = sa.or_(
        CaseReview.state == ReviewState.FINAL,
        sa.exists().where(MemoRelease.review_id == CaseReview.id),
    )
    query = (
        sa.select(CaseReview.round_id)
        .join(Case, Case.id == CaseReview.case_id)
        .where(asked, ended, reach.of_feedback())
    )
    rounds = sa.select(Round).where(Round.id.in_(query))
    return list(session.scalars(rounds.order_by(Round.on_site_from.desc(), Round.id)))


def _released(asked: _Asked) -> tuple[list[Released], int]:
    """The newest memo of each review that stands; how many were opened again."""
    stands = sa.and_(
        CaseReview.state == ReviewState.FINAL, CaseReview.final_at == MemoRelease.final_at
    )
    query = reach.of_releases(
        sa.select(MemoRelease.id, MemoRelease.released_at, Case.county_id, stands).add_columns(
            _by(StaffKind.CASEWORKER), _by(StaffKind.SUPERVISOR)
        )
    ).where(reach.newest(), asked.here)
    rows = asked.session.execute(query).all()
    ids = [row[0] for row in rows]
    today = asked.clocks.calendar.today
    unread = waiting.waiting(asked.session, MemoRelease.id.in_(ids), today)
    made = [
        Released(county, worker, supervisor, key in unread and asked.clocks.read_due(at).late)
        for key, at, county, still, worker, supervisor in rows
        if still
    ]
    return made, len(rows) - len(made)


def _by(kind: StaffKind) -> sa.ColumnElement[bool]:
    """Whether somebody acknowledged a release as this."""
    return sa.exists().where(
        Acknowledgement.release_id == MemoRelease.id, Acknowledgement.kind == kind
    )


def _waiting(asked: _Asked) -> Iterator[tuple[int, bool]]:
    """(county, late) of each final review whose memo is still to be released."""
    for one in drafts.unreleased(asked.session, asked.here):
        if one.final_at is not None:
            yield one.case.county_id, asked.clocks.memo_due(one.final_at).late


def _alerts(asked: _Asked, counties: Collection[int]) -> Iterator[Alert]:
    """Of the register, those of first readings within reach; none where one may not read it."""
    if not asked.actor.holds(Permission.ALERT_REGISTER):
        return
    for sheet in reviews.alert_register(asked.session, asked.actor, asked.clocks.calendar.today):
        review = sheet.alert.review
        in_round = asked.round_id in (None, review.round_id)
        if in_round and review.case.county_id in counties:
            late = sheet.open and (
                (sheet.acknowledged_at or asked.now) > sheet.alert.acknowledge_due_at
                or (sheet.answered_at or asked.now) > sheet.alert.answer_due_at
            )
            yield Alert(review.case.county_id, sheet.open, late)


def _counties(asked: _Asked) -> dict[int, str]:
    """Id -> name of the counties within reach."""
    there = asked.actor.reach(Permission.FEEDBACK_ROLL_UP)
    found = places.of_kind(asked.session, PlaceKind.COUNTY)
    return {one.id: one.name for one in found if there.everywhere or one.id in there.places}


def _components(asked: _Asked, names: Mapping[int, str]) -> tuple[ComponentTable, ...]:
    """A table for each instrument: its counties by name, each component with a share of each."""
    found: dict[str, dict[tuple[int, str], Share]] = {}
    for instrument, county, code, rating, number in asked.session.execute(_counts(asked)):
        counts = found.setdefault(instrument, {})
        if rating not in (None, Rating.NOT_APPLICABLE):
            before = counts.get((county, code), Share(0, 0))
            achieved = number if rating in unit_rules.ACHIEVED else 0
            counts[county, code] = Share(before.achieved + achieved, before.applicable + number)
    tables = (_table(pages, found.get(pages.instrument, {}), names) for pages in _pages(asked))
    return tuple(table for table in tables if table.lines)


def _counts(asked: _Asked) -> sa.Select[str, int, str, Rating | None, int]:
    """How often each rating of a component came out, by instrument and county."""
    by = (CaseReview.instrument, Case.county_id, StoredRating.code, StoredRating.counted)
    return (
        reach.of_releases(sa.select(*by, sa.func.count()))
        .join(StoredRating, StoredRating.review_id == CaseReview.id)
        .where(
            reach.newest(),
            asked.here,
            StoredRating.level == RatingLevel.COMPONENT,
            CaseReview.state == ReviewState.FINAL,
            CaseReview.final_at == MemoRelease.final_at,
        )
        .group_by(*by)
    )


def _table(
    pages: Pages, counts: Mapping[tuple[int, str], Share], names: Mapping[int, str]
) -> ComponentTable:
    counties = sorted({county for county, _ in counts}, key=lambda key: names[key])
    lines = (
        Line(code, title, tuple(counts.get((county, code)) for county in counties))
        for code, title in pages.components.items()
    )
    kept = tuple(line for line in lines if any(line.shares))
    return ComponentTable(pages.title, tuple(names[key] for key in counties), kept)


def _pages(asked: _Asked) -> list[Pages]:
    """The instruments of the reviews within reach: one of each version is enough."""
    pins = (
        sa.select(sa.func.max(CaseReview.id))
        .join(Case, Case.id == CaseReview.case_id)
        .where(asked.here, reach.of_feedback(), CaseReview.state == ReviewState.FINAL)
        .group_by(CaseReview.instrument, CaseReview.instrument_version)
    )
    return units.pages(asked.session.scalars(sa.select(CaseReview).where(CaseReview.id.in_(pins))))


def _needs(asked: _Asked) -> Iterator[tuple[NeedKind, NeedState, bool]]:
    """(kind, state, late) of each need that the actor sees, of the round."""
    for kind, state, asked_at in needs.counted(asked.session, asked.actor, asked.of_round):
        raised = state is NeedState.RAISED
        yield kind, state, raised and asked.clocks.reply_due(asked_at).late
