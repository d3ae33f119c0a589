"""First pass: has each file the keys, and each key the kind of value, that a definition has?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cqi.instruments import definition, loading
from cqi.instruments.checking import kinds
from cqi.instruments.checking.kinds import Key
from cqi.instruments.problems import Problem, Where

_TEXT = Key(kinds.text)
_FLAG = Key(kinds.flag, required=False)
_NUMBER = Key(kinds.number, required=False)
_CONDITION = Key(kinds.condition, required=False)

_CHOICE: kinds.Shape = {"value": _TEXT, "label": _TEXT, "says": _TEXT, "says_not": _TEXT}
_FACT: kinds.Shape = {
    "name": _TEXT,
    "answer": Key(kinds.one_of(definition.Answer.YES_NO, definition.Answer.CHOICE)),
    "question": _TEXT,
    "help": Key(kinds.text, required=False),
    "choices": Key(kinds.listed(kinds.table(_CHOICE)), required=False),
    "yes": Key(kinds.text, required=False),
    "no": Key(kinds.text, required=False),
    "confirm": _FLAG,
}
_COMPONENT_ROW: kinds.Shape = {
    "rating": Key(kinds.one_of(*definition.COMPONENT_RATINGS)),
    "when": Key(kinds.count_condition, required=False),
    "confirm": _FLAG,
}
_COMPONENT_ROWS = Key(kinds.listed(kinds.table(_COMPONENT_ROW)), required=False)
_COMPONENT: kinds.Shape = {
    "code": _TEXT,
    "title": _TEXT,
    "short_title": _TEXT,
    "purpose": _TEXT,
    "items": Key(kinds.listed(kinds.text)),
    "ratings": _COMPONENT_ROWS,
    "applies_when": _CONDITION,
}
_SUBJECT: kinds.Shape = {
    "kind": _TEXT,
    "label": _TEXT,
    "plural": _TEXT,
    "help": _TEXT,
    "at_least": _NUMBER,
}
_POINT: kinds.Shape = {"value": Key(kinds.number), "label": _TEXT, "zone": _TEXT}
_ZONE: kinds.Shape = {"value": _TEXT, "label": _TEXT, "acceptable": Key(kinds.flag)}
_SCALE: kinds.Shape = {
    "id": _TEXT,
    "title": _TEXT,
    "points": Key(kinds.listed(kinds.table(_POINT))),
    "zones": Key(kinds.listed(kinds.table(_ZONE))),
}
INSTRUMENT = kinds.table(
    {
        "id": _TEXT,
        "version": _TEXT,
        "title": _TEXT,
        "language": _TEXT,
        "source": _TEXT,
        "confirm_with": Key(kinds.text, required=False),
        "subjects": Key(kinds.listed(kinds.table(_SUBJECT)), required=False),
        "scales": Key(kinds.listed(kinds.table(_SCALE)), required=False),
        "facts": Key(kinds.listed(kinds.table(_FACT)), required=False),
        "components": Key(kinds.listed(kinds.table(_COMPONENT))),
        "component_ratings": _COMPONENT_ROWS,
    }
)

_ASKED: kinds.Shape = {
    "id": _TEXT,
    "text": _TEXT,
    "guidance": _TEXT,
    "scored": _FLAG,
    "for_each": Key(kinds.text, required=False),
    "asked_when": _CONDITION,
}
_YES_NO: kinds.Shape = {
    **_ASKED,
    "yes": _TEXT,
    "no": _TEXT,
    "na": Key(kinds.text, required=False),
    "reverse": _FLAG,
}
_QUESTION = kinds.shaped_by(
    "answer",
    {
        definition.Answer.YES_NO: _YES_NO,
        definition.Answer.YES_NO_NA: _YES_NO,
        definition.Answer.COUNT: {
            **_ASKED,
            "counting": _TEXT,
            "least": _NUMBER,
            "most": _NUMBER,
        },
        definition.Answer.SCALE: {**_ASKED, "scale": _TEXT},
    },
)
_ROW: kinds.Shape = {
    "rating": Key(kinds.one_of(*definition.ITEM_RATINGS)),
    "when": _CONDITION,
    "confirm": _FLAG,
}
_NARRATIVE: kinds.Shape = {
    "required_for": Key(kinds.listed(kinds.one_of(*definition.ITEM_RATINGS), may_be_empty=True)),
    "prompts": Key(kinds.listed(kinds.text, may_be_empty=True), required=False),
}
_EVIDENCE: kinds.Shape = {
    "narrative": Key(kinds.table(_NARRATIVE)),
    "sources": Key(kinds.table({"at_least": Key(kinds.number)})),
}
_ITEM: kinds.Shape = {
    "item": _TEXT,
    "component": _TEXT,
    "title": _TEXT,
    "purpose": _TEXT,
    "core": _FLAG,
    "confirm": _FLAG,
    "themes": Key(kinds.listed(kinds.text, may_be_empty=True), required=False),
    "good_looks_like": _TEXT,
    "applies_when": _CONDITION,
    "parts": Key(kinds.listed(kinds.text), required=False),
    "questions": Key(kinds.listed(_QUESTION)),
    "ratings": Key(kinds.listed(kinds.table(_ROW))),
    "evidence": Key(kinds.table(_EVIDENCE)),
}
_WHOLE: kinds.Shape = {**_ITEM, "questions": Key(kinds.listed(_QUESTION), required=False)}


def item(value: dict[str, Any], where: Where) -> Iterator[Problem]:
    """An item's file; one with parts needs no questions of its own."""
    yield from kinds.table(_WHOLE if "parts" in value else _ITEM)(value, where)


def problems_of(file: loading.RawFile, shape: kinds.Kind) -> list[Problem]:
    """What is wrong with the structure of one file."""
    return list(shape(file.table, Where(file.name)))
