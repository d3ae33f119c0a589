"""Regions side by side: in a grid, beside the rest, and each against its baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cqi.documents import charts, heat_maps, model, numbers, shares, slopes, trends
from cqi.instruments.definition import Component
from cqi.measures.rules import beside
from cqi.reporting.queries import figures
from cqi.reporting.queries.beside import WORDS
from cqi.reporting.queries.states import counties, summary
from cqi.reporting.queries.states.content import RegionResult, StateReport
from cqi.reporting.rules import sentences
from cqi.reporting.rules.definition import SectionDefinition


def regions(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """The rounds behind it, the grid of shares, and who can be told apart from the rest."""
    heads = [heat_maps.Head(each.code, each.short_title) for each in report.instrument.components]
    codes = [head.code for head in heads]
    rows = [
        heat_maps.PlaceRow(
            one.code, one.name, tuple(counties.of_region(report, one, code) for code in codes)
        )
        for one in report.regions
    ]
    total = heat_maps.PlaceRow(
        "", report.place_title, tuple(figures.share_of(report, code) for code in codes)
    )
    measure = figures.when_and_where(report)
    caption = charts.Caption("heat_map", asked.text("figure"), measure)
    blocks = (
        model.Lead(asked.text("lead")),
        *heat_maps.heat_maps(caption, heads, rows, total, report.fewest),
        _rounds(report, asked),
        *_told_apart(report, asked),
    )
    return [model.Section("regions", asked.text("title"), asked.text("contents"), blocks)]


def _rounds(report: StateReport, asked: SectionDefinition) -> model.Table:
    columns = (
        model.Column("Region", data=("region_code", "region")),
        model.Column("Newest round"),
        model.Column("On site", data=("on_site_from", "on_site_to")),
        model.Column("Final reviews", "number"),
        model.Column("Compared with"),
    )
    return model.Table(
        "rounds", asked.text("table"), columns, tuple(map(_round_row, report.regions))
    )


def _round_row(one: RegionResult) -> model.Row:
    name = model.Cell(one.name, (one.code, one.name))
    if one.round is None or one.measures is None:
        nothing = model.Cell(shares.NOTHING, (None, None))
        return model.Row((name, "not reviewed yet", nothing, 0, shares.NOTHING))
    first, last = one.round.on_site_from, one.round.on_site_to
    days = model.Cell(sentences.days(first, last), (first.isoformat(), last.isoformat()))
    frozen = one.measures.frozen
    other = frozen.baseline.name if frozen.baseline and one.compared else "no other round"
    same = one.counted or one.few
    version = "" if same else f" ({frozen.round.instrument} {frozen.round.version})"
    return model.Row((name, f"{one.round.name}{version}", days, len(frozen.round.cases), other))


def _told_apart(report: StateReport, asked: SectionDefinition) -> list[model.Block]:
    rows = tuple(_apart(report))
    if not rows:
        return [model.Text(asked.text("rest_none"), "small")]
    columns = (
        model.Column("Region", data=("region_code", "region")),
        model.Column("Component", data=("code", "component")),
        model.Column("Here", "number", ("achieved", "applicable")),
        model.Column("The rest", "number", ("rest_achieved", "rest_applicable")),
        model.Column("Points (95% interval)", "number", ("difference",)),
        model.Column("What it can say", data=("standing",)),
    )
    notes = (asked.text("rest_note"),)
    return [model.Table("apart", asked.text("rest_table"), columns, rows, notes=notes)]


def _apart(report: StateReport) -> Iterator[model.Row]:
    for one in report.regions_with():
        if one.measures is None or not one.counted:
            continue
        here = report.of_region(one)
        for each in report.components:
            if not here.shows(each.code):
                continue
            found = beside.beside(one.measures.row(each.code), report.measures.row(each.code))
            if found.standing in (beside.Standing.ABOVE, beside.Standing.BELOW):
                yield model.Row(tuple(_apart_cells(one, each, found)))


def _apart_cells(
    one: RegionResult, component: Component, found: beside.Beside
) -> Iterator[model.Cell]:
    pair, interval, difference = found.pair, found.interval, found.difference or 0
    yield model.Cell(one.name, (one.code, one.name))
    yield model.Cell(component.short_title, (component.code, component.title))
    for achieved, applicable in ((pair.k1, pair.n1), (pair.k0, pair.n0)):
        words = f"{achieved} of {applicable} ({numbers.percent(achieved, applicable)})"
        yield model.Cell(words, (achieved, applicable))
    span = numbers.span(interval.low, interval.high) if interval else ""
    words = f"{numbers.points(difference)} ({span})"
    yield model.Cell(words, (numbers.four_decimals(difference),))
    yield model.Cell(WORDS[found.standing], (found.standing.value,))


def change(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """Slopes of the regions, a figure a component."""
    made = [_slopes(report, asked, each) for each in report.instrument.components]
    found = [section for section in made if section]
    if not found:
        text = model.Text(asked.text("none"))
        return [model.Section("slopes", asked.text("contents"), "", (text,), starts_page=False)]
    return [found[0], *(replace(each, part=True, starts_page=False) for each in found[1:])]


def _slopes(
    report: StateReport, asked: SectionDefinition, component: Component
) -> model.Section | None:
    rows = [
        replace(
            figures.comparison_row(report.of_region(one), component.code, one.name),
            code=one.code,
        )
        for one, _ in report.compared_on(component.code)
    ]
    line = summary.headline(report, component.code)
    if not rows or not line:
        return None
    words = {"component": component.short_title}
    title = asked.text("title", headline=f"{line[0].lower()}{line[1:]}", **words)
    measure = "Share of reviewed cases in which it was substantially achieved."
    caption = charts.Caption(f"slopes_{component.code}", asked.text("figure", **words), measure)
    figure = slopes.slopes(caption, rows, "regions", report.fewest)
    key, contents = f"slopes_{component.code}", asked.text("contents")
    return model.Section(key, title, contents, (figure,))


def years(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """The components by year of review; nothing for one year alone, and nothing in a publication:
    no run keeps the older rounds, and beside the state's row they would show what it hides."""
    if len(report.years) < 2 or report.smallest:
        return []
    panels = [
        trends.Panel(
            each.code,
            each.title,
            tuple(
                trends.Point(
                    f"{sentences.capital(sentences.number_word(year.regions))}"
                    f" {'region' if year.regions == 1 else 'regions'}",
                    year.on,
                    figures.share(year.rows[each.code]),
                    joined=False,
                )
                for year in report.years
            ),
        )
        for each in report.instrument.components
    ]
    measure = f"Rounds of each year added up, {report.place_title}."
    caption = charts.Caption("years", asked.text("figure"), measure, (asked.text("note"),))
    figure = trends.trend(caption, panels, fewest=report.fewest)
    return [model.Section("years", asked.text("title"), asked.text("contents"), (figure,))]
