"""`cqi keys`: the installation's secrets."""

from __future__ import annotations

from collections.abc import Mapping

import click
from sqlalchemy import orm

from cqi.cli import installation
from cqi.core import database, errors, events, reencryption
from cqi.core import keys as key_files
from cqi.ui import dates

_ROTATED, _REWRITTEN, _RETIRED = "keys.rotated", "keys.rewritten", "keys.retired"


@click.group(invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """The installation's secrets: how many values lie under which key, and new keys."""
    if context.invoked_subcommand is not None:
        return
    with installation.opened().reading() as session:
        secrets: key_files.Keys = session.info["keys"]
        found = reencryption.counted(session)
    for key in sorted(found, key=_by_age):
        note = " (new values)" if key == secrets.column_key_id else ""
        name = f"columns {key}" if key else "keys that are not in the key file"
        click.echo(f"{name}: {dates.counted(found[key], 'value')}{note}")
    click.echo(f"events {', '.join(sorted(secrets.events, key=int))}: never retired")


def _by_age(key: str) -> int:
    return int(key or -1)


@keys.command()
def rotate() -> None:
    """Make new keys for columns and for the event chain; what older ones wrote is still read.

    Servers go on with the keys that they began with: start them again. Keep a copy of the new
    key file: the old copy does not read what is written from now on.
    """
    settings = installation.settings()
    before = installation.opened().keys
    after = key_files.rotated(before)
    key_files.keep(settings.key_file, after)
    payload = {"columns": after.column_key_id, "events": after.event_key_id}
    with database.open_database(settings).writing() as session:
        _record(session, _ROTATED, payload)
    click.echo(f"new keys: columns {after.column_key_id}, events {after.event_key_id}")
    click.echo(f"Start all servers again, and keep a new copy of {settings.key_file}.", err=True)


@keys.command()
@click.option("--batch", type=click.IntRange(1, 10_000), default=reencryption.BATCH)
def rewrite(batch: int) -> None:
    """Bring old values under the newest key: so many rows of a table in one transaction.

    Servers may run, once they were started again after the rotation. When it is stopped, call it
    again: it goes on where it was. No word changes and no event.
    """
    data, number = installation.opened(), 0
    for table, values in reencryption.rewrite(data, batch):
        number += values
        click.echo(f"{table}: {dates.counted(values, 'value')}", err=True)
    with data.writing() as session:
        _record(session, _REWRITTEN, {"columns": data.keys.column_key_id, "values": number})
    click.echo(f"{dates.counted(number, 'value')} under key {data.keys.column_key_id}")


@keys.command()
@click.argument("key_id")
def retire(key_id: str) -> None:
    """Take an old key for columns out of the key file; refused while anything lies under it.

    Backups that were made before need it: keep their copy of the key file as long as you keep them.
    """
    settings, data = installation.settings(), installation.opened()
    with data.writing() as session:
        _require_unused(session, data.keys, key_id)
        _record(session, _RETIRED, {"columns": key_id})
        key_files.keep(settings.key_file, key_files.without(data.keys, key_id))
    click.echo(f"key {key_id} is retired")
    click.echo(f"Start all servers again, and keep a new copy of {settings.key_file}.", err=True)


def _require_unused(session: orm.Session, secrets: key_files.Keys, key_id: str) -> None:
    """Raises BadInput that says what to do."""
    if key_id not in secrets.columns:
        raise errors.BadInput(f"there is no key {key_id}: `cqi keys` lists them")
    if key_id == secrets.column_key_id:
        raise errors.BadInput(f"key {key_id} is the newest: run `cqi keys rotate` first")
    if number := reencryption.counted(session)[key_id]:
        lie = f"{dates.counted(number, 'value')} still {'lies' if number == 1 else 'lie'}"
        raise errors.BadInput(f"{lie} under key {key_id}: run `cqi keys rewrite` first")
    at = events.written_with_older_keys(session, since=(_ROTATED, _REWRITTEN))
    if at is not None:
        still = f"a server still used old keys at {installation.ticking().local(at):%Y-%m-%d %H:%M}"
        raise errors.BadInput(f"{still}: start it again, then run `cqi keys rewrite`")


def _record(session: orm.Session, kind: str, payload: Mapping[str, object]) -> None:
    happening = events.Happening(kind, None, installation.ticking().now())
    events.record(session, events.INSTALLATION, happening, payload)
