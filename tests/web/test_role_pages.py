"""The administrator's matrix of roles, and the two questions: who sees it, and what do they see."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import PERMISSION_WORDS, PERMISSIONS, ROLE_WORDS, Permission, Role
from cqi.cases.models import Case
from cqi.core import errors
from cqi.core.database import Database
from cqi.feedback import queries as feedback
from cqi.reviews import actions, queries
from cqi.reviews.models import CaseReview
from cqi.web import explaining
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TODAY, Desk
from tests.reviews import alerting as alertings
from tests.reviews.alerting import Alerting
from tests.reviews.test_interests import SAID

alerting = alertings.alerting


@pytest.fixture
def everybody(database: Database, cast: Cast) -> list[Person]:
    with database.writing() as session:
        leader = build.person(session, "Site Leader Person")
        build.grant(session, leader, Role.SITE_LEADER, round=cast.round)
    return [
        leader,
        *(value for value in vars(cast).values() if isinstance(value, Person)),
    ]


def test_every_permission_has_plain_words() -> None:
    assert set(PERMISSION_WORDS) == set(Permission)
    assert len(set(PERMISSION_WORDS.values())) == len(Permission)


def test_the_matrix_is_the_table_that_the_guard_asks(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.administrator).get("/access/roles").text
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    drawn = {}
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        words = re.search(r'class="text-normal">(.*?)</th>', row, re.DOTALL)
        assert words is not None
        drawn[words[1]] = ["Yes" in cell for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
    assert drawn == {
        str(words): [permission in PERMISSIONS[role] for role in ROLE_WORDS]
        for permission, words in PERMISSION_WORDS.items()
    }


def test_who_sees_a_case_is_who_finds_it(
    desk: Desk, database: Database, everybody: list[Person]
) -> None:
    """Asked of each person, the pages' own queries find what the administrator is told."""
    desk.with_qa()
    desk.approve()
    with database.writing() as session:
        review = session.scalars(sa.select(CaseReview)).one()
        invented.release(session, desk.cast, review)
    desk.do(
        actions.declare_conflict,
        person=desk.cast.cqi_director,
        said=SAID,
        person_id=desk.cast.cqi_director.id,
    )
    with database.reading() as session:
        case = session.scalars(sa.select(Case).where(Case.case_number == desk.case_number)).one()
        told: dict[int, set[str]] = {}
        for found in explaining.who_sees(session, case, TODAY):
            kinds = {name for name in ("reviews", "memos") if getattr(found, name)}
            told.setdefault(found.person_id, set()).update(kinds)
        seen: dict[int, set[str]] = {}
        for person in everybody:
            actor = build.actor(session, person)
            kinds = {"memos"} if feedback.memos(session, actor, invented.CLOCKS) else set()
            try:
                queries.case_review(session, actor, desk.public_id)
                kinds.add("reviews")
            except errors.NotFound:
                pass
            if kinds:
                seen[person.id] = kinds
    assert told == seen
    assert desk.cast.cqi_director.id not in told
    assert told[desk.cast.caseworker.id] == {"memos"}


def test_the_page_says_by_which_grant_and_who_is_kept_out_and_nothing_of_the_case(
    desk: Desk, client_for: ClientFor
) -> None:
    cast = desk.cast
    desk.do(
        actions.declare_conflict,
        person=cast.cqi_director,
        person_id=cast.cqi_director.id,
        said=SAID,
    )
    boss = client_for(cast.administrator)
    with desk.database.reading() as session:
        case = session.scalars(sa.select(Case).where(Case.case_number == desk.case_number)).one()
    for asked in (desk.case_number, str(case.public_id)):
        page = boss.get(f"/access/case?case={asked}").text
        assert f"/access/people/{cast.reviewer.public_id}" in page
        assert cast.round.name in page
        assert "1 case review" in page
        kept_out = page.partition("Kept out of its reviews")[2]
        assert cast.cqi_director.name in kept_out
        assert str(cast.other_reviewer.public_id) not in page
    assert "There is no such case" in boss.get("/access/case?case=99-99999").text
    assert boss.get(f"/reviews/{desk.public_id}/overview").status_code == 403


def test_whoever_raised_an_alert_is_said_so_once_however_many_roles_they_have(
    alerting: Alerting, client_for: ClientFor
) -> None:
    desk, cast = alerting.desk, alerting.cast
    with desk.database.writing() as session:
        for _ in range(2):
            other = build.round(session, cast.region, [cast.county])
            build.grant(session, cast.reviewer, Role.REVIEWER, round=other)
    alerting.raised()
    with desk.database.reading() as session:
        case = session.scalars(sa.select(Case).where(Case.case_number == desk.case_number)).one()
        found = explaining.who_sees(session, case, TODAY)
    theirs = [(one.raised, one.words) for one in found if one.person_id == cast.reviewer.id]
    assert theirs == [(False, "1 case review"), (True, "1 safety alert")]
    page = client_for(cast.administrator).get(f"/access/case?case={desk.case_number}").text
    assert page.count("Raised it") == 1


def test_what_a_person_sees_is_listed_by_their_roles(desk: Desk, client_for: ClientFor) -> None:
    boss, cast = client_for(desk.cast.administrator), desk.cast
    page = boss.get(f"/access/people/{cast.reviewer.public_id}").text
    assert f"Reviewer: {cast.round.name}" in page
    assert str(desk.public_id) in page
    assert desk.case_number not in page
    assert (
        str(desk.public_id) not in boss.get(f"/access/people/{cast.other_reviewer.public_id}").text
    )
    assert "No case content." in boss.get(f"/access/people/{cast.administrator.public_id}").text
    assert "no role is in force" in boss.get(f"/access/people/{cast.outsider.public_id}").text


def test_only_administrators_ask(client_for: ClientFor, cast: Cast) -> None:
    for person in (cast.outsider, cast.cqi_director, cast.qa_lead):
        for address in ("roles", "case?case=1", f"people/{cast.reviewer.public_id}"):
            assert client_for(person).get(f"/access/{address}").status_code == 403
