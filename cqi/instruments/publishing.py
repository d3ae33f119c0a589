"""Publishing freezes a version: its digest is written down; from then on a change is refused."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cqi.instruments import digest, loading, problems
from cqi.instruments.problems import Problem, Rule, Where

FILE = "published.toml"


@dataclass(frozen=True)
class Publication:
    """What was written down when a version was published; `files` are digests by file name."""

    version: str
    digest: str
    published_on: datetime.date
    files: dict[str, str]


def read(instrument_folder: Path) -> dict[str, Publication]:
    """The publications of an instrument, by version; DefinitionError where the file is damaged."""
    path = instrument_folder / FILE
    if not path.exists():
        return {}
    raw, found = loading.read_file(instrument_folder, path)
    if raw is None:
        raise problems.DefinitionError(found)
    tables = raw.table.get("versions", {})
    try:
        return {version: Publication(version=version, **table) for version, table in tables.items()}
    except (AttributeError, TypeError):
        message = "This is not what was written when a version was published."
        wrong = Where(FILE).problem(Rule.WRONG_KIND, message, "Put it back as it was.")
        raise problems.DefinitionError([wrong]) from None


def publication(raw: loading.RawDefinition, on: datetime.date) -> Publication:
    """The publication of a version as it stands now."""
    return Publication(raw.folder.name, digest.of_definition(raw), on, digest.by_file(raw))


def write(instrument_folder: Path, publications: dict[str, Publication]) -> None:
    """Write published.toml: one line a file, so that a change shows in a comparison."""
    lines = ["# Written when a version is published. A published version is never changed."]
    for each in publications.values():
        lines += ["", f'[versions."{each.version}"]', f'digest = "{each.digest}"']
        lines += [f"published_on = {each.published_on.isoformat()}", ""]
        lines += [f'[versions."{each.version}".files]']
        lines += [f'"{name}" = "{value}"' for name, value in each.files.items()]
    text = "\n".join(lines) + "\n"
    (instrument_folder / FILE).write_text(text, encoding="utf-8", newline="\n")


def changes(raw: loading.RawDefinition, published: Publication) -> tuple[Problem, ...]:
    """What differs from the published version, a problem for each file; none where all is equal."""
    if digest.of_definition(raw) == published.digest:
        return ()
    now = digest.by_file(raw)
    codes = {file.name: str(file.table.get("item", "")) for file in raw.items}
    told = [
        Where(name).problem(
            Rule.CHANGED_AFTER_PUBLISHING,
            _change(name, codes.get(name, ""), now, published),
            _REMEDY,
        )
        for name in sorted(_differing(now, published.files))
    ]
    if not told:
        message = f"The digest written for {published.version} is not that of its files."
        told = [Where(FILE).problem(Rule.CHANGED_AFTER_PUBLISHING, message, _REMEDY)]
    return tuple(told)


def refuse_changes(raw: loading.RawDefinition) -> None:
    """DefinitionError where a published version is not as it was."""
    folder = raw.folder.resolve()
    published = read(folder.parent).get(folder.name)
    found = changes(raw, published) if published else ()
    if found:
        raise problems.DefinitionError(found)


def _differing(now: Mapping[str, str], then: Mapping[str, str]) -> Iterator[str]:
    """The files that differ; one that only has another name does not."""
    for name in now.keys() | then.keys():
        moved = name not in now and then[name] in now.values()
        moved |= name not in then and now[name] in then.values()
        if now.get(name) != then.get(name) and not moved:
            yield name


_REMEDY = "Put it back as it was, or copy the folder to a new version and change that."


def _change(name: str, code: str, now: dict[str, str], published: Publication) -> str:
    on = published.published_on.isoformat()
    since = f"since version {published.version} was published on {on}."
    if name not in now:
        return f"The file was removed {since}"
    verb = "changed" if name in published.files else "added"
    return f"{f'The file of {code}' if code else 'The file'} was {verb} {since}"
