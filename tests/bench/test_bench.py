"""The table of `make bench` says what was measured."""

from __future__ import annotations

from tests.bench import __main__ as bench


def test_a_figure_is_the_median_of_its_repeats_beside_its_limit() -> None:
    repeats: list[list[bench.Row]] = [
        [("saving", value, "ms", "aim", 40.0)] for value in (10.0, 30.0, 20.0)
    ]
    line = bench.gather(repeats)[0].line()
    assert line.split() == ["saving", "20", "ms", "40", "0.50", "aim"]


def test_a_figure_may_have_no_limit() -> None:
    line = bench.gather([[("reviews", 1234.0, "rows", "", None)]])[0].line()
    assert line.split() == ["reviews", "1,234", "rows"]
