"""Frozen rows become numerators, denominators, exclusions, comparisons and one run id."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import random
from typing import Any

import pytest

from cqi.measures.rules import frozen, output, tabulation
from cqi.measures.rules.findings import Finding, Limits
from cqi.measures.rules.frozen import Frozen, FrozenOutside, LeftOut
from tests.measures import rows
from tests.measures.rows import ANI, FULL, NA, NOT, PART, STRENGTH

DAY = dt.date(2026, 3, 1)


def document(found: Frozen, by: tabulation.By | None = None) -> dict[str, Any]:
    """The JSON as another program reads it."""
    text = json.dumps(output.as_json(tabulation.measure(found, by), DAY))
    read: dict[str, Any] = json.loads(text)
    return read


def row(found: dict[str, Any], code: str, place: str | None = None) -> dict[str, Any]:
    rows_ = found["rows"]
    return next(r for r in rows_ if (r["item"] or r["component"]) == code and r["place"] == place)


def comparison(found: dict[str, Any], code: str) -> dict[str, Any]:
    return next(c for c in found["comparisons"] if (c["item"] or c["component"]) == code)


def two_rounds(named: frozenset[str] = frozenset(), version: str = "1.0") -> Frozen:
    before = rows.cases("A", "SRM", achieved=15, of=36)
    after = rows.cases("B", "SRM", achieved=22, of=40)
    items = [rows.case(f"C{n:03}", {"SRM05": STRENGTH if n < 10 else ANI}) for n in range(30)]
    later = [rows.case(f"D{n:03}", {"SRM05": STRENGTH if n < 25 else ANI}) for n in range(30)]
    return Frozen(
        round=rows.a_round("Follow-up", [*after, *later]),
        baseline=rows.a_round("Baseline", [*before, *items], version=version),
        parts=rows.PARTS,
        named_items=named,
    )


def test_an_items_row_has_the_agreed_shape() -> None:
    counted = rows.cases("A", "SRM05", achieved=26, of=40, component=False)
    others = [rows.case(f"N{n}", {"SRM05": NA}) for n in range(3)]
    outside = [
        FrozenOutside("X1", "28001", "in_home", LeftOut.ELIMINATED),
        FrozenOutside("X2", "28001", "in_home", LeftOut.NOT_FINAL),
        FrozenOutside("X3", "28001", "in_home", LeftOut.NOT_FINAL),
    ]
    found = document(
        Frozen(rows.a_round("One", [*counted, *others], outside), rows.PARTS), tabulation.By.COUNTY
    )
    assert row(found, "SRM05", "28001") == {
        "component": "SRM",
        "item": "SRM05",
        "place": "28001",
        "applicable": 40,
        "strength": 26,
        "rate": 0.65,
        "interval": [0.4951, 0.7787],
        "interval_method": "wilson",
        "confidence": 0.95,
        "excluded": {
            "practice": 0,
            "eliminated": 1,
            "not_final": 2,
            "not_rated": 0,
            "not_applicable": 3,
        },
    }


def test_a_components_row_shows_all_three_ratings() -> None:
    ratings = [FULL] * 22 + [PART] * 12 + [NOT] * 6 + [NA, None]
    found = document(
        Frozen(
            rows.a_round("One", [rows.case(str(n), {"SRM": r}) for n, r in enumerate(ratings)]),
            rows.PARTS,
        )
    )
    srm = row(found, "SRM")
    counts = ("applicable", "substantially_achieved", "partially_achieved", "not_achieved")
    assert [srm[name] for name in counts] == [40, 22, 12, 6]
    assert (srm["item"], srm["place"], srm["rate"]) == (None, None, 0.55)
    assert (srm["excluded"]["not_rated"], srm["excluded"]["not_applicable"]) == (1, 1)


def test_under_ten_cases_there_are_counts_only() -> None:
    found = document(
        Frozen(rows.a_round("One", rows.cases("A", "SRM", achieved=6, of=9)), rows.PARTS)
    )
    srm = row(found, "SRM")
    assert (srm["applicable"], srm["substantially_achieved"]) == (9, 6)
    assert (srm["rate"], srm["interval"]) == (None, None)


def test_a_comparison_has_the_agreed_shape() -> None:
    assert comparison(document(two_rounds()), "SRM") == {
        "component": "SRM",
        "item": None,
        "baseline": {"applicable": 36, "achieved": 15},
        "follow_up": {"applicable": 40, "achieved": 22},
        "difference": 0.1333,
        "interval": [-0.0881, 0.3371],
        "interval_method": "newcombe",
        "finding": "no_clear_change",
        "overlap": 0,
        "without_overlap": None,
    }


def test_an_item_has_a_word_only_if_a_plan_named_it() -> None:
    unnamed = comparison(document(two_rounds()), "SRM05")
    named = comparison(document(two_rounds(frozenset({"SRM05"}))), "SRM05")
    assert unnamed["baseline"] == {"applicable": 30, "strength": 10}
    assert unnamed["difference"] == named["difference"] == 0.5
    assert (unnamed["finding"], named["finding"]) == (None, "improved")


def test_too_few_cases_show_no_difference() -> None:
    inv = comparison(document(two_rounds()), "INV")
    assert (inv["finding"], inv["difference"], inv["interval"]) == ("too_few", None, None)


def test_another_version_of_the_instrument_is_not_compared() -> None:
    srm = comparison(document(two_rounds(version="0.9")), "SRM")
    assert (srm["finding"], srm["difference"]) == ("not_compared", None)


def test_of_two_versions_only_what_keeps_its_rule_is_compared() -> None:
    found = dataclasses.replace(two_rounds(version="0.9"), same_rule=frozenset({"SRM"}))
    assert comparison(document(found), "SRM")["finding"] == "no_clear_change"
    for code in ("SRM05", "INV"):
        assert comparison(document(found), code)["finding"] == "not_compared"
    measured = tabulation.measure(found)
    assert measured.baseline_row("SRM") is not None
    assert measured.baseline_row("SRM05") is None


def test_a_run_keeps_what_keeps_its_rule_and_older_runs_their_id() -> None:
    old = two_rounds(version="0.9")
    new = dataclasses.replace(old, same_rule=frozenset({"SRM", "INV"}))
    assert frozen.from_json(json.loads(json.dumps(frozen.as_json(new)))) == new
    assert frozen.run_id(new) != frozen.run_id(old)
    assert "same_rule" not in frozen.as_json(old)


def test_cases_in_both_rounds_are_counted_and_left_out_once_more() -> None:
    before = rows.cases("A", "SRM", achieved=10, of=20)
    after = [*before[:4], *rows.cases("B", "SRM", achieved=15, of=20)]
    found = tabulation.measure(
        Frozen(rows.a_round("F", after), rows.PARTS, rows.a_round("B", before))
    )
    one = found.comparison("SRM")
    assert one is not None
    assert one.without_overlap is not None
    assert one.overlap == 4
    assert dataclasses.astuple(one.pair) == (10, 20, 19, 24)
    assert dataclasses.astuple(one.without_overlap.pair) == (6, 16, 15, 20)


def test_a_case_that_does_not_apply_in_one_round_is_no_overlap() -> None:
    before, after = rows.case("A", {"SRM": NA}), rows.case("A", {"SRM": FULL})
    found = tabulation.measure(
        Frozen(rows.a_round("F", [after]), rows.PARTS, rows.a_round("B", [before]))
    )
    one = found.comparison("SRM")
    assert one is not None
    assert one.overlap == 0


def test_rows_by_case_type_name_the_case_type() -> None:
    found = [rows.case("A", {"SRM": FULL}, kind="foster_care"), rows.case("B", {"SRM": PART})]
    kinds = document(Frozen(rows.a_round("One", found), rows.PARTS), tabulation.By.CASE_TYPE)
    counted = [(r["case_type"], r["applicable"]) for r in kinds["rows"] if r["item"] is None]
    assert counted == [("foster_care", 1), ("foster_care", 0), ("in_home", 1), ("in_home", 0)]


def test_rows_stand_in_the_instruments_order() -> None:
    found = document(Frozen(rows.a_round("Empty", []), rows.PARTS))
    order = [r["item"] or r["component"] for r in found["rows"]]
    assert order == ["SRM", "SRM01", "SRM05", "INV", "INV01"]


def with_parts(**ratings: str) -> Frozen:
    """One case whose item SRM05 has the parts SRM05A and SRM05B."""
    parts = (frozen.Part("SRM", ("SRM01", "SRM05", "SRM05A", "SRM05B")),)
    part_of = {"SRM05A": "SRM05", "SRM05B": "SRM05"}
    found = [rows.case("A-1", {"SRM": FULL, "SRM01": NA, **ratings})]
    return Frozen(rows.a_round("One", found), parts, part_of=part_of)


def test_a_part_has_a_row_of_its_own_under_its_whole_and_says_so() -> None:
    found = document(with_parts(SRM05=ANI, SRM05A=STRENGTH, SRM05B=ANI))
    assert [(r["item"], r.get("part_of"), r.get("strength")) for r in found["rows"]] == [
        (None, None, None),
        ("SRM01", None, 0),
        ("SRM05", None, 0),
        ("SRM05A", "SRM05", 1),
        ("SRM05B", "SRM05", 0),
    ]
    srm = row(found, "SRM")
    assert (srm["applicable"], srm["substantially_achieved"]) == (1, 1)


def test_a_component_that_is_off_is_in_no_share() -> None:
    cases = [rows.case("A", {"SRM": NA, "SRM05": NA}), rows.case("B", {"SRM": NOT, "SRM05": ANI})]
    srm = row(document(Frozen(rows.a_round("One", cases), rows.PARTS)), "SRM")
    assert (srm["applicable"], srm["not_achieved"], srm["partially_achieved"]) == (1, 1, 0)
    assert srm["excluded"]["not_applicable"] == 1


def test_the_run_id_does_not_depend_on_the_order_of_rows() -> None:
    one = two_rounds()
    shuffled = list(one.round.cases)
    random.Random(3).shuffle(shuffled)  # noqa: S311 - order, not secrets
    turned = [dataclasses.replace(c, ratings=dict(reversed(c.ratings.items()))) for c in shuffled]
    other = dataclasses.replace(one, round=dataclasses.replace(one.round, cases=tuple(turned)))
    assert frozen.run_id(other) == frozen.run_id(one)


def test_the_run_id_depends_on_everything_that_figures_depend_on() -> None:
    one = two_rounds()
    fewer = dataclasses.replace(one.round, cases=one.round.cases[1:])
    others = [
        dataclasses.replace(one, round=fewer),
        dataclasses.replace(one, baseline=None),
        dataclasses.replace(one, named_items=frozenset({"SRM05"})),
        dataclasses.replace(one, limits=Limits(smallest_n=11)),
        dataclasses.replace(one, formula_version="2"),
        dataclasses.replace(one, part_of={"SRM05": "SRM01"}),
    ]
    assert len({frozen.run_id(each) for each in (one, *others)}) == 7


def test_the_run_id_of_known_rows_never_changes() -> None:
    known = Frozen(rows.a_round("One", [rows.case("A-1", {"SRM": FULL})]), rows.PARTS)
    assert frozen.run_id(known) == KNOWN


@pytest.mark.parametrize("one", [two_rounds(frozenset({"SRM05"})), with_parts(SRM05=STRENGTH)])
def test_frozen_rows_survive_storage(one: Frozen) -> None:
    again = frozen.from_json(json.loads(json.dumps(frozen.as_json(one))))
    assert frozen.run_id(again) == frozen.run_id(one)
    assert tabulation.measure(again).comparison("SRM") == tabulation.measure(one).comparison("SRM")


@pytest.mark.parametrize("code", ["SRM", "INV"])
def test_components_always_have_a_word(code: str) -> None:
    one = tabulation.measure(two_rounds()).comparison(code)
    assert one is not None
    assert isinstance(one.finding, Finding)


KNOWN = "1b93632c6ce23f2aa9d0b716250d4ce525501d720fb84875c84a948d05c0b5b3"
