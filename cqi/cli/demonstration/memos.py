"""Who has read feedback in the demonstration: nearly everybody, within days.

The newest few memos of the home unit wait, and a handful of an older round are overdue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cqi.cli.demonstration import rounds
from cqi.core import holidays, working_days
from cqi.feedback import actions, queries, rules
from cqi.settings import queries as settings
from cqi.settings import registry

_WAITING = 2  # for each reader of the home unit
_READERS = ("supervisor", "caseworker")
_WORDS = (
    "Read together with the caseworker. We will keep the visit notes as they are.",
    "Thank you. The needs are on the agenda of our next unit meeting.",
)
_DAYS = (1, 2, 3, 5)  # working days from final to read, in turn


def acknowledge(world: rounds.World) -> None:
    """Supervisors and the home unit's caseworker read and acknowledge their memos."""
    today = world.timeline.today
    days = settings.number(world.session, registry.ACKNOWLEDGE_DAYS, today)
    calendar = rules.Calendar(today, world.timeline.time_zone, days, holidays.days())
    for place, key in enumerate(_READERS):
        rows = _oldest_first(world, key, calendar)[:-_WAITING]
        told = _WORDS if key == _READERS[0] else ()
        for number, row in enumerate(rows):
            day = min(row.final_on + dt.timedelta(days=1), today)
            words = told[number] if number < len(told) else ""
            _read(world, key, row, world.timeline.at(day, 11 + place, number), words)
    for key in world.people.unit_supervisors():
        _read_in_unit(world, key, _oldest_first(world, key, calendar), calendar)


def _oldest_first(world: rounds.World, key: str, calendar: rules.Calendar) -> list[queries.MemoRow]:
    actor = world.people.actor(key, calendar.today)
    rows = (row for row in queries.memos(world.session, actor, calendar) if row.waits)
    return sorted(rows, key=lambda row: (row.final_on, row.case_number))


def _read_in_unit(
    world: rounds.World, key: str, rows: Iterable[queries.MemoRow], calendar: rules.Calendar
) -> None:
    """Within days of each review's end, but for those that the state file leaves unread."""
    for number, row in enumerate(rows):
        count = _DAYS[number % len(_DAYS)]
        day = working_days.after(row.final_on, count, calendar.holidays)
        if day <= calendar.today and row.case_number not in world.unread:
            _read(world, key, row, world.timeline.at(day, 9 + number % 7, 4 * number % 60))


def _read(
    world: rounds.World, key: str, row: queries.MemoRow, now: dt.datetime, words: str = ""
) -> None:
    today = world.timeline.today
    actor = world.people.actor(key, today)
    actions.acknowledge(
        world.session,
        review=queries.review(world.session, actor, row.public_id, today),
        words=words,
        actor=actor,
        now=now,
        today=today,
    )
