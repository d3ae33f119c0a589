"""Reading definition files: TOML into plain tables that remember their file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cqi.instruments import problems

INSTRUMENT_FILE = "instrument.toml"
ITEMS_FOLDER = "items"
CASES_FOLDER = "cases"


@dataclass(frozen=True)
class RawFile:
    """A file's parsed table and its name, relative to the folder of the version."""

    name: str
    table: dict[str, Any]


@dataclass(frozen=True)
class RawDefinition:
    """The files of one version, as far as they could be parsed, and what could not be."""

    folder: Path
    instrument: RawFile | None
    items: tuple[RawFile, ...]
    problems: tuple[problems.Problem, ...]


def read(folder: Path) -> RawDefinition:
    """Read instrument.toml and items/*.toml of one version's folder."""
    instrument, found = read_file(folder, folder / INSTRUMENT_FILE)
    items: list[RawFile] = []
    paths, stray = item_paths(folder)
    found = [*found, *stray]
    for path in paths:
        raw, wrong = read_file(folder, path)
        items += [raw] if raw else []
        found += wrong
    return RawDefinition(folder, instrument, tuple(items), tuple(found))


def read_file(folder: Path, path: Path) -> tuple[RawFile | None, list[problems.Problem]]:
    """Parse one file; what is wrong with it comes back as problems."""
    where = problems.Where(path.relative_to(folder).as_posix())
    try:
        return RawFile(where.file, tomllib.loads(path.read_text(encoding="utf-8"))), []
    except FileNotFoundError:
        message, remedy = "The file is missing.", "Each version has one, beside its items folder."
        return None, [where.problem(problems.Rule.FILE_MISSING, message, remedy)]
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8 (byte {error.start + 1})."
        return None, [where.problem(problems.Rule.NOT_UTF8, message, "Save it as UTF-8.")]
    except tomllib.TOMLDecodeError as error:
        message = f"This is not TOML: {error}."
        remedy = "Look at that line and the one before it: a quote, a bracket or a comma."
        return None, [where.problem(problems.Rule.NOT_TOML, message, remedy)]
    except RecursionError:
        message, remedy = "This is not TOML: too many brackets.", "Close each one that is opened."
        return None, [where.problem(problems.Rule.NOT_TOML, message, remedy)]
    except OSError as error:
        message, remedy = f"This cannot be read: {error.strerror}.", "It must be a file to be read."
        return None, [where.problem(problems.Rule.FILE_MISSING, message, remedy)]


def item_paths(folder: Path) -> tuple[list[Path], Sequence[problems.Problem]]:
    """The item files in order of name, and what else lies among them."""
    items = folder / ITEMS_FOLDER
    entries = sorted(items.iterdir()) if items.is_dir() else []
    entries = [path for path in entries if not path.name.startswith(".")]
    paths = [path for path in entries if path.suffix == ".toml" and path.is_file()]
    stray = [
        problems.Where(path.relative_to(folder).as_posix()).problem(
            problems.Rule.STRAY_FILE,
            "This would not be read: only files that end in .toml are items.",
            "Rename it or move it away.",
        )
        for path in entries
        if path not in paths
    ]
    if not paths:
        message, remedy = "There is no item file.", "Write one file an item, items/NAME.toml."
        return [], [
            *stray,
            problems.Where(ITEMS_FOLDER).problem(problems.Rule.NO_ITEMS, message, remedy),
        ]
    return paths, stray
