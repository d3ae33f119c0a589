"""`cqi audit`: is the event chain whole?"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from cqi.cli import installation
from cqi.core import errors, events


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
            problem = f"the seal in {kept} is not one of its own"
    if problem:
        click.echo(f"cqi: the chain does not hold: {problem}", err=True)
        sys.exit(1)
    click.echo(f"{found.events} events in {found.streams} streams and {found.seals} seals hold")


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
    half = out.with_name(out.name + ".part")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(out)
    except OSError as error:
        raise errors.BadInput(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"wrote {out}")
