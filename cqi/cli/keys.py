"""`cqi keys`: the installation's secrets."""

from __future__ import annotations

import click

from cqi.cli import installation
from cqi.core import database, events
from cqi.core import keys as key_files


@click.group()
def keys() -> None:
    """The installation's secrets."""


@keys.command()
def rotate() -> None:
    """Make new keys for columns and for the event chain; what older ones wrote is still read.

    Servers go on with the keys that they began with: start them again. Keep a copy of the new
    key file: the old copy does not read what is written from now on.
    """
    settings, ticking = installation.settings(), installation.ticking()
    before = installation.opened().keys
    after = key_files.rotated(before)
    key_files.keep(settings.key_file, after)
    payload = {"columns": after.column_key_id, "events": after.event_key_id}
    with database.open_database(settings).writing() as session:
        happening = events.Happening("keys.rotated", None, ticking.now())
        events.record(session, events.INSTALLATION, happening, payload)
    click.echo(f"new keys: columns {after.column_key_id}, events {after.event_key_id}")
    click.echo(f"Start all servers again, and keep a new copy of {settings.key_file}.", err=True)
