"""Rounds are added up case by case, under a digest of their runs, and only where they add up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cqi.measures.rules import frozen, pooled, tabulation
from tests.reporting import invented


def rows(seed: int) -> frozen.Frozen:
    one = invented.a_round(f"Round {seed}", 12, {}, seed=seed, first=100 * seed)
    return invented.rows(one, invented.a_round("Before", 12, {}, seed=9))


def test_a_pooled_row_is_the_sum_of_the_rounds_rows() -> None:
    given = {"North": rows(1), "South": rows(2)}
    whole = pooled.measure("State", given)
    parts = [tabulation.measure(each) for each in given.values()]
    for row in whole.rows:
        others = [part.row(row.measure.code) for part in parts]
        assert row.achieved == sum(each.achieved for each in others)
        assert row.applicable == sum(each.applicable for each in others)
        assert row.excluded.practice == sum(each.excluded.practice for each in others)
    assert whole.comparisons == ()


def test_the_digest_is_that_of_the_regions_runs_in_any_order() -> None:
    north, south = rows(1), rows(2)
    one = pooled.measure("State", {"North": north, "South": south}).run_id
    assert one == pooled.measure("State", {"South": south, "North": north}).run_id
    assert one != pooled.measure("State", {"North": north}).run_id
    changed = replace(north, round=replace(north.round, cases=north.round.cases[1:]))
    assert one != pooled.measure("State", {"North": changed, "South": south}).run_id


@pytest.mark.parametrize("change", [{"version": "2.0"}, {"digest": "x"}, {"items": ("SRM05",)}])
def test_another_version_and_a_round_of_named_items_do_not_add_up(change: dict) -> None:
    north, south = rows(1), rows(2)
    other = replace(south, round=replace(south.round, **change))
    assert not pooled.adds_up(north.round, other.round)
    with pytest.raises(ValueError, match="do not add up"):
        pooled.pool("State", [north, other])


def test_no_round_is_no_state() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        pooled.pool("State", [])
