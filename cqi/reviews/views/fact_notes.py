"""What stands right at a fact that follows a setting: its value, and what it means for this case.

The value is that of the last day of the period under review, which is today until the case review
is first submitted: what its reviewers were told does not change afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cqi.access import current
from cqi.core import folders
from cqi.instruments import fact_settings, library
from cqi.reviews.views import routes
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates


@dataclass(frozen=True)
class Dates:
    """What the case list and the period under review say. `ends_on` is None while it runs."""

    opened_on: dt.date | None
    closed_on: dt.date | None
    ends_on: dt.date | None
    today: dt.date


def of(opened: routes.Opened) -> Mapping[str, tuple[str, ...]]:
    """By fact name, the lines that stand under its help."""
    review, case = opened.review, opened.review.case
    known = Dates(case.opened_on, case.closed_on, review.pur_to, current.today())
    root = folders.data_folder("review_instruments")
    asked = opened.sheet.instrument
    whole = library.load(root, asked.id, asked.version)
    followed = fact_settings.load(root, whole, registry.BY_KEY)
    names = [name for name in followed if name in asked.facts_by_name]
    return {name: tuple(_lines(followed[name], known)) for name in names}


def _lines(one: fact_settings.FactSetting, known: Dates) -> list[str]:
    on = known.ends_on or known.today
    held = settings.held(current.session(), settings.setting(one.setting), on)
    hint = due_hint(one.due, int(held.value), known) if one.due else ""
    return [held.stated, hint] if hint else [held.stated]


def due_hint(thing: str, days: int, known: Dates) -> str:
    """When something was due so many days after the opening; "" where nobody knows the opening."""
    if known.opened_on is None:
        return ""
    due_on = known.opened_on + dt.timedelta(days=days)
    opened, due = dates.full_day(known.opened_on), dates.full_day(due_on)
    if known.closed_on is not None and known.closed_on < due_on:
        closed = dates.full_day(known.closed_on)
        return f"Opened {opened} and closed {closed}, before {thing} was due."
    if due_on <= (known.ends_on or known.today):
        return f"Opened {opened}: {thing} was due from {due}."
    if known.ends_on is None:
        return f"Opened {opened}: {thing} is not due until {due}."
    return f"Opened {opened}: {thing} was not due until {due}, after the period under review."
