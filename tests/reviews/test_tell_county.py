"""The notice to a county: what it says, to whom it goes, who reads which part of it."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from cqi.access.models import Disclosure
from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.places.models import Place
from cqi.reviews import actions
from cqi.reviews.queries import county as queries
from cqi.reviews.rules import ReviewState, county
from cqi.reviews.rules.interviews import How
from tests import build
from tests.build import NOW
from tests.fixtures import scoring
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TODAY, Desk
from tests.notices import telling
from tests.reviews import planning


def tell(desk: Desk, place: Place | None = None, who: str = "cqi_liaison") -> uuid.UUID:
    with desk.database.writing() as session:
        made = actions.tell_county(
            session,
            in_round=session.merge(desk.cast.round),
            place=session.merge(place or desk.cast.county),
            actor=desk.actor(session, getattr(desk.cast, who)),
            now=NOW,
            today=TODAY,
        )
        return made.public_id


def preview(desk: Desk) -> str:
    return f"/rounds/{desk.cast.round.public_id}/counties/{desk.cast.county.public_id}"


def another(desk: Desk, unit: str = "Juniper Unit B") -> str:
    """One more case of the round, in another unit; its number."""
    with desk.database.writing() as session:
        place = session.merge(desk.cast.county)
        case = scoring.case_in(session, place, build.unit(session, place, unit))
        build.case_review(session, session.merge(desk.cast.round), case)
        return case.case_number


def line(desk: Desk) -> queries.CountyLine:
    with desk.database.reading() as session:
        [one] = queries.lines(session, session.merge(desk.cast.round))
        return one


def test_a_county_hears_of_its_cases_staff_and_days(desk: Desk, client_for: ClientFor) -> None:
    planning.plan(desk, "Caseworker", how=How.TELEPHONE, place="Maple office")
    planning.plan(desk, "Mother", at=planning.TOMORROW + 3 * planning.HOUR)
    page = client_for(desk.cast.cqi_liaison).get(preview(desk)).text
    for words in (desk.case_number, "Foster care", "W-100", "S-100", "8 to 12 Mar 2027"):
        assert words in page
    assert "child, mother, father, foster caregiver, caseworker, supervisor" in page
    assert "Caseworker: Thu 11 Mar, 10:00 to 11:00" in page
    assert "13:00" not in page, "when a family is heard is not the county's"
    assert "Maple" not in page
    assert "It goes to 2 people" in page


def test_sending_tells_its_people_and_is_kept_with_who_and_when(
    desk: Desk, client_for: ClientFor
) -> None:
    assert line(desk).told is None
    client = client_for(desk.cast.cqi_liaison)
    page = client.post(preview(desk), follow_redirects=True).text
    assert "Juniper County is told: 2 people got a notice" in page
    assert f"by {desk.cast.cqi_liaison.name}." in page
    told = {each.person_id: each.kind for each in telling.rows(desk.database)}
    people = (desk.cast.supervisor.id, desk.cast.regional_director.id)
    assert told == dict.fromkeys(people, "county_told")
    with desk.database.reading() as session:
        kind = events.Event.kind == "round.county_told"
        [said] = session.scalars(sa.select(events.Event.payload).where(kind))
    assert said["told"] == sorted(people)
    assert desk.case_number not in str(said)


def test_the_way_from_the_notice_leads_to_what_was_sent(desk: Desk, client_for: ClientFor) -> None:
    tell(desk)
    [row] = [n for n in telling.rows(desk.database) if n.person_id == desk.cast.supervisor.id]
    page = client_for(desk.cast.supervisor).get(f"/notices/{row.public_id}", follow_redirects=True)
    assert desk.case_number in page.text
    assert "What we ask of you" in page.text


def test_a_supervisor_reads_of_their_unit_and_the_director_of_all(
    desk: Desk, client_for: ClientFor
) -> None:
    beside = another(desk)
    address = f"/county-notices/{tell(desk)}"
    theirs = client_for(desk.cast.supervisor).get(address).text
    assert desk.case_number in theirs
    assert beside not in theirs
    assert "1 case listed here; 1 more is not for you to see" in theirs
    assert beside in client_for(desk.cast.regional_director).get(address).text


def test_what_came_and_went_since_is_said(desk: Desk, client_for: ClientFor) -> None:
    tell(desk)
    assert not line(desk).changed
    another(desk)
    with desk.database.writing() as session:
        desk.review(session).state = ReviewState.WITHDRAWN
    assert line(desk).changed.words == "1 case came in, 1 case went out"
    page = client_for(desk.cast.cqi_liaison).get(f"/rounds/{desk.cast.round.public_id}").text
    assert "Since then: 1 case came in, 1 case went out." in page
    second = tell(desk)
    assert not line(desk).changed
    assert line(desk).told is not None
    assert line(desk).told.public_id == second


def test_an_older_notice_leads_to_the_newest(desk: Desk, client_for: ClientFor) -> None:
    first, second = tell(desk), tell(desk)
    client = client_for(desk.cast.regional_director)
    assert f"/county-notices/{second}" in client.get(f"/county-notices/{first}").text
    assert "There is a newer one." not in client.get(f"/county-notices/{second}").text


def test_nothing_goes_out_before_there_is_a_case_and_somebody_to_tell(desk: Desk) -> None:
    with desk.database.writing() as session:
        desk.review(session).state = ReviewState.WITHDRAWN
    with pytest.raises(errors.Blocked) as refused:
        tell(desk)
    assert [each.code for each in refused.value.blockers] == ["no_cases"]
    assert [each.code for each in county.telling_blockers(1, 0)] == ["nobody"]
    assert county.telling_blockers(1, 1) == []
    assert telling.rows(desk.database) == []


def test_only_who_assigns_sends(desk: Desk) -> None:
    with pytest.raises(errors.Forbidden):
        tell(desk, who="qa_lead")


def test_the_pdf_says_the_same_and_is_in_the_register(desk: Desk, client_for: ClientFor) -> None:
    address = f"/county-notices/{tell(desk)}.pdf"
    answer = client_for(desk.cast.regional_director).get(address)
    assert answer.data.startswith(b"%PDF")
    assert 'filename="county-notice.pdf"' in answer.headers["Content-Disposition"]
    with desk.database.reading() as session:
        [row] = session.scalars(sa.select(Disclosure))
    assert (row.subject_kind, row.subject_id) == ("round", desk.cast.round.public_id)
    register = client_for(desk.cast.cqi_director).get("/disclosures").text
    assert "The notice to one county as PDF" in register


@pytest.mark.parametrize(
    ("who", "status"),
    [("outsider", 403), ("caseworker", 403), ("qa_lead", 403), ("reviewer", 403), ("auditor", 403)],
)
def test_nobody_else_reads_it(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(f"/county-notices/{tell(desk)}").status_code == status
    assert client.get(preview(desk)).status_code == status


def test_a_supervisor_of_another_county_finds_nothing(desk: Desk, client_for: ClientFor) -> None:
    made = tell(desk)
    with desk.database.writing() as session:
        far = build.person(session, "Far Supervisor")
        unit = build.unit(session, session.merge(desk.cast.other_county), "Sorrel Unit A")
        build.grant(session, far, Role.SUPERVISOR, place=unit)
    assert client_for(far).get(f"/county-notices/{made}").status_code == 404
