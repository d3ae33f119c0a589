"""Files of finished ratings that cannot be taken: each fault with its line, its column and what to
do, and nothing comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases import actions as cases
from cqi.cases.models import Case
from cqi.cases.policy import NewConflict
from cqi.cases.rules import CaseType, ConflictKind
from cqi.core import errors
from cqi.core.database import Database
from cqi.places.models import Place
from cqi.reviews import actions, queries
from cqi.reviews.models import CaseReview, StoredRating
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.reviews.importing import HEAD, TODAY, bring_in, csv, row, xlsx

_ROUND, _COUNTY = "{round}", "{county}"
GOOD = f"{_ROUND},{_COUNTY},E-1,foster_care,SRM05,strength,2026-11-20"
TOMORROW = (TODAY + dt.timedelta(days=1)).isoformat()


@dataclass(frozen=True)
class Bad:
    """The lines of a file, and the one fault in it."""

    lines: tuple[str, ...]
    line: int
    column: str
    words: str


def one(cell: str, other: str, column: str, words: str) -> Bad:
    """The good row with one cell changed."""
    return Bad((HEAD, GOOD.replace(cell, other)), 2, column, words)


def second(other: str, column: str, words: str) -> Bad:
    """The good row, then another one of the same case."""
    return Bad((HEAD, GOOD, other), 3, column, words)


BAD = {
    "empty": Bad((), 1, "", "the file is empty"),
    "header alone": Bad((HEAD,), 1, "", "write one row for each item"),
    "no header": Bad((GOOD,), 1, "round", "the first line must name it"),
    "a column lacks": Bad(
        (HEAD.replace(",final_on", ""), GOOD.replace(",2026-11-20", "")),
        *(1, "final_on", "the column is missing"),
    ),
    "a column too many": Bad(
        (f"{HEAD},reviewer", f"{GOOD},Ada"), 1, "reviewer", "rename or remove it"
    ),
    "a column twice": Bad((f"{HEAD},item", f"{GOOD},SRM05"), 1, "item", "stands twice"),
    "a value too many": Bad((HEAD, f"{GOOD},more"), 2, "", "8 values for 7 columns"),
    "unknown round": one(
        _ROUND, "Round of nowhere", "round", "or open it first (cqi rounds create)"
    ),
    "no round": one(f"{_ROUND},", ",", "round", "this is required: fill it in"),
    "county of another round": one(_COUNTY, "{other}", "county_fips", "is no county of"),
    "county that is none": one(_COUNTY, "00000", "county_fips", "use {county}"),
    "no case number": one("E-1", "", "case_number", "this is required"),
    "case number too long": one("E-1", "E" * 61, "case_number", "cannot be used"),
    "formula as case number": one("E-1", "=A1", "case_number", "makes it a formula"),
    "formula as rating": one("strength", "=B2", "rating", "this is a formula: put its value"),
    "formula as day": one("2026-11-20", "=TODAY()", "final_on", "this is a formula"),
    "unknown case type": one(
        *("foster_care", "Foster care", "case_type"),
        "use foster_care, in_home or in_home_alternative_response",
    ),
    "unknown item": one("SRM05", "SRM5", "item", "is no item of"),
    "item nearly right": one("SRM05", "SRM5", "item", "Did you mean"),
    "item of another instrument": one("SRM05", "I12", "item", "is no item of"),
    "a component": one(
        "SRM05", "SRM", "item", "is a component: it is rated from its items by rule"
    ),
    "no item": one("SRM05", "", "item", "this is required"),
    "rating of a component": one(
        *("strength", "partially_achieved", "rating"),
        "use strength, area_needing_improvement or not_applicable",
    ),
    "rating in other words": one("strength", "ANI", "rating", "is no rating of an item"),
    "no day": one("2026-11-20", "11/20/2026", "final_on", "write it as YYYY-MM-DD"),
    "day that is none": one("2026-11-20", "2026-02-30", "final_on", "is no date"),
    "tomorrow": one("2026-11-20", TOMORROW, "final_on", "lies in the future: correct it"),
    "before the period": one("2026-11-20", "2020-01-31", "final_on", "before the period under"),
    "an item twice": second(GOOD, "item", "stands on line 2 already: remove one"),
    "two days": second(
        GOOD.replace("SRM05", "SRM01").replace("11-20", "11-21"),
        *("final_on", "has 2026-11-20 on line 2, here 2026-11-21"),
    ),
    "two kinds": second(
        GOOD.replace("SRM05", "SRM01").replace("foster_care", "in_home"),
        *("case_type", "has foster_care on line 2, here in_home"),
    ),
    "quotes that do not close": Bad((HEAD, f'"{GOOD}'), 1, "", "this is no CSV file"),
}


@pytest.fixture
def refused(database: Database, cast: Cast) -> Callable[..., list[errors.BadRow]]:
    """What is wrong with a file; nothing came in."""

    def ask(content: str | bytes) -> list[errors.BadRow]:
        with database.writing() as session:
            before = _rows(session)
            found = list(
                bring_in(session, content, build.actor(session, cast.cqi_director)).problems
            )
            assert _rows(session) == before
            return found

    return ask


def _rows(session: orm.Session) -> list[int | None]:
    return [
        session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (Case, CaseReview, StoredRating)
    ]


def filled(cast: Cast, text: str) -> str:
    return text.format(round=cast.round.name, county=cast.county.code, other=cast.other_county.code)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_place_and_its_remedy(
    cast: Cast, refused: Callable[..., list[errors.BadRow]], name: str
) -> None:
    bad = BAD[name]
    found = refused(filled(cast, "\n".join(bad.lines)))
    assert (bad.line, bad.column) in {(each.line, each.column) for each in found}
    said = " ".join(each.message for each in found if each.column == bad.column)
    assert filled(cast, bad.words) in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x81\x8d\x00\xff" * 9, "this is no text file"),
        (b"PK\x03\x04 no workbook", "this is no workbook"),
        (b"\xff\xfe\x00", "this is no text file"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
    ids=["no text", "broken workbook", "half a character", "too large"],
)
def test_what_cannot_be_read_is_refused_whole(
    database: Database, cast: Cast, content: bytes, words: str
) -> None:
    with database.writing() as session, pytest.raises(errors.BadInput, match=words):
        bring_in(session, content)


def test_every_bad_row_is_named_and_in_the_order_of_the_file(
    cast: Cast, refused: Callable[..., list[errors.BadRow]]
) -> None:
    good = row(cast.round, cast.county)
    rows = [{**good, "rating": "?"}, good, good, {**good, "round": "?", "final_on": "?"}]
    found = refused(csv(rows))
    assert [(each.line, each.column) for each in found] == [
        (2, "rating"),
        (4, "item"),
        (5, "round"),
        (5, "final_on"),
    ]


def test_a_bad_row_of_a_workbook_has_the_sheets_line(
    cast: Cast, refused: Callable[..., list[errors.BadRow]]
) -> None:
    good = row(cast.round, cast.county)
    [bad] = refused(xlsx([good, {**good, "item": "SRM99"}]))
    assert (bad.line, bad.column) == (3, "item")


def test_a_case_of_another_county_or_kind_is_told_of_what_stands_here(
    database: Database, cast: Cast, refused: Callable[..., list[errors.BadRow]]
) -> None:
    with database.writing() as session:
        here = build.case(session, cast.other_county, case_type=CaseType.IN_HOME)
    found = refused(csv([row(cast.round, cast.county, case_number=here.case_number)]))
    said = {each.column: each.message for each in found}
    assert f"is of county {cast.other_county.code} here" in said["county_fips"]
    assert "is in_home here (in-home)" in said["case_type"]


@pytest.fixture
def scored_here(database: Database, cast: Cast) -> str:
    """The number of a case that is reviewed in the round."""
    with database.writing() as session:
        case = build.case(session, cast.county, case_type=CaseType.FOSTER_CARE)
        build.case_review(session, cast.round, case, [cast.reviewer])
        return case.case_number


def test_a_case_that_is_reviewed_in_the_round_is_left_out(
    cast: Cast, refused: Callable[..., list[errors.BadRow]], scored_here: str
) -> None:
    [bad] = refused(csv([row(cast.round, cast.county, case_number=scored_here)]))
    assert (bad.line, bad.column) == (2, "case_number")
    assert "is reviewed already (not started)" in bad.message
    assert "leave its rows out" in bad.message


def test_a_withdrawn_case_does_not_come_back_with_another_file(
    database: Database, cast: Cast, refused: Callable[..., list[errors.BadRow]]
) -> None:
    with database.writing() as session:
        director = build.actor(session, cast.cqi_director)
        bring_in(session, csv([row(cast.round, cast.county)]))
        one = session.scalars(sa.select(CaseReview)).one()
        steps = {"review": one, "reason": "Wrong.", "actor": director, "now": build.NOW}
        actions.reopen(session, **steps)
        actions.withdraw(session, **steps)
    [bad] = refused(csv([row(cast.round, cast.county, rating="not_applicable")]))
    assert "was imported from another file" in bad.message
    assert "withdrawn" in bad.message


def test_a_case_that_the_importer_may_not_know_is_of_no_use(
    database: Database, cast: Cast, refused: Callable[..., list[errors.BadRow]]
) -> None:
    with database.writing() as session:
        case = build.case(session, cast.other_county)
        conflict = NewConflict(cast.cqi_director.id, ConflictKind.RELATIVE, case.case_number)
        director = build.actor(session, cast.cqi_director)
        cases.declare_conflict(session, conflict, actor=director, now=build.NOW)
    [bad] = refused(csv([row(cast.round, cast.county, case_number=case.case_number)]))
    assert (bad.column, "cannot be used" in bad.message) == ("case_number", True)
    assert "county" not in bad.message


def test_an_item_that_the_round_does_not_ask_for_is_told_so(
    database: Database, cast: Cast, refused: Callable[..., list[errors.BadRow]]
) -> None:
    with database.writing() as session:
        session.get_one(Round, cast.round.id).items = ["SRM05", "MAS04"]
    [bad] = refused(csv([row(cast.round, cast.county, item="MAS01")]))
    assert "does not ask for MAS01, only for MAS04 or SRM05" in bad.message


@pytest.fixture
def with_parts(database: Database, cast: Cast) -> tuple[Round, Place]:
    """A round on an instrument whose item I12 has parts."""
    with database.writing() as session:
        made = build.round(session, cast.region, [cast.county], pages=build.instrument("osri"))
        return made, cast.county


def test_a_whole_item_follows_from_its_parts(
    database: Database, with_parts: tuple[Round, Place]
) -> None:
    need = "area_needing_improvement"
    parts = [row(*with_parts, item=f"I12{part}") for part in "AB"]
    with database.writing() as session:
        bring_in(session, csv([*parts, row(*with_parts, item="I12C", rating=need)]))
        found = {each.code: each for each in queries.stored_ratings(session, with_parts[0].id)}
        assert found["I12"].rating == need
        assert found["WB1"].rating is None, "its other items are not in the file"


def test_a_whole_item_that_its_parts_contradict_is_refused(
    with_parts: tuple[Round, Place], refused: Callable[..., list[errors.BadRow]]
) -> None:
    rows = [row(*with_parts, item=code) for code in ("I12A", "I12B", "I12C")]
    whole = row(*with_parts, item="I12", rating="area_needing_improvement")
    [bad] = refused(csv([*rows, whole]))
    assert (bad.line, bad.column) == (5, "rating")
    assert "follows from I12A, I12B, I12C of this case as strength" in bad.message


def test_a_part_of_an_item_may_come_alone(
    database: Database, with_parts: tuple[Round, Place]
) -> None:
    with database.writing() as session:
        bring_in(session, csv([row(*with_parts, item="I12A"), row(*with_parts, item="I12")]))
        found = {
            each.code: each.rating for each in queries.stored_ratings(session, with_parts[0].id)
        }
        assert (found["I12A"], found["I12"]) == ("strength", "strength")
