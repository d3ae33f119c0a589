"""First pass: has each file the keys, and each key the kind of value, that a definition has?"""

from __future__ import annotations

from cqi.instruments import definition, loading
from cqi.instruments.checking import kinds
from cqi.instruments.checking.kinds import Key
from cqi.instruments.problems import Problem, Where

_TEXT = Key(kinds.text)
_FLAG = Key(kinds.flag, required=False)

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
}
_COMPONENT_ROWS = Key(kinds.listed(kinds.table(_COMPONENT_ROW)), required=False)
_COMPONENT: kinds.Shape = {
    "code": _TEXT,
    "title": _TEXT,
    "short_title": _TEXT,
    "purpose": _TEXT,
    "items": Key(kinds.listed(kinds.text)),
    "ratings": _COMPONENT_ROWS,
}
INSTRUMENT = kinds.table(
    {
        "id": _TEXT,
        "version": _TEXT,
        "title": _TEXT,
        "language": _TEXT,
        "source": _TEXT,
        "facts": Key(kinds.listed(kinds.table(_FACT)), required=False),
        "components": Key(kinds.listed(kinds.table(_COMPONENT))),
        "component_ratings": _COMPONENT_ROWS,
    }
)

_QUESTION: kinds.Shape = {
    "id": _TEXT,
    "text": _TEXT,
    "answer": Key(kinds.one_of(definition.Answer.YES_NO, definition.Answer.YES_NO_NA)),
    "guidance": _TEXT,
    "yes": _TEXT,
    "no": _TEXT,
    "na": Key(kinds.text, required=False),
    "asked_when": Key(kinds.condition, required=False),
}
_ROW: kinds.Shape = {
    "rating": Key(kinds.one_of(*definition.ITEM_RATINGS)),
    "when": Key(kinds.condition, required=False),
}
_NARRATIVE: kinds.Shape = {
    "required_for": Key(kinds.listed(kinds.one_of(*definition.ITEM_RATINGS), may_be_empty=True)),
    "prompts": Key(kinds.listed(kinds.text, may_be_empty=True), required=False),
}
_EVIDENCE: kinds.Shape = {
    "narrative": Key(kinds.table(_NARRATIVE)),
    "sources": Key(kinds.table({"at_least": Key(kinds.number)})),
}
ITEM = kinds.table(
    {
        "item": _TEXT,
        "component": _TEXT,
        "title": _TEXT,
        "purpose": _TEXT,
        "core": _FLAG,
        "themes": Key(kinds.listed(kinds.text, may_be_empty=True), required=False),
        "good_looks_like": _TEXT,
        "applies_when": Key(kinds.condition, required=False),
        "questions": Key(kinds.listed(kinds.table(_QUESTION))),
        "ratings": Key(kinds.listed(kinds.table(_ROW))),
        "evidence": Key(kinds.table(_EVIDENCE)),
    }
)


def problems_of(file: loading.RawFile, shape: kinds.Kind) -> list[Problem]:
    """What is wrong with the structure of one file."""
    return list(shape(file.table, Where(file.name)))
