"""A round and the one that it compares with, and which part of them a page looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.feedback import queries as feedback
from cqi.instruments.definition import Instrument
from cqi.measures import queries as measures
from cqi.measures.models import MeasureRun
from cqi.measures.queries import overlap
from cqi.measures.queries import tallies as counts
from cqi.measures.rules import findings, lines, tabulation, tallies
from cqi.measures.rules.tabulation import Counted, Group, Measure
from cqi.measures.rules.tallies import Tallied
from cqi.reporting.queries import region
from cqi.reporting.queries.dashboards import places
from cqi.reporting.rules import apart, sentences
from cqi.reporting.rules.dashboards import Rests, RoundWords, Row, Wanted
from cqi.reviews.queries import visibility
from cqi.rounds.models import Round

_SHORT = 12  # characters of a run's id


@dataclass(frozen=True)
class Focus:
    """A round with what its figures depend on, and the part that is looked at."""

    asked: measures.Asked
    wanted: Wanted
    county: str | None = None

    @property
    def round(self) -> Round:
        """The round."""
        return self.asked.round

    @property
    def baseline(self) -> Round | None:
        """The round that it compares with, where anything may be compared."""
        other = self.asked.baseline
        return other if other is not None and (self.agreed.same_version or self._shares) else None

    @property
    def _shares(self) -> bool:
        return bool(self.agreed.same_rule)

    @property
    def rounds(self) -> list[Round]:
        """Both."""
        return [self.round, *([self.baseline] if self.baseline else [])]

    @property
    def agreed(self) -> lines.Agreed:
        """On what terms the two are compared."""
        return measures.agreed(self.asked)

    @property
    def group(self) -> Group:
        """The part that is looked at."""
        return Group(self.county, self.wanted.case_type or None)

    @property
    def instrument(self) -> Instrument:
        """What the round asks for: the instrument, or some items of it."""
        return visibility.pinned(self.round, self.round.items)

    def measure(self, code: str) -> Measure:
        """A component or item of the round's instrument. KeyError where there is none."""
        instrument = self.asked.instrument
        if code in instrument.components_by_code:
            return Measure(code)
        whole = instrument.whole_of(code)
        part_of = whole.code if whole else None
        return Measure(instrument.item(code).component, code, part_of)

    def sides(self, found: counts.Found, key: str = "") -> lines.Sides:
        """The counts of a group in both rounds."""
        first, second = self.round, self.baseline
        return self.sides_of(
            counts.of(found, first, key), counts.of(found, second, key) if second else None
        )

    def sides_of(self, now: Tallied, before: Tallied | None) -> lines.Sides:
        """The same from counts."""
        if before is None or self.baseline is None:
            return lines.Sides(self.counted(self.round, now))
        return lines.Sides(
            self.counted(self.round, now), self.counted(self.baseline, before), self.agreed
        )

    def counted(self, one: Round, tallied: Tallied) -> Counted:
        """The counts of a round with what makes figures of them."""
        asked = measures.asked_items(one)
        return Counted(
            tallied,
            self.asked.limits,
            (lambda code: code in asked) if asked else (lambda _: True),
            self.wanted.overrides,
        )

    def row(self, code: str, sides: lines.Sides, key: str = "", title: str = "") -> Row:
        """A line of a table; its key and title are the measure's where no place is given."""
        what = self.measure(code)
        line = lines.line(what, self.group, sides)
        return Row(key or code, title or self.title(code), line, bool(what.part_of) and not key)

    def title(self, code: str) -> str:
        """What a component or item is called."""
        components = self.asked.instrument.components_by_code
        return (components.get(code) or self.asked.instrument.item(code)).title

    def rows(self, codes: Iterable[str], sides: lines.Sides) -> tuple[Row, ...]:
        """A line each."""
        return tuple(self.row(code, sides) for code in codes)

    @property
    def at_first(self) -> list[str]:
        """The codes that a page of a place begins with: components, or the items asked for."""
        instrument = self.instrument
        return [
            one.code for one in (instrument.components if instrument.whole else instrument.items)
        ]

    def words(self) -> tuple[RoundWords, RoundWords | None]:
        """Both rounds as the page names them."""
        now = replace(places.words(self.round), version=apart.titled(self.asked.instrument))
        if self.baseline is None:
            return now, None
        earlier = self.asked.earlier or self.asked.instrument
        return now, replace(places.words(self.baseline), version=apart.titled(earlier))


def of_round(
    session: orm.Session, one: Round, wanted: Wanted, today: dt.date, county: str | None = None
) -> Focus:
    """A round with its limits and the items that a plan named before it."""
    asked = region.asked_of(session, region.Wanted(one, today, overrides=wanted.overrides))
    return Focus(asked, wanted, county)


def of_components(
    one: Round, wanted: Wanted, limits: findings.Limits, named: frozenset[str] = frozenset()
) -> Focus:
    """The same where limits are known, and which items a plan named; none where none is shown."""
    asked = measures.asked_of(one, named_items=named, limits=limits, overrides=wanted.overrides)
    return Focus(asked, wanted)


def found(
    session: orm.Session, one: Focus, codes: Collection[str], by: tabulation.By | None = None
) -> counts.Found:
    """The counts of both rounds."""
    return counts.tallied(session, one.rounds, counts.Part(one.group, codes, by))


def with_overlap(
    session: orm.Session, one: Focus, sides: lines.Sides, codes: Collection[str]
) -> lines.Sides:
    """The same counts with the cases that stand in both rounds."""
    if one.baseline is None:
        return sides
    wanted = overlap.Wanted(one.baseline, one.round, codes, one.group, one.wanted.overrides)
    return replace(sides, overlap=overlap.overlap(session, wanted))


def chosen(session: orm.Session, rounds: Sequence[Round], wanted: Wanted) -> Round | None:
    """The round that is asked for; else the newest of whole reviews that has a final one."""
    named = next((one for one in rounds if str(one.public_id) == wanted.round), None)
    if named is not None or not rounds:
        return named
    found = counts.tallied(session, rounds, counts.Part(codes=()))
    final = [one for one in rounds if counts.of(found, one).cases]
    return next(iter([*(one for one in final if not one.items), *final, *rounds]))


def rests(session: orm.Session, one: Focus, sides: lines.Sides) -> Rests:
    """What a page's figures rest on; `sides` are the counts that they come from."""
    leaves = _leaves(one.asked.instrument)
    part = counts.Part(one.group, leaves, overridden=True, reviews=False)
    whole = tallies.together(counts.tallied(session, one.rounds, part).values())
    return Rests(
        now=sides.now.tallied,
        before=sides.before.tallied if sides.before else None,
        limits=one.asked.limits,
        run=_last_run(session, one),
        set_by_qa=whole.set_by_qa(leaves),
        overrides=one.wanted.overrides,
        weighted=_weighted(session, one, sides),
        in_question=feedback.in_question(session, [each.id for each in one.rounds], one.group),
    )


def _weighted(session: orm.Session, one: Focus, sides: lines.Sides) -> bool:
    """Whether the report of the round has shares that are weighted by the draw."""
    enough = sides.now.tallied.cases >= one.asked.limits.smallest_n
    return enough and measures.weights_differ(session, one.round, Group(one.county))


def _leaves(instrument: Instrument) -> set[str]:
    """The items whose rating QA can set: a whole follows from its parts."""
    return {item.code for item in instrument.items if not item.parts}


def _last_run(session: orm.Session, one: Focus) -> str:
    """The newest frozen run of the same rounds, in words."""
    other = one.asked.baseline
    query = (
        sa.select(MeasureRun.run_id, MeasureRun.created_at)
        .where(
            MeasureRun.round_id == one.round.id,
            MeasureRun.compare_round_id == other.id
            if other
            else MeasureRun.compare_round_id.is_(None),
        )
        .order_by(MeasureRun.id.desc())
        .limit(1)
    )
    run = session.execute(query).first()
    if run is None:
        return ""
    on = sentences.day(run.created_at.date())
    return f"as the reviews stand now; last frozen on {on} as {run.run_id[:_SHORT]}"


def without_case_type(one: Focus) -> Focus:
    """The same for every kind of case."""
    return replace(one, wanted=replace(one.wanted, case_type=""))
