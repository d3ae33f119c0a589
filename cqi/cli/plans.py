"""`cqi plans`: which plans there are, and which deadlines are near or past."""

from __future__ import annotations

import datetime as dt
import uuid

import click

from cqi.access.actor import Actor, Grant
from cqi.access.permissions import Role
from cqi.cli import installation
from cqi.core import holidays
from cqi.plans import rules
from cqi.plans.queries import sheets
from cqi.settings import queries as settings
from cqi.settings import registry

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
        found = sheets.plans_visible(session, _OPERATOR, _today(today))
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
    """Late steps, then those that fall due soon. Says whom to remind; sends nothing yet."""
    on = _today(today)
    with installation.opened().reading() as session:
        horizon = settings.number(session, registry.DEADLINE_HORIZON_DAYS, on.day)
        steps = [
            *sheets.late_steps(session, _OPERATOR, on),
            *sheets.deadlines(session, _OPERATOR, on, horizon),
        ]
    rows = [
        {
            "plan": step.plan,
            "step": step.number,
            "title": step.title,
            "owner": step.owner,
            "due_on": step.due_on.isoformat(),
            "standing": step.timing.standing.value,
            "working_days": step.timing.days,
            "words": step.timing.words,
        }
        for step in steps
    ]
    if format_ == "json":
        installation.print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['plan']}, {row['step']} {row['title']}, {row['owner']}: {row['words']}")
