"""What a row of a figure may say, and in which order rows stand."""

from __future__ import annotations

import pytest

from cqi.documents import model, shares
from cqi.documents.shares import ComparisonRow, RoundRow, Share

MANY = Share(41, 65, 0.509, 0.738)
MORE = Share(44, 62, 0.587, 0.808)
FEW = Share(2, 3, 0.2, 0.9)


def printed(row: model.Row) -> list[str]:
    return [model.shown(cell) for cell in row.cells]


def row(label: str, follow_up: Share | None, finding: str | None = None) -> ComparisonRow:
    return ComparisonRow(label, label, MANY, follow_up, 0.079, (-0.084, 0.235), finding)


def test_under_ten_cases_in_one_round_show_counts_in_both() -> None:
    cells = printed(shares.comparison_cells(row("a", FEW, "too_few_cases"), 10, with_finding=True))
    dashes = ["–", "–"]
    assert cells == ["a", "41 of 65", *dashes, "2 of 3", *dashes, *dashes, "Too few cases"]
    said = shares.comparison_sentence(row("a", FEW, "too_few_cases"))
    assert said == "a: baseline 41 of 65 cases, follow-up 2 of 3 cases, too few cases."
    assert "%" not in said


def test_a_row_without_a_finding_shows_its_difference_and_no_word() -> None:
    cells = printed(shares.comparison_cells(row("a", MORE), 10, with_finding=False))
    assert cells[1:] == [
        *("41/65", "63.1%", "50.9–73.8"),
        *("44/62", "71.0%", "58.7–80.8"),
        *("+7.9", "−8.4 to +23.5"),
    ]
    assert shares.comparison_sentence(row("a", MORE)).endswith(
        "difference +7.9 points (95% interval −8.4 to +23.5)."
    )


def test_a_missing_round_is_said_and_not_drawn_as_zero() -> None:
    cells = printed(shares.comparison_cells(row("a", None), 10, with_finding=False))
    assert cells[4:7] == ["–", "–", "–"]
    assert "follow-up not reviewed" in shares.comparison_sentence(row("a", None))


def test_rows_stand_highest_follow_up_first_and_too_few_last() -> None:
    rows = [
        row("few", FEW, "too_few_cases"),
        row("low", Share(10, 40, 0.1, 0.4)),
        row("wide", Share(30, 30, 0.9, 1.0), "too_few_cases"),
        row("high", MORE),
    ]
    ordered, split = shares.comparison_order(rows)
    assert [r.code for r in ordered] == ["high", "low", "few", "wide"]
    assert split == 2


def test_one_round_puts_places_without_cases_last() -> None:
    rows = [RoundRow("none", "None", None), RoundRow("few", "Few", FEW), RoundRow("a", "A", MANY)]
    ordered, split = shares.round_order(rows)
    assert [r.code for r in ordered] == ["a", "none", "few"]
    assert split == 1


def test_parts_stay_under_the_row_that_they_are_parts_of() -> None:
    rows = [
        RoundRow("low", "Low", Share(10, 40, 0.1, 0.4)),
        RoundRow("low_a", "Part", FEW, part_of="low"),
        RoundRow("low_b", "Part", MORE, part_of="low"),
        RoundRow("few", "Few", FEW),
        RoundRow("high", "High", MORE),
    ]
    ordered, split = shares.round_order(rows)
    assert [r.code for r in ordered] == ["high", "low", "low_a", "low_b", "few"]
    assert split == 4
    assert [shares.round_cells(r, 10).indent for r in ordered] == [0, 0, 1, 1, 0]


def test_an_unknown_finding_is_refused() -> None:
    with pytest.raises(ValueError, match="no finding is called 'better'"):
        row("a", MORE, "better")
