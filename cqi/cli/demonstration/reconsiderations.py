"""Ratings that are looked at again in the demonstration: one was upheld, one should change and
waits for the CQI director, one waits for its decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cqi.cli.demonstration import rounds
from cqi.core import holidays, working_days
from cqi.feedback import actions, queries
from cqi.feedback.policy.reconsidering import Taken
from cqi.feedback.rules.clocks import Calendar, Clocks
from cqi.feedback.rules.reconsidering import Ground
from cqi.instruments.definition import Rating

_HOME = "supervisor"
_LEADS = ("qa_lead", "qa_lead_2", "cqi_director")
_ASKED, _DECIDED = 1, 3  # working days after the release, after the request
_NEED = Rating.AREA_NEEDING_IMPROVEMENT


@dataclass(frozen=True)
class _Told:
    """What one request says, and its decision where there is one."""

    ground: Ground
    words: str
    decided: Taken | None = None


_TOLD = (
    _Told(
        Ground.REASON,
        "The visits of the last two months were shorter, yet each child was seen alone each time.",
        Taken(
            "I read the notes of all visits. Two months have none in which the children were seen"
            " alone, so the answer stands."
        ),
    ),
    _Told(
        Ground.NEW_EVIDENCE,
        "The update is in the county's paper file, dated and signed; it was not scanned in time.",
        Taken(
            "The paper file has the update, within the time that policy sets. The reviewers could"
            " not know of it.",
            Rating.STRENGTH,
        ),
    ),
    _Told(
        Ground.NEW_EVIDENCE,
        "The provider sent its report after the days on site. It is in the record now.",
    ),
)


def ask(world: rounds.World) -> None:
    """Each about a need of another memo, in their order: the one that waits is of the newest."""
    calendar = Calendar(world.timeline.today, world.timeline.time_zone, holidays.days())
    clocks = queries.clocks(world.session, calendar)
    found = sorted(_memos(world, clocks), key=lambda each: (each[1].released_on, each[0]))
    chosen = [*found[: len(_TOLD) - 1], *found[-1:]]
    for (key, row), told in zip(chosen, _TOLD, strict=False):
        _ask(world, key, row, told, clocks)


def _memos(world: rounds.World, clocks: Clocks) -> Iterator[tuple[str, queries.MemoRow]]:
    """Memos of the home unit and of some other units, with the key of their supervisor."""
    others = world.people.unit_supervisors()[: 2 * len(_TOLD)]
    for key in (*others, _HOME):
        actor = world.people.actor(key, clocks.calendar.today)
        rows = queries.memos(world.session, actor, clocks)
        yield from ((key, row) for row in rows if row.mine and row.stands)


def _ask(world: rounds.World, key: str, row: queries.MemoRow, told: _Told, clocks: Clocks) -> None:
    session, today = world.session, clocks.calendar.today
    actor = world.people.actor(key, today)
    release = queries.released(session, actor, row.public_id, today)
    needs = [code for code, _, rating in queries.rated_items(session, release) if rating is _NEED]
    if not needs:
        return
    day = _after(row.released_on, _ASKED, clocks)
    now = world.timeline.at(day, 15, 10)
    one = actions.ask_to_reconsider(
        session,
        release=release,
        request=actions.Request(needs[0], told.ground, told.words),
        actor=actor,
        now=now,
        clocks=queries.clocks(session, Calendar(day, clocks.calendar.zone, holidays.days())),
    )
    if told.decided is not None:
        _decide(world, one, told.decided, _after(day, _DECIDED, clocks))


def _decide(world: rounds.World, one: queries.Reconsideration, taken: Taken, day: dt.date) -> None:
    """By a QA lead who had no part in it, or the CQI director where there is none."""
    leads = queries.reconsideration_standing(world.session, one, day).leads
    people = world.people.people
    key = next((each for each in _LEADS if people[each].id in leads), _LEADS[-1])
    now = world.timeline.at(day, 16, 20)
    actor = world.people.actor(key, day)
    actions.decide(world.session, one=one, taken=taken, actor=actor, now=now, today=day)


def _after(day: dt.date, count: int, clocks: Clocks) -> dt.date:
    """Some working days later, and not after today."""
    found = working_days.after(day, count, clocks.calendar.holidays)
    return min(found, clocks.calendar.today)
