"""Measures as the rows that charts and tables take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cqi.core import intervals
from cqi.documents import charts, model, shares
from cqi.measures.rules.findings import Finding
from cqi.measures.rules.tabulation import Comparison, MeasureRow
from cqi.reporting.rules import sentences
from cqi.reporting.rules.content import Report

MARKS = {
    Finding.IMPROVED: "improved",
    Finding.DECLINED: "declined",
    Finding.NO_CLEAR_CHANGE: "no_clear_change",
    Finding.TOO_FEW: "too_few_cases",
}
Labels = Sequence[tuple[str, str]]  # codes of components or items, each with its label


def mark(finding: Finding) -> str:
    """The mark beside a finding; none beside what is not compared."""
    return MARKS.get(finding, "")


def figure(
    report: Report, caption: charts.Caption, labels: Labels, layout: charts.Layout
) -> model.Figure | model.Table:
    """Both rounds in one dot plot, or this one alone where there is nothing to compare with.

    Where every row has counts only there is nothing to plot: its table stands alone.
    """
    layout = replace(layout, fewest=report.fewest)
    if counts_alone(report, labels):
        return _counts(report, caption, labels)
    part_of = _parts(report, labels)
    if report.compared:
        pairs = [comparison_row(report, code, label, part_of[code]) for code, label in labels]
        return charts.comparison(caption, pairs, layout=layout)
    singles = [
        shares.RoundRow(code, label, share(report.measures.row(code)), part_of[code])
        for code, label in labels
    ]
    return charts.one_round(caption, singles, layout=layout)


def counts_alone(report: Report, labels: Labels) -> bool:
    """Whether every row has counts only, and there is no other round to plot them with."""
    few = all(report.measures.row(code).counts_only for code, _ in labels)
    return few and not report.compared


def _parts(report: Report, labels: Labels) -> dict[str, str]:
    """Code -> the code of the row that it stands under as a part; empty for all others."""
    codes = [code for code, _ in labels]
    wholes = {code: report.measures.row(code).measure.part_of or "" for code in codes}
    return {code: whole if whole in codes else "" for code, whole in wholes.items()}


def _counts(report: Report, caption: charts.Caption, labels: Labels) -> model.Table:
    columns = (
        model.Column("", data=("code", "label")),
        model.Column("Cases", "number", ("achieved", "applicable")),
    )
    part_of = _parts(report, labels)
    rows = ((report.measures.row(code), code, label) for code, label in labels)
    lines = tuple(
        model.Row(
            (
                model.Cell(label, (code, label)),
                model.Cell(sentences.counted(row), (row.achieved, row.applicable)),
            ),
            indent=1 if part_of[code] else 0,
        )
        for row, code, label in rows
    )
    notes = (caption.measure, f"Fewer than {report.fewest} cases: counts only.", *caption.notes)
    return model.Table(caption.key, caption.title, columns, lines, notes=notes)


def comparison_row(
    report: Report, code: str, label: str, part_of: str = ""
) -> shares.ComparisonRow:
    """A component or item in both rounds."""
    one = report.measures.comparison(code)
    before = report.measures.baseline_row(code)
    return shares.ComparisonRow(
        code=code,
        label=label,
        baseline=share(before) if before else None,
        follow_up=share(report.measures.row(code)),
        difference=one.difference if one else None,
        interval=_ends(one.interval) if one else None,
        finding=MARKS.get(one.finding) if one and one.finding else None,
        part_of=part_of,
    )


def share(row: MeasureRow) -> shares.Share:
    """A row's counts with Wilson's interval (which counts-only rows never print)."""
    if not row.applicable:
        return shares.Share(0, 0, 0.0, 1.0)
    interval = intervals.wilson(row.achieved, row.applicable)
    return shares.Share(row.achieved, row.applicable, interval.low, interval.high)


def share_of(report: Report, code: str) -> shares.Share:
    """A component's or item's share; withheld where it has no row of its own in a publication."""
    return share(report.measures.row(code)) if report.shows(code) else shares.WITHHELD


def words(name: str, one: Comparison) -> model.Words:
    """The sentence of a comparison, its name in bold."""
    said = sentences.of_change(name, one)
    return (model.Span(said.name), said.rest)


def when_and_where(report: Report) -> str:
    """What stands in a measure line: "Baseline, 30 case reviews, February 2025; ..."."""
    baseline = report.measures.frozen.baseline
    parts = [_when(report, len(baseline.cases), first=True)] if baseline and report.compared else []
    parts.append(_when(report, report.reviews, first=False))
    text = "; ".join(parts)
    return f"{sentences.capital(text)}, {report.place_title}."


def _when(report: Report, count: int, first: bool) -> str:
    facts = report.facts.baseline if first else report.facts.round
    name = "baseline" if first else report.current
    on = f", {facts.on_site_to:%B %Y}" if facts else ""
    return f"{name}, {sentences.reviews(count)}{on}"


def _ends(interval: intervals.Interval | None) -> tuple[float, float] | None:
    return (interval.low, interval.high) if interval else None
