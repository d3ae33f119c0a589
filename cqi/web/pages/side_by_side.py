"""Two versions of an instrument side by side: what became of each thing, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cqi.instruments import version_words, versions
from cqi.instruments.versions import Change, Differences
from cqi.ui import comparing


@dataclass(frozen=True)
class Place:
    """One place that differs, both texts with the differing words marked."""

    name: str
    old: comparing.Parts
    new: comparing.Parts


@dataclass(frozen=True)
class Line:
    """What became of one item, component or fact; `note` says what that means for ratings."""

    code: str
    title: str
    change: Change
    places: tuple[Place, ...]
    note: str

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to read about it."""
        return self.change is Change.SAME and not self.note


@dataclass(frozen=True)
class Group:
    """Lines under one heading."""

    key: str
    title: str
    lines: tuple[Line, ...]

    @property
    def told(self) -> tuple[Line, ...]:
        """The lines that say something."""
        return tuple(line for line in self.lines if not line.quiet)

    @property
    def same(self) -> tuple[Line, ...]:
        """The lines that do not."""
        return tuple(line for line in self.lines if line.quiet)


@dataclass(frozen=True)
class Page:
    """All groups; of each change its words and how many items; how many items may be compared."""

    differences: Differences
    groups: tuple[Group, ...]
    counts: tuple[tuple[str, int, str], ...]
    comparable: int


def page(differences: Differences) -> Page:
    """The groups in the order of the new version, then what is gone, then the facts."""
    counts = differences.counts()
    return Page(
        differences,
        tuple(group for group in _groups(differences) if group.lines),
        tuple(_count(each, counts.get(each, 0)) for each in Change),
        sum(map(differences.comparable, differences.items)),
    )


def _count(change: Change, number: int) -> tuple[str, int, str]:
    return (change.label.capitalize(), number, "item" if number == 1 else "items")


def _groups(differences: Differences) -> Iterator[Group]:
    new, old = differences.new, differences.old
    for component in new.components:
        items = [_item(differences, item.code) for item in new.items_of(component.code)]
        own = _component(differences, component.code)
        yield Group(component.code, component.title, (own, *items))
    gone = [code for code in old.components_by_code if code not in new.components_by_code]
    items_gone = [code for code in old.items_by_code if code not in new.items_by_code]
    lines = [_component(differences, code) for code in gone]
    lines += [_item(differences, code) for code in items_gone]
    yield Group("gone", "No longer there", tuple(lines))
    facts = tuple(_fact(differences, name) for name in differences.facts)
    yield Group("facts", "Facts of the face sheet", facts)


def _item(differences: Differences, code: str) -> Line:
    found = differences.new.items_by_code.get(code) or differences.old.item(code)
    title = f"{code} {found.title}"
    told = version_words.of_item(differences, code)
    rests_on = "a fact or a part that it rests on changed"
    note = _note(differences, differences.items[code], code, rests_on)
    return _line(code, title, differences.items[code], told, note)


def _component(differences: Differences, code: str) -> Line:
    components = differences.new.components_by_code
    found = components.get(code) or differences.old.component(code)
    told = version_words.of_component(differences, code)
    note = _note(differences, differences.components[code], code, "one of its items changed")
    return _line(code, f"{found.title} as a whole", differences.components[code], told, note)


def _fact(differences: Differences, name: str) -> Line:
    found = differences.new.facts_by_name.get(name) or differences.old.fact(name)
    told = version_words.of_fact(differences, name)
    return _line(name, found.question, differences.facts[name], told, "")


def _note(
    differences: Differences, difference: versions.Difference, code: str, rests_on: str
) -> str:
    if difference.change in (Change.NEW, Change.GONE):
        return ""
    if not differences.comparable(code):
        why = rests_on if difference.keeps_its_rule else "its rule changed"
        return f"Ratings of the two versions may not be compared: {why}."
    return "" if difference.change is Change.SAME else "Ratings of both versions may be compared."


def _line(
    code: str,
    title: str,
    difference: versions.Difference,
    told: Iterable[version_words.Told],
    note: str,
) -> Line:
    return Line(code, title, difference.change, tuple(map(_place, told)), note)


def _place(told: version_words.Told) -> Place:
    compared = comparing.compare(told.old, told.new)
    name = f"{told.place[:1].upper()}{told.place[1:]}"
    return Place(name, compared.mine, compared.theirs)
