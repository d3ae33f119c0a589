"""The calendar of the roll-out as one figure: its title, drawing, sentences and rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cqi.documents import calendars, model
from cqi.documents.calendars import Look, OnDay, Stretch
from cqi.rounds.queries.rollout import Region
from cqi.rounds.rules import rollout
from cqi.rounds.rules.rollout import REVIEWS, STAGE_WORDS, STAGES, Dates, Late, Stage
from cqi.ui import dates as written

_LOOKS: dict[Stage, Look] = {
    Stage.PLANNING: "striped",
    Stage.IMPLEMENTATION: "light",
    Stage.SUPPORT: "plain",
}
_LETTERS = {Stage.BASELINE: "B", Stage.FOLLOW_UP: "F"}
_KEY = calendars.Key(
    tuple((look, STAGE_WORDS[stage]) for stage, look in _LOOKS.items()),
    (
        ("B", "baseline", "Baseline"),
        ("F", "follow_up", "Follow-up"),
        ("I", "baseline", "Interim"),
        ("B", "due", "Planned or set"),
    ),
)
_COLUMNS = (
    model.Column("Region"),
    *(model.Column(STAGE_WORDS[stage]) for stage in STAGES),
    model.Column("Today"),
    model.Column("Late"),
)
_NOTES = (
    "Solid edges lie behind, dashed ones are planned. Rounds tell when reviews were.",
    "A review that has not begun stands where its round is set, else where it is planned.",
)


def figure(regions: Sequence[Region], today: dt.date) -> model.Figure | None:
    """The calendar of these regions; None while none has a plan."""
    planned = [(each, each.dates) for each in regions if each.dates]
    if not planned:
        return None
    days = _days([dates for _, dates in planned], today)
    rows = [_row(each, today, days[1]) for each in regions]
    said = " ".join(sentence(each, today) for each in regions)
    opening = f"Calendar of {written.counted(len(regions), 'region')}. Today is"
    return model.Figure(
        key="rollout",
        title=title(regions, today),
        measure=f"Stages of each region, {days[0].year} to {days[1].year}, in the order decided.",
        description=f"{opening} {written.full_day(today)}. {said}",
        drawing=calendars.draw(rows, days, today, _KEY),
        columns=_COLUMNS,
        rows=tuple(model.Row(_cells(each, today)) for each in regions),
        notes=_NOTES,
    )


def title(regions: Sequence[Region], today: dt.date) -> str:
    """The finding: how many regions have begun, and how many things are late."""
    stages = [each.told.now(today) for each in regions]
    begun = sum(stage is not None for stage in stages)
    spans = [each.told.follow_up for each in regions]
    followed = sum(span is not None and span.last < today for span in spans)
    late = sum(bool(late_in(each, today)) for each in regions)
    return (
        f"{begun} of {written.counted(len(regions), 'region')} "
        f"{'has' if begun == 1 else 'have'} begun, {followed} had the follow-up review,"
        f" {late or 'none'} {'is' if late == 1 else 'are'} late"
    )


def late_in(region: Region, today: dt.date) -> list[Late]:
    """What is late in a region today; nothing where nothing is planned."""
    return rollout.late(region.dates, region.told, today) if region.dates else []


def today_words(region: Region, today: dt.date) -> str:
    """The stage that a region is in."""
    stage, told = region.told.now(today), region.told
    if stage is None:
        return "Not begun" if region.dates else "Not planned"
    span = {Stage.BASELINE: told.baseline, Stage.FOLLOW_UP: told.follow_up}.get(stage)
    if span and span.last < today:
        return f"{STAGE_WORDS[stage]} done"
    return STAGE_WORDS[stage]


def stage_words(region: Region, stage: Stage, today: dt.date) -> str:
    """When a stage began, or is planned to: "8 Mar 2027", "planned 8 Mar 2027"."""
    day = region.told.on(stage)
    if day is not None and day <= today:
        return written.full_day(day)
    if day is not None:
        return f"{'set for' if stage in REVIEWS else 'planned'} {written.full_day(day)}"
    if region.dates is None:
        return "not planned"
    return f"planned {written.full_day(region.dates.begins(stage))}"


def sentence(region: Region, today: dt.date) -> str:
    """A row of the calendar, read aloud."""
    stages = ", ".join(
        f"{STAGE_WORDS[stage].lower()} {stage_words(region, stage, today)}" for stage in STAGES
    )
    late = "; ".join(
        f"{STAGE_WORDS[one.stage].lower()} {one.words}" for one in late_in(region, today)
    )
    if region.interim:
        stages += f", interim review {written.full_day(region.interim[-1].first)}"
    ending = f". Late: {late}." if late else "."
    said = stages if region.dates else "no plan yet"
    return f"{region.name}: {said}; now {today_words(region, today).lower()}{ending}"


def _days(planned: Sequence[Dates], today: dt.date) -> tuple[dt.date, dt.date]:
    """From the quarter of the first day to half a year after the last stage begins."""
    first = min([today, *(each.planning_from for each in planned)])
    last = max([today, *(each.support_from for each in planned)])
    begins = dt.date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    return begins, rollout.later(last, 4)


def _row(region: Region, today: dt.date, until: dt.date) -> calendars.Row:
    label = region.name if region.place is None else f"{region.place}. {region.name}"
    if region.dates is None:
        return calendars.Row(label, note="not planned yet")
    late = late_in(region, today)
    return calendars.Row(
        label,
        tuple(
            Stretch(_LOOKS[bar.stage], bar.first, bar.last, bar.begun)
            for bar in rollout.bars(region.dates, region.told, today, until)
        ),
        tuple(
            OnDay(_LETTERS[one.stage], one.stage.value if one.done else "due", one.on)
            for one in rollout.reviews(region.dates, region.told, today)
        )
        + tuple(
            OnDay("I", "baseline" if span.first <= today else "due", span.first)
            for span in region.interim
        ),
        (late[0].due_on, f"{STAGE_WORDS[late[0].stage]} {late[0].words}") if late else None,
    )


def _cells(region: Region, today: dt.date) -> tuple[str, ...]:
    late = [f"{STAGE_WORDS[one.stage]} {one.words}: {one.why}" for one in late_in(region, today)]
    stages = (stage_words(region, stage, today) for stage in STAGES)
    return (region.name, *stages, today_words(region, today), " ".join(late) or "–")
