"""Crosswalks: which of our items speak to which item of another framework."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cqi.instruments import definition, loading, problems
from cqi.instruments.checking import kinds
from cqi.instruments.checking.kinds import Key
from cqi.instruments.problems import Problem, Rule, Where

FOLDER = "crosswalks"


class Relation(StrEnum):
    """How near two items are; only equal ones may be compared as numbers."""

    EQUAL = "equal"
    PARTIAL = "partial"
    CONTRIBUTES = "contributes"


@dataclass(frozen=True)
class TheirItem:
    """One item of the other framework.

    Where its own number is for the agency to find, `code` is our working name, which pairs use, and
    `number` is that number, or "agency to fill" until it is known.
    """

    code: str
    title: str
    number: str = ""


@dataclass(frozen=True)
class Pair:
    """One of our items beside one of theirs."""

    ours: str
    theirs: str
    relation: Relation
    note: str = ""


@dataclass(frozen=True)
class Crosswalk:
    """All pairs to one framework, and our items that have no counterpart there."""

    framework: str
    title: str
    theirs: tuple[TheirItem, ...]
    pairs: tuple[Pair, ...]
    without_counterpart: tuple[str, ...] = ()
    confirm: bool = False

    def equal(self, ours: str) -> tuple[str, ...]:
        """Their items that the crosswalk calls equal to one of ours."""
        pairs = (pair for pair in self.pairs if pair.ours == ours)
        return tuple(pair.theirs for pair in pairs if pair.relation is Relation.EQUAL)


_TEXT = Key(kinds.text)
_PAIR: kinds.Shape = {
    "ours": _TEXT,
    "theirs": _TEXT,
    "relation": Key(kinds.one_of(*Relation)),
    "note": Key(kinds.text, required=False),
}
_THEIRS: kinds.Shape = {
    "code": _TEXT,
    "title": _TEXT,
    "number": Key(kinds.text, required=False),
}
_CROSSWALK = kinds.table(
    {
        "framework": _TEXT,
        "title": _TEXT,
        "confirm": Key(kinds.flag, required=False),
        "without_counterpart": Key(kinds.listed(kinds.text, may_be_empty=True), required=False),
        "theirs": Key(kinds.listed(kinds.table(_THEIRS))),
        "pairs": Key(kinds.listed(kinds.table(_PAIR))),
    }
)


def paths(instrument_folder: Path) -> list[Path]:
    """The crosswalk files of an instrument."""
    return sorted((instrument_folder / FOLDER).glob("*.toml"))


def load(path: Path, instrument: definition.Instrument) -> Crosswalk:
    """Load and check one crosswalk; DefinitionError lists everything that is wrong."""
    crosswalk, found = _read(path, instrument)
    if found or crosswalk is None:
        raise problems.DefinitionError(found)
    return crosswalk


def check(path: Path, instrument: definition.Instrument) -> tuple[Problem, ...]:
    """What is wrong with one crosswalk file."""
    return tuple(_read(path, instrument)[1])


def _read(path: Path, instrument: definition.Instrument) -> tuple[Crosswalk | None, list[Problem]]:
    raw, found = loading.read_file(path.parent.parent, path)
    if raw is None:
        return None, found
    found = list(_CROSSWALK(raw.table, Where(raw.name)))
    if found:
        return None, found
    table = dict(raw.table)
    crosswalk = Crosswalk(
        **{
            **table,
            "theirs": tuple(TheirItem(**item) for item in table["theirs"]),
            "pairs": tuple(
                Pair(**{**pair, "relation": Relation(pair["relation"])}) for pair in table["pairs"]
            ),
            "without_counterpart": tuple(table.get("without_counterpart", [])),
        }
    )
    return crosswalk, list(_meaning(crosswalk, instrument, Where(raw.name)))


def _meaning(
    crosswalk: Crosswalk, instrument: definition.Instrument, top: Where
) -> Iterator[Problem]:
    ours = list(instrument.items_by_code)
    theirs = [item.code for item in crosswalk.theirs]
    seen: set[tuple[str, str]] = set()
    for pair in crosswalk.pairs:
        where = top.at(f"pairs[{pair.ours}]")
        yield from _known(pair.ours, ours, where.at("ours"))
        yield from _known(pair.theirs, theirs, where.at("theirs"))
        if (pair.ours, pair.theirs) in seen:
            message = f"{pair.ours} and {pair.theirs} stand here twice."
            yield where.problem(Rule.DUPLICATE, message, "Remove one.")
        seen.add((pair.ours, pair.theirs))
    for code in crosswalk.without_counterpart:
        yield from _known(code, ours, top.at("without_counterpart"))
    yield from _covered(crosswalk, instrument, top)


def _known(code: str, codes: list[str], where: Where) -> Iterator[Problem]:
    if code not in codes:
        message = f'There is no item "{code}".'
        yield where.problem(Rule.CROSSWALK_CODE, message, problems.did_you_mean(code, codes))


def _covered(
    crosswalk: Crosswalk, instrument: definition.Instrument, top: Where
) -> Iterator[Problem]:
    """Each of our items has a pair or is named as one without: nothing is merely forgotten.

    A part may stand in one of the two; where it does not, its whole speaks for it.
    """
    paired = {pair.ours for pair in crosswalk.pairs}
    for code in instrument.items_by_code:
        both = code in paired
        if both is (code in crosswalk.without_counterpart):
            if not both and instrument.whole_of(code):
                continue
            message = f"{code} {'has a pair and' if both else 'has no pair and'} is "
            message += "in without_counterpart." if both else "not in without_counterpart."
            remedy = "Each of our items stands in exactly one of the two."
            yield top.at("without_counterpart").problem(Rule.CROSSWALK_CODE, message, remedy)
