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
def create_administrator(email: str, name: str) -> None:
    """Make one of the first two administrators; the password is asked for."""
    clock, database = installation.ticking(), installation.opened()
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with database.writing() as session:
        person = actions.create_administrator(
            session,
            policy.NewPerson(email=email, name=name, password=password),
            now=clock.now(),
            today=clock.today(),
        )
        click.echo(f"{person.email} is an administrator")
