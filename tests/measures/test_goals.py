"""Goal arithmetic, and four decimals from exact integers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.measures.rules import goals, rounding


def test_40_of_65_makes_a_goal_of_69_3_percent() -> None:
    assert goals.pip_goal(40, 65).as_json() == {
        "baseline": 0.6154,
        "sampling_error": 0.0772,
        "goal": 0.6926,
        "reason": None,
    }


@pytest.mark.parametrize(
    ("k", "n", "why"), [(0, 30, "0%"), (30, 30, "100%"), (4, 9, "9 applicable cases")]
)
def test_where_the_formula_has_no_meaning_the_goal_is_negotiated(k: int, n: int, why: str) -> None:
    goal = goals.pip_goal(k, n)
    assert (goal.goal, goal.sampling_error) == (None, None)
    assert goal.reason.startswith("The goal is negotiated")
    assert why in goal.reason


@given(st.integers(10, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_goal_lies_above_its_baseline_and_is_at_most_1(count: tuple[int, int]) -> None:
    goal = goals.pip_goal(*count)
    assert goal.goal is None or goal.baseline < goal.goal <= 1


def test_a_goal_is_met_by_the_point_on_a_sample_of_at_least_the_baselines_size() -> None:
    goal = goals.pip_goal(40, 65).goal
    assert goal is not None
    assert goals.met(goal, 46, 65, 65)
    assert not goals.met(goal, 45, 65, 65)
    assert not goals.met(goal, 60, 64, 65)
    assert not goals.met(goal, 0, 0, 0)


def test_a_negotiated_goal_is_met_when_it_is_reached_exactly() -> None:
    assert goals.met(Fraction(7, 10), 21, 30, 30)


def test_no_cases_have_no_goal() -> None:
    with pytest.raises(ValueError, match="no share"):
        goals.pip_goal(0, 0)


@pytest.mark.parametrize(
    ("share", "printed"),
    [
        (Fraction(1, 3), 0.3333),
        (Fraction(2, 3), 0.6667),
        (Fraction(1, 32), 0.0313),  # 0.03125, a tie: half up
        (Fraction(-1, 32), -0.0313),
        (Fraction(22, 40) - Fraction(15, 36), 0.1333),
        (0.49505880837, 0.4951),
        (-0.00001, 0.0),
    ],
)
def test_four_decimals_are_rounded_half_up(share: Fraction | float, printed: float) -> None:
    assert str(rounding.four(share)) == str(printed)
