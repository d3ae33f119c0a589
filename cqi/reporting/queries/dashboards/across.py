"""One component or item in every region within reach, and over the years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import orm

from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import library
from cqi.instruments.definition import Instrument
from cqi.measures.queries import tallies as counts
from cqi.measures.rules import findings
from cqi.measures.rules.tabulation import Group
from cqi.places.models import Place
from cqi.plans.queries import records
from cqi.reporting.queries import region as reports
from cqi.reporting.queries.dashboards import focus, places, states, trend
from cqi.reporting.queries.dashboards.boards import Look
from cqi.reporting.queries.dashboards.focus import Focus
from cqi.reporting.queries.dashboards.trend import Over, Trend
from cqi.reporting.rules import apart
from cqi.reporting.rules.dashboards import Region, Rests, RoundWords, Row
from cqi.rounds import queries as round_queries
from cqi.rounds.models import Round
from cqi.rounds.rules import INTERIM


@dataclass(frozen=True)
class Across:
    """A measure in the newest round of each region, a row a region; `rounds` by its public id.
    `apart` says which regions are not in it, and why; `waiting` have no results."""

    instrument: Instrument
    code: str
    component: str
    rows: tuple[Row, ...]
    rounds: dict[str, RoundWords]
    apart: tuple[str, ...]
    waiting: tuple[Region, ...]
    trend: Trend
    rests: Rests

    @property
    def title(self) -> str:
        """What it is called."""
        components = self.instrument.components_by_code
        return (components.get(self.code) or self.instrument.item(self.code)).title

    @property
    def is_item(self) -> bool:
        """Whether it is an item's."""
        return self.code != self.component

    @property
    def compared(self) -> bool:
        """Whether another round stands beside that of any region."""
        return any(row.line.change for row in self.rows)


def state_measure(session: orm.Session, code: str, look: Look) -> Across:
    """A figure in every region within reach. Raises NotFound where no round there asked for it."""
    read = _Read(session, code, look)
    found = counts.tallied(session, read.counted, counts.Part(read.group, [code]))
    here = read.here
    items = read.instrument.items_by_code
    return Across(
        instrument=read.instrument,
        code=code,
        component=items[code].component if code in items else code,
        rows=tuple(_row(one, here[one.id], code, found) for one in read.regions if one.id in here),
        rounds={
            str(one.public_id): here[one.id].words()[0] for one in read.regions if one.id in here
        },
        apart=apart.words((one.name, read.why.get(one.id, "")) for one in read.regions),
        waiting=states.waiting(read.regions, read.rounds, read.newest, look.wanted),
        trend=_by_year(read, found),
        rests=states.rests(session, list(here.values()), found, read.limits),
    )


@dataclass(frozen=True)
class _Read:
    """What is read for it: `rounds` of the regions within reach, the newest first."""

    session: orm.Session
    code: str
    look: Look

    @cached_property
    def regions(self) -> list[Place]:
        return places.regions(self.session, self.look.actor)

    @cached_property
    def rounds(self) -> list[Round]:
        return places.rounds_of_regions(self.session, self.look.actor, self.regions)

    @cached_property
    def newest(self) -> dict[int | None, Round]:
        return states.newest(self.session, self.rounds, self.look.wanted)

    @cached_property
    def limits(self) -> findings.Limits:
        return reports.limits(self.session, self.look.today)

    @property
    def group(self) -> Group:
        return Group(case_type=self.look.wanted.case_type or None)

    @cached_property
    def instrument(self) -> Instrument:
        """The newest version of the instrument that most regions with the code were scored on."""
        found = _having(self.code, self.newest.values()) or _having(self.code, self.rounds)
        if not found:
            raise errors.NotFound("no round within reach has such a component or item")
        most = Counter(one.id for one in found).most_common(1)[0][0]
        return library.newest(one for one in found if one.id == most)

    @cached_property
    def why(self) -> dict[int | None, str]:
        """Region id -> why its newest round does not stand beside the others, or empty."""
        used = {key: round_queries.instrument_of(one) for key, one in self.newest.items()}
        return {key: apart.why(self.code, self.instrument, one) for key, one in used.items()}

    @cached_property
    def here(self) -> dict[int | None, Focus]:
        """Region id -> its newest round, with what a plan named where an item is shown."""
        is_item = self.code in self.instrument.items_by_code
        found = {}
        for key, one in self.newest.items():
            if not self.why[key]:
                named = records.named_items(self.session, one) if is_item else frozenset[str]()
                found[key] = focus.of_components(one, self.look.wanted, self.limits, named)
        return found

    @cached_property
    def years(self) -> list[Round]:
        """The rounds whose years are added up: of the kind asked for, else all but interim ones."""
        kind = self.look.wanted.kind
        return [
            one
            for one in self.rounds
            if not one.items and (one.kind == kind if kind else one.kind not in INTERIM)
        ]

    @property
    def counted(self) -> Collection[Round]:
        """Every round that has a figure on the page."""
        shown = [one for each in self.here.values() for one in each.rounds]
        return list({one.id: one for one in (*shown, *self.years)}.values())


def _having(code: str, rounds: Iterable[Round]) -> list[Instrument]:
    used = (round_queries.instrument_of(one) for one in rounds)
    return [one for one in used if code in one.components_by_code or code in one.items_by_code]


def _row(place: Place, one: Focus, code: str, found: counts.Found) -> Row:
    now, _ = one.words()
    title = f"{place.name}, {now.title[:1].lower()}{now.title[1:]}"
    return one.row(code, one.sides(found), str(place.public_id), title)


def _by_year(read: _Read, found: counts.Found) -> Trend:
    if not read.here:
        return trend.NONE
    names = {one.id: one.name for one in read.regions}
    everywhere = read.look.actor.reach(Permission.REPORT_SEE).everywhere
    regions = "all regions" if everywhere else "the regions within your reach"
    over = Over(_newest_of(read), read.code, f"{regions}, added up")

    def name(one: Round) -> str:
        return f"{names.get(one.region_id or 0, '')}, {places.words(one).title}".strip(", ")

    return trend.by_year(read.years, over, found, name)


def _newest_of(read: _Read) -> Focus:
    """A region's focus on the version that the page speaks of."""
    same = (
        one for one in read.here.values() if one.asked.instrument.digest == read.instrument.digest
    )
    return next(same, next(iter(read.here.values())))
