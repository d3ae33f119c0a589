"""A county's figures beside those of the rest of its region."""

from __future__ import annotations

from collections.abc import Iterator

from cqi.documents import model, numbers, shares
from cqi.instruments.definition import Component, Item
from cqi.measures.rules import beside as rules
from cqi.measures.rules.tabulation import MeasureRow, Measures
from cqi.reporting.rules.content import Report
from cqi.reporting.rules.definition import SectionDefinition

WORDS = {
    rules.Standing.ABOVE: "Above the rest",
    rules.Standing.BELOW: "Below the rest",
    rules.Standing.NOT_APART: "Cannot be told apart",
    rules.Standing.TOO_FEW: "Too few cases to tell",
}


def beside(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """Components with what may be said of the difference, then items with counts alone; nothing
    where the county is all that there is."""
    if report.whole is None or not _others(report, report.whole):
        return []
    few = {"fewest": report.fewest}
    title = asked.text("title", place=report.place_title, region=report.facts.part_of)
    whole = report.whole
    blocks: tuple[model.Block, ...] = (
        model.Lead(asked.text("lead")),
        _components(report, whole, asked, asked.text("note", **few)),
        model.Heading(asked.text("items_table")),
        model.Text(asked.text("items_note", **few), "note"),
        *_items(report, whole),
    )
    return [model.Section("beside", title, asked.text("contents"), blocks)]


def _others(report: Report, whole: Measures) -> int:
    return len(whole.frozen.round.cases) - report.reviews


def _components(
    report: Report, whole: Measures, asked: SectionDefinition, note: str
) -> model.Table:
    columns = (
        model.Column("Component", data=("code", "label")),
        model.Column("Here", "number", ("achieved", "applicable")),
        model.Column("The rest", "number", ("rest_achieved", "rest_applicable")),
        model.Column("Points (95% interval)", "number", ("difference",)),
        model.Column("What it can say", data=("standing",)),
    )
    rows = tuple(
        model.Row((model.Cell(each.title, (each.code, each.title)), *_compared(row, of_all)))
        for each in report.components
        for row, of_all in [(report.measures.row(each.code), whole.row(each.code))]
    )
    return model.Table("beside_components", asked.text("table"), columns, rows, notes=(note,))


def _compared(row: MeasureRow, of_all: MeasureRow) -> Iterator[model.Cell]:
    found = rules.beside(row, of_all)
    pair, interval, difference = found.pair, found.interval, found.difference
    yield _counted(pair.k1, pair.n1, row)
    yield _counted(pair.k0, pair.n0, row)
    if interval is None or difference is None:
        yield model.Cell(shares.NOTHING, (None,))
    else:
        words = f"{numbers.points(difference)} ({numbers.span(interval.low, interval.high)})"
        yield model.Cell(words, (numbers.four_decimals(difference),))
    yield model.Cell(WORDS[found.standing], (found.standing.value,))


def _items(report: Report, whole: Measures) -> Iterator[model.Table]:
    """A table for each component that has an item with a row of its own."""
    for one in report.instrument.components:
        if items := report.items_of(one.code):
            yield _table(report, whole, one, items)


def _table(report: Report, whole: Measures, one: Component, items: tuple[Item, ...]) -> model.Table:
    columns = (
        model.Column("Item", data=("code", "label")),
        model.Column("Here", "number", ("strength", "applicable")),
        model.Column("The rest", "number", ("rest_strength", "rest_applicable")),
    )
    rows = []
    for item in items:
        row, of_all = report.measures.row(item.code), whole.row(item.code)
        pair = rules.beside(row, of_all).pair
        label = model.Cell(f"{item.title} ({item.code})", (item.code, item.title))
        cells = (label, _counted(pair.k1, pair.n1, row), _counted(pair.k0, pair.n0, row))
        rows.append(model.Row(cells, indent=1 if row.measure.part_of else 0))
    return model.Table(f"beside_items_{one.code}", one.title, columns, tuple(rows))


def _counted(achieved: int, applicable: int, row: MeasureRow) -> model.Cell:
    """ "19 of 30 (63.3%)", counts alone under the limit."""
    if not applicable:
        return model.Cell(shares.NOTHING, (0, 0))
    words = f"{achieved} of {applicable}"
    if applicable >= row.limits.smallest_n:
        words += f" ({numbers.percent(achieved, applicable)})"
    return model.Cell(words, (achieved, applicable))
