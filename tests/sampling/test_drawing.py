"""Which cases are drawn: the published rule to the byte, allocation, and chances."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import hypothesis
import pytest
from hypothesis import strategies

from cqi.cases.rules import CaseType
from cqi.sampling.rules import drawing
from cqi.sampling.rules.drawing import Design, Listed, Proportional, Slice

KINDS = tuple(CaseType)


def frame(*numbers: int) -> list[Listed]:
    """A frame with so many cases of foster care and in-home, and of in-home alternative response,
    in two counties by turns."""
    return [
        Listed(f"C{place}{number:04}", ("28001", "28003")[number % 2], KINDS[place])
        for place, count in enumerate(numbers)
        for number in range(count)
    ]


def by_hand(cases: list[Listed], seed: str) -> list[str]:
    """The rule as docs/sampling.md gives it to anybody, written without the product."""
    lines = sorted(f"{c.case_number}|{c.county_fips}|{c.case_type.value}" for c in cases)
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    numbers = [c.case_number for c in cases]
    return sorted(
        numbers, key=lambda c: hashlib.sha256(f"{seed}\n{digest}\n{c}".encode()).hexdigest()
    )


def test_the_digest_of_a_small_frame_is_that_of_its_lines() -> None:
    cases = [Listed("B-2", "28003", KINDS[1]), Listed("A-1", "28001", KINDS[0])]
    lines = b"A-1|28001|foster_care\nB-2|28003|in_home\n"
    assert drawing.frame_digest(cases) == hashlib.sha256(lines).hexdigest()


def test_lines_are_sorted_by_bytes_not_by_letters() -> None:
    cases = [Listed(number, "28001", KINDS[0]) for number in ("é", "z", "Z", "a")]
    lines = b"".join(sorted(f"{c.case_number}|28001|foster_care\n".encode() for c in cases))
    assert drawing.frame_digest(cases) == hashlib.sha256(lines).hexdigest()


def test_a_draw_is_what_anybody_gets_by_the_published_rule() -> None:
    cases = frame(30, 11)
    design = Design((Slice.CASE_TYPE,), {"foster_care": 8, "in_home": 3}, Decimal("0.5"))
    for stratum in drawing.draw(cases, design, "seed of the day"):
        those = {c.case_number for c in cases if c.stratum(design.strata) == stratum.name}
        order = [number for number in by_hand(cases, "seed of the day") if number in those]
        wanted = design.allocation[stratum.name]
        assert stratum.drawn == tuple(order[:wanted])
        assert stratum.reserve == tuple(order[wanted : wanted + math.ceil(wanted / 2)])


def test_the_same_frame_and_seed_draw_the_same_under_every_python() -> None:
    """What was drawn once, here and by a Python of another version: 3.11.7 and 3.14.2 agree."""
    design = Design((Slice.COUNTY, Slice.CASE_TYPE), Proportional(65, 2), Decimal("0.5"))
    found = drawing.draw(frame(300, 170, 31), design, "Straße 7\u2028é")
    assert [(s.name, s.size, s.drawn[:2]) for s in found] == [
        ("28001|foster_care", 150, ("C00092", "C00028")),
        ("28001|in_home", 101, ("C10106", "C10094")),
        ("28003|foster_care", 150, ("C00237", "C00129")),
        ("28003|in_home", 100, ("C10163", "C10139")),
    ]
    text = json.dumps([[s.name, s.size, s.drawn, s.reserve] for s in found])
    assert hashlib.sha256(text.encode()).hexdigest() == (
        "d0c8b128f942c00999693a14da0c2b5d8874a203d0538aded8bd04d590511f77"
    )


def test_the_order_of_the_list_changes_nothing() -> None:
    cases, design = frame(20, 20), Design((), Proportional(9), Decimal(1))
    shuffled = cases[::-1][7:] + cases[::-1][:7]
    assert drawing.draw(cases, design, "s") == drawing.draw(shuffled, design, "s")


def test_alternative_response_is_drawn_with_in_home_and_keeps_its_name_in_the_digest() -> None:
    cases = frame(0, 5, 5)
    (stratum,) = drawing.draw(cases, Design((Slice.CASE_TYPE,), {"in_home": 4}), "s")
    assert (stratum.name, stratum.size) == ("in_home", 10)
    assert b"in_home_alternative_response" in cases[-1].line


def test_strata_are_named_in_the_order_of_the_design() -> None:
    case = Listed("A-1", "28001", KINDS[0])
    assert case.stratum((Slice.COUNTY, Slice.CASE_TYPE)) == "28001|foster_care"
    assert case.stratum((Slice.CASE_TYPE, Slice.COUNTY)) == "foster_care|28001"
    assert case.stratum(()) == "all"


def test_a_weight_is_frame_size_over_drawn() -> None:
    stratum = drawing.draw(frame(30), Design((), {"all": 8}), "s")[0]
    assert stratum.weight == Fraction(30, 8)
    assert drawing.draw(frame(30), Design((), {"all": 0}), "s")[0].weight is None


def test_a_reserve_is_rounded_up_and_ends_where_the_frame_ends() -> None:
    for number, share, expected in ((3, "0.5", 2), (8, "0.1", 1), (8, "0", 0), (8, "2", 2)):
        design = Design((), {"all": number}, Decimal(share))
        assert len(drawing.draw(frame(10), design, "s")[0].reserve) == expected


@pytest.mark.parametrize(
    ("available", "rule", "expected"),
    [
        ({"a": 100, "b": 10, "c": 5}, Proportional(23), {"a": 20, "b": 2, "c": 1}),
        ({"a": 100, "b": 10, "c": 5}, Proportional(20, 2), {"a": 15, "b": 3, "c": 2}),
        ({"a": 50, "b": 50}, Proportional(7), {"a": 4, "b": 3}),  # a tie: the first name
        ({"b": 50, "a": 50, "c": 50}, Proportional(4), {"b": 1, "a": 2, "c": 1}),
        ({"a": 9, "b": 1}, Proportional(10, 1), {"a": 9, "b": 1}),
        ({"a": 9, "b": 1}, Proportional(6, 3), {"a": 5, "b": 1}),  # the whole stratum
    ],
)
def test_proportional_shares(
    available: dict[str, int], rule: Proportional, expected: dict[str, int]
) -> None:
    assert drawing.allocate(available, Design((), rule)) == expected


SIZES = strategies.dictionaries(
    strategies.text("abcdefgh", min_size=1, max_size=3), strategies.integers(1, 60), min_size=1
)


@hypothesis.given(SIZES, strategies.data())
def test_proportional_adds_up_and_never_asks_for_more_than_there_is(
    available: dict[str, int], data: strategies.DataObject
) -> None:
    there = sum(available.values())
    total = data.draw(strategies.integers(1, there))
    rule = Proportional(total, data.draw(strategies.integers(0, 5)))
    design = Design((), rule)
    if drawing.allocation_blockers(available, design):
        assert sum(min(rule.at_least, size) for size in available.values()) > total
        return
    given = drawing.allocate(available, design)
    assert sum(given.values()) == total
    for name, size in available.items():
        assert min(rule.at_least, size) <= given[name] <= size
    if not rule.at_least:  # within one of the exact share
        assert all(abs(given[n] - Fraction(total * available[n], there)) < 1 for n in available)


STRATA = ((), (Slice.COUNTY,), (Slice.CASE_TYPE, Slice.COUNTY))


@hypothesis.given(strategies.data())
def test_a_draw_takes_each_case_once_and_only_from_its_stratum(data: strategies.DataObject) -> None:
    cases = frame(*(data.draw(strategies.integers(0, 25)) for _ in KINDS))
    strata = data.draw(strategies.sampled_from(STRATA))
    available = drawing.sizes(cases, strata)
    wanted = {name: data.draw(strategies.integers(0, size)) for name, size in available.items()}
    design = Design(tuple(strata), wanted, Decimal(data.draw(strategies.integers(0, 200))) / 100)
    if drawing.allocation_blockers(available, design):
        assert not sum(wanted.values())
        return
    found = drawing.draw(cases, design, data.draw(strategies.sampled_from(("", "2f6d", "ä\n|"))))
    assert {stratum.name: len(stratum.drawn) for stratum in found} == wanted
    taken = Counter(number for one in found for number in (*one.drawn, *one.reserve))
    assert set(taken.values()) <= {1}
    home = {case.case_number: case.stratum(design.strata) for case in cases}
    assert all(home[number] == one.name for one in found for number in (*one.drawn, *one.reserve))


def test_what_a_design_asks_for_in_vain_is_told_with_the_remedy() -> None:
    available = {"foster_care": 10, "in_home": 4}
    fixed = Design((Slice.CASE_TYPE,), {"foster_care": 11, "kinship": 2})
    assert [each.code for each in drawing.allocation_blockers(available, fixed)] == [
        "unnamed_stratum",
        "too_many",
        "too_many",
    ]
    codes = {
        "too_many": Design((), Proportional(15)),
        "least_too_high": Design((), Proportional(5, 3)),
        "nothing": Design((), {"foster_care": 0, "in_home": 0}),
    }
    for code, design in codes.items():
        assert [each.code for each in drawing.allocation_blockers(available, design)] == [code]
    empty = drawing.allocation_blockers({}, Design((), Proportional(1)))
    assert [each.code for each in empty] == ["empty_frame"]


SEEDS = 2000


def test_each_case_is_drawn_as_often_as_its_share_over_2000_seeds() -> None:
    """In every stratum: the count of each case lies within 4.5 standard errors of seeds times
    share (one case in 150,000 would lie outside by chance), and the spread is that of chance."""
    cases = frame(20, 9, 4)
    design = Design((Slice.CASE_TYPE,), {"foster_care": 6, "in_home": 5}, Decimal(0))
    counts = Counter(
        number
        for seed in range(SEEDS)
        for stratum in drawing.draw(cases, design, str(seed))
        for number in stratum.drawn
    )
    for name, size in drawing.sizes(cases, design.strata).items():
        share = design.allocation[name] / size
        error = math.sqrt(SEEDS * share * (1 - share))
        those = [c.case_number for c in cases if c.stratum(design.strata) == name]
        off = [(counts[number] - SEEDS * share) / error for number in those]
        assert max(map(abs, off)) < 4.5
        chi = sum(each * each for each in off) * (size - 1) / size  # fixed total: size - 1 free
        assert chi < (size - 1) + 4 * math.sqrt(2 * (size - 1)) + 8


def test_pairs_are_drawn_together_as_often_as_chance_says() -> None:
    cases, design = frame(12), Design((), {"all": 4})
    together = Counter(
        pair
        for seed in range(SEEDS)
        for drawn in [sorted(drawing.draw(cases, design, str(seed))[0].drawn)]
        for pair in [(a, b) for a in drawn for b in drawn if a < b]
    )
    share = (4 * 3) / (12 * 11)
    error = math.sqrt(SEEDS * share * (1 - share))
    assert len(together) == 66
    assert max(abs(number - SEEDS * share) for number in together.values()) < 4.5 * error
