"""Bringing in a list of cases: all or nothing, every bad row with its line and remedy."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.cases import actions, queries
from cqi.cases.models import Case, CaseStaff
from cqi.cases.rules import CaseType, ImportResult, StaffKind
from cqi.cases.rules.lists import COLUMNS
from cqi.core import errors, events
from cqi.core.database import Database
from tests import build
from tests.fixtures.cast import Cast

NOW = build.NOW
TODAY = dt.date(2027, 3, 10)
HEAD = ",".join(COLUMNS)


def bring_in(
    session: orm.Session, content: bytes | str, actor: Actor | None = None, *, dry_run: bool = False
) -> ImportResult:
    raw = content.encode() if isinstance(content, str) else content
    return actions.import_cases(
        session, content=raw, actor=actor, today=TODAY, now=NOW, dry_run=dry_run
    )


def count(session: orm.Session) -> int | None:
    return session.scalar(sa.select(sa.func.count()).select_from(Case))


def good(cast: Cast, number: str = "24-01873") -> str:
    return (
        f"{number},foster_care,{cast.county.code},Juniper Unit A,W-100,S-100,"
        "2026-05-01,,2026-05-03,,d.,2019,F-12,"
    )


def test_a_list_comes_in_with_its_staff(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        text = f"# our export\n{HEAD}\n{good(cast)}\n\n# half way\n{good(cast, '24-01874')}\n"
        assert bring_in(session, text) == ImportResult(rows=2, created=2)
        case = queries.by_number(session, "24-01873")
        assert (case.case_type, case.county_id) == (CaseType.FOSTER_CARE, cast.county.id)
        assert (case.unit_id, case.child_initial) == (cast.unit.id, "D")
        assert (case.opened_on, case.closed_on) == (dt.date(2026, 5, 1), None)
        staff = {row.kind: row.staff_id for row in case.staff}
        assert staff == {StaffKind.CASEWORKER: "W-100", StaffKind.SUPERVISOR: "S-100"}
        assert queries.staff_ids(session, case.id) == {"W-100", "S-100"}
        [event] = session.scalars(sa.select(events.Event))
        assert event.payload["cases"] == 2
        assert "24-01873" not in str(event.payload)


def test_three_columns_are_enough(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        text = f"case_number,case_type,county_fips\nA-1,in_home,{cast.county.code}\n"
        assert bring_in(session, text).created == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(CaseStaff)) == 0


def test_a_dry_run_and_a_bad_row_create_nothing(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        assert bring_in(session, f"{HEAD}\n{good(cast)}\n", dry_run=True) == ImportResult(1, 0)
        assert count(session) == 0
        result = bring_in(session, f"{HEAD}\n{good(cast)}\nA-2,foster_care,00000,,,,,,,,,,,\n")
        assert (result.rows, result.created) == (2, 0)
        assert [(bad.line, bad.column) for bad in result.problems] == [(3, "county_fips")]
        assert count(session) == 0


def test_every_bad_row_is_named_with_line_column_and_remedy(database: Database, cast: Cast) -> None:
    fips = cast.county.code
    rows = [
        f",foster_care,{fips},,,,,,,,,,,",
        f"B-1,fostercare,{fips},,,,,,,,,,,",
        "B-2,foster_care,12,,,,,,,,,,,",
        f"B-3,foster_care,{fips},No Such Unit,,,,,,,,,,",
        f"B-4,foster_care,{fips},,,,03/01/2026,,,,,,,",
        f"B-5,foster_care,{fips},,,,2026-05-01,2026-04-01,,,,,,",
        f"B-6,foster_care,{fips},,,,2028-01-01,,,,,,,",
        f"B-7,foster_care,{fips},,,,,,2026-02-30,,,,,",
        f"B-8,foster_care,{fips},,,,,,,,Dora,,,",
        f"B-9,foster_care,{fips},,,,,,,,,19,,",
        f"B-10,foster_care,{fips},,,,,,,,,,,secret",
        f"B-11,foster_care,{fips},,,,,,,,,,,,surplus",
        f"B-12,foster_care,{fips},,,,,,,,,,,",
        f"B-12,foster_care,{fips},,,,,,,,,,,",
        f"THERE,foster_care,{fips},,,,,,,,,,,",
    ]
    with database.writing() as session:
        bring_in(session, f"{HEAD}\n{good(cast, 'THERE')}\n")
        result = bring_in(session, "\n".join([HEAD, "# first", *rows]))
        found = [(bad.line, bad.column) for bad in result.problems]
        assert found == [
            (3, "case_number"),
            (4, "case_type"),
            (5, "county_fips"),
            (6, "unit"),
            (7, "opened_on"),
            (8, "closed_on"),
            (9, "opened_on"),
            (10, "entered_care_on"),
            (11, "child_initial"),
            (12, "child_birth_year"),
            (13, "hold"),
            (14, ""),
            (16, "case_number"),
            (17, "case_number"),
        ]
        words = " ".join(str(bad) for bad in result.problems)
        for remedy in ("YYYY-MM-DD", "foster_care, in_home or", "five digits", "line 15 already"):
            assert remedy in words
        assert "Dora" not in words, "a name must not travel on in a message"
        assert count(session) == 1


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("case_number,case_type", "county_fips"),
        ("case_number,case_type,county_fips,colour", "colour"),
        ("case_number,case_type,county_fips,unit,unit", "unit"),
        ("", "case_number"),
    ],
)
def test_a_wrong_header_is_said_before_anything_else(
    head: str, column: str, database: Database
) -> None:
    with database.writing() as session:
        result = bring_in(session, f"{head}\nA-1,foster_care,99001\n")
        assert (1, column) in [(bad.line, bad.column) for bad in result.problems] or (
            2,
            column,
        ) in [(bad.line, bad.column) for bad in result.problems]
        assert result.created == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_may_come_from_any_spreadsheet(
    encoding: str, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        text = f"case_number,case_type,county_fips\r\nÑ-1,in_home,{cast.county.code}\r\n"
        assert bring_in(session, text.encode(encoding)).created == 1
        assert queries.by_number(session, "Ñ-1").case_type is CaseType.IN_HOME


def test_what_is_no_text_is_refused(database: Database) -> None:
    with database.writing() as session, pytest.raises(errors.BadInput):
        bring_in(session, b"PK\x03\x04\x81\x8d")


def test_a_quoted_value_may_hold_commas_and_its_line_ends_are_counted(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        text = (
            "case_number,case_type,county_fips,family_id\n"
            f'A-1,in_home,{cast.county.code},"F, 1"\n'
            f'A-2,in_home,{cast.county.code},"F,\n1"\n'
            "A-3,in_home,0,\n"
        )
        (unknown,) = bring_in(session, text).problems
        assert (unknown.line, unknown.column) == (5, "county_fips")
        good = text[: text.index("A-3")]
        assert bring_in(session, good).created == 2
        assert queries.by_number(session, "A-2").family_id == "F, 1"  # a line end is a blank


def test_a_liaison_brings_in_cases_of_the_region_only(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        liaison = build.actor(session, cast.cqi_liaison)
        line = f"A-1,in_home,{cast.other_county.code}"
        result = bring_in(session, f"case_number,case_type,county_fips\n{line}\n", liaison)
        assert [bad.column for bad in result.problems] == ["county_fips"]
        case = build.case(session, cast.other_county)
        with pytest.raises(errors.NotFound):
            queries.case(session, liaison, case.public_id)
        director = build.actor(session, cast.cqi_director)
        assert queries.case(session, director, case.public_id) is case
        assert queries.cases(session, liaison) == []


def test_a_number_out_of_reach_is_refused_in_the_words_for_any_that_is_of_no_use(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        elsewhere, here = (
            build.case(session, place).case_number for place in (cast.other_county, cast.county)
        )
        liaison = build.actor(session, cast.cqi_liaison)

        def said(number: str, *, dry_run: bool = False) -> str:
            content = f"{HEAD}\n{good(cast, number)}\n"
            result = bring_in(session, content, liaison, dry_run=dry_run)
            [bad] = result.problems
            assert result.created == 0
            return str(bad)

        assert said(elsewhere) == said("x" * 61) == said("A\u200b1")
        assert said(elsewhere, dry_run=True) == said(elsewhere)
        assert "already" not in said(elsewhere)
        assert f"“{here}” is there already" in said(here)


def test_what_outsiders_get(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for person in (cast.outsider, cast.reviewer, cast.qa_lead, cast.administrator):
            with pytest.raises(errors.Forbidden):
                bring_in(session, f"{HEAD}\n{good(cast)}\n", build.actor(session, person))
