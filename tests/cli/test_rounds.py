"""`cqi rounds`, on both engines."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from cqi.core import configuration
from cqi.core import database as databases
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose
from cqi.rounds.models import Round
from cqi.rounds.rules import SecondLevel
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.commands import Command, Ran
from tests.fixtures.twice import Twice

PLACES = "county,fips,region\nAdams County,28001,I-South\nAlcorn County,28003,I-North\n"
INSTRUMENT = ("--instrument", "mississippi_practice_model", "--version", "1.0")
DATES = (
    "--pur-from", "2026-01-01", "--on-site-from", "2027-01-11", "--on-site-to", "2027-01-22",
)  # fmt: skip
LATER = (
    "--pur-from", "2027-02-01", "--on-site-from", "2028-01-10", "--on-site-to", "2028-01-21",
)  # fmt: skip


@pytest.fixture
def placed(installed: Command, tmp_path: Path) -> Command:
    file = tmp_path / "places.csv"
    file.write_text(PLACES, encoding="utf-8")
    installed("places", "import", file, "--from", "2020-01-01").good()
    return installed


def create(
    command: Command, name: str, kind: str, *more: str, dates: tuple[str, ...] = DATES
) -> Ran:
    return command("rounds", "create", "--name", name, "--kind", kind, *INSTRUMENT, *dates, *more)


def test_create_prints_the_id_that_list_and_round_take(placed: Command) -> None:
    made = create(placed, "South one", "baseline", "--region", "I-South").good()
    public_id = str(uuid.UUID(made.out.strip()))
    assert made.out == f"{public_id}\n"
    follow = create(
        placed, "South two", "follow_up", "--region", "I-South", "--compares-with", public_id,
        dates=LATER,
    ).good()  # fmt: skip
    rows = placed("rounds", "list", "--format", "json").good().json
    assert rows == [
        {"id": public_id, "name": "South one", "kind": "baseline", "finished": False},
        {"id": follow.out.strip(), "name": "South two", "kind": "follow_up", "finished": False},
    ]
    assert placed("rounds", "list").good().out.splitlines()[0] == "South one (baseline)"
    for reference in (public_id, "South one"):
        found = placed("measures", "--round", reference, "--format", "json").good().json
        assert found["round"] == "South one"


def test_counties_stand_in_place_of_a_region(placed: Command) -> None:
    create(placed, "Two", "ongoing", "--county", "28001", "--county", "28003").good()
    both = create(placed, "B", "baseline", "--county", "28001", "--region", "I-South")
    neither = create(placed, "N", "baseline")
    for ran in (both, neither):
        assert (ran.code, ran.out) == (2, "")
        assert "either --region or one --county or more" in ran.err


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("baseline", ["--region", "I-West"], "I-West"),
        ("baseline", ["--county", "28999"], "28999"),
        ("follow_up", ["--region", "I-South"], "compare"),
        (
            "follow_up",
            ["--region", "I-South", "--compares-with", "No round"],
            "no round was opened",
        ),
    ],
)
def test_what_cannot_be_opened_says_why(
    placed: Command, kind: str, more: list[str], words: str
) -> None:
    ran = create(placed, "South", kind, *more)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert placed("rounds", "list", "--format", "json").good().json == []


def test_a_name_is_taken_once(placed: Command) -> None:
    create(placed, "South", "baseline", "--region", "I-South").good()
    ran = create(placed, "south", "baseline", "--region", "I-South")
    assert (ran.code, ran.out) == (2, "")


def test_a_round_that_is_none_names_the_nearest_or_those_there_are(placed: Command) -> None:
    create(placed, "I-South baseline 2027", "baseline", "--region", "I-South").good()
    near = placed("measures", "--round", "I-south basline 2027", "--format", "json")
    assert (near.code, near.out) == (2, "")
    assert 'did you mean "I-South baseline 2027"?' in near.err
    far = placed("report", "region", "--round", "Nowhere", "--out", "x.pdf")
    assert (far.code, far.out) == (2, "")
    assert 'there is no round "Nowhere": there are I-South baseline 2027.' in far.err


def test_a_share_of_second_level_qa_keeps_its_seed(
    placed: Command, settings: configuration.Configuration
) -> None:
    given = ("--second-level", "20%", "--second-level-seed", "a seed of ours")
    create(placed, "South one", "baseline", "--region", "I-South", *given).good()
    drawn = ("--second-level", "50")
    create(placed, "North one", "baseline", "--region", "I-North", *drawn).good()
    create(placed, "Two", "ongoing", "--county", "28001", "--second-level", "all").good()
    database = databases.open_database(settings)
    with database.reading() as session:
        order = sa.select(Round).order_by(Round.id)
        found = [one.second_level for one in session.scalars(order)]
    database.dispose()
    assert found[0] == SecondLevel(20, "a seed of ours")
    assert found[1].share == 50
    assert len(found[1].seed) == 16
    assert found[2] == SecondLevel(100)


def test_a_share_of_cases_that_are_read_twice_gets_a_seed_of_its_own(
    placed: Command, settings: configuration.Configuration
) -> None:
    given = ("--second-level", "20", "--read-twice", "10%")
    create(placed, "South one", "baseline", "--region", "I-South", *given).good()
    database = databases.open_database(settings)
    with database.reading() as session:
        [one] = session.scalars(sa.select(Round))
        assert (one.double_reading.share, len(one.double_reading.seed)) == (10, 16)
        assert one.double_reading.seed != one.second_level.seed
    database.dispose()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--read-twice", "some"), "--read-twice is none, all, or a share"),
        (("--read-twice", "101"), "from 0 to 100"),
        (("--second-level", "some"), "none, all, or a share"),
        (("--second-level", "101"), "from 0 to 100"),
        (("--second-level", "all", "--second-level-seed", "x"), "need no seed"),
    ],
)
def test_what_is_no_share_is_refused(placed: Command, given: tuple[str, ...], words: str) -> None:
    ran = create(placed, "South one", "baseline", "--region", "I-South", *given)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_a_practice_case_is_given_by_somebody_who_may(
    installed: Command, database: databases.Database, cast: Cast
) -> None:
    with database.writing() as session:
        number = build.case(session, cast.county).case_number
    given = ("rounds", "practice", cast.round.name, "--case", number)
    given += ("--reviewer", cast.reviewer.email)
    refused = installed(*given, "--by", cast.qa_lead.email)
    assert (refused.code, refused.out) == (2, "")
    unknown = installed(*given, "--by", "nobody@example.org")
    assert "nobody who is active signs in as nobody@example.org" in unknown.err
    made = installed(*given, "--by", cast.cqi_director.email).good()
    with database.reading() as session:
        [review] = session.scalars(sa.select(CaseReview))
        assert (str(review.public_id), review.purpose) == (made.out.strip(), ReviewPurpose.PRACTICE)
    again = installed(*given, "--by", cast.cqi_director.email)
    assert "is a practice case of this round already" in again.err


def test_a_case_is_given_to_a_second_pair_and_the_list_says_that_it_is_out(
    installed: Command, twice: Twice
) -> None:
    name = twice.cast.round.name
    given = ("rounds", "second-reading", name, "--case", twice.case_number)
    given += ("--by", twice.cast.cqi_director.email, "--reviewer")
    refused = installed(*given, twice.beside.email)
    assert (refused.code, refused.out) == (2, "")
    assert "knows the other reading of this case" in refused.err
    made = installed(*given, twice.third.email).good()
    with twice.database.reading() as session:
        found = sa.select(CaseReview.public_id).where(CaseReview.reading == 2)
        assert str(session.scalars(found).one()) == made.out.strip()
    rows = installed("rounds", "list", "--format", "json").good().json
    assert [row.get("second_readings_out") for row in rows] == [1, None]
    listed = installed("rounds", "list").good().out
    assert f"{name} (baseline, second readings still out: 1)" in listed
