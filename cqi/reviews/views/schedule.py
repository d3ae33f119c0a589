"""The schedule of planned interviews: of a round, and a reviewer's own with its calendar file."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, disclosures, guard
from cqi.access.law import Exported
from cqi.access.permissions import Permission
from cqi.documents import calendar_files
from cqi.reviews import queries
from cqi.reviews.queries.planning import Entry
from cqi.reviews.rules import interviews as hearing
from cqi.reviews.rules import planning
from cqi.reviews.rules.interviews import HOW_WORDS, ROLE_WORDS
from cqi.reviews.rules.planning import STANDING_WORDS, Standing
from cqi.reviews.views import links, routes
from cqi.reviews.views import planning as times
from cqi.rounds import queries as rounds
from cqi.sampling import queries as sampling
from cqi.ui import dates

_PURPOSE = "schedule"
NEXT = 5  # interviews that a first page lists


@dataclass(frozen=True)
class Line:
    """One planned interview in a table."""

    day: str
    hours: str
    case_number: str
    url: str
    role: str
    how: str
    place: str
    reviewers: str
    round_name: str
    standing: Standing
    words: str
    overlaps: bool


@routes.blueprint.get("/rounds/<uuid:public_id>/schedule")
@guard.requires(Permission.ROUND_ASSIGN)
def schedule(public_id: uuid.UUID) -> ResponseReturnValue:
    """All planned interviews of a round by day and time, and who has no time yet."""
    session, actor = current.session(), current.actor()
    one = sampling.for_sampling(session, actor, public_id)
    return flask.render_template(
        "reviews/schedule.html",
        title="Schedule of interviews",
        facts=f"{one.name}, on site {dates.span(one.on_site_from, one.on_site_to)}.",
        crumbs=[
            ("Rounds", flask.url_for("reviews.rounds")),
            (one.name, flask.url_for("reviews.round", public_id=public_id)),
        ],
        mine=False,
        **_shown(queries.plans_of_round(session, actor, one), queries.to_plan(session, actor, one)),
    )


@routes.blueprint.get("/schedule")
@guard.requires(Permission.REVIEW_SCORE)
def my_schedule() -> ResponseReturnValue:
    """The planned interviews of whoever looks, over all of their rounds."""
    session, actor = current.session(), current.actor()
    return flask.render_template(
        "reviews/schedule.html",
        title="My schedule",
        facts="Interviews of the cases that you review.",
        crumbs=[("My reviews", flask.url_for("home.home"))],
        mine=True,
        **_shown(queries.plans_of_reviewer(session, actor), queries.to_plan(session, actor)),
    )


def _shown(plans: Sequence[queries.Planned], left: Sequence[queries.ToPlan]) -> dict[str, object]:
    made = list(lines(plans))
    on = [line for line in made if line.standing is not Standing.CANCELLED]
    return {
        "days": [(day, list(group)) for day, group in itertools.groupby(on, lambda line: line.day)],
        "off": [line for line in made if line.standing is Standing.CANCELLED],
        "to_record": sum(line.standing is Standing.PASSED for line in on),
        "overlaps": sum(line.overlaps for line in on),
        "left": [(each, links.interviews(each.review), _roles(each)) for each in left],
        "number_left": sum(len(each.people) for each in left),
        "PASSED": Standing.PASSED,
    }


def _roles(one: queries.ToPlan) -> str:
    words = ", ".join(ROLE_WORDS[each.role].lower() for each in one.people)
    return words[:1].upper() + words[1:]


def lines(plans: Sequence[queries.Planned]) -> Iterator[Line]:
    """Planned interviews in words; those that take somebody two places at once are marked."""
    now = current.now()
    twice = planning.overlapping(
        {
            each.public_id: (each.slot, [person_id for person_id, _ in each.reviewers])
            for each in plans
            if each.holds
        }
    )
    for each in plans:
        standing = each.standing(now)
        url = f"{links.interviews(each.review)}#{hearing.place(each.interview)}"
        yield Line(
            day=f"{routes.local(each.starts_at):%A} {dates.full_day(_day(each))}",
            hours=times.hours(each.slot),
            case_number=each.case_number,
            url=url,
            role=ROLE_WORDS[each.role],
            how=HOW_WORDS[each.how],
            place=each.place,
            reviewers=each.names,
            round_name=each.round_name,
            standing=standing,
            words=STANDING_WORDS[standing],
            overlaps=each.public_id in twice,
        )


def _day(one: queries.Planned) -> dt.date:
    return routes.local(one.starts_at).date()


def next_ones() -> tuple[list[Line], int]:
    """The next interviews of whoever looks, what is to be recorded first, and how many more."""
    found = queries.plans_of_reviewer(current.session(), current.actor())
    waiting = (Standing.PASSED, Standing.AHEAD)
    made = [line for line in lines(found) if line.standing in waiting]
    return made[:NEXT], len(made[NEXT:])


@routes.blueprint.get("/schedule.ics")
@guard.requires(Permission.REVIEW_SCORE, fresh=True)
def my_calendar() -> ResponseReturnValue:
    """The same as a calendar file: a row in the register of disclosures for each case review that
    it tells of, before it is made."""
    session, actor = current.session(), current.actor()
    entries = queries.calendar(session, actor)
    told = {each.planned.review for each in entries if each.planned}
    disclosures.record_exports(Exported.CALENDAR, sorted(told), purpose=_PURPOSE)
    on_site = actor.reach(Permission.REVIEW_SCORE).rounds
    mine = [
        each
        for each in rounds.rounds(session, actor)
        if each.id in on_site and each.on_site_to >= current.today()
    ]
    events = [*map(_on_site, mine), *map(_event, entries)]
    answer = flask.Response(
        calendar_files.render(events, "Case review interviews"), mimetype="text/calendar"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="case-review-schedule.ics"'
    return answer


def _on_site(one: queries.Round) -> calendar_files.Event:
    return calendar_files.Event(
        one.public_id,
        one.revision - 1,
        f"On site: {one.name}",
        one.on_site_from,
        one.on_site_to,
        one.created_at,
    )


def _event(entry: Entry) -> calendar_files.Event:
    one = entry.planned
    said = f", case {one.case_number}, {_about(one)}" if one else ": off"
    return calendar_files.Event(
        entry.uid,
        entry.sequence,
        f"Interview{said}",
        entry.slot.starts_at,
        entry.slot.ends_at,
        entry.changed_at,
        cancelled=one is None,
    )


def _about(one: queries.Planned) -> str:
    return f"{ROLE_WORDS[one.role].lower()}, {HOW_WORDS[one.how].lower()}"
