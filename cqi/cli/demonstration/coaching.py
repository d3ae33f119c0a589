"""What supervisors make of feedback: a coaching note shared with the caseworker and a draft in the
home unit; systemic needs of the home unit and of others, with and without a reply."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from cqi.access.permissions import Permission
from cqi.cli.demonstration import rounds
from cqi.core import holidays, identifiers, working_days
from cqi.feedback import actions, queries
from cqi.feedback.rules.clocks import Calendar, Clocks
from cqi.feedback.rules.coaching import EntryKind, Wish
from cqi.feedback.rules.needs import NeedKind, NewNeed
from cqi.feedback.workflow import NeedStep

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

_DIRECTOR = "regional_director"
# the home unit's: kind, words, reply or none
_OWN = (
    (
        NeedKind.SERVICES,
        (
            "Parents who work days find no parenting class. One in the evening, within half an"
            " hour's drive, would let plans name help that can be used."
        ),
        (
            "The provider begins a class on Tuesday evenings on the first of next month, in the"
            " county office. Referrals go to the front desk. I ask in three months how many came."
        ),
    ),
    (
        NeedKind.INFORMATION_SYSTEM,
        (
            "The visit log has one field for all children. Caseworkers cannot show that each child"
            " was seen alone. A line for each child would do."
        ),
        "",
    ),
)
# of other units, so many working days ago
_OTHERS = (
    (NeedKind.TRAINING, "Half of the unit is new. A day on talking with children.", 18),
    (NeedKind.POLICY, "Two offices read the rule on relatives' background checks in two ways.", 24),
    (NeedKind.TRAINING, "Practice in writing an assessment that says what changed.", 6),
    (NeedKind.SERVICES, "The waiting list for child counselling is five months.", 3),
)


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
    _raise_needs(world, release)


def _raise_needs(world: rounds.World, release: queries.MemoRelease) -> None:
    """Two of the home unit, of which one has its reply; some of others, the oldest late."""
    for number, (kind, words, reply) in enumerate(_OWN):
        given = _given(world, _SUPERVISOR, release.released_at, 70 + number)
        new = NewNeed(identifiers.uuid7(), kind, words)
        need = actions.raise_need(world.session, release=release, new=new, **given)
        if reply:
            given = _given(world, _DIRECTOR, release.released_at, 90)
            taking = actions.Taking(NeedStep.ANSWER, reply)
            actions.take_need_step(world.session, need=need, taking=taking, **given)
    today = world.timeline.today
    for (kind, words, days), (key, release_) in zip(_OTHERS, _of_others(world), strict=False):
        day = _working_days_before(today, days)
        given = _given(world, key, world.timeline.at(day, 11), 0)
        new = NewNeed(identifiers.uuid7(), kind, words)
        actions.raise_need(world.session, release=release_, new=new, **given)


def _of_others(world: rounds.World) -> Iterator[tuple[str, queries.MemoRelease]]:
    """Supervisors of other units that the director answers for, each with a memo."""
    today = world.timeline.today
    places = world.people.actor(_DIRECTOR, today).reach(Permission.NEED_ANSWER).places
    for key in world.people.unit_supervisors():
        actor = world.people.actor(key, today)
        rows = queries.memos(world.session, actor, _clocks(world))
        if rows and actor.reach(Permission.NEED_RAISE).places & places:
            yield key, queries.released(world.session, actor, rows[0].public_id, today)


def _working_days_before(day: dt.date, count: int) -> dt.date:
    while count:
        day -= dt.timedelta(days=1)
        count -= working_days.is_working_day(day, holidays.days())
    return day


def _memos(world: rounds.World) -> list[queries.MemoRow]:
    actor = world.people.actor(_WORKER, world.timeline.today)
    return [one for one in queries.memos(world.session, actor, _clocks(world)) if one.stands]


def _clocks(world: rounds.World) -> Clocks:
    calendar = Calendar(world.timeline.today, world.timeline.time_zone, holidays.days())
    return queries.clocks(world.session, calendar)


def _given(world: rounds.World, key: str, start: dt.datetime, minutes: int) -> dict[str, Any]:
    """Who acts, and when, as the actions take them."""
    now, today = start + dt.timedelta(minutes=minutes), world.timeline.today
    return {"actor": world.people.actor(key, today), "now": now, "today": today}
