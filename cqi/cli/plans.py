"""`cqi plans`: which plans there are, and which deadlines are near or past."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor, Grant
from cqi.access.permissions import Role
from cqi.cli import installation
from cqi.core import holidays
from cqi.plans import actions, rules
from cqi.plans.queries import reminding, standings
from cqi.plans.queries.audience import Audience
from cqi.plans.queries.reminding import Due
from cqi.plans.rules import ladder
from cqi.plans.rules.ladder import ReminderKind

# whoever runs a command on the machine sees every plan
_OPERATOR = Actor(0, uuid.UUID(int=0), "operator", (Grant(Role.CQI_DIRECTOR, everywhere=True),))
_YEARS = range(2000, 2200)  # in which calendars and deadlines are counted


def _within(
    _context: click.Context, _option: click.Parameter, given: dt.datetime | None
) -> dt.datetime | None:
    if given is not None and given.year not in _YEARS:
        message = f"choose a day of the years {_YEARS[0]} to {_YEARS[-1]}."
        raise click.BadParameter(message)
    return given


_TODAY = click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), callback=_within, help="As if on this day."
)


@click.group()
def plans() -> None:
    """Improvement plans and their deadlines."""


def _today(given: dt.datetime | None) -> rules.Today:
    clock = installation.ticking()
    day = given.date() if given else clock.today()
    return rules.Today(day, holidays.days(), clock.time_zone)


@plans.command("list")
@_TODAY
@installation.FORMAT
def list_(today: dt.datetime | None, format_: str) -> None:
    """Every plan, with how many of its steps are verified and late."""
    with installation.opened().reading() as session:
        found = standings.plans_visible(session, _OPERATOR, _today(today))
    rows = [
        {
            "id": str(one.public_id),
            "name": one.name,
            "place": one.place,
            "state": one.state.value,
            "steps": one.counts.steps,
            "verified": one.counts.verified,
            "claimed": one.counts.claimed,
            "late": one.counts.late,
        }
        for one in found
    ]
    if format_ == "json":
        installation.print_json(rows)
        return
    for row in rows:
        done = f"{row['verified']} of {row['steps']} steps verified, {row['late']} late"
        state = rules.STATE_WORDS[rules.PlanState(str(row["state"]))].lower()
        click.echo(f"{row['name']} ({state}): {done}")


@plans.command()
@_TODAY
@installation.FORMAT
def remind(today: dt.datetime | None, format_: str) -> None:
    """Tell of deadlines that nobody was told of yet, and say of which. Running it again tells
    nothing twice. With --today it says what it would tell on that day, and writes nothing."""
    on, database = _today(today), installation.opened()
    with database.reading() as session:
        found = reminding.to_remind(session, on)
    if found and today is None:
        with database.writing() as session:
            found = actions.remind(session, today=on, now=installation.ticking().now())
    with database.reading() as session:
        rows = [_told(one, kind, names, on) for one, kind, names in _with_names(session, found, on)]
    if format_ == "json":
        installation.print_json(rows)
        return
    verb = "Told" if today is None else "Would be told"
    for row in rows:
        told = ", ".join(row["told"]) or "nobody: no one holds a role that answers for it"
        what = f"{row['step']} {row['title']}".strip()
        click.echo(f"{row['plan']}, {what}: {row['words']} ({row['rung']}). {verb}: {told}")
    if not rows:
        click.echo("Nobody has to be told of a deadline.")


def _with_names(
    session: orm.Session, found: Sequence[Due], on: rules.Today
) -> list[tuple[Due, ReminderKind, list[str]]]:
    """Each deadline and what is told of it, with the names of whom."""
    whom = Audience(session, reminding.owners(found), on.day)
    told = reminding.tellings(found, whom)
    names = access.people_names(session, {person for person, *_ in told})
    by_kind: dict[tuple[uuid.UUID, dt.date, ReminderKind], list[str]] = defaultdict(list)
    for (person, *_), each in told.items():
        for one, kind in each:
            by_kind[one.subject, one.due_on, kind].append(names[person])
    return [
        (one, kind, sorted(by_kind[one.subject, one.due_on, kind]))
        for one in found
        for kind in one.told
    ]


def _told(one: Due, kind: ReminderKind, names: list[str], on: rules.Today) -> dict[str, Any]:
    timing = rules.timing(rules.StepState.ON_SCHEDULE, one.due_on, on)
    return {
        "about": one.duty.value if one.duty else "step",
        "plan": one.plan,
        "step": one.number,
        "title": one.title,
        "due_on": one.due_on.isoformat(),
        "kind": kind.value,
        "rung": ladder.KIND_WORDS[kind],
        "standing": timing.standing.value,
        "working_days": timing.days,
        "words": timing.words,
        "told": names,
    }
