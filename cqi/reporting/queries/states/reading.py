"""What the state's report is made from, read once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events, holidays
from cqi.measures import queries as measures
from cqi.measures.queries import pools
from cqi.measures.rules import frozen, pooled, tabulation
from cqi.measures.rules.tabulation import Measures
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.plans import rules as plan_rules
from cqi.plans.models import Plan
from cqi.plans.queries import records, sheets
from cqi.reporting.queries import definitions, region, rounds, small
from cqi.reporting.queries.states import earlier
from cqi.reporting.queries.states.content import (
    PlanLine,
    Quality,
    RegionResult,
    StateReport,
    Wanted,
    Year,
)
from cqi.reporting.rules.content import CountyMap, ReportFacts, RoundFacts
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds import queries as round_queries
from cqi.rounds.models import Round
from cqi.rounds.queries import calendar, rollout
from cqi.rounds.rules import RoundKind
from cqi.sampling import queries as sampling
from cqi.settings import queries as settings
from cqi.settings import registry

_COUNTED = (RoundKind.BASELINE, RoundKind.FOLLOW_UP, RoundKind.ONGOING)
_RETURNED = "review.return_to_reviewers"


def report(session: orm.Session, wanted: Wanted) -> StateReport:
    """The state as of a day: of each region the newest round that was on site by then, with its
    ratings as they stand now. Interim reviews and rounds that asked for named items only stay
    out. Raises BadInput where no region has a final case review, or definitions do not hold."""
    return read(session, wanted)[0]


def read(session: orm.Session, wanted: Wanted) -> tuple[StateReport, pools.AskedPool]:
    """The same, with what is asked of the measures for it: each round is read once for both."""
    as_of = wanted.as_of
    found = _Read(session, as_of, wanted.overrides, rounds_by(session, as_of), wanted.smallest)
    if not found.rounds:
        message = "no region has a round with final case reviews that was on site by"
        raise errors.BadInput(f"{message} {as_of.day} {as_of:%B %Y}: choose a later day")
    name = found.name
    results = _results(found)
    measures_ = pooled.measure(name, found.added, found.beside, overrides=wanted.overrides)
    made = StateReport(
        facts=_facts(found, name, results, wanted.demonstration),
        measures=measures_,
        instrument=round_queries.instrument_of(found.last),
        definition=definitions.shipped("state"),
        narratives=wanted.narratives,
        smallest=wanted.smallest,
        hidden=_hidden(found, results, [row.measure.code for row in measures_.rows]),
        regions=results,
        plans=tuple(_plans(session, as_of)),
        calendar=calendar.figure(rollout.every_region(session), as_of),
        years=() if wanted.smallest else tuple(_years(found)),
    )
    return made, _asked(found)


@dataclass(frozen=True)
class _Read:
    """What was read: `rounds` all that count, the oldest first."""

    session: orm.Session
    as_of: dt.date
    overrides: bool
    rounds: list[Round]
    smallest: int = 0

    @cached_property
    def regions(self) -> list[Place]:
        return places.of_kind(self.session, PlaceKind.REGION)

    @property
    def name(self) -> str:
        state = places.of_kind(self.session, PlaceKind.STATE)
        return state[0].name if state else "The state"

    @cached_property
    def newest(self) -> dict[int, Round]:
        """Region id -> its newest round."""
        return {one.region_id: one for one in self.rounds if one.region_id is not None}

    @property
    def last(self) -> Round:
        """The round whose instrument is the state's."""
        return self.rounds[-1]

    @cached_property
    def rows(self) -> dict[int, frozen.Frozen]:
        """Region id -> the frozen rows of its newest round and of the one before it."""
        found = self.newest.items()
        return {id_: measures.freeze(self.session, self.asked(one)) for id_, one in found}

    def asked(self, one: Round) -> measures.Asked:
        wanted = region.Wanted(one, self.as_of, overrides=self.overrides)
        return region.asked_of(self.session, wanted)

    @cached_property
    def added(self) -> dict[str, frozen.Frozen]:
        """Region's name -> its rows, where they add up with those of the last round."""
        last = self.rows[self.last.region_id or 0].round
        found = {
            name: rows for name, rows in self._by_name.items() if pooled.adds_up(rows.round, last)
        }
        return {name: rows for name, rows in found.items() if self._large(rows)} or found

    @cached_property
    def few(self) -> set[str]:
        """Names of regions that would add up, but have too few cases for anything published."""
        last = self.rows[self.last.region_id or 0].round
        there = {n for n, rows in self._by_name.items() if pooled.adds_up(rows.round, last)}
        return there - self.added.keys()

    def _large(self, rows: frozen.Frozen) -> bool:
        """Whether a region has enough applicable cases in any component to be published: one that
        has not would hide every sum that it is in."""
        found = tabulation.measure(replace(rows, baseline=None), overrides=self.overrides)
        codes = [part.component for part in rows.parts]
        return any(found.row(code).applicable >= self.smallest for code in codes)

    @cached_property
    def beside(self) -> dict[str, str]:
        """Region's name -> its run, where that is not added up."""
        return {
            name: frozen.run_id(rows)
            for name, rows in self._by_name.items()
            if name not in self.added
        }

    @cached_property
    def _by_name(self) -> dict[str, frozen.Frozen]:
        names = {each.id: each.name for each in self.regions}
        return {names[id_]: rows for id_, rows in sorted(self.rows.items())}


def newest(session: orm.Session, as_of: dt.date) -> list[Round]:
    """Of each region the newest round that counts."""
    return list(_Read(session, as_of, True, rounds_by(session, as_of)).newest.values())


def asked(session: orm.Session, as_of: dt.date, smallest: int = 0) -> pools.AskedPool:
    """What is asked of the measures: the runs that the report rests on, by region."""
    return _asked(_Read(session, as_of, True, rounds_by(session, as_of), smallest))


def _asked(found: _Read) -> pools.AskedPool:
    names = {each.id: each.name for each in found.regions}
    every = {names[id_]: found.asked(one) for id_, one in found.newest.items()}
    return pools.AskedPool(
        name=found.name,
        added={name: every[name] for name in found.added},
        beside={name: every[name] for name in found.beside},
    )


def rounds_by(session: orm.Session, as_of: dt.date) -> list[Round]:
    """The scheduled rounds of regions that were on site by a day, asked for all items and have a
    final case review, the oldest first."""
    final = sa.exists().where(
        CaseReview.round_id == Round.id,
        CaseReview.purpose == ReviewPurpose.SCORED,
        CaseReview.reading == 1,
        CaseReview.state == ReviewState.FINAL,
    )
    query = (
        sa.select(Round)
        .where(
            Round.region_id.is_not(None),
            Round.kind.in_(_COUNTED),
            Round.on_site_to <= as_of,
            final,
        )
        .order_by(Round.on_site_to, Round.id)
    )
    return [one for one in session.scalars(query) if not one.items]


def _years(found: _Read) -> Iterator[Year]:
    """Rounds added up by the year of their last day on site."""
    frozen_rounds = {one.id: found.rows[id_].round for id_, one in found.newest.items()}
    last = found.rows[found.last.region_id or 0]
    for year, group in itertools.groupby(found.rounds, key=lambda one: one.on_site_to.year):
        rounds_ = list(group)
        rows = [
            frozen_rounds.get(one.id) or measures.freeze_round(found.session, one)
            for one in rounds_
        ]
        added = [dataclasses.replace(last, round=one) for one in rows]
        added = [each for each in added if pooled.adds_up(each.round, last.round)]
        if added:
            one = pooled.pool(str(year), added)
            made = tabulation.measure(one, overrides=found.overrides)
            components = {each.component: made.row(each.component) for each in last.parts}
            yield Year(max(each.on_site_to for each in rounds_), len(added), components)


def _hidden(
    found: _Read, results: tuple[RegionResult, ...], codes: Collection[str]
) -> frozenset[str]:
    """What the state's publication may not print, as a region's could be worked out from it."""
    counted = [one.measures for one in results if one.measures and one.counted]
    if not found.smallest:
        return frozenset()
    before = earlier.hidden(found.session, found.added, codes, found.smallest)
    return small.hidden_of_sum(counted, codes, found.smallest) | before


def _results(found: _Read) -> tuple[RegionResult, ...]:
    returned = _returned(found.session, list(found.newest.values()))
    scheduled = sa.select(Round.region_id).where(Round.kind.in_(_COUNTED))
    opened = set(found.session.scalars(scheduled))
    results = []
    for place in found.regions:
        one = found.newest.get(place.id)
        counties = _counties(found, place)
        empty = RegionResult(place.code, place.name, counties, opened=place.id in opened)
        results.append(_result(found, empty, one, returned.get(one.id, 0)) if one else empty)
    return tuple(results)


def _result(found: _Read, empty: RegionResult, one: Round, returned: int) -> RegionResult:
    made = tabulation.measure(found.rows[one.region_id or 0], overrides=found.overrides)
    return dataclasses.replace(
        empty,
        round=region.round_facts(found.session, one),
        measures=made,
        round_id=one.public_id,
        counted=empty.name in found.added,
        few=empty.name in found.few,
        quality=_quality(found.session, one, made, returned),
        round_counties=rounds.counties(found.session, one),
    )


def _counties(found: _Read, place: Place) -> tuple[tuple[str, str], ...]:
    below = places.below(found.session, [place.id], found.as_of)
    query = (
        sa.select(Place.code, Place.name)
        .where(Place.id.in_(sorted(below)), Place.kind == PlaceKind.COUNTY)
        .order_by(Place.name)
    )
    return tuple((code, name) for code, name in found.session.execute(query))


def _quality(session: orm.Session, one: Round, made: Measures, returned: int) -> Quality:
    frozen_round = made.frozen.round
    return Quality(
        final=len(frozen_round.cases),
        imported=sum(case.imported for case in frozen_round.cases),
        returned=returned,
        overridden=made.overridden.round,
        eliminated=sum(each.why is frozen.LeftOut.ELIMINATED for each in frozen_round.outside),
        draw=_draw_words(session, one),
    )


def _draw_words(session: orm.Session, one: Round) -> str:
    """How the round's cases came to it: drawn here and whether the draw follows again."""
    draws = sampling.draws(session, one)
    if not draws:
        return "not drawn here"
    if sampling.differences(session, draws[0]):
        return "drawn; does not follow again"
    given = ", seed given" if draws[0].seed_given else ""
    again = f", {len(draws)} draws" if len(draws) > 1 else ""
    return f"drawn, follows again{given}{again}"


def _returned(session: orm.Session, newest: list[Round]) -> dict[int, int]:
    """Round id -> how often QA returned a scored case review of it."""
    event = events.Event
    query = (
        sa.select(CaseReview.round_id, sa.func.count())
        .join(event, event.stream_id == CaseReview.public_id)
        .where(
            event.kind == _RETURNED,
            CaseReview.round_id.in_([one.id for one in newest]),
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.reading == 1,
        )
        .group_by(CaseReview.round_id)
    )
    return dict(session.execute(query).all())


def _plans(session: orm.Session, as_of: dt.date) -> list[PlanLine]:
    names = {each.id: each.name for each in places.of_kind(session, PlaceKind.REGION)}
    kept = Plan.state != plan_rules.PlanState.WITHDRAWN  # it was never a promise
    plans = session.scalars(sa.select(Plan).where(Plan.place_id.in_(names), kept))
    today = plan_rules.Today(as_of, holidays.days())
    lines = [_plan_line(one, names[one.place_id], today) for one in plans]
    return sorted(lines, key=lambda line: (line.region, line.name))


def _plan_line(one: Plan, name: str, today: plan_rules.Today) -> PlanLine:
    steps = list(records.steps_of(one))
    late = [sheets.timing(step, one, today).late for step in steps]
    verified = sum(step.state is plan_rules.StepState.VERIFIED for step in steps)
    state = plan_rules.STATE_WORDS[one.state]
    return PlanLine(name, one.name, state, len(one.goals), verified, sum(late), len(steps))


def _facts(
    found: _Read, name: str, results: tuple[RegionResult, ...], demonstration: bool
) -> ReportFacts:
    session, as_of, newest = found.session, found.as_of, list(found.newest.values())
    ends = [each.round.pur_to for each in results if each.round and each.round.pur_to]
    counties = sorted({county for one in newest for county in rounds.counties(session, one)})
    return ReportFacts(
        place=name,
        agency=str(settings.value(session, registry.AGENCY_NAME, as_of)),
        round=RoundFacts(
            name="one of each region",
            kind="Newest rounds",
            pur_from=min(one.pur_from for one in newest),
            pur_to=max(ends, default=None),
            on_site_from=min(one.on_site_from for one in newest),
            on_site_to=max(one.on_site_to for one in newest),
            titled=f"as of {as_of.day} {as_of:%B %Y}",
        ),
        baseline=None,
        counties=tuple(counties),
        as_of=as_of,
        map=CountyMap(as_of, _confirmed(session, as_of)),
        demonstration=demonstration,
    )


def _confirmed(session: orm.Session, on: dt.date) -> bool:
    stays = places.stays(session)
    then = (each for each in stays if each.from_on <= on < (each.until_on or dt.date.max))
    return all(each.confirmed for each in then)
