"""Ratings that are looked at again in the demonstration: one was upheld, one should change and
waits for the CQI director, one waits for its decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from cqi.cases.models import Case
from cqi.cli.demonstration import rounds
from cqi.core import holidays, working_days
from cqi.feedback import actions, queries
from cqi.feedback.policy.reconsidering import Taken
from cqi.feedback.rules.clocks import Calendar, Clocks
from cqi.feedback.rules.reconsidering import Ground
from cqi.instruments.definition import Rating
from cqi.places.models import Place
from cqi.reviews.models import CaseReview

_HOME, _DIRECTOR = "supervisor", "cqi_director"
_LEADS = ("qa_lead", "qa_lead_2", _DIRECTOR)
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
        "The notes of the last two months show more contact than the review counts.",
        Taken(
            "I read all notes of these months. They show calls and messages; the question asks for"
            " more than that, so the answer stands."
        ),
    ),
    _Told(
        Ground.NEW_EVIDENCE,
        "It is in the county's paper file, dated and signed; it was not scanned in time.",
        Taken(
            "The paper file has it, within the time that policy sets. The reviewers could not know"
            " of it.",
            Rating.STRENGTH,
        ),
    ),
    _Told(
        Ground.NEW_EVIDENCE,
        "The provider sent its report after the days on site. It is in the record now.",
    ),
)


def ask(world: rounds.World) -> None:
    """Each about a need of another memo: two of the newest round that is over, one of the newest
    memos of the home unit."""
    calendar = Calendar(world.timeline.today, world.timeline.time_zone, holidays.days())
    clocks = queries.clocks(world.session, calendar)
    home = {row.public_id for row in _memos(world, _HOME, clocks)}
    others = [row for row in _memos(world, _DIRECTOR, clocks) if row.public_id not in home]
    over = [row for row in others if clocks.ask_due(row.released_at).late]
    for row, told in zip(over, _TOLD[:-1], strict=False):
        _ask(world, _supervisor(world, row), row, told, clocks)
    for row in _memos(world, _HOME, clocks)[:1]:
        _ask(world, _HOME, row, _TOLD[-1], clocks)


def _memos(world: rounds.World, key: str, clocks: Clocks) -> list[queries.MemoRow]:
    """What somebody reads, the newest first."""
    actor = world.people.actor(key, clocks.calendar.today)
    rows = (row for row in queries.memos(world.session, actor, clocks) if row.stands)
    return sorted(rows, key=lambda row: (row.released_on, row.case_number), reverse=True)


def _supervisor(world: rounds.World, row: queries.MemoRow) -> str:
    """The key of whoever supervises the unit of a memo's case."""
    query = (
        sa.select(Place.code)
        .join(Case, Case.unit_id == Place.id)
        .join(CaseReview, CaseReview.case_id == Case.id)
        .where(CaseReview.public_id == row.public_id)
    )
    return f"supervisor_{world.session.scalars(query).one()}"


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
