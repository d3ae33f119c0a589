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
from cqi.plans.queries.reminding import StepDue
from cqi.plans.rules.ladder import ReminderKind

# whoever runs a command on the machine sees every plan
_OPERATOR = Actor(0, uuid.UUID(int=0), "operator", (Grant(Role.CQI_DIRECTOR, everywhere=True),))
_TODAY = click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="As if on this day.")


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
        click.echo(f"{row['name']} ({row['state']}): {done}")


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
    for row in rows:
        told = ", ".join(row["told"]) or "nobody: no one holds a role that answers for it"
        click.echo(f"{row['plan']}, {row['step']} {row['title']}: {row['words']}. Told: {told}")
    if not rows:
        click.echo("Nobody has to be told of a deadline.")


def _with_names(
    session: orm.Session, found: Sequence[StepDue], on: rules.Today
) -> list[tuple[StepDue, ReminderKind, list[str]]]:
    """Each step and what is told of it, with the names of whom."""
    whom = Audience(session, {one.owner_id for one in found}, on.day)
    told = reminding.tellings(found, whom)
    people = {person for person, _, _ in told} | {one.owner_id for one in found}
    names = access.people_names(session, people)
    by_kind: dict[tuple[uuid.UUID, ReminderKind], list[str]] = defaultdict(list)
    for (person, _, _), steps in told.items():
        for one, kind in steps:
            by_kind[one.public_id, kind].append(names[person])
    return [(one, kind, sorted(by_kind[one.public_id, kind])) for one in found for kind in one.told]


def _told(one: StepDue, kind: ReminderKind, names: list[str], on: rules.Today) -> dict[str, Any]:
    timing = rules.timing(rules.StepState.ON_SCHEDULE, one.due_on, on)
    return {
        "plan": one.plan,
        "step": one.number,
        "title": one.title,
        "due_on": one.due_on.isoformat(),
        "kind": kind.value,
        "standing": timing.standing.value,
        "working_days": timing.days,
        "words": timing.words,
        "told": names,
    }
