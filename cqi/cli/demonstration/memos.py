"""Who has read feedback in the demonstration: all memos of the home unit but the newest few."""

from __future__ import annotations

import datetime as dt

from cqi.cli.demonstration import rounds
from cqi.core import holidays
from cqi.feedback import actions, queries, rules
from cqi.settings import queries as settings
from cqi.settings import registry

_WAITING = 2  # for each reader
_READERS = ("supervisor", "caseworker")
_WORDS = (
    "Read together with the caseworker. We will keep the visit notes as they are.",
    "Thank you. The needs are on the agenda of our next unit meeting.",
)


def acknowledge(world: rounds.World) -> None:
    """The supervisor and the caseworker read and acknowledge their older memos."""
    today = world.timeline.today
    days = settings.number(world.session, registry.ACKNOWLEDGE_DAYS, today)
    calendar = rules.Calendar(today, world.timeline.time_zone, days, holidays.days())
    for place, key in enumerate(_READERS):
        _read(world, key, calendar, hour=11 + place)


def _read(world: rounds.World, key: str, calendar: rules.Calendar, *, hour: int) -> None:
    actor = world.people.actor(key, calendar.today)
    rows = [row for row in queries.memos(world.session, actor, calendar) if row.waits]
    oldest_first = sorted(rows, key=lambda row: (row.final_on, row.case_number))
    for number, row in enumerate(oldest_first[:-_WAITING]):
        day = min(row.final_on + dt.timedelta(days=1), calendar.today)
        actions.acknowledge(
            world.session,
            review=queries.review(world.session, actor, row.public_id, day),
            words=_WORDS[number] if number < len(_WORDS) and key == _READERS[0] else "",
            actor=actor,
            now=world.timeline.at(day, hour, number),
            today=day,
        )
