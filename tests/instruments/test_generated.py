"""What holds of every definition that the checker accepts.

Few examples by default; many with: pytest tests/instruments/test_generated.py
--hypothesis-profile=long
"""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cqi.instruments import definition, inputs, item_rating, rating
from cqi.instruments.checking import checker
from tests.instruments import generated
from tests.instruments.generated import Case, Drawn

LONG = settings.get_current_profile_name() == "long"
few = settings(
    deadline=None,
    max_examples=2_000 if LONG else 40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate] + [Phase.shrink] * LONG,
)
CASES = 15  # tried of each definition
randoms = st.randoms(use_true_random=False)


def rate(instrument: definition.Instrument, case: Case) -> rating.CaseRating:
    return rating.rate(instrument, case.facts, case.answers, case.subjects)


@few
@given(generated.accepted(), randoms)
def test_what_check_accepts_is_rated_as_the_rules_say(
    found: tuple[Drawn, definition.Instrument], rng: random.Random
) -> None:
    drawn, instrument = found
    plain = drawn.model()
    for _ in range(CASES):
        case = generated.a_case(rng, instrument, rng.choice((0.5, 0.9, 1)))
        rated = rate(instrument, case)
        ratings = {code: each.rating for code, each in rated.items.items()}
        for code, each in rated.items.items():
            answers = case.answers[code]
            expected = plain.rate(code, case.facts, answers, case.subjects, ratings)
            assert (each.rating, set(each.missing)) == expected
            assert each.reason.endswith(".")
            assert "None" not in each.reason
        for component in instrument.components:
            hold_component(drawn, component.code, case, rated)


def hold_component(drawn: Drawn, code: str, case: Case, rated: rating.CaseRating) -> None:
    """A component is NA by its facts, waits for its items, or is rated as the model does."""
    plain, told = drawn.model(), rated.components[code]
    [table] = [each for each in drawn.instrument["components"] if each["code"] == code]
    missing = tuple(item for item in table["items"] if rated.items[item].rating is None)
    if plain.decide(table.get("applies_when"), {}, case.facts) is False:
        assert (told.rating, told.missing) == ("not_applicable", ())
    elif missing:
        assert (told.rating, told.missing) == (None, missing)
    else:
        ratings = {item: str(rated.items[item].rating) for item in table["items"]}
        assert told.rating == plain.rate_component(code, ratings)[0]


@few
@given(generated.accepted(), st.data())
def test_ratings_do_not_depend_on_the_order_of_files(
    found: tuple[Drawn, definition.Instrument], data: st.DataObject
) -> None:
    drawn, instrument = found
    order = data.draw(st.permutations(range(len(drawn.items))))
    assert checker.check(drawn.raw(order)).instrument == instrument


@few
@given(generated.accepted(), randoms)
def test_what_becomes_known_never_changes_a_rating(
    found: tuple[Drawn, definition.Instrument], rng: random.Random
) -> None:
    _, instrument = found
    for _ in range(CASES):
        case = generated.a_case(rng, instrument, 1)
        whole = rate(instrument, case)
        less = copy.deepcopy(case)
        for gone in rng.sample(sorted(less.facts), rng.choice((0, 1, 2))):
            del less.facts[gone]
        for answers in less.answers.values():
            for name in rng.sample(sorted(answers), min(len(answers), rng.choice((0, 1)))):
                del answers[name]
        for code, each in rate(instrument, less).items.items():
            assert each.rating in (None, whole.items[code].rating)


@few
@given(generated.drawn(), randoms)
def test_nothing_leads_to_a_row_that_is_called_unreachable(
    drawn: Drawn, rng: random.Random
) -> None:
    checked = drawn.check()
    assert checked.instrument is not None
    closed = generated.unreachable(checked.problems)
    for number, row in closed:
        item = checked.instrument.item(drawn.items[number]["item"])
        for _ in range(CASES):
            case = generated.a_case(rng, checked.instrument, 1)
            known = inputs.Known(
                case.facts,
                {kind: {s: s for s in listed} for kind, listed in case.subjects.items()},
            )
            parts = {code: rng.choice(definition.ITEM_RATINGS) for code in item.parts}
            answers = case.answers[item.code]
            standing = item_rating.stand(checked.instrument, item, known, answers, parts)
            assert standing.row is not item.ratings[row] or may_not_be(checked, item, parts)


def may_not_be(
    checked: checker.Checked, item: definition.Item, parts: dict[str, definition.Rating]
) -> bool:
    """Whether a part has a rating here that none of its own rows gives."""
    assert checked.instrument is not None
    return any(
        rated not in {row.rating for row in checked.instrument.item(code).ratings}
        for code, rated in parts.items()
    )


SPOILERS = (None, "", "x", -1, 0, 2_000_000, True, [], ["x"], {}, {"all": ["a"]}, "A1", "parent")


@few
@given(generated.drawn(), randoms)
def test_a_spoilt_definition_is_reported_or_rated_but_never_fails(
    drawn: Drawn, rng: random.Random
) -> None:
    spoilt = copy.deepcopy(drawn)
    for _ in range(rng.choice((1, 1, 2))):
        spoil(rng, rng.choice([spoilt.instrument, *spoilt.items]))
    checked = spoilt.check()
    for problem in checked.problems:
        assert problem.message.endswith(".")
        assert problem.file
    if not checked.problems:
        assert checked.instrument is not None
        rate(checked.instrument, generated.a_case(rng, checked.instrument, 0.9))


def spoil(rng: random.Random, table: Any) -> None:
    """Change one thing somewhere in a table: leave it out, write another value, or repeat it."""
    inner = [each for each in values_of(table) if isinstance(each, dict | list) and each]
    if inner and rng.random() < 0.8:
        spoil(rng, rng.choice(inner))
    elif isinstance(table, dict):
        key = rng.choice(list(table))
        if rng.random() < 0.3:
            del table[key]
        else:
            table[rng.choice((key, key, "nothing"))] = copy.deepcopy(rng.choice(SPOILERS))
    else:
        table[rng.randrange(len(table))] = copy.deepcopy(rng.choice((*SPOILERS, *table)))


def values_of(table: Any) -> list[Any]:
    return list(table.values()) if isinstance(table, dict) else list(table)
