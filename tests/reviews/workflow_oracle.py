"""What a case review lacks and how it is rated, from the published files by other means.

Nothing of the product is used: the files are read as they lie, and the rules are those of the
design, written down a second time (any no: needs improvement; any yes: strength; else NA).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "review_instruments" / "mississippi_practice_model" / "1.0"
STRENGTH, NEEDS = "strength", "area_needing_improvement"
NOT_APPLICABLE = "not_applicable"
Place = tuple[str, str]  # (item, question), ("", fact), (item, "") for its narrative
Gap = tuple[str, ...]


@dataclass
class Content:
    """What stands: values, reasons and texts by place; sources counted by item."""

    values: dict[Place, str] = field(default_factory=dict)
    reasons: dict[Place, str] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, str]:
        return {name: value for (item, name), value in self.values.items() if not item and value}


@functools.cache
def definitions() -> dict[str, dict[str, Any]]:
    """Item code -> its file."""
    files = (FOLDER / "items").glob("*.toml")
    found = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return {each["item"]: each for each in found}


@functools.cache
def components() -> dict[str, list[str]]:
    text = (FOLDER / "instrument.toml").read_text(encoding="utf-8")
    return {each["code"]: each["items"] for each in tomllib.loads(text)["components"]}


def holds(condition: Mapping[str, Any] | None, facts: Mapping[str, str]) -> tuple[Any, list[str]]:
    """(true, false or None while it is open, the facts that keep it open)."""
    if condition is None:
        return True, []
    [(quantifier, terms)] = condition.items()
    wanted = dict(tuple(term.split(" = ")) if " = " in term else (term, "yes") for term in terms)
    known = [facts[name] == value for name, value in wanted.items() if name in facts]
    decisive = quantifier == "any"
    if decisive in known:
        return decisive, []
    unknown = [name for name in wanted if name not in facts]
    return (None, unknown) if unknown else (not decisive, [])


def asked(code: str, facts: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """The questions of an item that are asked, and whether NA may be answered."""
    for question in definitions()[code]["questions"]:
        if holds(question.get("asked_when"), facts)[0]:
            yield question["id"], question["answer"] == "yes_no_na"


def waits_for(code: str, facts: Mapping[str, str]) -> set[str]:
    """The facts that an item cannot do without."""
    item = definitions()[code]
    applies, unknown = holds(item.get("applies_when"), facts)
    if applies is None:
        return set(unknown)
    if not applies:
        return set()
    asking = (holds(each.get("asked_when"), facts)[1] for each in item["questions"])
    return {name for names in asking for name in names}


def rating(code: str, content: Content) -> str | None:
    facts = content.facts
    if holds(definitions()[code].get("applies_when"), facts)[0] is False:
        return NOT_APPLICABLE
    given = [content.values.get((code, name), "") for name, _ in asked(code, facts)]
    if waits_for(code, facts) or "" in given:
        return None
    return NEEDS if "no" in given else STRENGTH if "yes" in given else NOT_APPLICABLE


def ratings(
    codes: Collection[str], content: Content, overrides: Mapping[str, str], *, whole: bool
) -> dict[str, str | None]:
    """Of items, and of components where the whole instrument is asked; what counts."""
    found = {code: overrides.get(code) or rating(code, content) for code in codes}
    for component, items in components().items():
        if set(items) & set(codes):
            each = [found.get(code) for code in items]
            found[component] = _component(items, each) if whole else None
    return found


def _component(items: Collection[str], each: Collection[str | None]) -> str | None:
    if None in each:
        return None
    if set(each) <= {NOT_APPLICABLE}:
        return NOT_APPLICABLE
    if STRENGTH not in each:
        return "not_achieved"
    weak = [code for code, one in zip(items, each, strict=True) if one == NEEDS]
    core = [code for code in weak if definitions()[code].get("core")]
    return "substantially_achieved" if len(weak) <= 1 and not core else "partially_achieved"


def gaps(codes: Collection[str], content: Content) -> set[Gap]:
    """Everything that is missing but interviews."""
    found: set[Gap] = set()
    for code in codes:
        found |= {("fact", name) for name in waits_for(code, content.facts)}
        if holds(definitions()[code].get("applies_when"), content.facts)[0]:
            found |= set(_of_item(code, content))
    return found


def _of_item(code: str, content: Content) -> Iterator[Gap]:
    for name, _ in asked(code, content.facts):
        value = content.values.get((code, name), "")
        if not value:
            yield "answer", code, name
        if value == "na" and not content.reasons.get((code, name)):
            yield "na_reason", code, name
    if rating(code, content) == NOT_APPLICABLE:
        return
    if not content.values.get((code, "")):
        yield "narrative", code
    if content.sources.get(code, 0) < definitions()[code]["evidence"]["sources"]["at_least"]:
        yield "evidence", code
