"""Which setting of the agency a fact follows: a file beside the versions, outside their digests.

    [facts.case_plan_due]
    setting = "reviews.case_plan_due_days"   # a whole number of days
    due = "a case plan"                      # optional: what is due so long after the opening

A published text never changes, but a number in it may be the agency's to set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cqi.instruments import definition, library, loading, problems
from cqi.instruments.checking import kinds
from cqi.instruments.checking.kinds import Key
from cqi.instruments.problems import Problem, Rule, Where

FILE = "settings.toml"


@dataclass(frozen=True)
class FactSetting:
    """The key of the setting; `due` names what falls due so many days after a case was opened."""

    setting: str
    due: str = ""


_FILE = kinds.table({"facts": Key(kinds.free_table)})
_FACT = kinds.table({"setting": Key(kinds.text), "due": Key(kinds.text, required=False)})


def load(
    root: Path, instrument: definition.Instrument, known: Collection[str]
) -> Mapping[str, FactSetting]:
    """By fact name; empty where the instrument has no such file. `known` are keys of settings.

    DefinitionError lists everything that is wrong.
    """
    path = root / instrument.id / FILE
    if not path.exists():
        return {}
    facts, found = _read(path, instrument, known)
    if found:
        raise problems.DefinitionError(found)
    return facts


def check(path: Path, known: Collection[str]) -> tuple[Problem, ...]:
    """What is wrong with the files of an instrument, of its version's folder, or of all below.

    Versions that do not hold together are left to `library.check`.
    """
    found: dict[Problem, None] = {}  # the same one once, however many versions have it
    here = path.resolve()
    for folder in (here.parent, here, *sorted(here.glob("*/"))):
        if (folder / FILE).is_file():
            found |= dict.fromkeys(_of_instrument(folder, known))
    return tuple(found)


def _of_instrument(folder: Path, known: Collection[str]) -> Iterator[Problem]:
    for version in library.versions(folder.parent):
        if version.instrument_id != folder.name:
            continue
        try:
            instrument = library.read(folder / version.version)
        except problems.DefinitionError:
            continue
        yield from _read(folder / FILE, instrument, known)[1]


def _read(
    path: Path, instrument: definition.Instrument, known: Collection[str]
) -> tuple[dict[str, FactSetting], list[Problem]]:
    raw, found = loading.read_file(path.parent.parent, path)
    if raw is None:
        return {}, found
    top = Where(raw.name)
    found = list(_FILE(raw.table, top))
    if found:
        return {}, found
    for name, table in raw.table["facts"].items():
        where = top.at("facts").at(name)
        wrong = list(_FACT(table, where))
        found += [*_fact(name, instrument, where), *wrong]
        if not wrong:
            found += _setting(table["setting"], known, where.at("setting"))
    return {} if found else {n: FactSetting(**t) for n, t in raw.table["facts"].items()}, found


def _fact(name: str, instrument: definition.Instrument, where: Where) -> Iterator[Problem]:
    names = [fact.name for fact in instrument.facts]
    if name not in names:
        message = f'{instrument.id} {instrument.version} has no fact "{name}".'
        yield where.problem(Rule.UNKNOWN_NAME, message, problems.did_you_mean(name, names))


def _setting(key: str, known: Collection[str], where: Where) -> Iterator[Problem]:
    if key not in known:
        message = f'There is no setting "{key}".'
        yield where.problem(Rule.UNKNOWN_NAME, message, problems.did_you_mean(key, known))
