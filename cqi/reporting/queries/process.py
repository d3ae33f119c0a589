"""The measures that are declared in data: how the case reviews were made, and single questions."""

from __future__ import annotations

from cqi.documents import model, numbers, shares
from cqi.measures.queries import declared as queries
from cqi.measures.rules import declared
from cqi.measures.rules.declared import Declared, DeclaredRow, Direction
from cqi.reporting.rules import sentences
from cqi.reporting.rules.content import Report
from cqi.reporting.rules.definition import SectionDefinition

_MEETS = {True: "reached", False: "not reached"}


def process(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """One table, and what each of its measures counts; nothing where no row may stand."""
    frozen = report.measures.frozen
    found = [
        row
        for row in declared.rows(queries.shipped(), frozen.round, frozen.limits)
        if row.applicable and report.shows_declared(row)
    ]
    if not found:
        return []
    before = _before(report)
    columns = (
        model.Column("Measure", data=("id", "measure")),
        *([model.Column("Baseline", "number", _of_counts("baseline_"))] if before else []),
        model.Column(sentences.capital(report.current), "number", _of_counts("")),
        model.Column("Target", data=("target", "source")),
    )
    rows = tuple(_row(row, before) for row in found)
    notes = (asked.text("note", fewest=report.fewest), *(_meaning(row.measure) for row in found))
    table = model.Table("process", asked.text("table"), columns, rows, notes=notes)
    blocks = (model.Lead(asked.text("lead")), table)
    title, contents = asked.text("title"), asked.text("contents")
    return [model.Section("process", title, contents, blocks, starts_page=False)]


def _of_counts(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{name}" for name in ("achieved", "applicable", "cases"))


def _before(report: Report) -> dict[str, DeclaredRow]:
    """The other round's rows by id, where rounds are compared."""
    frozen = report.measures.frozen
    if frozen.baseline is None or not report.compared:
        return {}
    found = declared.rows(queries.shipped(), frozen.baseline, frozen.limits)
    return {row.measure.id: row for row in found if report.shows_declared(row)}


def _row(row: DeclaredRow, before: dict[str, DeclaredRow]) -> model.Row:
    one = row.measure
    name = model.Cell(one.title, (one.id, one.title))
    baseline = [_counts(before.get(one.id))] if before else []
    return model.Row((name, *baseline, _counts(row), _target(row)))


def _counts(row: DeclaredRow | None) -> model.Cell:
    """ "31 of 40 (77.5%, 62.5–87.7)": an interval only where a case counts once."""
    if row is None or not row.applicable:
        return model.Cell(shares.NOTHING, (None, None, None))
    words = f"{row.achieved} of {row.applicable}"
    if row.rate is not None:
        said = numbers.percent(row.achieved, row.applicable)
        if row.interval:
            said += f", {numbers.interval(row.interval.low, row.interval.high)}"
        words += f" ({said})"
    return model.Cell(words, (row.achieved, row.applicable, row.cases))


def _target(row: DeclaredRow) -> model.Cell:
    one = row.measure
    if one.target is None:
        return model.Cell(shares.NOTHING, (None, None))
    which = "or more" if one.direction is Direction.HIGHER else "or less"
    reached = f"; {_MEETS[row.meets]}" if row.meets is not None else ""
    return model.Cell(f"{one.target}% {which} ({one.source}){reached}", (one.target, one.source))


def _meaning(one: Declared) -> str:
    """What a measure counts, in words."""
    better = "more" if one.direction is Direction.HIGHER else "less"
    said = f"{one.title}: {one.numerator}, of {one.denominator}; left out: {one.excluded}"
    return f"{said}. {sentences.capital(better)} is better."
