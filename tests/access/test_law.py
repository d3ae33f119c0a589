"""Legal bases that lapse by themselves, and the register of disclosures."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access import actions, disclosures, law, legal_bases, people, queries
from cqi.access.law import BasisKind, NewBasis, NewDisclosure
from cqi.access.models import Disclosure, LegalBasis, Person
from cqi.access.permissions import (
    CASE_CONTENT,
    PERMISSION_WORDS,
    Permission,
    Role,
    permissions_of,
)
from cqi.access.policy import NewGrant
from cqi.core import errors, events
from cqi.core.database import Database
from tests import build
from tests.access.test_people import codes
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

DAY = dt.timedelta(days=1)
TODAY = dt.date(2027, 3, 10)
ORDER = NewBasis(BasisKind.COURT_ORDER, "27-J-0042", TODAY - DAY, TODAY + 30 * DAY)
GIVEN = NewDisclosure("Judge A. Juniper, Youth Court", "Facts and ratings", "Hearing", TODAY)


def on_file(database: Database, cast: Cast, new: NewBasis = ORDER) -> uuid.UUID:
    with database.writing() as session:
        actor = build.actor(session, cast.administrator)
        row = legal_bases.put_on_file(
            session, cast.outsider.public_id, new, actor=actor, now=build.NOW, today=TODAY
        )
        return row.public_id


def give(database: Database, cast: Cast, **more: Any) -> None:
    with database.writing() as session:
        actor = build.actor(session, cast.administrator)
        wish = NewGrant(cast.outsider.id, Role.STAKEHOLDER, TODAY, "Partner", **more)
        actions.grant(session, wish, actor=actor, now=build.NOW)


def roles(database: Database, person: Person, day: dt.date) -> tuple[Role, ...]:
    with database.reading() as session:
        return build.actor(session, person, day).roles


def test_no_stakeholder_gets_in_before_a_legal_basis_is_on_file(
    database: Database, cast: Cast
) -> None:
    with pytest.raises(errors.Blocked) as refused:
        give(database, cast)
    assert codes(refused) == ["no_basis"]
    with database.writing() as session:
        build.grant(session, cast.outsider, Role.STAKEHOLDER)  # as from an earlier version
    assert roles(database, cast.outsider, TODAY) == ()
    with database.reading() as session:
        [line] = people.grants_of(session, [cast.outsider.id], TODAY)[cast.outsider.id]
    assert line.standing == "no legal basis"
    on_file(database, cast)
    assert roles(database, cast.outsider, TODAY) == (Role.STAKEHOLDER,)


def test_it_lapses_by_itself_after_its_last_day(database: Database, cast: Cast) -> None:
    on_file(database, cast)
    give(database, cast)
    held = [roles(database, cast.outsider, TODAY + k * DAY) for k in (0, 30, 31)]
    assert held == [(Role.STAKEHOLDER,), (Role.STAKEHOLDER,), ()]


def test_it_ends_at_once_with_a_reason(database: Database, cast: Cast) -> None:
    basis = on_file(database, cast)
    give(database, cast)
    with database.writing() as session:
        actor = build.actor(session, cast.administrator)
        with pytest.raises(errors.Blocked) as refused:
            legal_bases.end(session, basis, reason="", actor=actor, now=build.NOW)
        assert codes(refused) == ["reason_missing"]
        legal_bases.end(session, basis, reason="Vacated", actor=actor, now=build.NOW)
    assert roles(database, cast.outsider, TODAY) == ()
    with database.writing() as session:
        actor = build.actor(session, cast.administrator)
        with pytest.raises(errors.Blocked) as refused:
            legal_bases.end(session, basis, reason="x", actor=actor, now=build.NOW)
    assert codes(refused) == ["ended"]


def test_other_roles_need_none(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        build.grant(session, cast.outsider, Role.ANALYST)
        build.grant(session, cast.outsider, Role.STAKEHOLDER)
    assert roles(database, cast.outsider, TODAY) == (Role.ANALYST,)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reference": " "}, "no_reference"),
        ({"reference": "x" * 101}, "no_reference"),
        ({"document_on": TODAY + DAY}, "document_ahead"),
        ({"expires_on": TODAY - DAY}, "expired"),
    ],
)
def test_a_legal_basis_says_what_it_is_and_until_when(change: dict[str, Any], code: str) -> None:
    given = {**vars(ORDER), **change}
    assert [each.code for each in law.basis_blockers(NewBasis(**given), TODAY)] == [code]


def test_only_administrators_put_one_on_file_and_nobody_for_themselves(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        director = build.actor(session, cast.cqi_director)
        given = {"now": build.NOW, "today": TODAY}
        with pytest.raises(errors.Forbidden):
            legal_bases.put_on_file(
                session, cast.outsider.public_id, ORDER, actor=director, **given
            )
        boss = build.actor(session, cast.administrator)
        with pytest.raises(errors.Blocked) as refused:
            legal_bases.put_on_file(
                session, cast.administrator.public_id, ORDER, actor=boss, **given
            )
        assert codes(refused) == ["own_record"]
        assert session.scalars(sa.select(LegalBasis)).all() == []
        assert queries.with_basis(session, [cast.outsider.id], TODAY) == frozenset()


def test_a_case_review_as_pdf_writes_one_row_each_time(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.reviewer)
    page, file = (f"/reviews/{desk.public_id}/print{end}" for end in ("", ".pdf"))
    assert client.get(page).status_code == 200
    assert [client.get(file).status_code for _ in range(2)] == [200, 200]
    with desk.database.reading() as session:
        rows = session.scalars(sa.select(Disclosure)).all()
        assert [(row.subject_id, row.by_id) for row in rows] == [
            (desk.public_id, desk.cast.reviewer.id)
        ] * 2
        assert rows[0].persons == f"{desk.cast.reviewer.name} (Reviewer)"
        assert (rows[0].purpose, rows[0].given_on) == ("scoring", TODAY)
        assert "No names" in rows[0].extent
        query = sa.select(events.Event).where(events.Event.kind == "review.disclosed")
        found = session.scalars(query).all()
    assert [set(event.payload) for event in found] == [{"disclosure", "what"}] * 2


def test_a_file_that_one_may_not_have_writes_no_row(desk: Desk, client_for: ClientFor) -> None:
    for person in (desk.cast.other_reviewer, desk.cast.outsider):
        answer = client_for(person).get(f"/reviews/{desk.public_id}/print.pdf")
        assert answer.status_code in {403, 404}
    with desk.database.reading() as session:
        assert session.scalars(sa.select(Disclosure)).all() == []


def test_the_register_says_who_to_whom_and_what_for_and_ids_alone_to_an_administrator(
    desk: Desk, client_for: ClientFor
) -> None:
    cast = desk.cast
    client_for(cast.reviewer).get(f"/reviews/{desk.public_id}/print.pdf")
    with desk.database.writing() as session:
        auditor = build.person(session, "Auditor Person")
        build.grant(session, auditor, Role.AUDITOR)
    for person in (cast.cqi_director, auditor):
        page = client_for(person).get("/disclosures").text
        assert f"{cast.reviewer.name} (Reviewer)" in page
        assert "Scoring" in page
    page = client_for(cast.administrator).get("/disclosures").text
    assert str(desk.public_id) in page
    assert str(cast.reviewer.public_id) in page
    assert cast.reviewer.name not in page
    assert "Scoring" not in page
    for person in (cast.outsider, cast.qa_lead, cast.regional_director):
        assert client_for(person).get("/disclosures").status_code == 403


def test_the_register_goes_on_page_by_page(desk: Desk, client_for: ClientFor) -> None:
    cast, number = desk.cast, disclosures.PAGE + 2
    export = disclosures.Export(law.Exported.CASE_REVIEW, desk.public_id, "Scoring")
    with desk.database.writing() as session:
        actor = build.actor(session, cast.reviewer)
        for _ in range(number):
            disclosures.add_export(session, export, actor=actor, now=build.NOW, today=TODAY)
        ids = list(session.scalars(sa.select(Disclosure.public_id).order_by(Disclosure.id.desc())))
        director = build.actor(session, cast.cqi_director)
        pages = [disclosures.register(session, director, page).lines for page in (1, 2, 3)]
    assert [line.public_id for lines in pages for line in lines] == ids
    assert [len(lines) for lines in pages] == [disclosures.PAGE, 2, 0]
    client = client_for(cast.cqi_director)
    assert 'href="/disclosures?page=2">The next ones' in client.get("/disclosures").text
    assert 'href="/disclosures?page=1">The ones before' in client.get("/disclosures?page=2").text
    assert 'href="/disclosures?page=2">The ones before' in client.get("/disclosures?page=9").text


def test_a_disclosure_on_a_court_s_order_is_written_down_by_hand(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.cqi_director)
    form = {
        "case_number": "99-99999",
        "persons": "Judge A. Juniper, Youth Court",
        "extent": "Facts and ratings, four pages",
        "purpose": "Hearing on 12 March",
        "order_number": "27-J-0042",
        "given_on": "2027-03-09",
        "expires_on": "2027-06-30",
    }
    wrong = client.post("/disclosures/record", data=form)
    assert wrong.status_code == 422
    assert "There is no such case." in wrong.text
    right = {**form, "case_number": desk.case_number}
    ahead = client.post("/disclosures/record", data={**right, "given_on": "2027-03-11"})
    assert "This day is still to come." in ahead.text
    assert client.post("/disclosures/record", data=right).status_code == 303
    page = client.get("/disclosures").text
    for words in ("Judge A. Juniper", "four pages", "Hearing on 12 March", "27-J-0042"):
        assert words in page
    for person in (desk.cast.administrator, desk.cast.cqi_liaison):
        assert client_for(person).post("/disclosures/record", data=right).status_code == 403


def test_only_whoever_may_writes_one_down(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for person in (cast.administrator, cast.cqi_liaison):
            with pytest.raises(errors.Forbidden):
                disclosures.record_by_hand(
                    session,
                    GIVEN,
                    case=uuid.UUID(int=1),
                    actor=build.actor(session, person),
                    now=build.NOW,
                    today=TODAY,
                )


def test_the_pages_of_a_person_put_a_basis_on_file_and_end_it(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    boss, whom = client_for(cast.administrator), f"/people/{cast.outsider.public_id}"
    form = {
        "kind": "agreement",
        "reference": "MOU 12",
        "document_on": "2027-03-01",
        "expires_on": "2027-04-01",
    }
    role = {"place": "", "from_on": "2027-03-10", "reason": "Partner of the plan"}
    refused = boss.post(f"{whom}/roles/stakeholder", data=role)
    assert refused.status_code == 422
    assert "First put the legal basis on file" in refused.text
    assert boss.post(f"{whom}/basis", data={**form, "expires_on": "2027-03-02"}).status_code == 422
    assert boss.post(f"{whom}/basis", data=form).status_code == 303
    assert boss.post(f"{whom}/roles/stakeholder", data=role).status_code == 303
    page = boss.get(whom).text
    assert "MOU 12" in page
    assert "1 Apr 2027" in page
    client = client_for(cast.outsider)
    assert client.get("/plans/steps").status_code == 200
    with database.reading() as session:
        basis = session.scalars(sa.select(LegalBasis.public_id)).one()
    assert boss.post(f"{whom}/basis/{basis}/end", data={"reason": "Ended"}).status_code == 303
    assert client.get("/plans/steps").status_code == 403
    other = f"/people/{cast.reviewer.public_id}/basis/{basis}/end"
    assert boss.get(other).status_code == 404, "of another person"


def test_a_legal_basis_opens_no_case_and_the_page_says_what_it_does_open(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    """A role that opened more would need a basis that says for which place or round; what is
    published holds no small number, and is read where the grant's place says."""
    opened = permissions_of(Role.STAKEHOLDER)
    assert not opened & CASE_CONTENT
    assert opened == {Permission.HOME_SEE, Permission.STEP_SEE, Permission.PUBLICATION_SEE}
    on_file(database, cast)
    page = client_for(cast.administrator).get(f"/people/{cast.outsider.public_id}").text
    card = page.partition('id="bases"')[2].partition("</section>")[0]
    assert all(PERMISSION_WORDS[one][1:] in card for one in opened)
    assert "It opens no case" in card


def test_whoever_sees_the_register_by_role_is_as_domain_says() -> None:
    sees = {role for role in Role if Permission.DISCLOSURE_SEE in permissions_of(role)}
    reads = {role for role in Role if Permission.DISCLOSURE_READ in permissions_of(role)}
    assert sees == {Role.ADMINISTRATOR, Role.CQI_DIRECTOR, Role.AUDITOR}
    assert reads == sees - {Role.ADMINISTRATOR}
