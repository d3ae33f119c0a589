"""A new instrument to begin with, and a new version as a copy of one that is there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cqi.instruments import library, loading, problems
from cqi.instruments.checking import names
from cqi.instruments.problems import Problem, Rule, Where

FIRST = "0.1"
_SCAFFOLD = Path(__file__).parent / "data" / "scaffold"
_NOT_SMALL = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Source:
    """The version that a new one is a copy of."""

    instrument_id: str
    version: str


def start(
    root: Path, instrument_id: str, version: str | None = None, source: Source | None = None
) -> Path:
    """Make ROOT/ID/VERSION, an example to be changed or a copy of `source`; returns the folder.

    Without a version the first, or of an instrument that is there the next. InputError for a name
    that is not one and for what is there already; UnknownInstrumentError where `source` is not.
    """
    found = list(_misnamed(instrument_id, version))
    if found:
        raise problems.InputError(found)
    original = _SCAFFOLD
    if source:
        original = library.folder_of(root, source.instrument_id, source.version)
    folder = root / instrument_id / (version or _next(root, instrument_id))
    _refuse_existing(root, folder, source)
    text = (original / loading.INSTRUMENT_FILE).read_text(encoding="utf-8")
    shutil.copytree(original, folder)
    text = _with(_with(text, "id", instrument_id), "version", folder.name)
    (folder / loading.INSTRUMENT_FILE).write_text(text, encoding="utf-8", newline="\n")
    return folder


def _misnamed(instrument_id: str, version: str | None) -> Iterator[Problem]:
    for problem in names.form(instrument_id, names.SMALL, Where("ID")):
        near = _NOT_SMALL.sub("_", instrument_id.lower()).strip("_0123456789")
        example = f' For example "{near}".' if near and near != instrument_id else ""
        yield Problem(problem.rule, "ID", "", problem.message, problem.remedy + example)
    if version is not None:
        yield from names.form(version, names.VERSION, Where("VERSION"))


def _refuse_existing(root: Path, folder: Path, source: Source | None) -> None:
    instrument_id, version = folder.parent.name, folder.name
    if folder.exists():
        message = f"{instrument_id} {version} is there already."
        remedy = "Change it where it lies, or choose another number with --version."
    elif folder.parent.exists() and (source is None or source.instrument_id != instrument_id):
        newest = _versions(root, instrument_id)[-1:]
        message = f"There is an instrument {instrument_id} already."
        copy = " ".join(["cqi instruments new", instrument_id, "--from", instrument_id, *newest])
        remedy = f"Choose another name; for a new version of it: {copy}"
    else:
        return
    raise problems.InputError([Where("ID").problem(Rule.INPUT, message, remedy)])


def _next(root: Path, instrument_id: str) -> str:
    there = _versions(root, instrument_id)
    if not there:
        return FIRST
    *first, last = there[-1].split(".")
    return ".".join([*first, str(int(last) + 1)])


def _versions(root: Path, instrument_id: str) -> list[str]:
    there = library.versions(root)
    return [each.version for each in there if each.instrument_id == instrument_id]


def _with(text: str, key: str, value: str) -> str:
    """The text with the first key of this name changed; a remark behind its value stays."""
    line = re.compile(rf'^{key}\s*=\s*(["\']).*?\1', re.MULTILINE)
    return line.sub(f'{key} = "{value}"', text, count=1)
