"""Every figure of a state's report, worked out again from the frozen runs by other code.

Nothing of the product's rules is used here: only the stored rows of the runs, the report's own data
file, and formulas as the papers have them (Wilson 1927, Newcombe 1998 method 10).
"""

from __future__ import annotations

import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.core.database import Database
from cqi.documents import table_files
from cqi.measures import actions
from cqi.measures.models import MeasureRun
from cqi.reporting import queries
from cqi.reporting.queries import states
from tests import build
from tests.reporting import state
from tests.reporting.state import AS_OF

Z = 1.959963984540054
DONE = ("strength", "substantially_achieved")
Counted = tuple[int, int]
Runs = dict[str, dict[str, Any]]
Tables = dict[str, list[dict[str, Any]]]


def read(database: Database) -> tuple[Runs, Tables]:
    """(Region -> the rows of its run, key of a table -> its rows in the data file)."""
    with database.writing() as session:
        state.make(session)
        actions.freeze(session, states.asked(session, AS_OF), actor=None, now=build.NOW)
        document = queries.document_of(states.report(session, states.Wanted(AS_OF)))
    with database.reading() as session:
        stored = session.scalars(sa.select(MeasureRun)).all()
        runs = {run.frozen["round"]["name"].split()[0]: run.frozen for run in stored}
    found = json.loads(table_files.json(document))
    return runs, {table["key"]: table["rows"] for table in found["tables"]}


def four(value: float | Fraction) -> float:
    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
    else:
        exact = Decimal(repr(value))
    return float(exact.quantize(Decimal("0.0001"), ROUND_HALF_UP))


def wilson(k: int, n: int) -> tuple[float, float]:
    p, zz = k / n, Z * Z
    middle, half = p + zz / (2 * n), Z * sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return max(0.0, (middle - half) / (1 + zz / n)), min(1.0, (middle + half) / (1 + zz / n))


def newcombe(before: Counted, after: Counted) -> tuple[float, float]:
    p0, p1 = before[0] / before[1], after[0] / after[1]
    (l0, u0), (l1, u1) = wilson(*before), wilson(*after)
    return (
        p1 - p0 - sqrt((p1 - l1) ** 2 + (u0 - p0) ** 2),
        p1 - p0 + sqrt((u1 - p1) ** 2 + (p0 - l0) ** 2),
    )


def count(cases: list[Any], code: str, county: str = "") -> Counted:
    there = [case for case in cases if county in ("", case[1])]
    rated = [case[4].get(code) for case in there]
    applicable = [rating for rating in rated if rating not in (None, "not_applicable")]
    return sum(rating in DONE for rating in applicable), len(applicable)


def share(k: int, n: int) -> tuple[float | None, float | None, float | None]:
    if n < 10:
        return None, None, None
    low, high = wilson(k, n)
    return four(Fraction(k, n)), four(low), four(high)


def near(row: dict[str, Any], prefix: str, expected: Counted) -> None:
    """A row of the file has these counts, their share and their interval."""
    assert (row[f"{prefix}achieved"], row[f"{prefix}applicable"]) == expected
    found = [row[f"{prefix}{name}"] for name in ("share", "low", "high")]
    assert found == list(share(*expected))


def cases_of(runs: dict[str, dict[str, Any]]) -> list[Any]:
    return [case for run in runs.values() for case in run["round"]["cases"]]


def every_share_of_the_state_follows_from_the_frozen_rows(runs: Runs, tables: Tables) -> None:
    cases = cases_of(runs)
    checked = 0
    for key, rows in tables.items():
        if key == "components" or key.startswith(("items_", "theme_")):
            for row in rows:
                near(row, "", count(cases, row["code"]))
                checked += 1
    assert checked > 54


def whole_rows(runs: Runs) -> tuple[list[str], dict[str, list[Any]]]:
    """The components' codes, and the cases of each region and of all of them."""
    regions = {name: run["round"]["cases"] for name, run in runs.items()}
    return [part[0] for part in runs["North"]["parts"]], {**regions, "": cases_of(runs)}


def every_region_follows_from_its_own_rows(runs: Runs, tables: Tables) -> None:
    codes, regions = whole_rows(runs)
    for row in tables["heat_map"]:
        for code in codes:
            if row["code"] == "East":
                assert row[f"{code}_share"] is row[f"{code}_applicable"] is None
            else:
                near(row, f"{code}_", count(regions[row["code"]], code))


def every_county_follows_from_its_own_rows(runs: Runs, tables: Tables) -> None:
    codes, regions = whole_rows(runs)
    for code in codes:
        for row in tables[f"map_{code}"]:
            place = row["code"]
            theirs = regions[place] if place in regions else cases_of(runs)
            county = "" if place in ("North", "South", "East") else place
            if row["applicable"]:
                near(row, "", count(theirs, code, county))
            else:
                assert place in ("East", "28041")
    for row in tables["map_counties"]:
        for code in codes:
            whole = row["code"] in regions
            theirs = regions[row["code"]] if whole else cases_of(runs)
            expected = count(theirs, code, "" if whole else row["code"])
            assert (row[f"{code}_achieved"], row[f"{code}_n"]) == expected


def every_change_and_its_word_follows(runs: Runs, tables: Tables) -> None:
    north = runs["North"]
    words = set()
    for component, _ in north["parts"]:
        (row,) = tables[f"slopes_{component}"]
        before = count(north["baseline"]["cases"], component)
        after = count(north["round"]["cases"], component)
        near(row, "baseline_", before)
        near(row, "follow_up_", after)
        low, high = newcombe(before, after)
        exact = Fraction(*after) - Fraction(*before)
        assert row["difference"] == four(exact)
        assert row["difference_low"] == pytest.approx(low, abs=1e-4)
        assert row["difference_high"] == pytest.approx(high, abs=1e-4)
        reach = max(float(exact) - low, high - float(exact))
        word = "improved" if low > 0 else "declined" if high < 0 else None
        word = word or ("too_few_cases" if reach * 100 > 25 else "no_clear_change")
        assert row["finding"] == word
        words.add(word)
    assert "improved" in words


def who_can_be_told_apart_from_the_rest_follows_and_nobody_is_left_out(
    runs: Runs, tables: Tables
) -> None:
    expected = {}
    for name, run in runs.items():
        rest = [
            case for other, one in runs.items() if other != name for case in one["round"]["cases"]
        ]
        for component, _ in run["parts"]:
            here, there = count(run["round"]["cases"], component), count(rest, component)
            low, high = newcombe(there, here)
            if low > 0 or high < 0:
                difference = four(Fraction(*here) - Fraction(*there))
                expected[name, component] = (
                    *here,
                    *there,
                    difference,
                    "above" if low > 0 else "below",
                )
    found = {
        (row["region_code"], row["code"]): (
            row["achieved"], row["applicable"], row["rest_achieved"], row["rest_applicable"],
            row["difference"], row["standing"],
        )
        for row in tables["apart"]
    }  # fmt: skip
    assert found == expected
    assert found


def years_and_what_was_left_out_follow(runs: Runs, tables: Tables) -> None:
    by_year = {
        "2025": runs["North"]["baseline"]["cases"],
        "2026": cases_of(runs),
    }
    for row in tables["years"]:
        near(row, "", count(by_year[row["on"][:4]], row["code"]))
    outside = [one for run in runs.values() for one in run["round"]["outside"]]
    counted = {row["what"]: row["newest_rounds"] for row in tables["cases_counted"]}
    assert counted["Final case reviews"] == len(cases_of(runs))
    assert counted["Case reviews of the round"] == len(cases_of(runs)) + len(outside)
    for why, words in (
        ("practice", "Practice or reliability"),
        ("eliminated", "Withdrawn with a reason"),
        ("not_final", "Not final yet"),
    ):
        assert counted[words] == sum(one[3] == why for one in outside) > 0
    items = [code for _, codes in runs["North"]["parts"] for code in codes]
    ratings = {row["what"]: row["newest_rounds"] for row in tables["ratings_counted"]}
    rated = [case[4].get(code) for case in cases_of(runs) for code in items]
    assert ratings[f"Item ratings possible (reviews times {len(items)})"] == len(rated)
    assert ratings["Not applicable"] == rated.count("not_applicable")
    assert ratings["Not rated"] == rated.count(None)
    assert ratings["Item ratings counted"] == sum(
        rating in ("strength", "area_needing_improvement") for rating in rated
    )


def each_run_is_the_digest_of_its_rows_and_the_reports_that_of_the_runs(
    runs: Runs, tables: Tables
) -> None:

    def digest(content: Any) -> str:
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    ids = {name: digest(run) for name, run in runs.items()}
    assert {row["region"]: row["run"] for row in tables["runs"]} == ids


def test_every_figure_of_a_states_report_follows_from_its_frozen_runs(database: Database) -> None:
    runs, tables = read(database)
    every_share_of_the_state_follows_from_the_frozen_rows(runs, tables)
    every_region_follows_from_its_own_rows(runs, tables)
    every_county_follows_from_its_own_rows(runs, tables)
    every_change_and_its_word_follows(runs, tables)
    who_can_be_told_apart_from_the_rest_follows_and_nobody_is_left_out(runs, tables)
    years_and_what_was_left_out_follow(runs, tables)
    each_run_is_the_digest_of_its_rows_and_the_reports_that_of_the_runs(runs, tables)
