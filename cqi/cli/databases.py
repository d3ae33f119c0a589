"""`cqi db`, `cqi backup` and `cqi restore`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cqi.cli import installation
from cqi.core import backup as backups
from cqi.core import database, keys, schema


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
    click.echo(state.words or f"the database is at {state.current}, as the product needs it")
    sys.exit(0 if state.up_to_date else 1)


_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command("backup")
@_FILE
def backup(file: Path) -> None:
    """Write a consistent, encrypted backup to FILE, and read it again before it counts."""
    data = installation.opened()
    held = backups.write(installation.settings(), data.keys, file)
    click.echo(f"wrote {file}: {_words(held)}, verified")
    click.echo("It opens only with this installation's key file: keep both, apart.", err=True)


@click.command("restore")
@_FILE
def restore(file: Path) -> None:
    """Bring the backup in FILE back into an empty place, and verify it there."""
    settings, ticking = installation.settings(), installation.ticking()
    secrets = keys.load(settings.key_file)
    held = backups.restore(settings, secrets, file)
    click.echo(f"restored {_words(held)}, verified")
    made = backups.anchor(settings, secrets, held, now=ticking.now(), today=ticking.today())
    if made is not None:
        click.echo(f"sealed anew: {made.sealed_on} {made.hash}")
    click.echo("Keep the new seal outside: cqi audit seal --out FILE", err=True)


def _words(held: backups.Contents) -> str:
    return f"{held.rows} rows in {held.tables} tables, {held.events} events in the chain"
