"""What the home unit's supervisor makes of feedback: a coaching note shared with the caseworker,
and a draft."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from cqi.cli.demonstration import rounds
from cqi.core import holidays, working_days
from cqi.feedback import actions, queries
from cqi.feedback.rules.clocks import Calendar
from cqi.feedback.rules.coaching import EntryKind, Wish

_SUPERVISOR, _WORKER = "supervisor", "caseworker"
_TRYING = (
    "Two visits together this month. Pia opens each with ten minutes alone with the child, in a"
    " place that the child likes, and the note says what the child wanted known."
)
_ANSWER = (
    "The porch works well. I would like to talk about what to do when a relative is in the room."
)
_DRAFT = "Read one assessment together and mark where it"
_KEYS = tuple(uuid.UUID(int=7 << 76 | 2 << 62 | number) for number in range(3))


def write(world: rounds.World) -> None:
    """On the caseworker's newest memo: one is shared, to be followed up soon, one is a draft."""
    row = max(_memos(world), key=lambda one: (one.released_at, one.case_number))
    today = world.timeline.today
    soon = working_days.after(today, 2, holidays.days())
    release = queries.released(
        world.session, world.people.actor(_SUPERVISOR, today), row.public_id, today
    )
    shared, drafted = list(queries.activities(queries.content(world.session, release)))[:2]
    worker, at = world.people.people[_WORKER].id, release.released_at
    given = _given(world, _SUPERVISOR, at, 20)
    first = actions.Drafting(_KEYS[0], Wish(worker, shared, _TRYING, soon))
    note = actions.draft_coaching(world.session, release=release, drafting=first, **given)
    actions.share_coaching(world.session, note=note, **given)
    writing = actions.WritingOn(_KEYS[2], EntryKind.ANSWERED, _ANSWER)
    answered = _given(world, _WORKER, at, 50)
    actions.write_on_coaching(world.session, note=note, writing=writing, **answered)
    second = actions.Drafting(_KEYS[1], Wish(worker, drafted, _DRAFT, None))
    given = _given(world, _SUPERVISOR, at, 60)
    actions.draft_coaching(world.session, release=release, drafting=second, **given)


def _memos(world: rounds.World) -> list[queries.MemoRow]:
    calendar = Calendar(world.timeline.today, world.timeline.time_zone, holidays.days())
    clocks = queries.clocks(world.session, calendar)
    actor = world.people.actor(_WORKER, world.timeline.today)
    return [one for one in queries.memos(world.session, actor, clocks) if one.stands]


def _given(world: rounds.World, key: str, start: dt.datetime, minutes: int) -> dict[str, Any]:
    """Who acts, and when, as the actions take them."""
    now, today = start + dt.timedelta(minutes=minutes), world.timeline.today
    return {"actor": world.people.actor(key, today), "now": now, "today": today}
