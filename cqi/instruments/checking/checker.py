"""Both passes over one version: structure of each file, then meaning of those that are sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cqi.instruments import building, definition, digest, loading
from cqi.instruments.checking import names, parts, rules, scales, structure
from cqi.instruments.problems import Problem, Where


@dataclass(frozen=True)
class Checked:
    """A version's instrument, where it could be built, and all that is wrong with it."""

    instrument: definition.Instrument | None
    problems: tuple[Problem, ...]


def check(raw: loading.RawDefinition) -> Checked:
    """Check a version; the instrument may be used only where there is no problem."""
    found = list(raw.problems)
    sound: list[loading.RawFile] = []
    broken: set[str] = set()
    for file in raw.items:
        wrong = structure.problems_of(file, structure.item)
        found += wrong
        if wrong:
            broken |= _named_in(file)
        else:
            sound.append(file)
    if raw.instrument is None:
        return Checked(None, tuple(found))
    wrong = structure.problems_of(raw.instrument, structure.INSTRUMENT)
    if wrong:
        return Checked(None, (*found, *wrong))
    scales = building.scales(raw.instrument.table)
    files = [(file.name, building.item(file.table, scales)) for file in sound]
    built = building.instrument(
        raw.instrument.table, tuple(item for _, item in files), digest.of_definition(raw)
    )
    found += _meaning(built, raw, files, broken)
    return Checked(built, tuple(found))


def _named_in(file: loading.RawFile) -> set[str]:
    """The code of a broken file and those of the parts that it names, as far as they are there."""
    parts = file.table.get("parts")
    return {str(file.table.get("item")), *map(str, parts if isinstance(parts, list) else ())}


def _meaning(
    instrument: definition.Instrument,
    raw: loading.RawDefinition,
    files: list[tuple[str, definition.Item]],
    broken: set[str],
) -> Iterator[Problem]:
    yield from names.instrument_problems(instrument, raw)
    yield from scales.problems_of(instrument, Where(loading.INSTRUMENT_FILE))
    yield from rules.component_conditions(instrument)
    unreadable = len(raw.problems) > 0
    listing = list(names.listing_problems(instrument, files, broken))
    for file, item in files:
        listing += parts.problems_of(instrument, item, Where(file), broken)
    if not unreadable:  # a file that is not TOML hides its code: do not call its item missing too
        yield from listing
    for file, item in files:
        yield from names.question_problems(instrument, item, Where(file))
        yield from rules.item_problems(instrument, item, Where(file))
    if not (listing or broken or unreadable):
        yield from rules.component_problems(instrument)
