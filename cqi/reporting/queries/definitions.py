"""Report definitions from the data folder, each read and checked once."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from cqi.core import errors, folders
from cqi.reporting.rules import definition


@functools.cache
def shipped(name: str) -> definition.ReportDefinition:
    """The definition reports/NAME.toml. Raises BadInput with every problem in it."""
    return read(folders.data_folder("reports") / f"{name}.toml")


def read(path: Path) -> definition.ReportDefinition:
    """A definition from its file, always anew. What it does not say, the one that it `extends`
    says: a text, a setting, a section's text by the section's kind."""
    raw = _raw(path)
    parent = raw.pop("extends", None)
    if parent is not None:
        raw = definition.extended(raw, _raw(path.with_name(f"{parent}.toml")))
    return definition.parse(raw, path.name)


def _raw(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise errors.BadInput(f"there is no report definition {path.name}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.BadInput(f"{path.name} is no TOML in UTF-8: {error}") from error
