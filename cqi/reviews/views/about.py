"""What the face sheet, and a print, say of a case besides its facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cqi.access import current
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.reviews import queries
from cqi.reviews.rules import Part
from cqi.reviews.views import routes
from cqi.ui import dates

_PARTS = {
    Part.REVIEWER: "Reviewers",
    Part.FIRST_LEVEL_QA: "QA lead",
    Part.SECOND_LEVEL_QA: "QA lead, second level",
}


def case_lines(opened: routes.Opened) -> Iterator[tuple[str, str]]:
    """(what, its words): number, kind, dates of the case and of the period under review."""
    review = opened.review
    case, start = review.case, dates.full_day(review.round.pur_from)
    yield "Case", f"{case.case_number}, {CASE_TYPE_WORDS[case.case_type].lower()}"
    if came := imported_line(opened):
        yield "Imported", came
    if review.pur_to:
        yield "Period under review", dates.span(review.round.pur_from, review.pur_to)
    else:
        yield "Period under review", f"From {start}; ends on first submission for QA"
    yield from _days(
        ("Opened", case.opened_on),
        ("Entered care", case.entered_care_on),
        ("Discharged", case.discharged_on),
        ("Closed", case.closed_on),
    )


def imported_line(opened: routes.Opened) -> str:
    """When a case review came in, by whom and with which file; "" for one that was scored here."""
    came = opened.sheet.imported
    if came is None:
        return ""
    by = f" by {came.by}" if came.by else ""
    day = dates.full_day(routes.local(came.at).date())
    return f"Brought in on {day}{by}, from file {came.digest[:12]}."


def _days(*known: tuple[str, dt.date | None]) -> Iterator[tuple[str, str]]:
    for what, day in known:
        if day is not None:
            yield what, dates.full_day(day)


def staff_lines(opened: routes.Opened) -> Iterator[tuple[str, str]]:
    """Who reviews it and does its QA now."""
    people = queries.involved(current.session(), opened.review)
    for part, words in _PARTS.items():
        names = [one.name for one in people if one.part is part]
        if names or part is not Part.SECOND_LEVEL_QA:
            yield words, ", ".join(dict.fromkeys(names)) or "Nobody yet"


def people_line(opened: routes.Opened) -> str:
    """The people of the case as the list of interviews names them, with their role."""
    return ", ".join(
        f"{one.label} ({one.role_beside})" if one.role_beside else one.label
        for one in opened.sheet.interviews
    )
