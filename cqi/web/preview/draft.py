"""One version of an instrument as its files stand, read again when one of them changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cqi.instruments import definition, fact_settings, library, problems, worked_cases
from cqi.instruments.problems import Problem, Rule, Where
from cqi.settings import registry

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Draft:
    """`instrument` is None where it does not hold together; `problems` are all that `cqi
    instruments check` says of it; `outcomes` are its worked cases, run, by item code."""

    problems: tuple[Problem, ...]
    instrument: definition.Instrument | None = None
    published: bool = False
    outcomes: Mapping[str, tuple[worked_cases.Outcome, ...]] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        """How many worked cases end as they should."""
        return sum(one.passes for several in self.outcomes.values() for one in several)

    @property
    def number(self) -> int:
        """How many worked cases there are."""
        return sum(len(several) for several in self.outcomes.values())


class Reader:
    """Reads the version in a folder; from memory while no file of it changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stamp: Stamp | None = None
        self._draft = Draft(())

    def now(self) -> Draft:
        """The version as its files say now."""
        stamp = _stamp(self.folder)
        if stamp != self._stamp:
            self._draft, self._stamp = _read(self.folder), stamp
        return self._draft


def _read(folder: Path) -> Draft:
    try:
        found = (*library.check(folder), *fact_settings.check(folder, registry.BY_KEY))
        instrument = library.read(folder)
        cases, _ = worked_cases.load(folder)
        root = folder.parent.parent
    except problems.DefinitionError:
        return Draft(found)
    except OSError as error:
        message = f"This cannot be read: {error.strerror}."
        where = Where(str(error.filename or folder))
        return Draft((where.problem(Rule.FILE_MISSING, message, "Look at who may read it."),))
    outcomes = {
        code: tuple(worked_cases.run(instrument, case) for case in several)
        for code, several in worked_cases.by_item(cases).items()
    }
    published = library.published_on(root, instrument) is not None
    return Draft(found, instrument, published, outcomes)


def _stamp(folder: Path) -> Stamp:
    """Name, time of change and size of each file that the check reads."""
    return tuple(sorted(_files(folder)))


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    beside = (*folder.parent.glob("*.toml"), *folder.parent.glob("crosswalks/*.toml"))
    for path in (*folder.rglob("*"), *beside):
        try:
            state = path.stat()
        except OSError:  # taken away meanwhile, as editors do when they save
            continue
        yield str(path), state.st_mtime_ns, state.st_size
