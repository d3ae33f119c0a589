"""`cqi people`: the first two administrators, and a link for one who lost the password."""

from __future__ import annotations

import click

from cqi.access import actions, policy, queries, set_up
from cqi.cli import installation
from cqi.core import errors


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


@people.command("set-up-link")
@click.option("--email", prompt="E-mail address")
def set_up_link(email: str) -> None:
    """Print the path of a link with which somebody sets their password, once.

    For an administrator who lost theirs, too: nobody makes such a link from a page.
    """
    clock, database = installation.ticking(), installation.opened()
    with database.writing() as session:
        person = queries.person_by_email(session, email)
        if person is None:
            raise errors.NotFound(f"nobody signs in as {email}")
        secret = set_up.make_link(
            session, person.public_id, actor=None, now=clock.now(), today=clock.today()
        )
    click.echo(f"/set-up/{secret}")
    click.echo("Put the address of your server before it, and hand it to this person alone.")
