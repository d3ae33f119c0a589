"""The administrator's pages of people and roles, and the page behind a link to set a password."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from cqi.access import people
from cqi.access.models import AdministratorProposal, GrantRow, Person
from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.notices.models import Notice
from cqi.notices.rules import NOTICE_WORDS, NoticeKind
from tests import build
from tests.access.test_people import second_administrator
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

WHY = {"reason": "Asked for by the director"}


def person(database: Database, name: str) -> Person:
    with database.reading() as session:
        return session.scalars(sa.select(Person).where(Person.name == name)).one()


def roles(database: Database, somebody: Person) -> set[Role]:
    with database.reading() as session:
        return set(build.actor(session, somebody).roles)


def test_a_person_is_added_given_a_role_and_signs_in_with_a_link(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    boss = client_for(cast.administrator)
    form = {"name": "Ada Juniper", "email": "ada@example.org", "staff_id": ""}
    added = boss.post("/people/add", data=form, follow_redirects=True).text
    assert "Has no password yet" in added
    assert "No role yet" in added
    ada = person(database, "Ada Juniper")
    choose = boss.get(f"/people/{ada.public_id}/roles").text
    assert "Is given for a round." in choose
    wish = {**WHY, "round": str(cast.round.id), "from_on": "2027-03-10"}
    given = boss.post(f"/people/{ada.public_id}/roles/reviewer", data=wish, follow_redirects=True)
    assert cast.round.name in given.text
    assert "It works once, for 72 hours." in boss.get(f"/people/{ada.public_id}/link").text
    shown = boss.post(f"/people/{ada.public_id}/link").text
    found = re.search(r"http://localhost(/set-up/[\w-]+)", shown)
    assert found is not None
    anybody = client_for(None)
    assert "Ada" not in anybody.get(found[1]).text, "the page names nobody"
    passwords = {"password": build.PASSWORD, "again": build.PASSWORD}
    assert anybody.post(found[1], data={**passwords, "again": "x"}).status_code == 422
    assert anybody.post(found[1], data={"password": "x", "again": "x"}).status_code == 422
    assert anybody.post(found[1], data=passwords).headers["Location"] == "/sign-in"
    used = anybody.get(found[1])
    assert used.status_code == 404, "it works once"
    assert "A link works once, and for 72 hours." in used.text
    entered = anybody.post(
        "/sign-in", data={"email": "ADA@example.org", "password": build.PASSWORD}
    )
    assert "Set up your second step" in entered.text, "a reviewer sees case content"
    assert roles(database, ada) == {Role.REVIEWER}


def test_the_list_filters_and_says_what_each_may_do(client_for: ClientFor, cast: Cast) -> None:
    boss = client_for(cast.administrator)
    page = boss.get("/people").text
    assert "Choose one of the list" not in page
    assert f"CQI liaison: {cast.region.name}" in page
    assert f"Reviewer: {cast.round.name}" in page
    assert "Caseworker: what is their own" in page
    assert cast.reviewer.email not in boss.get("/people?role=qa_lead").text
    assert "Nobody matches" in boss.get("/people?words=nobody+at+all").text
    assert boss.get("/people?role=no_such&place=x&state=y").status_code == 200


def test_every_change_shows_what_is_wrong_and_changes_nothing(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    boss, whom = client_for(cast.administrator), f"/people/{cast.reviewer.public_id}"
    calls = [
        (f"{whom}/change", {"name": "", "email": "x"}, "Write the person&#39;s name"),
        (f"{whom}/change", {"name": "A", "email": "x"}, "Write an e-mail address: name@agency.gov"),
        (f"{whom}/disable", {}, "Say why"),
        (f"{whom}/enable", WHY, "not disabled"),
        (f"{whom}/roles/reviewer", {"from_on": "2027-03-10", "round": ""}, "Choose the round."),
        (f"{whom}/roles/supervisor", {"from_on": "2027-03-10", "place": ""}, "Choose the place."),
        (f"{whom}/roles/analyst", {**WHY, "from_on": "soon"}, "Write a date"),
        ("/people/add", {"name": "A", "email": cast.qa_lead.email}, "has this e-mail address"),
    ]
    for address, form, words in calls:
        answer = boss.post(address, data=form)
        assert answer.status_code == 422, address
        assert words in answer.text, (address, words)
    with database.reading() as session:
        now = session.get_one(Person, cast.reviewer.id)
        assert (now.name, now.active) == (cast.reviewer.name, True)
        assert roles(database, now) == {Role.REVIEWER}


@pytest.mark.parametrize("seen", ["2027-03-10T25:61", "9", "2027-03-10T09:00"])
def test_a_change_made_on_what_was_never_shown_is_refused_in_words(
    client_for: ClientFor, cast: Cast, database: Database, seen: str
) -> None:
    form = {"name": "A", "email": "a@example.org", "staff_id": "", "seen": seen}
    url = f"/people/{cast.reviewer.public_id}/change"
    answer = client_for(cast.administrator).post(url, data=form)
    assert (answer.status_code, "Somebody else changed this person" in answer.text) == (422, True)
    with database.reading() as session:
        assert session.get_one(Person, cast.reviewer.id).email == cast.reviewer.email


def test_people_of_a_state_role_choose_no_place_and_of_a_unit_one_unit(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    boss, whom = client_for(cast.administrator), f"/people/{cast.outsider.public_id}/roles"
    day = {**WHY, "from_on": "2027-03-10"}
    assert "The whole state" in boss.get(f"{whom}/analyst").text
    assert boss.post(f"{whom}/analyst", data={**day, "place": ""}).status_code == 303
    page = boss.get(f"{whom}/supervisor").text
    assert cast.unit.name in page
    assert cast.region.name not in page
    beyond = boss.post(f"{whom}/supervisor", data={**day, "place": str(cast.region.id)})
    assert beyond.status_code == 422
    assert roles(database, cast.outsider) == {Role.ANALYST}
    assert boss.get(f"{whom}/no_such").status_code == 404


def test_a_role_is_ended_at_once_with_its_history(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    boss, theirs = client_for(cast.administrator), client_for(cast.reviewer)
    with database.reading() as session:
        query = sa.select(GrantRow.public_id).where(GrantRow.person_id == cast.reviewer.id)
        grant = session.scalars(query).one()
    assert theirs.get("/rounds").status_code == 200
    address = f"/people/{cast.reviewer.public_id}/grants/{grant}/end"
    assert boss.post(f"/people/{cast.qa_lead.public_id}/grants/{grant}/end").status_code == 404
    page = boss.post(address, data=WHY, follow_redirects=True).text
    assert "Asked for by the director" in page
    assert "Ended" in page
    assert theirs.get("/rounds").status_code == 403, "at the next request"
    assert boss.post(address, data=WHY).status_code == 422


def test_a_disabled_person_is_signed_out(client_for: ClientFor, cast: Cast) -> None:
    boss, theirs = client_for(cast.administrator), client_for(cast.reviewer)
    whom = f"/people/{cast.reviewer.public_id}"
    assert "1 browser" in boss.get(whom).text
    assert boss.post(f"{whom}/disable", data=WHY).status_code == 303
    assert theirs.get("/rounds").headers["Location"].startswith("/sign-in")
    assert "Disabled" in boss.get(whom).text
    assert boss.post(f"{whom}/enable", data=WHY).status_code == 303
    assert theirs.get("/rounds").headers["Location"].startswith("/sign-in"), "signs in anew"


def test_signing_somebody_out_everywhere_leaves_them_their_roles(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    boss, theirs = client_for(cast.administrator), client_for(cast.reviewer)
    assert boss.post(f"/people/{cast.reviewer.public_id}/sign-out", data=WHY).status_code == 303
    assert theirs.get("/rounds").headers["Location"].startswith("/sign-in")
    with database.reading() as session:
        anew = session.get_one(Person, cast.reviewer.id)
    assert client_for(anew).get("/rounds").status_code == 200


@pytest.mark.parametrize("decision", ["confirm", "decline", "withdraw"])
def test_an_administrator_is_proposed_and_another_decides(
    client_for: ClientFor, cast: Cast, database: Database, decision: str
) -> None:
    [second] = second_administrator(database)
    boss, other = client_for(cast.administrator), client_for(second)
    answer = boss.post(f"/people/{cast.outsider.public_id}/roles/administrator", data=WHY)
    assert answer.status_code == 303
    assert roles(database, cast.outsider) == set()
    waits = "Proposed as an administrator, waits until somebody else confirms"
    assert waits in boss.get(f"/people/{cast.outsider.public_id}").text
    with database.reading() as session:
        proposal = session.scalars(sa.select(AdministratorProposal.public_id)).one()
    address = f"/people/proposals/{proposal}"
    assert boss.post(f"{address}/confirm", data=WHY).status_code == 422, "it takes two"
    decider = boss if decision == "withdraw" else other
    assert f"{proposal}/{decision}" in decider.get("/people/proposals").text
    assert "1 proposed administrator waits." in decider.get("/people").text
    assert decider.post(f"{address}/{decision}", data=WHY).status_code == 303
    expected = {Role.ADMINISTRATOR} if decision == "confirm" else set()
    assert roles(database, cast.outsider) == expected
    assert waits not in boss.get(f"/people/{cast.outsider.public_id}").text
    assert WHY["reason"] in other.get("/people/proposals").text


def test_who_may_confirm_a_proposal_is_told_on_screen_and_by_mail(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    [second] = second_administrator(database)
    boss, other = client_for(cast.administrator), client_for(second)
    boss.post(f"/people/{cast.outsider.public_id}/roles/administrator", data=WHY)
    with database.reading() as session:
        notice = session.scalars(sa.select(Notice)).one()
        assert (notice.person_id, notice.send_at is not None) == (second.id, True)
        proposal = session.scalars(sa.select(AdministratorProposal.public_id)).one()
    assert NOTICE_WORDS[NoticeKind.ADMINISTRATOR_PROPOSED] in other.get("/notices").text
    assert other.get(f"/notices/{notice.public_id}").headers["Location"] == (
        f"/people/{cast.outsider.public_id}"
    )
    ways = other.get(f"/people/{cast.outsider.public_id}").text
    assert f"/people/proposals/{proposal}/confirm" in ways
    other.post(f"/people/proposals/{proposal}/confirm", data=WHY)
    with database.reading() as session:
        assert session.scalars(sa.select(Notice.seen_at)).one() is not None


def test_the_list_goes_on_page_by_page_and_keeps_its_filter(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    with database.writing() as session:
        for number in range(people.PAGE + 1):
            build.person(session, f"Zoe {number:03}")
    boss = client_for(cast.administrator)
    first = boss.get("/people?words=zoe").text
    assert "51 people" in first
    assert "Zoe 049" in first
    assert "Zoe 050" not in first
    found = re.search(r'href="(/people\?[^"]*page=2[^"]*)">The next ones', first)
    assert found is not None
    second = boss.get(found[1].replace("&amp;", "&")).text
    assert "51 to 51 of 51" in second
    assert "Zoe 050" in second
    assert "Zoe 049" not in second
    assert "The next ones" not in second
    for odd in ("0", "-1", "x", "9" * 30, "9" * 18):
        assert boss.get(f"/people?page={odd}").status_code == 200


def test_one_s_own_page_offers_no_change(client_for: ClientFor, cast: Cast) -> None:
    boss, own = client_for(cast.administrator), f"/people/{cast.administrator.public_id}"
    page = boss.get(own).text
    assert "This is you." in page
    for way in ("change", "disable", "link", "roles"):
        assert f"{own}/{way}" not in page
    for way in ("disable", "link"):
        assert boss.post(f"{own}/{way}", data=WHY).status_code == 422
    assert (
        boss.post(f"{own}/roles/analyst", data={**WHY, "from_on": "2027-03-10"}).status_code == 422
    )


def test_nobody_but_an_administrator_opens_any_of_them(client_for: ClientFor, cast: Cast) -> None:
    for who in (cast.outsider, cast.cqi_director, cast.reviewer):
        for address in ("/people", f"/people/{cast.reviewer.public_id}", "/people/proposals"):
            assert client_for(who).get(address).status_code == 403
