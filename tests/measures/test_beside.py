"""A place is told apart from the rest of its whole, never from a whole that holds its own cases."""

from __future__ import annotations

import pytest

from cqi.core import intervals
from cqi.instruments.definition import Rating
from cqi.measures.rules import beside, findings, frozen, tabulation

STRENGTH, NEED = Rating.STRENGTH.value, Rating.AREA_NEEDING_IMPROVEMENT.value


def rows(here: tuple[int, int], elsewhere: tuple[int, int]) -> frozen.Frozen:
    """Cases of two counties, each (strengths, applicable) of one item."""
    cases = tuple(
        frozen.FrozenCase(f"{county}-{n}", county, "in_home", {"A1": STRENGTH if n < k else NEED})
        for county, (k, applicable) in (("28001", here), ("28003", elsewhere))
        for n in range(applicable)
    )
    one = frozen.FrozenRound("A round", "any", "1.0", "x", cases)
    return frozen.Frozen(one, (frozen.Part("A", ("A1",)),))


def found(here: tuple[int, int], elsewhere: tuple[int, int]) -> beside.Beside:
    given = rows(here, elsewhere)
    place = tabulation.measure(given, county="28001").row("A1")
    return beside.beside(place, tabulation.measure(given).row("A1"))


@pytest.mark.parametrize(
    ("here", "elsewhere", "word"),
    [
        ((28, 30), (15, 40), beside.Standing.ABOVE),
        ((5, 30), (30, 40), beside.Standing.BELOW),
        ((15, 30), (22, 40), beside.Standing.NOT_APART),
        ((9, 9), (0, 40), beside.Standing.TOO_FEW),
        ((0, 30), (9, 9), beside.Standing.TOO_FEW),
        ((10, 10), (0, 0), beside.Standing.TOO_FEW),
        ((0, 0), (10, 10), beside.Standing.TOO_FEW),
    ],
)
def test_the_word_follows_the_interval_of_the_difference_from_the_rest(
    here: tuple[int, int], elsewhere: tuple[int, int], word: beside.Standing
) -> None:
    assert found(here, elsewhere).standing is word


def test_the_rest_leaves_out_the_places_own_cases() -> None:
    one = found((28, 30), (15, 40))
    assert one.pair == findings.Pair(15, 40, 28, 30)
    assert one.interval == intervals.newcombe(15, 40, 28, 30)


def test_a_countys_figures_count_its_cases_alone_under_the_run_of_the_whole() -> None:
    given = rows((12, 20), (30, 40))
    county = tabulation.measure(given, county="28001")
    assert (county.row("A1").achieved, county.row("A1").applicable) == (12, 20)
    assert county.run_id == tabulation.measure(given).run_id
    assert {case.county for case in county.frozen.round.cases} == {"28001"}
