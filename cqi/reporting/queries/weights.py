"""What a report says of weights: whether cases stand for equal numbers, and the shares if not."""

from __future__ import annotations

from fractions import Fraction

from cqi.documents import model, numbers, shares
from cqi.measures.rules.tabulation import MeasureRow
from cqi.reporting.rules.content import Report
from cqi.reporting.rules.definition import SectionDefinition


def table(report: Report) -> list[model.Block]:
    """The components as counted and weighted, where the draw gave cases different weights."""
    if not _differ(report):
        return []
    columns = (
        model.Column("", data=("code", "label")),
        model.Column("As counted", "number", ("share",)),
        model.Column("Weighted", "number", ("weighted",)),
        model.Column("95% interval", "number", ("low", "high")),
        model.Column("Worth cases", "number", ("effective_n",)),
    )
    rows = tuple(
        _row(each.code, each.title, report.measures.row(each.code))
        for each in report.components
        if report.measures.frozen.round.asks(each.code)
    )
    return [model.Table("weighted", "Components weighted by the draw", columns, rows)]


def note(report: Report, asked: SectionDefinition) -> list[str]:
    """How the table's shares are made."""
    return [asked.text("weights")] if _differ(report) else []


def words(report: Report) -> str:
    """Whether the report's shares are weighted, for its first page."""
    if _differ(report):
        return "not weighted (weighted by the draw: under Method)"
    weights = {case.weight for case in report.measures.frozen.round.cases}
    equal = weights and None not in weights
    return "each case stands for as many as any other" if equal else "not weighted"


def _differ(report: Report) -> bool:
    return report.measures.frozen.round.weights_differ and any(
        row.weighted for row in report.measures.rows
    )


def _row(code: str, title: str, row: MeasureRow) -> model.Row:
    label, found = model.Cell(title, (code, title)), row.weighted
    if found is None or row.rate is None:
        nothing = model.Cell(shares.NOTHING, (None,))
        return model.Row(
            (label, nothing, nothing, model.Cell(shares.NOTHING, (None, None)), nothing)
        )
    interval = found.interval
    ends = (numbers.four_decimals(interval.low), numbers.four_decimals(interval.high))
    return model.Row(
        (
            label,
            model.Cell(_percent(row.rate), (numbers.four_decimals(row.rate),)),
            model.Cell(_percent(found.rate), (numbers.four_decimals(found.rate),)),
            model.Cell(numbers.interval(interval.low, interval.high), ends),
            model.Cell(
                numbers.one_decimal(found.effective_n), (numbers.four_decimals(found.effective_n),)
            ),
        )
    )


def _percent(share: Fraction) -> str:
    return numbers.percent(*share.as_integer_ratio())
