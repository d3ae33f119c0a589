"""`cqi audit`: is the event chain whole, and what does it say?"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy import orm

from cqi.access import trail
from cqi.cli import installation
from cqi.core import backup, errors, events
from cqi.ui import dates


@click.group()
def audit() -> None:
    """The event chain."""


@audit.command()
@click.option("--seal", "kept", type=click.Path(path_type=Path), help="A seal kept by seal --out.")
def verify(kept: Path | None) -> None:
    """Walk every stream and daily seal; exit 1 and name the first event that does not hold.

    With --seal the chain must also hold the very seal that was kept outside.
    """
    wanted = None if kept is None else _seal_in(kept)
    with installation.opened().reading() as session:
        found = events.verify(session)
        problem = found.problem
        if not problem and wanted is not None and not events.stands(session, wanted):
            problem = f"the seal in {kept} is not one of its own{_since_when(session)}"
    if problem:
        click.echo(f"cqi: the chain does not hold: {problem}", err=True)
        sys.exit(1)
    click.echo(f"{found.events} events in {found.streams} streams and {found.seals} seals hold")


def _since_when(session: orm.Session) -> str:
    """What may explain it: seals from between a backup and its restore are not in the chain."""
    at = backup.restored_at(session)
    if at is None:
        return ""
    on = dates.full_day(installation.ticking().local(at).date())
    return f" (a backup was restored on {on}: no seal made between the two is in it)"


@audit.command()
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="To the end of this day.")
def export(out: Path, since: dt.datetime | None, until: dt.datetime | None) -> None:
    """Write the audit trail, whole or of some days: .csv, or .jsonl with an object a line."""
    ending = out.suffix.removeprefix(".")
    if ending not in trail.TYPES:
        raise errors.BadInput(f"{out}: end the name in .csv or .jsonl")
    if out.exists():
        raise errors.BadInput(f"{out} exists already: an export never overwrites; name a new file")
    zone = installation.ticking().time_zone
    after = until + dt.timedelta(days=1) if until else None
    asked = trail.Asked(
        since=since and since.replace(tzinfo=zone), until=after and after.replace(tzinfo=zone)
    )
    with installation.opened().reading() as session:
        lines = trail.file_lines(ending, trail.for_command(session, asked))
        _write(out, lines)
    click.echo(f"wrote {out}")


def _write(out: Path, lines: Iterable[str]) -> None:
    half = out.with_name(out.name + ".part")
    try:
        with half.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        half.replace(out)
    except OSError as error:
        raise errors.BadInput(f"{out} cannot be written: {error.strerror}") from error


def _seal_in(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(installation.read_file(file))
    except ValueError as error:
        raise errors.BadInput(f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise errors.BadInput(f"{file} holds no seal: give a file that seal --out wrote")
    return found


@audit.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Keep it elsewhere.")
def seal(out: Path | None) -> None:
    """Seal the heads of all streams for today; a second call on one day changes nothing.

    With --out the newest seal goes to a file, as one JSON object. Nothing is ever overwritten.
    """
    ticking = installation.ticking()
    with installation.opened().writing() as session:
        made = events.seal(session, today=ticking.today(), now=ticking.now())
        newest = made or events.newest_seal(session)
        kept = events.said(newest) if newest else {}
    click.echo(f"{kept['sealed_on']} {kept['hash']}" if made else "today is sealed already")
    if out is not None:
        _keep(kept, out)


def _keep(kept: Mapping[str, Any], out: Path) -> None:
    """Write a seal where there is none yet, or see that the file holds this very one."""
    text = json.dumps(kept, indent=2) + "\n"
    if out.exists():
        if installation.read_file(out) != text.encode():
            message = f"{out} holds something else: a seal never overwrites; name a new file"
            raise errors.BadInput(message)
        click.echo(f"{out} holds it already")
        return
    _write(out, [text])
    click.echo(f"wrote {out}")
