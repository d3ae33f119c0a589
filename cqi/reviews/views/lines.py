"""Case reviews in lists, in the words and links of a page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import flask

from cqi.access import current
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.instruments.definition import Rating
from cqi.reviews import queries
from cqi.reviews.rules import OPEN_STATES, STATE_WORDS, Part, ReviewState
from cqi.reviews.views import routes
from cqi.reviews.workflow import STEP_WORDS
from cqi.rounds.rules import ROUND_KIND_WORDS
from cqi.ui import dates

_WITH_QA = (ReviewState.SUBMITTED, ReviewState.FIRST_LEVEL_QA, ReviewState.SECOND_LEVEL_QA)


@dataclass(frozen=True)
class Cell:
    """One component of one case: items complete of items, or its rating; `computed` where
    overrides changed it."""

    code: str
    done: int
    of: int
    rating: str | None
    rated: bool
    computed: str | None = None


@dataclass(frozen=True)
class Line:
    """One case review in a table."""

    public_id: uuid.UUID
    url: str
    case_number: str
    about: str
    round_name: str
    round_url: str
    state: str
    state_value: ReviewState
    returned: bool
    open: bool
    with_qa: bool
    days: str
    done: int
    of: int
    missing: int
    cells: tuple[Cell, ...]
    reviewers: str
    holders: tuple[str, ...]
    stuck: str
    returned_reason: str
    practice: bool
    second_reading: bool
    imported: bool
    to_hear: int


def of(line: queries.ReviewLine, components: Mapping[str, int] | None = None) -> Line:
    """A line for a page; `components` are codes with their numbers of items."""
    progress = line.progress
    return Line(
        public_id=line.public_id,
        url=flask.url_for("reviews.case_review", public_id=line.public_id),
        case_number=line.case_number,
        about=f"{_mark(line)}{CASE_TYPE_WORDS[line.case_type]}, {line.county}",
        round_name=line.round_name,
        round_url=flask.url_for("reviews.round", public_id=line.round_id),
        state=STATE_WORDS[line.state],
        state_value=line.state,
        returned=line.state is ReviewState.RETURNED,
        open=line.state in OPEN_STATES,
        with_qa=line.state in _WITH_QA,
        days="" if line.state is ReviewState.FINAL else str(line.days_in_state),
        done=progress.items.complete if progress else 0,
        of=progress.items.of if progress else sum((components or {}).values()),
        missing=progress.missing if progress else 0,
        cells=tuple(_cell(line, code, number) for code, number in (components or {}).items()),
        reviewers=", ".join(line.reviewers),
        holders=line.reviewers,
        stuck=line.stuck,
        returned_reason=line.returned_reason,
        practice=line.practice,
        second_reading=line.second_reading,
        imported=line.imported,
        to_hear=line.to_hear,
    )


def _mark(line: queries.ReviewLine) -> str:
    if line.practice:
        return "Practice: "
    if line.imported:
        return "Imported: "
    return "Second reading: " if line.second_reading else ""


@dataclass(frozen=True)
class Waiting:
    """One case review in the QA queue: how long since it was handed in, how often returned."""

    line: Line
    waiting: str
    returned: str
    notes: str


def of_queue(one: queries.QueueLine) -> Waiting:
    """A line for the QA queue."""
    times = {0: "never", 1: "once", 2: "twice"}.get(one.returned, f"{one.returned} times")
    notes = (
        f"{one.notes.open} open, {one.notes.answered} answered" if one.notes.open else "none open"
    )
    waiting = f"{dates.counted(one.waiting, 'day')} ago" if one.waiting else "today"
    return Waiting(of(one.line), waiting, times, notes)


def _cell(line: queries.ReviewLine, code: str, number: int) -> Cell:
    if line.progress is None:
        computed = line.computed.get(code)
        return Cell(code, number, number, line.components.get(code), True, computed)
    count = line.progress.components.get(code)
    return Cell(code, count.complete if count else 0, number, None, rated=False)


def counts(sheet: queries.ReviewSheet) -> list[tuple[str, int, str]]:
    """(what, how many, note) of items by rating, parts left out, for the page of figures."""
    rated = [sheet.counted.items[item.code].rating for item in sheet.instrument.wholes]
    return [
        ("Strength", rated.count(Rating.STRENGTH), f"of {len(rated)} items"),
        ("Area needing improvement", rated.count(Rating.AREA_NEEDING_IMPROVEMENT), "items"),
        ("Not applicable", rated.count(Rating.NOT_APPLICABLE), "items"),
    ]


def names_now(review: queries.CaseReview) -> str:
    """The names of those who score a case review now."""
    people = queries.involved(current.session(), review)
    return ", ".join(one.name for one in people if one.part is Part.REVIEWER)


def step_of(step: queries.sheets.StepTaken) -> tuple[str, str, str]:
    """(when and who, what, reason) of one step of the workflow."""
    when = routes.local(step.at)
    what = f"{dates.full_day(when.date())} {dates.clock(when)}, {step.by}"
    return what, STEP_WORDS[step.step], step.reason


@dataclass(frozen=True)
class RoundLine:
    """One round in the list."""

    name: str
    url: str
    kind: str
    on_site: str
    final: int
    of: int
    stage: str
    out: str
    imported: int


def of_round(
    one: queries.Round, counts: dict[ReviewState, int], out: int = 0, imported: int = 0
) -> RoundLine:
    """A line for a list of rounds; `counts` are its case reviews by state, `out` the second
    readings that are not over, `imported` what came in with files."""
    total, final = sum(counts.values()), counts.get(ReviewState.FINAL, 0)
    ended = final + counts.get(ReviewState.WITHDRAWN, 0)
    return RoundLine(
        name=one.name,
        url=flask.url_for("reviews.round", public_id=one.public_id),
        kind=ROUND_KIND_WORDS[one.kind],
        on_site=dates.span(one.on_site_from, one.on_site_to),
        final=final,
        of=total,
        stage=_stage(total, ended, one.on_site_from > current.today()),
        out=f"{dates.counted(out, 'second reading')} still out" if out else "",
        imported=imported,
    )


def _stage(total: int, ended: int, ahead: bool) -> str:
    if total and ended == total:
        return "Finished"
    return "Ahead" if ahead else "Under way"
