"""Kinds of values that structure.py is made of, where the broken definitions do not tell enough."""

from __future__ import annotations

from typing import Any

import pytest

from cqi.instruments.checking import kinds
from cqi.instruments.checking.kinds import Key
from cqi.instruments.problems import Rule, Where

COUNT = {"id": Key(kinds.text), "most": Key(kinds.number)}
TEXT = {"id": Key(kinds.text), "help": Key(kinds.text, required=False), "hint": Key(kinds.text)}
ALL = ("answer", "id", "most", "help", "hint")
ASTRAY = 'does not go with answer = "count". Remove it, or change answer.'


def test_a_list_is_a_list_of_at_least_one() -> None:
    where = Where("a.toml", "items")
    names = kinds.listed(kinds.text)
    assert list(names("A", where)) == [
        where.problem(Rule.WRONG_KIND, "This must be a list.", "Put it in [ ].")
    ]
    assert list(names([], where)) == [
        where.problem(Rule.EMPTY, "The list is empty.", "Name at least one.")
    ]
    assert [str(problem) for problem in names(["A", 1], where)] == [
        "a.toml: items[2]: This must be a text. Put it in quotes."
    ]


def test_what_a_count_is_of_is_told_where_it_stands() -> None:
    count = {"all": [{"count": "strength", "of": "corr", "at_least": 1}]}
    assert [str(each) for each in kinds.count_condition(count, Where("a.toml", "when"))] == [
        'a.toml: when.all[1].of: "corr" is not possible here. Did you mean "core"?'
    ]


def test_a_table_of_names_from_elsewhere_is_a_table() -> None:
    where = Where("cases/a.toml", "facts")
    assert list(kinds.free_table({"any": 1}, where)) == []
    assert list(kinds.free_table(["any"], where)) == [
        where.problem(Rule.WRONG_KIND, "This must be a table.", "Write { name = value }.")
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"answer": "count", "id": "a", "most": 3}, []),
        ({"answer": "text", "id": "a", "hint": "Look."}, []),
        (
            {"answer": "count", "id": "a", "most": 3, "hint": "Look.", "help": "Ask."},
            [(Rule.UNKNOWN_KEY, f': The key "{key}" {ASTRAY}') for key in ("help", "hint")],
        ),
        (
            {"answer": "text", "id": "a"},
            [(Rule.MISSING_KEY, ': The key "hint" is missing. Add hint = ...')],
        ),
        (
            {"answer": "counts", "most": "3", "hint": "Look."},
            [
                (Rule.NOT_IN_LIST, '.answer: "counts" is not possible here. Did you mean "count"?'),
                (Rule.MISSING_KEY, ': The key "id" is missing. Add id = ...'),
                (Rule.WRONG_KIND, ".most: This must be a whole number. Write it without quotes."),
            ],
        ),
        (
            {"answer": 3, "id": "a"},
            [(Rule.WRONG_KIND, ".answer: This must be a text. Put it in quotes.")],
        ),
        (
            {"id": "a", "answr": "text"},
            [
                (Rule.UNKNOWN_KEY, ': The key "answr" is not known here. Did you mean "answer"?'),
                (Rule.MISSING_KEY, ': The key "answer" is missing. Add answer = ...'),
            ],
        ),
        (
            {"answer": ["count"], "id": "a"},
            [(Rule.WRONG_KIND, ".answer: This must be a text. Put it in quotes.")],
        ),
        (
            "a",
            [(Rule.WRONG_KIND, f": This must be a table. Its keys: {', '.join(ALL)}.")],
        ),
    ],
)
def test_the_keys_of_a_table_follow_from_the_value_of_one(
    value: Any, told: list[tuple[Rule, str]]
) -> None:
    question = kinds.shaped_by("answer", {"count": COUNT, "text": TEXT})
    found = [(each.rule, str(each)) for each in question(value, Where("a.toml", "question"))]
    assert found == [(rule, f"a.toml: question{words}") for rule, words in told]
