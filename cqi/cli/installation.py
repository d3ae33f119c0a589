"""What a command opens: the configured database, the clock, and how it prints."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any

import click

from cqi.core import clock, configuration, database, errors, folders, schema

FORMAT = click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
INSTRUMENTS = "review_instruments"
MEGABYTE = 1024 * 1024
MOST_BYTES = 8 * MEGABYTE  # of a file that a command reads: as much as a page takes


def settings() -> configuration.Configuration:
    """What the environment says."""
    return configuration.from_environment(os.environ)


# mapped together, because their tables refer to each other
_FEATURES = (
    "settings",
    "access",
    "notices",
    "places",
    "cases",
    "rounds",
    "reviews",
    "measures",
    "feedback",
    "plans",
)


def opened() -> database.Database:
    """The installation's database, at the newest migration; says what to do when it is not."""
    for feature in _FEATURES:
        importlib.import_module(f"cqi.{feature}.models")
    found = settings()
    if found.embedded and not found.database_file.exists():
        message = f"there is no database in {found.data_dir}: run `cqi db upgrade` to make one"
        raise errors.BadInput(message)
    data = database.open_database(found)
    state = schema.check(data.engine)
    if not state.up_to_date:
        raise errors.BadInput(f"{state.words}: run `cqi db upgrade`")
    return data


def ticking() -> clock.Clock:
    """The agency's clock."""
    return clock.Clock(settings().time_zone)


def instrument_root() -> Path:
    """The folder of instruments: CQI_INSTRUMENTS, else the shipped ones."""
    given = os.environ.get("CQI_INSTRUMENTS")
    return Path(given) if given else folders.data_folder(INSTRUMENTS)


def print_json(document: Any) -> None:
    """One JSON document on standard output and nothing else."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """A file's bytes; BadInput that names it when it cannot be read, or holds more than `most`:
    so much is never read."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise errors.BadInput(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > most:
        message = (
            f"{path} is larger than {most // MEGABYTE} MB: split it, or check that it is right"
        )
        raise errors.BadInput(message)
    return content
