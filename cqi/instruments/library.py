"""The instruments in a folder: ROOT/ID/VERSION. Listing, loading, checking, publishing."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cqi.instruments import (
    crosswalk,
    definition,
    loading,
    problems,
    publishing,
    worked_cases,
)
from cqi.instruments.checking import checker
from cqi.instruments.definition import Instrument
from cqi.instruments.problems import Problem, Rule, Where

_VERSION = re.compile(r"\d+(\.\d+)*", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Version:
    """One version in the library; a draft has no `published_on` and no `digest`."""

    instrument_id: str
    version: str
    published_on: datetime.date | None
    digest: str | None


def versions(root: Path) -> list[Version]:
    """All versions in the library, by instrument and in order of version."""
    return [version for folder in _instrument_folders(root) for version in _versions_of(folder)]


@functools.lru_cache(maxsize=32)
def load(root: Path, instrument_id: str, version: str) -> definition.Instrument:
    """A version, checked, from memory after the first time.

    UnknownInstrumentError where there is none; DefinitionError, with all problems, where it does
    not hold together or was changed after it was published.
    """
    return read(folder_of(root, instrument_id, version))


def read(folder: Path) -> definition.Instrument:
    """Load and check the version in this folder, always from its files; errors as for `load`."""
    raw = loading.read(folder)
    checked = checker.check(raw)
    if checked.problems or checked.instrument is None:
        raise problems.DefinitionError(checked.problems)
    publishing.refuse_changes(raw)
    return checked.instrument


def published_on(root: Path, instrument: definition.Instrument) -> datetime.date | None:
    """The day on which a version was published; None for a draft."""
    found = publishing.read(root / instrument.id).get(instrument.version)
    return found.published_on if found else None


def folder_of(root: Path, instrument_id: str, version: str) -> Path:
    """The folder of a version; UnknownInstrumentError, with the nearest name, where none is."""
    by_id = {folder.name: folder for folder in _instrument_folders(root)}
    if instrument_id not in by_id:
        raise _unknown(f'There is no instrument "{instrument_id}".', instrument_id, list(by_id))
    known = [each.version for each in _versions_of(by_id[instrument_id])]
    if version not in known:
        message = f'The instrument {instrument_id} has no version "{version}".'
        raise _unknown(message, version, known)
    return by_id[instrument_id] / version


def one_version(path: Path) -> Path:
    """The one version's folder at or below a path; UnknownInstrumentError where it is not one."""
    folders = _version_folders(path)
    if len(folders) == 1:
        return folders[0].resolve()
    message = "There is no instrument here."
    remedy = "Give the folder of a version: it holds instrument.toml, and its name is its number."
    if folders:
        message = f"There are {len(folders)} versions here."
        remedy = f"Give one: {', '.join(map(str, folders))}."
    raise problems.UnknownInstrumentError([Where(str(path)).problem(Rule.INPUT, message, remedy)])


def check(path: Path) -> tuple[Problem, ...]:
    """Everything wrong with one version's folder, one instrument's, or all below a folder.

    Takes in worked cases, crosswalks and published digests; files are named relative to `path`.
    """
    folders = _version_folders(path)
    if not folders:
        message, remedy = "There is no instrument here.", "Give a folder that holds ID/VERSION."
        return (Where(str(path)).problem(Rule.FILE_MISSING, message, remedy),)
    return tuple(
        _relative(problem, folder, path)
        for folder in folders
        for problem in _version_problems(folder)
    )


def publish(
    root: Path, instrument_id: str, version: str, *, on: datetime.date
) -> publishing.Publication:
    """Freeze a version: write its digest to published.toml. Publishing it again changes nothing.

    DefinitionError where anything is wrong with it, or where it was published and then changed.
    """
    folder = folder_of(root, instrument_id, version)
    found = check(folder)
    if found:
        raise problems.DefinitionError(found)
    publications = publishing.read(folder.parent)
    if version not in publications:
        publications[version] = publishing.publication(loading.read(folder), on)
        publishing.write(folder.parent, publications)
        load.cache_clear()
    return publications[version]


def verify(root: Path) -> tuple[Problem, ...]:
    """Recompute the digests of all published versions; a problem for each file that differs."""
    found: list[Problem] = []
    for folder in _instrument_folders(root):
        for version, published in publishing.read(folder).items():
            changes = publishing.changes(loading.read(folder / version), published)
            found += [_relative(problem, folder / version, root) for problem in changes]
    return tuple(found)


def crosswalks(root: Path, instrument: definition.Instrument) -> dict[str, crosswalk.Crosswalk]:
    """The crosswalks of an instrument, by framework; DefinitionError where one is wrong."""
    paths = crosswalk.paths(root / instrument.id)
    loaded = [crosswalk.load(path, instrument) for path in paths]
    return {each.framework: each for each in loaded}


def describe(instrument: definition.Instrument) -> dict[str, Any]:
    """The instrument as plain data, for `cqi instruments show --format json`."""
    return {
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title,
        "language": instrument.language,
        "source": instrument.source,
        "digest": instrument.digest,
        "confirm_with": instrument.confirm_with,
        "facts": [
            {
                "name": fact.name,
                "question": fact.question,
                "values": list(fact.values),
                "confirm": fact.confirm,
            }
            for fact in instrument.facts
        ],
        "subjects": [dataclasses.asdict(kind) for kind in instrument.subjects],
        "scales": [dataclasses.asdict(scale) for scale in instrument.scales],
        "components": [_component(instrument, each) for each in instrument.components],
    }


def _component(
    instrument: definition.Instrument, component: definition.Component
) -> dict[str, Any]:
    return {
        "code": component.code,
        "title": component.title,
        "short_title": component.short_title,
        "applies_when": _condition(component.applies_when),
        "items": [_item(item) for item in instrument.items_of(component.code)],
    }


def _item(item: definition.Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "title": item.title,
        "purpose": item.purpose,
        "core": item.core,
        "confirm": item.confirm,
        "parts": list(item.parts),
        "themes": list(item.themes),
        "applies_when": _condition(item.applies_when),
        "questions": [_question(question) for question in item.questions],
    }


def _question(question: definition.Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "text": question.text,
        "answer": question.answer.value,
        "answers": list(question.values),
        "least": question.least if question.answer is definition.Answer.COUNT else None,
        "most": question.most,
        "scale": question.scale.id if question.scale else None,
        "reverse": question.reverse,
        "scored": question.scored,
        "for_each": question.for_each or None,
        "asked_when": _condition(question.asked_when),
    }


def _condition(condition: definition.Condition | None) -> dict[str, list[str]] | None:
    if condition is None:
        return None
    return {condition.quantifier.value: [str(term) for term in condition.terms]}


def is_published(root: Path, instrument_id: str, version: str) -> bool:
    """Whether a version was published, so that it will never change."""
    found = versions(root)
    return any(
        (v.instrument_id, v.version, bool(v.published_on)) == (instrument_id, version, True)
        for v in found
    )


def _instrument_folders(root: Path) -> list[Path]:
    folders = sorted(root.iterdir()) if root.is_dir() else []
    return [
        folder
        for folder in folders
        if folder.is_dir() and any(_is_version(child) for child in folder.iterdir())
    ]


def _versions_of(instrument_folder: Path) -> Iterator[Version]:
    published = publishing.read(instrument_folder)
    for folder in _version_folders(instrument_folder):
        one = published.get(folder.name)
        on, digest = (one.published_on, one.digest) if one else (None, None)
        yield Version(instrument_folder.name, folder.name, on, digest)


def _version_folders(path: Path) -> list[Path]:
    """The folders of versions: this one, or those in it, or those one deeper."""
    for pattern in ("", "*", "*/*"):
        found = [path] if not pattern else [each for each in path.glob(pattern) if each.is_dir()]
        found = [each for each in found if _is_version(each)]
        if found:
            return sorted(found, key=lambda each: (each.parent, _version_key(each.name)))
    return []


def _is_version(folder: Path) -> bool:
    name = folder.resolve().name
    has_files = any((folder / part).exists() for part in ("instrument.toml", "items"))
    return has_files and bool(_VERSION.fullmatch(name))


def newest(given: Iterable[Instrument]) -> Instrument:
    """The newest of several versions: "1.10" comes after "1.9"."""
    return max(given, key=lambda one: _version_key(one.version))


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _version_problems(folder: Path) -> Iterator[Problem]:
    raw = loading.read(folder)
    checked = checker.check(raw)
    yield from checked.problems
    try:
        publishing.refuse_changes(raw)
    except problems.DefinitionError as error:
        yield from error.problems
    if checked.instrument is None or checked.problems:
        return
    yield from worked_cases.check(checked.instrument, folder)
    for path in crosswalk.paths(folder.parent):
        for problem in crosswalk.check(path, checked.instrument):
            yield _renamed(problem, f"../{problem.file}")


def _relative(problem: Problem, folder: Path, path: Path) -> Problem:
    prefix = folder.relative_to(path).as_posix()
    return _renamed(problem, posixpath.normpath(f"{prefix}/{problem.file}"))


def _renamed(problem: Problem, file: str) -> Problem:
    return Problem(problem.rule, file, problem.place, problem.message, problem.remedy)


def _unknown(message: str, name: str, options: list[str]) -> problems.UnknownInstrumentError:
    remedy = problems.did_you_mean(name, options)
    return problems.UnknownInstrumentError([Where(name).problem(Rule.INPUT, message, remedy)])
