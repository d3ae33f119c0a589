"""A unit's feedback in one view: counts over counts, and no order of people but their names."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.cases.rules import StaffKind
from cqi.core.database import Database
from cqi.feedback import queries
from cqi.feedback.rules import units as rules
from cqi.feedback.rules.units import Pages, Reviewed, Share, Worker
from cqi.instruments.definition import Rating
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview
from cqi.settings import registry
from cqi.settings.models import SettingValue
from tests import build
from tests.feedback import invented
from tests.feedback.invented import STAFF
from tests.fixtures import counting
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

TODAY = build.NOW.date()
S, P, NA = Rating.SUBSTANTIALLY_ACHIEVED, Rating.PARTIALLY_ACHIEVED, Rating.NOT_APPLICABLE
ANI, STRENGTH = Rating.AREA_NEEDING_IMPROVEMENT, Rating.STRENGTH


def one(round_id: int = 1, worker: str = "W-1", **ratings: Rating | None) -> Reviewed:
    return Reviewed(round_id, frozenset({worker}), ratings)


def view(database: Database, cast: Cast) -> queries.UnitView:
    with database.reading() as session:
        return queries.unit(session, build.actor(session, cast.supervisor), TODAY)


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ([], None),
        ([NA, None], None),
        ([S, S, P], Share(2, 3)),
        ([STRENGTH, ANI, NA, None], Share(1, 2)),
    ],
)
def test_a_share_counts_what_applied(ratings: list[Rating | None], expected: Share | None) -> None:
    assert rules.share([one(SRM=rating) for rating in ratings], "SRM") == expected


def test_components_stand_over_their_rounds_in_the_instruments_order() -> None:
    found = rules.by_round(
        [one(1, SRM=S, MAS=NA), one(2, SRM=P), one(2, SRM=S)],
        [1, 2],
        {"SRM": "Safety", "MAS": "Services"},
    )
    assert [(line.code, line.shares) for line in found] == [("SRM", (Share(1, 1), Share(1, 2)))]


def test_needs_keep_the_instruments_order_whatever_their_counts() -> None:
    found = rules.needs(
        [one(A=ANI, B=STRENGTH), one(A=STRENGTH, B=STRENGTH, C=ANI), one(C=ANI)],
        {"C": "Third", "B": "Second", "A": "First"},
    )
    assert [(line.code, line.shares) for line in found] == [
        ("C", (Share(0, 2),)),
        ("A", (Share(1, 2),)),
    ]


def test_workers_stand_by_name_and_never_by_a_figure() -> None:
    workers = [Worker("W-1", "zoe"), Worker("W-2", "Ada"), Worker("W-3", "Mo", 7)]
    best, worst, middle = one(SRM=S), one(worker="W-2", SRM=P), one(worker="W-3", SRM=S)
    for order in ([best, worst, middle], [middle, best, worst]):
        found = rules.by_worker(order, workers, ["SRM"])
        assert [line.name for line in found] == ["Ada", "Mo", "zoe"]
    assert [line.shares for line in found] == [(Share(0, 1),), (Share(1, 1),), (Share(1, 1),)]


def test_each_instrument_has_its_own_table_of_workers() -> None:
    one_of = [
        Reviewed(1, frozenset({"W-1"}), {"SRM": S}, instrument="a"),
        Reviewed(2, frozenset({"W-2"}), {"S1": P}, instrument="b"),
    ]
    workers = [Worker("W-1", "Ada"), Worker("W-2", "Mo")]
    found = rules.worker_table(one_of, workers, Pages("b", "Federal", {"S1": "Safe"}, {}))
    assert (found.title, found.components) == ("Federal", ("Safe",))
    assert [(line.name, line.cases, line.shares) for line in found.lines] == [
        ("Mo", 1, (Share(0, 1),))
    ]


def test_released_memos_of_the_units_cases_count(database: Database, cast: Cast) -> None:
    invented.final_review(database, cast)
    invented.final_review(database, cast, released=False)
    invented.final_review(database, cast, in_unit=False, staff={})
    found = view(database, cast)
    assert (found.cases, found.left_out, found.units) == (1, 0, ("Juniper Unit A",))
    assert [line.code for line in found.needs] == ["SNA06"]
    assert found.needs[0].shares == (Share(0, 1),)
    assert len(found.components) == 6
    assert [(line.name, line.cases) for line in found.workers[0].lines] == [
        ("Caseworker Person", 1)
    ]


def test_a_case_that_one_supervises_by_number_counts_too(database: Database, cast: Cast) -> None:
    invented.final_review(database, cast, in_unit=False, staff={StaffKind.SUPERVISOR: "S-100"})
    assert view(database, cast).cases == 1


def test_a_case_that_a_supervisor_works_elsewhere_is_not_their_units(
    database: Database, cast: Cast
) -> None:
    invented.final_review(database, cast, in_unit=False, staff={StaffKind.CASEWORKER: "S-100"})
    assert view(database, cast).cases == 0


def test_a_review_that_was_opened_again_is_left_out_and_said(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    invented.final_review(database, cast)
    with database.writing() as session:
        found = session.scalars(sa.select(CaseReview).where(CaseReview.public_id == review)).one()
        director = build.actor(session, cast.cqi_director)
        reviews.reopen(session, review=found, reason="More.", actor=director, now=build.NOW)
    assert (view(database, cast).cases, view(database, cast).left_out) == (1, 1)
    page = client_for(cast.supervisor).get("/feedback/unit").text
    assert "1 case review that was opened again; memos that are not released" in page


def test_the_page_warns_first_and_shows_counts_alone_under_ten_cases(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    for _ in range(2):
        invented.final_review(database, cast)
    page = client_for(cast.supervisor).get("/feedback/unit").text
    main = page.partition("<main")[2]
    assert main.index("A few cases say nothing about a person") < main.index("<table")
    assert "2 of 2" in main
    assert "%" not in re.sub(r'(width|height)="100%"', "", main)
    assert "What these numbers rest on" in main


def test_of_components_with_enough_cases_a_percentage_stands_beside_the_count(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    for _ in range(2):
        invented.final_review(database, cast)
    with database.writing() as session:
        session.add(
            SettingValue(
                key=registry.SMALLEST_N.key,
                value=2,
                from_on=build.LONG_AGO,
                reason="a test",
                set_at=build.NOW,
            )
        )
    page = client_for(cast.supervisor).get("/feedback/unit").text
    components, _, rest = page.partition("What the unit needs")
    assert "100.0%" in components
    assert "%" not in rest.partition("<footer")[0]  # of items counts, of people always


def test_who_acknowledged_is_counted_beside_each_worker(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    other = {StaffKind.CASEWORKER: "W-9", StaffKind.SUPERVISOR: "S-100"}
    invented.final_review(database, cast, staff=other)
    client_for(cast.caseworker).post(f"/feedback/{review}/acknowledge")
    client_for(cast.supervisor).post(f"/feedback/{review}/acknowledge")
    assert [(line.name, line.acknowledged) for line in view(database, cast).workers[0].lines] == [
        ("Caseworker Person", Share(1, 1)),
        ("Staff number W-9", Share(0, 1)),
    ]


def test_beside_a_memo_stands_the_unit_on_its_needs(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    invented.final_review(database, cast, wish={})
    page = client_for(cast.supervisor).get(f"/feedback/{review}").text
    card = page.partition("Your unit on this")[2].partition("</section>")[0]
    assert "SNA06" in card
    assert re.search(r"strength in\s+<b[^>]*>1 of 2</b>\s+cases", card)
    assert "1 round, 2 cases. Too few to say anything about a worker." in card
    for who in (cast.caseworker, cast.regional_director):
        assert "Your unit" not in client_for(who).get(f"/feedback/{review}").text


def test_the_view_takes_few_queries_however_many_memos(database: Database, cast: Cast) -> None:
    asked_for = []
    for number in range(3):
        staff = {**STAFF, StaffKind.CASEWORKER: f"W-10{number}"}
        invented.final_review(database, cast, staff=staff)
        with database.reading() as session:
            actor = build.actor(session, cast.supervisor)
            with counting.queries(database) as asked:
                queries.unit(session, actor, TODAY)
        asked_for.append(len(asked))
    assert asked_for == [asked_for[0]] * 3
    assert asked_for[0] <= 7


def test_a_supervisor_of_another_unit_sees_their_own_alone(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    invented.final_review(database, cast)
    with database.writing() as session:
        far = build.person(session)
        unit = build.unit(session, session.merge(cast.county), "Juniper Unit B")
        build.grant(session, far, Role.SUPERVISOR, place=unit)
    page = client_for(far).get("/feedback/unit").text
    assert "No memo of your unit is released yet." in page


@pytest.mark.parametrize(
    "who", ["caseworker", "regional_director", "cqi_director", "cqi_liaison", "outsider"]
)
def test_everybody_else_is_refused(client_for: ClientFor, cast: Cast, who: str) -> None:
    assert client_for(getattr(cast, who)).get("/feedback/unit").status_code == 403
