"""Feedback in the demonstration: memos are released within days of a review's end and read by
nearly everybody.

The newest of the round under way wait for their release, a few of the home unit wait to be read,
and a handful of an older round are overdue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from cqi.cli.demonstration import rounds
from cqi.core import holidays, working_days
from cqi.feedback import actions, queries
from cqi.feedback.rules import Wording
from cqi.feedback.rules.clocks import Calendar, Clocks
from cqi.feedback.rules.debriefs import Attending, NewDebrief
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose, ReviewState

_WAITING = 2  # for each reader of the home unit
_UNRELEASED = 3  # the newest
_LEADER, _ABOVE = "site_leader", "cqi_director"  # who led earlier rounds is no more
_READERS = ("supervisor", "caseworker")
_WORDS = (
    "Read together with the caseworker. We will keep the visit notes as they are.",
    "Thank you. The needs are on the agenda of our next unit meeting.",
)
_DEBRIEFS = (
    (
        "Visits are regular, and each child was seen alone. The family knows what comes next.",
        "The plan still lists two services that ended in spring.",
    ),
    ("The kin were found within two weeks and asked at once.", ""),
)
_DAYS = (1, 2, 3, 5)  # working days from released to read, in turn
_AFTER = (1, 2, 4)  # working days from final to released, in turn
_CLOSING = "We would like to show colleagues in other counties how you did this, without names."


def give(world: rounds.World) -> None:
    """Release the memos of every final review but the newest, then have them read."""
    today = world.timeline.today
    calendar = Calendar(today, world.timeline.time_zone, holidays.days())
    clocks = queries.clocks(world.session, calendar)
    _debrief(world, clocks)
    _release(world, clocks)
    for place, key in enumerate(_READERS):
        rows = _oldest_first(world, key, clocks)[:-_WAITING]
        told = _WORDS if key == _READERS[0] else ()
        for number, row in enumerate(rows):
            day = working_days.after(row.released_on, 1, calendar.holidays)
            hour = 11 + place if day <= today else 15 + place  # a memo of today is read today
            words = told[number] if number < len(told) else ""
            _read(world, key, row, world.timeline.at(min(day, today), hour, number), words)
    for key in world.people.unit_supervisors():
        _read_in_unit(world, key, _oldest_first(world, key, clocks), clocks)


def _debrief(world: rounds.World, clocks: Clocks) -> None:
    """Yesterday's two, of case reviews that QA has; others of the round wait for theirs."""
    today = clocks.calendar.today
    leader = world.people.actor(_LEADER, today)
    day = world.timeline.workday(-1)
    with_qa = sa.select(CaseReview).where(
        CaseReview.state == ReviewState.SUBMITTED, CaseReview.purpose == ReviewPurpose.SCORED
    )
    found = world.session.scalars(with_qa.order_by(CaseReview.id).limit(len(_DEBRIEFS))).all()
    for hour, (review, (worked, to_work_on)) in enumerate(zip(found, _DEBRIEFS, strict=True), 14):
        who = (Attending.CASEWORKER, Attending.SUPERVISOR, Attending.REVIEWERS)
        held_at = world.timeline.at(day, hour)
        new = NewDebrief(held_at, who, worked, to_work_on)
        now = world.timeline.at(day, hour, 50)
        actions.record_debrief(world.session, review=review, new=new, actor=leader, now=now)


def _release(world: rounds.World, clocks: Clocks) -> None:
    """By whoever leads the round, in the order of their ends; some have words of their own."""
    today = clocks.calendar.today
    leader, above = (world.people.actor(key, today) for key in (_LEADER, _ABOVE))
    led = [row.public_id for row in queries.to_release(world.session, leader, clocks)]
    found = queries.to_release(world.session, above, clocks)
    for number, row in enumerate(row for row in found if row.public_id not in led[-_UNRELEASED:]):
        actor = leader if row.public_id in led else above
        count = _AFTER[number % len(_AFTER)]
        day = min(working_days.after(row.final_on, count, clocks.calendar.holidays), today)
        one = sa.select(CaseReview).where(CaseReview.public_id == row.public_id)
        review = world.session.scalars(one).one()
        now = world.timeline.at(day, 9 + number % 5, 7 * number % 60)
        seen = actions.Seen()
        if number % 9 == 0:
            said = actions.Writing(Wording(closing=_CLOSING))
            kept = actions.write(world.session, review=review, writing=said, actor=actor, now=now)
            seen = actions.Seen(kept)
        actions.release(
            world.session, review=review, seen=seen, actor=actor, now=now, today=now.date()
        )


def _oldest_first(world: rounds.World, key: str, clocks: Clocks) -> list[queries.MemoRow]:
    actor = world.people.actor(key, clocks.calendar.today)
    rows = (row for row in queries.memos(world.session, actor, clocks) if row.waits)
    return sorted(rows, key=lambda row: (row.released_on, row.case_number))


def _read_in_unit(
    world: rounds.World, key: str, rows: Iterable[queries.MemoRow], clocks: Clocks
) -> None:
    """Within days of each release, but for those that the state file leaves unread."""
    for number, row in enumerate(rows):
        count = _DAYS[number % len(_DAYS)]
        day = working_days.after(row.released_on, count, clocks.calendar.holidays)
        if day <= clocks.calendar.today and row.case_number not in world.unread:
            _read(world, key, row, world.timeline.at(day, 9 + number % 7, 4 * number % 60))


def _read(
    world: rounds.World, key: str, row: queries.MemoRow, now: dt.datetime, words: str = ""
) -> None:
    today = world.timeline.today
    actor = world.people.actor(key, today)
    actions.acknowledge(
        world.session,
        release=queries.released(world.session, actor, row.public_id, today),
        words=words,
        actor=actor,
        now=now,
        today=today,
    )
