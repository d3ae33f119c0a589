"""A plan's file laid out: on paper each goal is a section with a table for each strategy; as a
workbook it is one flat table of key activities beside one of goals and one of amendments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from cqi.documents import model
from cqi.plans import rules
from cqi.plans.queries import timeline
from cqi.plans.queries.paper import Activity, Aim, Change, Paper, Way
from cqi.ui import dates

_KIND = "Program improvement plan"


def document(one: Paper, *, demonstration: bool = False) -> model.Document:
    """The plan as it is printed: where it stands, then a section for each goal."""
    invented = "Demonstration: nobody exists. " if demonstration else ""
    sections = [_overview(one), *(_goal(aim, one) for aim in one.aims)]
    if one.changes:
        sections.append(_amended(one))
    return model.Document(
        title=one.name,
        subtitle=_KIND,
        kind="memo",
        compact=True,
        facts=tuple(_facts(one)),
        sections=tuple(sections),
        running_head=(_KIND, f"{one.place} · {dates.full_day(one.as_of)}"),
        footer_mark="",
        footer_text=f"{invented}As of {dates.full_day(one.as_of)}. Names no child and no family.",
        series=_KIND,
    )


def _facts(one: Paper) -> Iterator[model.Fact]:
    yield model.Fact("Place", one.place)
    since = f", approved {dates.full_day(one.approved_on)}" if one.approved_on else ""
    yield model.Fact("State", f"{one.state}{since}")
    yield model.Fact("Rests on", one.rests_on)
    if one.follow_up:
        yield model.Fact("Measured again", one.follow_up)
    yield model.Fact("As of", dates.full_day(one.as_of))


def _overview(one: Paper) -> model.Section:
    counts = one.plan.counts
    tiles = (
        model.Tile(str(counts.verified), f"of {counts.steps} steps verified", "done"),
        model.Tile(str(counts.claimed), "claimed, to verify"),
        model.Tile(str(counts.on_schedule), "on time"),
        model.Tile(str(counts.behind), "behind schedule"),
        model.Tile(str(counts.late), "late"),
    )
    return model.Section(
        "overview",
        one.name,
        _KIND,
        (model.Tiles(tiles), _goals_table(one), *_timeline(one)),
        starts_page=False,
    )


def _timeline(one: Paper) -> tuple[model.Figure, ...]:
    """The picture of all steps; on paper its rows stand in the tables of the goals."""
    figure = timeline.timeline(one.plan, one.today)
    return (replace(figure, table_apart=True),) if figure else ()


_GOALS = (
    model.Column("Goal"),
    model.Column("Measure"),
    model.Column("Baseline", "number", ("baseline_achieved", "baseline_applicable")),
    model.Column("Target", "number", ("target",)),
    model.Column("Result", "number", ("result_achieved", "result_applicable")),
    model.Column("Target met?"),
    model.Column("Change"),
)
_GOALS_MORE = (
    model.Column("Where the target comes from"),
    model.Column("Why the target is negotiated"),
    model.Column("What the target was"),
    model.Column("Finding that it answers"),
    model.Column("Measured again"),
    model.Column("On which sample"),
)


def _goals_table(one: Paper, *, more: bool = False) -> model.Table:
    """Goals with their results; with `more` what stands in the goals' sections on paper."""
    rows = tuple(
        model.Row((*_goal_cells(aim), *(_goal_more(aim) if more else ()))) for aim in one.aims
    )
    note = (
        "PIP arithmetic: the baseline plus 1.28 sampling errors. Met: the result reaches the target"
        " on at least as many cases as the baseline had. The change is a word of its own: it says"
        " whether the difference is more than chance."
    )
    notes = (note, *([f"Now: {one.stands_in}, which began before the approval."] * _any_now(one)))
    columns = (*_GOALS, *(_GOALS_MORE if more else ()))
    return model.Table("Goals", "Goals against measured change", columns, rows, notes=notes)


def _any_now(one: Paper) -> bool:
    return any(aim.measured.stands for aim in one.aims)


def _goal_cells(aim: Aim) -> Iterator[model.Cell | str]:
    one, goal = aim.measured, aim.measured.goal
    base, result = goal.baseline, one.outcome.result if one.outcome else None
    yield aim.title
    yield f"{goal.measure} {one.title}"
    counts = (base.achieved, base.applicable)
    yield model.Cell(f"{base.achieved} of {base.applicable}", counts)
    yield model.Cell(goal.target.percent, (_share(goal.target.share),))
    if result is None or one.outcome is None:
        now = f" (now {stands.achieved} of {stands.applicable})" if (stands := one.stands) else ""
        yield model.Cell(f"to come{now}", (None, None))
        yield "to come"
        yield "to come"
        return
    counts = (result.achieved, result.applicable)
    yield model.Cell(f"{result.achieved} of {result.applicable}", counts)
    yield _MET[one.outcome.met]
    yield one.outcome.change.value.replace("_", " ") if one.outcome.change else "no word"


def _share(share: float | Fraction) -> model.Percent:
    """With four decimals, rounded half up."""
    whole = int(Fraction(share) * rules.WHOLE + Fraction(1, 2))
    return model.Percent(Decimal(whole) / rules.WHOLE)


def _goal_more(aim: Aim) -> Iterator[model.Cell | str]:
    yield aim.measured.target_words
    yield aim.reason
    yield "; ".join(each.words for each in aim.measured.goal.was)
    yield aim.finding
    yield model.Cell(aim.when, (aim.measured_on or aim.when,))
    yield aim.sample


_MET = {rules.Met.MET: "Met", rules.Met.NOT_MET: "Not met"}


def _goal(aim: Aim, one: Paper) -> model.Section:
    goal = aim.measured.goal
    reason = f": {aim.reason}" if aim.reason else ""
    facts = [
        model.Fact("Measure", f"{goal.measure} {aim.measured.title}"),
        model.Fact("Answers", f"Finding {aim.finding}" if aim.finding else "no finding"),
        model.Fact("Baseline", f"{goal.baseline.achieved} of {goal.baseline.applicable}"),
        model.Fact("Target", f"{goal.target.percent}, {aim.measured.target_words}{reason}"),
        *(model.Fact("The target", each.words) for each in goal.was),
        model.Fact("Measured", f"{aim.when}{f', on {aim.sample}' if aim.sample else ''}"),
    ]
    blocks: list[model.Block] = [model.FactList(tuple(facts))]
    for way in aim.ways:
        blocks += _strategy(way)
    return model.Section(
        f"goal-{goal.position}", f"Goal {aim.title}", one.name, tuple(blocks), starts_page=False
    )


def _strategy(way: Way) -> Iterator[model.Block]:
    yield model.Heading(f"Strategy {way.number}: {way.title}")
    said = [
        (f"Why it should work: {way.why}" if way.why else ""),
        (f"What speaks for it: {way.evidence}" if way.evidence else ""),
        (f"Lead: {way.lead}." if way.lead else ""),
    ]
    words = " ".join(each for each in said if each)
    if words:
        yield model.Text(words, "small")
    yield model.Table(
        f"Strategy {way.number}",
        f"Key activities of strategy {way.number}",
        _ACTIVITY,
        tuple(_activity_row(each) for each in way.activities),
    )


_ACTIVITY = (
    model.Column("Key activity"),
    model.Column("Person responsible"),
    model.Column("Evidence of completion"),
    model.Column("Quarter due"),
    model.Column("Quarter done"),
    model.Column("Status and update"),
)


def _activity_row(one: Activity) -> model.Row:
    told = one.status.partition(",")[0]  # what happened last says it again, with its day
    update = one.update if one.update.startswith(told) else f"{one.status}. {one.update}".rstrip()
    return model.Row(
        (
            f"{one.number} {one.title}",
            one.responsible,
            one.evidence,
            f"{one.due_quarter} ({dates.full_day(one.due_on)})",
            one.done_quarter or "–",
            update,
        )
    )


_AMENDED = (
    model.Column("About"),
    model.Column("What"),
    model.Column("Asked", data=("asked_on", "asked_by")),
    model.Column("Reason"),
    model.Column("Was"),
    model.Column("Shall be"),
    model.Column("Decision", data=("decision", "decided_on", "decided_by", "answer")),
)


def _amended(one: Paper) -> model.Section:
    title = "What was asked to change since the approval"
    return model.Section(
        "amendments", "Amendments", one.name, (_amendments_table(one, title),), starts_page=False
    )


def _amendments_table(one: Paper, title: str) -> model.Table:
    rows = tuple(model.Row(tuple(_change_cells(each))) for each in one.changes)
    return model.Table("Amendments", title, _AMENDED, rows)


def _change_cells(one: Change) -> Iterator[model.Cell | str]:
    yield one.about
    yield one.kind
    asked = f"{dates.full_day(one.asked_on)} by {one.asked_by}"
    yield model.Cell(asked, (one.asked_on, one.asked_by))
    yield one.reason
    yield one.old
    yield one.new
    by = f" by {one.decided_by}" if one.decided_by else ""
    day = f" {dates.full_day(one.decided_on)}{by}" if one.decided_on else ""
    said = f": {one.answer}" if one.answer else ""
    values = (one.state, one.decided_on, one.decided_by, one.answer)
    yield model.Cell(f"{one.state}{day}{said}", values)


# ---- as a workbook

_FLAT = (
    "Goal",
    "Strategy",
    "Key activity",
    "Person responsible",
    "Evidence of completion",
    "Starts",
    "Due",
    "Quarter due",
    "Quarter completed",
    "Status",
    "Update",
)


def workbook(one: Paper, *, demonstration: bool = False) -> model.Document:
    """The plan as one flat table of key activities, with its goals and its amendments."""
    flat = model.Table(
        "Plan",
        "Key activities",
        tuple(model.Column(each) for each in _FLAT),
        tuple(model.Row(tuple(row)) for row in _flat(one.aims)),
    )
    blocks: list[model.Block] = [flat, _goals_table(one, more=True)]
    if one.changes:
        blocks.append(_amendments_table(one, "What was asked to change since the approval"))
    invented = "Demonstration: nobody exists. " if demonstration else ""
    return model.Document(
        title=one.name,
        subtitle=_KIND,
        kind="report",
        facts=tuple(_facts(one)),
        sections=(model.Section("plan", one.name, _KIND, tuple(blocks)),),
        footer_text=f"{invented}As of {dates.full_day(one.as_of)}.",
        series=_KIND,
    )


def _flat(aims: Iterable[Aim]) -> Iterator[tuple[model.Cell | str, ...]]:
    for aim in aims:
        for way in aim.ways:
            for each in way.activities:
                yield (
                    f"Goal {aim.title}",
                    f"{way.number} {way.title}",
                    f"{each.number} {each.title}",
                    each.responsible,
                    each.evidence,
                    _day(each.starts_on),
                    _day(each.due_on),
                    each.due_quarter,
                    each.done_quarter,
                    each.status,
                    each.update,
                )


def _day(day: dt.date) -> model.Cell:
    return model.Cell(dates.full_day(day), (day,))
