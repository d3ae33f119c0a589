"""`cqi people`: the first two administrators."""

from __future__ import annotations

import click

from cqi.access import actions, policy
from cqi.cli import installation


@click.group()
def people() -> None:
    """People who sign in."""


@people.command("create-administrator")
@click.option("--email", prompt="E-mail address")
@click.option("--name", prompt="Name")
@click.password_option(help="Asked for, so that it stands in no history.", hidden=True)
def create_administrator(email: str, name: str, password: str) -> None:
    """Make one of the first two administrators; asks for the password."""
    clock = installation.ticking()
    with installation.opened().writing() as session:
        person = actions.create_administrator(
            session,
            policy.NewPerson(email=email, name=name, password=password),
            now=clock.now(),
            today=clock.today(),
        )
        click.echo(f"{person.email} is an administrator")
