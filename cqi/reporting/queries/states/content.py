"""What the sections of the state's report are made from."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cqi.documents import model
from cqi.measures.rules import tabulation
from cqi.measures.rules.declared import DeclaredRow
from cqi.measures.rules.frozen import FrozenRound
from cqi.measures.rules.tabulation import Measures
from cqi.reporting.queries.states import earlier
from cqi.reporting.rules import merging
from cqi.reporting.rules.content import Report, RoundFacts


@dataclass(frozen=True)
class Quality:
    """What happened to a round's case reviews on the way to final; `draw` in words."""

    final: int
    imported: int
    returned: int
    overridden: int
    eliminated: int
    draw: str


@dataclass(frozen=True)
class RegionResult:
    """A region with its newest round, None before the first; `counted`: its cases are in the
    state's figures; `few`: they would be, but are too few for anything published; `opened`: it has
    a scheduled round, finished or not. `counties` by the map of the report's day, `round_counties`
    those of its round."""

    code: str
    name: str
    counties: tuple[tuple[str, str], ...]
    round: RoundFacts | None = None
    measures: Measures | None = None
    round_id: uuid.UUID | None = None
    counted: bool = False
    few: bool = False
    opened: bool = False
    quality: Quality | None = None
    round_counties: tuple[tuple[str, str], ...] = ()

    @property
    def compared(self) -> bool:
        """Whether its round stands beside another one."""
        return self.measures is not None and self.measures.frozen.comparable


@dataclass(frozen=True)
class PlanLine:
    """A region's plan: in what state it is, and its steps verified, late and in all."""

    region: str
    name: str
    state: str
    goals: int
    verified: int
    late: int
    steps: int


@dataclass(frozen=True)
class Year:
    """The rounds that were last on site in a year, added up: rows by component code."""

    on: dt.date
    regions: int
    rows: Mapping[str, tabulation.MeasureRow]


@dataclass(frozen=True)
class StateReport(Report):
    """Everything that the sections of the state's report are made from; `measures` adds up the
    regions that are `counted`."""

    regions: tuple[RegionResult, ...] = ()
    plans: tuple[PlanLine, ...] = ()
    calendar: model.Figure | None = None
    years: tuple[Year, ...] = ()

    def regions_with(self, *, compared: bool = False) -> list[RegionResult]:
        """Those that have a round, or those whose round stands beside another one."""
        return [one for one in self.regions if one.measures and (one.compared or not compared)]

    @property
    def rounds_behind(self) -> tuple[FrozenRound, ...]:
        """Every round of its regions."""
        held = [one.measures.frozen for one in self.regions if one.measures]
        both = [each for one in held for each in (one.round, one.baseline)]
        return tuple(each for each in both if each)

    def of_region(self, one: RegionResult) -> Report:
        """A region's figures as its own report has them."""
        facts = dataclasses.replace(self.facts, counties=one.round_counties)
        measures_, definition = one.measures or self.measures, self.definition
        return Report(facts, measures_, self.instrument, definition, smallest=self.smallest)

    def compared_on(self, code: str) -> list[tuple[RegionResult, tabulation.Comparison]]:
        """The regions that stand beside another round in a component or item, where its rows are
        printed."""
        found = [
            (one, comparison)
            for one in self.regions_with(compared=True)
            if one.measures and (comparison := one.measures.comparison(code))
        ]
        return [(one, each) for one, each in found if self.of_region(one).shows(code)]

    def shows_declared(self, row: DeclaredRow) -> bool:
        """Also not where a region's small number could be worked out."""
        held = [one.measures.frozen.round for one in self.regions if one.measures and one.counted]
        parts = [sum(row.measure.id in case.process for case in each.cases) for each in held]
        before = earlier.declared(row.measure.id) in self.hidden
        return super().shows_declared(row) and merging.covers(parts, self.smallest) and not before

    @cached_property
    def kinds_apart(self) -> bool:
        """Whether no region's small number of a kind of case could be worked out."""
        held = [one.measures.frozen.round for one in self.regions if one.measures and one.counted]
        counts = [Counter(case.case_type for case in each.cases) for each in held]
        kinds = {kind for each in counts for kind in each}
        if any(earlier.kind(each) in self.hidden for each in kinds):
            return False
        return all(merging.covers((c[kind] for c in counts), self.smallest) for kind in kinds)


@dataclass(frozen=True)
class Wanted:
    """The state's report as of a day. Without `overrides` its figures are made of computed ratings
    alone; `narratives` are an analyst's texts by section; with `smallest` it is as it is published,
    without a row of fewer cases."""

    as_of: dt.date
    demonstration: bool = False
    overrides: bool = True
    narratives: Mapping[str, str] = field(default_factory=dict)
    smallest: int = 0
