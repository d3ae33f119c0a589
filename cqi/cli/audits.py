"""`cqi audit`: is the event chain whole?"""

from __future__ import annotations

import sys

import click

from cqi.cli import installation
from cqi.core import events


@click.group()
def audit() -> None:
    """The event chain."""


@audit.command()
def verify() -> None:
    """Walk every stream and daily seal; exit 1 and name the first event that does not hold."""
    with installation.opened().reading() as session:
        found = events.verify(session)
    if found.problem:
        click.echo(f"cqi: the chain does not hold: {found.problem}", err=True)
        sys.exit(1)
    click.echo(f"{found.events} events in {found.streams} streams and {found.seals} seals hold")


@audit.command()
def seal() -> None:
    """Seal the heads of all streams for today; a second call on one day changes nothing."""
    ticking = installation.ticking()
    with installation.opened().writing() as session:
        made = events.seal(session, today=ticking.today(), now=ticking.now())
    if made is None:
        click.echo("today is sealed already")
        return
    click.echo(f"{made.sealed_on} {made.hash}")
