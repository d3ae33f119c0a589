"""What a region's report is made from, and what it picks out of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cqi.instruments.definition import Component, Instrument, Item
from cqi.measures.rules.declared import DeclaredRow
from cqi.measures.rules.findings import Finding
from cqi.measures.rules.frozen import FrozenRound
from cqi.measures.rules.tabulation import Comparison, MeasureRow, Measures
from cqi.reporting.rules import sentences
from cqi.reporting.rules.definition import ReportDefinition

ItemRow = tuple[Item, MeasureRow]


@dataclass(frozen=True)
class RoundFacts:
    """A round as a report names it. `pur_to` is the last end of a period under review."""

    name: str
    kind: str
    pur_from: dt.date
    pur_to: dt.date | None
    on_site_from: dt.date
    on_site_to: dt.date
    titled: str = ""  # what stands in titles in place of kind and year

    @property
    def title(self) -> str:
        """ "baseline 2025"."""
        return self.titled or f"{self.kind.lower()} {self.on_site_to.year}"


@dataclass(frozen=True)
class CountyMap:
    """By which assignment of counties to regions a round's counties were taken: as it stood `on` a
    day (None: the round names its counties itself), `confirmed` by the agency or not. `moved`:
    county, the region that it has gone to since, from when."""

    on: dt.date | None
    confirmed: bool
    moved: tuple[tuple[str, str, dt.date], ...] = ()


@dataclass(frozen=True)
class ReportFacts:
    """What a report rests on besides its measures. `counties` are FIPS codes and names, those of
    the baseline in `baseline_counties`."""

    place: str
    agency: str
    round: RoundFacts
    baseline: RoundFacts | None
    counties: tuple[tuple[str, str], ...]
    as_of: dt.date
    map: CountyMap
    baseline_counties: tuple[tuple[str, str], ...] = ()
    part_of: str = ""  # a county's: the region of the round
    demonstration: bool = False


@dataclass(frozen=True)
class Report:
    """Everything that the sections of a region's report are made from.

    `narratives` are an analyst's texts by the ids of their sections. `smallest` is how many cases
    a row needs in anything published; 0 in a draft, where counts stand. `hidden` are components
    and items that have enough, but from which another place's small number could be worked out.
    """

    facts: ReportFacts
    measures: Measures
    instrument: Instrument
    definition: ReportDefinition
    whole: Measures | None = None  # a county's: the figures of the round that it is a part of
    narratives: Mapping[str, str] = field(default_factory=dict)
    smallest: int = 0
    hidden: frozenset[str] = frozenset()

    def published_text(self, name: str, /, **words: object) -> str:
        """What is said in a publication alone."""
        return self.definition.published[name].format(**words)

    def shows(self, code: str) -> bool:
        """Whether a component or item may stand in a row of its own: in a publication it needs
        cases enough in each round that is printed, none in the baseline aside."""
        if code in self.hidden:
            return False
        before = self.measures.baseline_row(code) if self.compared else None
        if before and 0 < before.applicable < self.smallest:
            return False
        return self.measures.row(code).applicable >= self.smallest

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """The components that have a row of their own."""
        return tuple(each for each in self.instrument.components if self.shows(each.code))

    def items_of(self, component: str) -> tuple[Item, ...]:
        """A component's items that have a row of their own."""
        return tuple(i for i in self.instrument.items_of(component) if self.shows(i.code))

    def merged(self, codes: Iterable[str]) -> list[str]:
        """Those of these codes that have no row of their own, as few cases are behind them."""
        return [code for code in codes if not self.shows(code)]

    @property
    def rounds_behind(self) -> tuple[FrozenRound, ...]:
        """Every round that a figure of the report rests on."""
        frozen = (self.whole or self.measures).frozen
        return (frozen.round, *([frozen.baseline] if frozen.baseline else []))

    def shows_declared(self, row: DeclaredRow) -> bool:
        """Whether a measure that is declared in data may stand in a row: not in a county's
        publication, as that of the counties beside it could be worked out."""
        return not self.smallest or (self.whole is None and row.cases >= self.smallest)

    @property
    def kinds_apart(self) -> bool:
        """Whether kinds of cases may be counted apart in a publication: a county's may not, as
        those of the counties beside it could be worked out."""
        return self.whole is None

    @property
    def fewest(self) -> int:
        """Cases for a percentage."""
        return self.measures.frozen.limits.smallest_n

    @property
    def compared(self) -> bool:
        """Whether there is another round with which anything may be compared."""
        return self.measures.frozen.comparable

    @property
    def reviews(self) -> int:
        """Final case reviews of this round."""
        return len(self.measures.frozen.round.cases)

    @cached_property
    def counts_only(self) -> bool:
        """True when no item has cases enough for a share, so that there is little to show."""
        return not self.rows_of(self.instrument.wholes)

    @property
    def counted_components(self) -> dict[str, str]:
        """How many components there are, as texts fill it in: "six"."""
        return {"components": sentences.number_word(len(self.components))}

    @property
    def place_title(self) -> str:
        """ "Region I-South", "Benton County"; nothing is added to a name that says it itself."""
        place, word = self.facts.place, self.definition.text("place", place="").strip()
        if word.casefold() in place.casefold():
            return place
        return self.definition.text("place", place=place)

    @property
    def current(self) -> str:
        """How this round is called beside the other: "follow-up", or its own kind."""
        return "follow-up" if self.compared else self.facts.round.kind.lower()

    @cached_property
    def component_comparisons(self) -> tuple[tuple[Component, Comparison], ...]:
        """The components with their comparisons; empty where rounds are not compared."""
        if not self.compared:
            return ()
        pairs = ((each, self.measures.comparison(each.code)) for each in self.components)
        return tuple((each, one) for each, one in pairs if one is not None)

    @cached_property
    def named(self) -> tuple[tuple[Item, Comparison], ...]:
        """The items that a plan named beforehand, with their comparisons."""
        if not self.compared:
            return ()
        items = (item for item in self.instrument.items if self.shows(item.code))
        pairs = ((item, self.measures.comparison(item.code)) for item in items)
        return tuple((item, one) for item, one in pairs if one is not None and one.finding)

    def with_finding(self, finding: Finding) -> list[tuple[str, Comparison]]:
        """(name, comparison) of the components, then of the named items, with this finding."""
        components = ((c.title, one) for c, one in self.component_comparisons)
        items = ((f"{item.title} ({item.code})", one) for item, one in self.named)
        return [(name, one) for name, one in (*components, *items) if one.finding is finding]

    def rows_of(self, items: Iterable[Item]) -> list[ItemRow]:
        """The items with their rows of this round, where there are enough cases for a share.

        Parts are left out: their whole counts the same cases.
        """
        shown = (item for item in items if self.shows(item.code))
        rows = ((item, self.measures.row(item.code)) for item in shown)
        return [(i, row) for i, row in rows if not row.counts_only and not row.measure.part_of]


def build_on(report: Report, items: Iterable[Item]) -> list[ItemRow]:
    """The items most often a strength, from the definition's share on, highest first."""
    chosen = [pair for pair in report.rows_of(items) if _reaches(report, pair[1])]
    chosen.sort(key=lambda pair: -(pair[1].rate or 0))
    return chosen[: report.definition.settings.strengths_listed]


def work_on(report: Report, items: Iterable[Item]) -> list[ItemRow]:
    """The items least often a strength, under the definition's share, lowest first."""
    chosen = [pair for pair in report.rows_of(items) if not _reaches(report, pair[1])]
    chosen.sort(key=lambda pair: pair[1].rate or 0)
    return chosen[: report.definition.settings.needs_listed]


def closer_look(report: Report, items: Iterable[Item]) -> list[tuple[Item, Comparison]]:
    """Items without a word whose shares differ most between the rounds, largest first.

    Parts are left out, as above.
    """
    if not report.compared:
        return []
    shown = (item for item in items if report.shows(item.code))
    pairs = ((item, report.measures.comparison(item.code)) for item in shown)
    found = [
        (item, one)
        for item, one in pairs
        if one and one.shown and one.finding is None and not one.measure.part_of
    ]
    found.sort(key=lambda pair: -pair[1].size)
    return found[: report.definition.settings.closer_look_listed]


def _reaches(report: Report, row: MeasureRow) -> bool:
    return row.achieved * 100 >= row.applicable * report.definition.settings.build_on_from
