"""A report's definition: a file's content into frozen dataclasses, with every error at once."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from cqi.core import errors

_COUNTED = ("fewest", "from")
_COMPONENTS = ("components",)

# Kind of section -> its texts -> the words in braces that each may have.
KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "summary": {
        "contents": (),
        "title": (),
        "title_one_round": (),
        "doubt": (),
        "named_heading": (),
        "named": (),
        "components_heading": (),
        "next_heading": (),
        "next_unfinished": ("count",),
        "next_declined": ("name",),
        "next_improved": ("name",),
        "next_need": ("name", "code", "count"),
        "next_few": (),
    },
    "components": {
        "contents": _COMPONENTS,
        "title_one_round": _COMPONENTS,
        "figure": (),
        "read_heading": (),
        "read": (),
        "words_heading": (),
        "words": (),
        "words_heading_one_round": (),
        "words_one_round": (),
    },
    "component_pages": {
        "figure": (),
        "measure": _COUNTED,
        "measure_counts": (),
        "strengths_heading": (),
        "no_strengths": _COUNTED,
        "needs_heading": (),
        "no_needs": _COUNTED,
        "few": _COUNTED,
        "parts": (),
        "look_heading": (),
        "look": (),
    },
    "theme": {
        **dict.fromkeys(("theme", "contents", "title", "figure", "note"), ()),
        "lead": _COMPONENTS,
    },
    "beside": {
        **dict.fromkeys(("contents", "lead", "table", "items_table"), ()),
        "title": ("place", "region"),
        "note": ("fewest",),
        "items_note": ("fewest",),
    },
    "counties": {
        **dict.fromkeys(("contents", "title", "lead", "table"), ()),
        "note": _COUNTED,
    },
    "process": {
        **dict.fromkeys(("contents", "title", "lead", "table"), ()),
        "note": ("fewest",),
    },
    "state_summary": {
        **dict.fromkeys(("contents", "title", "state_heading", "state_note"), ()),
        **dict.fromkeys(("change_heading", "change_none", "change_note", "never_heading"), ()),
        "lead": ("regions", "all", "counted", "added", "days"),
        "not_added": ("names",),
        "not_added_few": ("smallest", "names"),
        "next_heading": (),
        "next_never": ("names",),
        "next_late": ("names",),
        "next_need": ("name", "code", "count"),
    },
    "maps": {
        **dict.fromkeys(("contents", "note", "table", "table_title"), ()),
        "table_note": ("names",),
        **dict.fromkeys(("title", "figure"), ("component",)),
    },
    "regions": dict.fromkeys(
        (
            *("contents", "title", "lead", "table", "figure"),
            *("rest_table", "rest_note", "rest_none"),
        ),
        (),
    ),
    "slopes": {
        **dict.fromkeys(("contents", "none"), ()),
        "title": ("component", "headline"),
        "figure": ("component",),
    },
    "years": dict.fromkeys(("contents", "title", "figure", "note"), ()),
    "rollout": dict.fromkeys(("contents", "title", "none"), ()),
    "quality": dict.fromkeys(("contents", "title", "lead", "table", "note"), ()),
    "plans": dict.fromkeys(("contents", "title", "table", "none"), ()),
    "runs": dict.fromkeys(("contents", "title", "table", "note"), ()),
    "method": {
        **dict.fromkeys(("contents", "title", "shares", "intervals", "change", "left_out"), ()),
        **dict.fromkeys(("weights", "causes"), ()),
        "words": _COMPONENTS,
        "cost": ("components", "false"),
        "to_confirm": ("mark", "marked"),
        "few": ("fewest", "reach"),
        "few_one_round": ("fewest",),
        "run": ("formula",),
    },
    "glossary": {"contents": (), "title": ()},
    # what an analyst writes beside the numbers: `id` is where it is kept, `prompt` asks for it
    "narrative": dict.fromkeys(("id", "contents", "title", "prompt", "byline"), ()),
}
_SMALLEST = ("smallest",)
_NAMES = ("smallest", "names")
# What is said otherwise in anything published, and where a small row went.
_PUBLISHED: dict[str, tuple[str, ...]] = {
    "status": (),
    "use": (),
    "small": _SMALLEST,
    "method": _SMALLEST,
    "items": _NAMES,
    "components": _NAMES,
    "counties": _NAMES,
    "no_county": _SMALLEST,
}
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("id", "language", "series", "heading", "status", "footer_mark", "footer"), ()),
    **dict.fromkeys(("use_heading", "use", "colophon", "demonstration"), ()),
    "place": ("place",),
}


@dataclass(frozen=True)
class Settings:
    """Whole numbers that a report depends on."""

    build_on_from: int
    strengths_listed: int
    needs_listed: int
    closer_look_listed: int


@dataclass(frozen=True)
class SectionDefinition:
    """One section; `texts` by their names, `entries` are (term, meaning) of a glossary."""

    kind: str
    texts: Mapping[str, str]
    entries: tuple[tuple[str, str], ...] = ()

    def text(self, name: str, /, **words: object) -> str:
        """A text with its words filled in."""
        return self.texts[name].format(**words)


@dataclass(frozen=True)
class ReportDefinition:
    """A checked definition: sections in order, and the texts of title page and footer.

    `published` are the words of a published one; a definition without them is for drafts alone.
    """

    texts: Mapping[str, str]
    settings: Settings
    sections: tuple[SectionDefinition, ...]
    published: Mapping[str, str] = field(default_factory=dict)

    @property
    def narratives(self) -> tuple[SectionDefinition, ...]:
        """The sections that an analyst writes, in their order."""
        return tuple(one for one in self.sections if one.kind == "narrative")

    def narrative(self, id_: str) -> SectionDefinition | None:
        """One of them, by its id."""
        return next((one for one in self.narratives if one.text("id") == id_), None)

    def text(self, name: str, /, **words: object) -> str:
        """A text with its words filled in."""
        return self.texts[name].format(**words)


def parse(raw: Mapping[str, Any], file: str) -> ReportDefinition:
    """The definition that a TOML file holds. Raises BadInput with every problem and its remedy."""
    problems = list(_problems(raw))
    if problems:
        raise errors.BadInput("\n".join(f"{file}: {problem}" for problem in problems))
    return ReportDefinition(
        texts={name: raw[name] for name in _TEXTS},
        settings=Settings(**raw["settings"]),
        sections=tuple(_section(section) for section in raw["sections"]),
        published=dict(raw.get("published", {})),
    )


def extended(raw: Mapping[str, Any], parent: Mapping[str, Any]) -> dict[str, Any]:
    """A file's content on that of the one that it extends: its own texts, settings, words of a
    publication and sections; what they lack is the parent's, a section's by its kind."""
    sections = {each.get("kind"): each for each in parent.get("sections", ())}
    own = raw.get("sections")
    if isinstance(own, list):
        own = [{**sections.get(each.get("kind"), {}), **each} for each in own]
    tables = {
        name: {**parent.get(name, {}), **raw.get(name, {})}
        for name in ("settings", "published")
        if name in parent or name in raw
    }
    return {**parent, **raw, **tables, "sections": own or parent.get("sections")}


def _section(raw: Mapping[str, Any]) -> SectionDefinition:
    texts = {name: raw[name] for name in KINDS[raw["kind"]]}
    entries = tuple((entry["term"], entry["meaning"]) for entry in raw.get("entries", ()))
    return SectionDefinition(raw["kind"], texts, entries)


def _problems(raw: Mapping[str, Any]) -> Iterator[str]:
    yield from _text_problems(raw, _TEXTS, "", {"settings", "sections", "published"})
    yield from _setting_problems(raw.get("settings"))
    if "published" in raw:
        yield from _text_problems(raw["published"], _PUBLISHED, "[published] ", set())
    sections = raw.get("sections")
    if not isinstance(sections, list) or not sections:
        yield "there are no sections; add [[sections]] with a kind"
        return
    if not any(section.get("kind") == "component_pages" for section in sections):
        yield "there is no section of kind component_pages, whose words the summary takes; add one"
    for number, section in enumerate(sections, 1):
        yield from _section_problems(section, number)
    yield from _double_problems(sections)


def _double_problems(sections: list[Mapping[str, Any]]) -> Iterator[str]:
    """What an analyst wrote is kept by the id of its section, so that ids may not meet."""
    ids = [str(each.get("id")) for each in sections if each.get("kind") == "narrative"]
    for id_ in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"more than one narrative has the id {id_!r}; give each an id of its own"


def _section_problems(raw: Mapping[str, Any], number: int) -> Iterator[str]:
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        yield f"section {number}: no kind is called {kind!r}; there are {', '.join(KINDS)}"
        return
    place = f"section {number} ({kind}): "
    known = {"kind", "entries"} if kind == "glossary" else {"kind"}
    yield from _text_problems(raw, KINDS[kind], place, known)
    if kind == "glossary":
        yield from _entry_problems(raw.get("entries"), place)
    if kind == "narrative" and not _IDENTIFIER.fullmatch(str(raw.get("id"))):
        yield f"{place}id is {raw.get('id')!r}; use small letters, digits and _, such as story"


def _text_problems(
    raw: Mapping[str, Any], texts: Mapping[str, tuple[str, ...]], place: str, others: set[str]
) -> Iterator[str]:
    for name in raw.keys() - texts.keys() - others:
        yield f"{place}{name} is not known; take it out, or correct its spelling"
    for name, words in texts.items():
        yield from (f"{place}{name}: {problem}" for problem in _problems_of(raw.get(name), words))


def _problems_of(text: object, words: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip():
        yield "is missing; give it a text"
        return
    try:
        found = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        yield "has a brace without its partner; write {{ or }} for a brace in print"
        return
    allowed = ", ".join(f"{{{word}}}" for word in words) or "no words in braces"
    yield from (
        f"{{{name}}} cannot be filled in; it may have {allowed}"
        for name in found
        if name not in words
    )


def _setting_problems(raw: object) -> Iterator[str]:
    names = [field.name for field in fields(Settings)]
    if not isinstance(raw, dict):
        yield f"[settings] is missing; give {', '.join(names)}"
        return
    for name in names:
        value = raw.get(name)
        if type(value) is not int or not 0 <= value <= 100:
            yield f"[settings] {name} is {value!r}; give a whole number from 0 to 100"
    yield from (f"[settings] {name} is not known; take it out" for name in raw.keys() - set(names))


def _entry_problems(raw: object, place: str) -> Iterator[str]:
    entries = raw if isinstance(raw, list) else []
    if not entries:
        yield f"{place}entries is missing; give a list of {{ term, meaning }}"
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or set(entry) != {"term", "meaning"}:
            yield f"{place}entry {number} needs a term and a meaning, and nothing else"
