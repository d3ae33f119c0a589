"""The state's counties: on a map for each component, and in one table under their regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cqi.documents import charts, maps, model, shares
from cqi.instruments.definition import Component
from cqi.measures.rules.tabulation import MeasureRow
from cqi.reporting.queries import figures, small
from cqi.reporting.queries.states.content import RegionResult, StateReport
from cqi.reporting.rules import sentences
from cqi.reporting.rules.definition import SectionDefinition

_Rows = Mapping[str, MeasureRow]  # by component code


@dataclass(frozen=True)
class _Printed:
    """What is printed of counties, in the newest round of their region: rows by FIPS code of those
    that stand alone; by region those that share a row, with their names; `held` are the latter."""

    alone: dict[str, _Rows] = field(default_factory=dict)
    together: dict[str, tuple[tuple[str, ...], _Rows]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)

    def share(self, county: str, code: str) -> shares.Share | None:
        """A county's share; withheld where it has none of its own, None where nothing applied."""
        row = self.alone.get(county, {}).get(code)
        if row is None:
            held = county in self.held or county in self.alone
            return shares.WITHHELD if held else None
        return figures.share(row) if row.applicable else None


def on_maps(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """A map a component, shaded by county; the regions' figures stand beside it."""
    printed = _printed(report)
    if not printed.alone and not printed.held:
        return []
    made = [
        _map(report, asked, component, printed, first=number == 0)
        for number, component in enumerate(report.instrument.components)
    ]
    table = _county_table(report, asked, printed)
    title = asked.text("table_title")
    return [*made, model.Section("map_counties", title, "", (table,), part=True)]


def of_region(report: StateReport, one: RegionResult, code: str) -> shares.Share | None:
    """A region's share, withheld where it has too few cases in all; None where it was not reviewed,
    or not by the state's version."""
    if one.few:
        return shares.WITHHELD
    if one.measures is None or not one.counted:
        return None
    return figures.share_of(report.of_region(one), code)


def _map(
    report: StateReport,
    asked: SectionDefinition,
    component: Component,
    counties: _Printed,
    *,
    first: bool,
) -> model.Section:
    code, words = component.code, {"component": component.short_title}
    rows = [
        shares.RoundRow(fips, name, counties.share(fips, code), one.code)
        for one in report.regions
        for fips, name in one.counties
    ]
    regions = [
        shares.RoundRow(one.code, one.name, of_region(report, one, code)) for one in report.regions
    ]
    notes = (asked.text("note"),)
    measure = figures.when_and_where(report)
    caption = charts.Caption(f"map_{code}", asked.text("figure", **words), measure, notes)
    figure = replace(maps.county_map(caption, rows, regions, report.fewest), table_apart=True)
    title, contents = asked.text("title", **words), asked.text("contents")
    return model.Section(f"map_{code}", title, contents, (figure,), part=not first)


def _printed(report: StateReport) -> _Printed:
    """In a publication counties are merged as in their region's."""
    found = _Printed()
    for one in report.regions_with():
        if one.few and one.measures:
            found.held.update(case.county for case in one.measures.frozen.round.cases)
        if one.measures is None or not one.counted:
            continue
        here = report.of_region(one)
        codes = [each.code for each in here.components]
        places = {case.county for case in one.measures.frozen.round.cases}
        merged = small.counties(here) if report.smallest else None
        alone = sorted(places) if merged is None else merged.alone
        found.alone.update((place, _rows(one, [place], codes)) for place in alone)
        found.held.update(places - set(alone))
        if merged and merged.together:
            names = dict(one.round_counties)
            together = tuple(names[place] for place in merged.together)
            found.together[one.code] = together, _rows(one, merged.together, codes)
            found.held.update(merged.together)
    return found


def _rows(one: RegionResult, places: Sequence[str], codes: Sequence[str]) -> _Rows:
    """The rows of some counties of a region, as if they were one."""
    if one.measures is None:
        return {}
    made = small.together(one.measures.frozen, places, codes)
    return {row.measure.code: row for row in made}


def _county_table(report: StateReport, asked: SectionDefinition, printed: _Printed) -> model.Table:
    """What the maps show, on paper in one table: all counties under their regions."""
    components = report.instrument.components
    columns = (
        model.Column("Region and county", data=("code", "place")),
        *(
            model.Column(each.short_title, "number", (f"{each.code}_achieved", f"{each.code}_n"))
            for each in components
        ),
    )
    rows = [row for one in report.regions_with() for row in _of_one(report, one, printed)]
    notes = tuple(_notes(report, asked, printed))
    return model.Table("map_counties", asked.text("table"), columns, tuple(rows), notes=notes)


def _of_one(report: StateReport, one: RegionResult, printed: _Printed) -> Iterator[model.Row]:
    """A region's row, and those of its counties."""
    codes = [each.code for each in report.instrument.components]
    here = report.of_region(one)
    whole = {}
    if one.measures and one.counted:
        whole = {code: one.measures.row(code) for code in codes if here.shows(code)}
    yield _counts((one.code, one.name), whole, codes, strong=True)
    for fips, name in one.counties:
        if fips not in printed.held:
            yield _counts((fips, name), printed.alone.get(fips, {}), codes)
    names, rows = printed.together.get(one.code, ((), {}))
    if names:
        yield _counts(("", f"{sentences.listing(names)}, together"), rows, codes)


def _notes(report: StateReport, asked: SectionDefinition, printed: _Printed) -> Iterator[str]:
    never = [one.name for one in report.regions if one.measures is None]
    if never:
        yield asked.text("table_note", names=sentences.listing(never))
    if printed.together:
        yield report.published_text("counties", smallest=report.smallest, names="")
    if any(_none_alone(one, printed) for one in report.regions_with()):
        yield report.published_text("no_county", smallest=report.smallest)


def _none_alone(one: RegionResult, printed: _Printed) -> bool:
    codes = {code for code, _ in one.round_counties}
    return one.code not in printed.together and bool(codes & printed.held)


def _counts(
    place: tuple[str, str], rows: _Rows, codes: Sequence[str], *, strong: bool = False
) -> model.Row:
    cells = [_cell(rows.get(code), known=bool(rows)) for code in codes]
    name = model.Cell(place[1], place)
    return model.Row((name, *cells), strong=strong, indent=0 if strong else 1)


def _cell(row: MeasureRow | None, *, known: bool) -> model.Cell:
    if row is None:
        return model.Cell(shares.FEW if known else shares.NOTHING, (None, None))
    if not row.applicable:
        return model.Cell(shares.NOTHING, (0, 0))
    return model.Cell(f"{row.achieved}/{row.applicable}", (row.achieved, row.applicable))
