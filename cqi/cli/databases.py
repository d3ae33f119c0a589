"""`cqi db`, `cqi backup` and `cqi restore`."""

from __future__ import annotations

import sys

import click

from cqi.cli import installation
from cqi.core import database, schema


@click.group()
def db() -> None:
    """Alembic behind our own door."""


@db.command()
@click.option("--to", default="head", help="A revision number; the newest by default.")
def upgrade(to: str) -> None:
    """Bring the database to the newest revision, with its data; make it where there is none."""
    settings = installation.settings()
    new = not settings.key_file.exists()
    data = database.create_database(settings)
    schema.upgrade(settings, data.keys, to)
    if new:
        click.echo(f"Keys were made in {settings.key_file}.", err=True)
        click.echo("Keep a copy elsewhere: a lost key file is a lost database.", err=True)
    click.echo(f"the database is at {schema.check(data.engine).current}")


@db.command()
@click.argument("to")
def downgrade(to: str) -> None:
    """Take the database back to revision TO; "base" empties it."""
    settings = installation.settings()
    data = database.open_database(settings)
    schema.downgrade(settings, data.keys, to)
    click.echo(f"the database is at {schema.check(data.engine).current or 'nothing'}")


@db.command()
def check() -> None:
    """Exit 1 when migrations are outstanding."""
    state = schema.check(database.open_database(installation.settings()).engine)
    click.echo(f"the database is at {state.current or 'nothing'}, the product needs {state.head}")
    sys.exit(0 if state.up_to_date else 1)
