"""Report definitions from the data folder, each read and checked once."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from cqi.core import errors, folders
from cqi.reporting.rules import definition


@functools.cache
def shipped(name: str) -> definition.ReportDefinition:
    """The definition reports/NAME.toml. Raises BadInput with every problem in it."""
    return read(folders.data_folder("reports") / f"{name}.toml")


def read(path: Path) -> definition.ReportDefinition:
    """A definition from its file, always anew."""
    if not path.is_file():
        raise errors.BadInput(f"there is no report definition {path.name}")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.BadInput(f"{path.name} is no TOML in UTF-8: {error}") from error
    return definition.parse(raw, path.name)
