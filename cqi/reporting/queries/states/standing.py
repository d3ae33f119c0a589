"""How the state stands beside its figures: roll-out, quality, plans, and the runs behind it."""

from __future__ import annotations

from cqi.documents import model, shares
from cqi.reporting.queries.states.content import Quality, RegionResult, StateReport
from cqi.reporting.rules.definition import SectionDefinition


def rollout(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """The calendar of all regions."""
    block = report.calendar or model.Text(asked.text("none"))
    return [model.Section("rollout", asked.text("title"), asked.text("contents"), (block,))]


def quality(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """What QA did and how samples were drawn, a row a region."""
    columns = (
        model.Column("Region", data=("region_code", "region")),
        model.Column("Final", "number"),
        model.Column("Imported", "number"),
        model.Column("Returns by QA", "number"),
        model.Column("Overrides", "number"),
        model.Column("Eliminated", "number"),
        model.Column("Sample"),
    )
    found = [(one, one.quality) for one in report.regions if one.quality]
    rows = tuple(_quality_row(one, each) for one, each in found)
    table = model.Table("quality", asked.text("table"), columns, rows, notes=(asked.text("note"),))
    blocks = (model.Lead(asked.text("lead")), table)
    title, contents = asked.text("title"), asked.text("contents")
    return [model.Section("quality", title, contents, blocks, starts_page=False)]


def _quality_row(one: RegionResult, found: Quality) -> model.Row:
    name = model.Cell(one.name, (one.code, one.name))
    counts = (found.final, found.imported, found.returned, found.overridden, found.eliminated)
    return model.Row((name, *counts, found.draw))


def plans(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """Improvement plans with their steps."""
    title, contents = asked.text("title"), asked.text("contents")
    columns = (
        model.Column("Region"),
        model.Column("Plan"),
        model.Column("State"),
        model.Column("Goals", "number"),
        model.Column("Steps", "number"),
        model.Column("Verified", "number"),
        model.Column("Late", "number"),
    )
    rows = tuple(
        model.Row(
            (line.region, line.name, line.state, line.goals, line.steps, line.verified, line.late)
        )
        for line in report.plans
    )
    block: model.Block = model.Text(asked.text("none"))
    if rows:
        block = model.Table("plans", asked.text("table"), columns, rows)
    return [model.Section("plans", title, contents, (block,), starts_page=False)]


def runs(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """The run behind each region's figures."""
    columns = (
        model.Column("Region"),
        model.Column("Run"),
        model.Column("In the state's figures"),
    )
    rows = tuple(
        model.Row((one.name, one.measures.run_id, "yes" if one.counted else shares.NOTHING))
        for one in report.regions
        if one.measures
    )
    table = model.Table("runs", asked.text("table"), columns, rows, notes=(asked.text("note"),))
    title, contents = asked.text("title"), asked.text("contents")
    return [model.Section("runs", title, contents, (table,), starts_page=False)]
