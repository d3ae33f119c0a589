"""The pages on which a rating is looked at again: what they say to whom."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from cqi.access import reading_log
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import events
from cqi.core.database import Database
from cqi.feedback.models import Reconsideration
from cqi.feedback.policy.reconsidering import Taken
from cqi.instruments.definition import Rating
from cqi.rounds.rules import MemoRatings
from tests import build
from tests.feedback import reconsidered
from tests.feedback.reconsidered import ITEM, WORDS, Case
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

FORM = {"item": ITEM, "ground": "new_evidence", "words": WORDS}
STRENGTH = {"decision": "strength", "words": "The update counts."}


@pytest.fixture
def case(database: Database, cast: Cast) -> Case:
    return reconsidered.case(database, cast)


def asked(client_for: ClientFor, case: Case) -> str:
    """Asked on the page; the address of the request."""
    client = client_for(case.cast.supervisor)
    answer = client.post(f"/feedback/{case.public_id}/reconsider", data=FORM)
    assert answer.status_code == 302
    return str(answer.location)


def test_the_memos_rail_says_until_when_and_who_decides(client_for: ClientFor, case: Case) -> None:
    page = client_for(case.cast.supervisor).get(f"/feedback/{case.public_id}").text
    assert "Ask to look at a rating again" in page
    assert "Open until Wed 24 Mar. Somebody who neither scored nor approved it decides." in page
    for other in (case.cast.caseworker, case.cast.cqi_liaison, case.cast.regional_director):
        page = client_for(other).get(f"/feedback/{case.public_id}").text
        assert "Ask to look at a rating again" not in page


def test_the_day_of_a_request(client_for: ClientFor, database: Database, case: Case) -> None:
    form = client_for(case.cast.supervisor).get(f"/feedback/{case.public_id}/reconsider").text
    assert f"{ITEM} " in form
    assert "(area needing improvement)" in form
    address = asked(client_for, case)
    lead = client_for(case.other_lead)
    page = lead.get(address).text
    assert WORDS in page
    assert "Due Wed 24 Mar, in 10 working days" in page
    assert f"/reviews/{case.public_id}/components/SNA" in page
    assert lead.get(f"/reviews/{case.public_id}/components/SNA").status_code == 200
    assert lead.post(f"{address}/decide", data=STRENGTH).location == address
    for reader in (case.cast.supervisor, case.cast.caseworker):
        told = client_for(reader).get(address).text
        assert "The update counts." in told
        assert f"/reviews/{case.public_id}" not in told
    director = client_for(case.cast.cqi_director)
    assert f"/reviews/{case.public_id}/decision" in director.get(address).text
    with database.reading() as session:
        kept = session.scalars(sa.select(Reconsideration)).one()
        assert (kept.rating, kept.words) == (Rating.AREA_NEEDING_IMPROVEMENT, WORDS)


def test_a_memo_says_what_came_of_a_request(client_for: ClientFor, case: Case) -> None:
    address = asked(client_for, case)
    memo = f"/feedback/{case.public_id}"
    for reader in (case.cast.supervisor, case.cast.caseworker):
        assert "Being looked at again." in client_for(reader).get(memo).text
    client_for(case.other_lead).post(f"{address}/decide", data={**STRENGTH, "decision": "stays"})
    assert "Upheld." in client_for(case.cast.caseworker).get(memo).text


def test_a_changed_rating_is_marked_on_the_new_memo(
    client_for: ClientFor, database: Database, case: Case
) -> None:
    case.ask()
    case.decide(case.other_lead, Taken("It counts.", Rating.STRENGTH))
    case.reopen()
    case.final_again(strength=True)
    page = client_for(case.cast.supervisor).get(f"/feedback/{case.public_id}").text
    assert "Changed to strength." in page


def test_a_caseworker_reads_no_rating_where_the_round_says_so(
    client_for: ClientFor, database: Database, case: Case
) -> None:
    address = asked(client_for, case)
    client_for(case.other_lead).post(f"{address}/decide", data=STRENGTH)
    page = client_for(case.cast.caseworker).get(address).text
    assert "To be changed" in page
    assert "a strength" not in page
    assert "Area needing improvement" not in page
    assert (
        "a strength" not in client_for(case.cast.caseworker).get("/feedback/reconsiderations").text
    )
    assert "should be a strength" in client_for(case.cast.supervisor).get(address).text


def test_where_nobody_sees_ratings_a_supervisor_asks_without_them(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    case = reconsidered.case(database, cast, ratings=MemoRatings.NOBODY)
    form = client_for(cast.supervisor).get(f"/feedback/{case.public_id}/reconsider").text
    assert f"{ITEM} " in form
    assert "(area needing improvement)" not in form


def test_a_form_that_lacks_everything_says_what_to_do(client_for: ClientFor, case: Case) -> None:
    client = client_for(case.cast.supervisor)
    refused = client.post(f"/feedback/{case.public_id}/reconsider", data={})
    assert refused.status_code == 422
    for words in ("Choose the item", "Say whether you have new evidence", "Say what was not seen"):
        assert words in refused.text
    address = asked(client_for, case)
    refused = client_for(case.other_lead).post(f"{address}/decide", data={})
    assert refused.status_code == 422
    assert "Choose what you decide." in refused.text


def test_the_same_item_is_no_choice_while_it_is_looked_at(
    client_for: ClientFor, case: Case
) -> None:
    asked(client_for, case)
    client = client_for(case.cast.supervisor)
    assert f'value="{ITEM}"' not in client.get(f"/feedback/{case.public_id}/reconsider").text
    assert client.post(f"/feedback/{case.public_id}/reconsider", data=FORM).status_code == 422


def test_whoever_cannot_decide_reads_why_and_who_can(client_for: ClientFor, case: Case) -> None:
    address = asked(client_for, case)
    page = client_for(case.cast.qa_lead).get(address).text
    assert "You did QA in this case review, so somebody else decides." in page
    assert case.other_lead.name in page
    director = client_for(case.cast.cqi_director)
    assert (
        "A QA lead who neither scored nor approved this review decides"
        in director.get(address).text
    )
    refused = director.post(f"{address}/decide", data=STRENGTH)
    assert refused.status_code == 422


def test_a_supervisor_withdraws_their_own_request(
    client_for: ClientFor, database: Database, case: Case
) -> None:
    address = asked(client_for, case)
    with database.writing() as session:
        colleague = build.person(session)
        build.grant(session, colleague, Role.SUPERVISOR, place=session.merge(case.cast.unit))
    assert "Withdraw the request" not in client_for(colleague).get(address).text
    assert client_for(colleague).post(f"{address}/withdraw").status_code == 422
    client = client_for(case.cast.supervisor)
    assert "Withdraw the request" in client.get(address).text
    assert client.post(f"{address}/withdraw").location == address
    assert "Withdrawn" in client.get(address).text


def test_the_list_has_what_is_to_be_decided_first_and_late_on_top(
    client_for: ClientFor, database: Database, case: Case
) -> None:
    old = dt.datetime(2027, 2, 1, 16, 0, tzinfo=dt.UTC)
    case.ask(item="SRM05")
    case.ask(item=ITEM, now=old)
    page = client_for(case.other_lead).get("/feedback/reconsiderations").text
    assert page.index(f"{ITEM} in case") < page.index("SRM05 in case")
    assert "working days late" in page
    empty = client_for(case.cast.caseworker)
    assert "Nothing here yet." in empty.get("/feedback/reconsiderations").text


def test_counts_by_item_name_nobody(client_for: ClientFor, case: Case) -> None:
    asked(client_for, case)
    page = client_for(case.other_lead).get("/feedback/reconsiderations/items").text
    assert "1 of 1 ratings" in page
    for person in (case.cast.reviewer, case.cast.supervisor, case.cast.qa_lead):
        assert person.name not in page


def test_opening_a_request_is_written_down_as_reading_the_case(
    client_for: ClientFor, database: Database, case: Case
) -> None:
    address = asked(client_for, case)
    client_for(case.other_lead).get(address)
    with database.reading() as session:
        query = sa.select(events.Event.actor_id).where(
            events.Event.kind == reading_log.KIND,
            events.Event.stream_id == case.public_id,
            events.Event.purpose == "reconsideration",
        )
        assert case.other_lead.id in set(session.scalars(query))


def far(database: Database, cast: Cast) -> list[Person]:
    """Those who hold the roles elsewhere."""
    with database.writing() as session:
        made = []
        for role in (Role.QA_LEAD, Role.CQI_LIAISON, Role.SUPERVISOR):
            person = build.person(session)
            build.grant(session, person, role, place=session.merge(cast.other_region))
            made.append(person)
        return made


def test_out_of_reach_is_not_found_on_every_address(
    client_for: ClientFor, database: Database, case: Case
) -> None:
    address = asked(client_for, case)
    allowed = {Role.QA_LEAD: "decide", Role.SUPERVISOR: "withdraw"}
    lead, liaison, supervisor = far(database, case.cast)
    for person in (lead, liaison, supervisor):
        assert client_for(person).get(address).status_code == 404
        page = client_for(person).get("/feedback/reconsiderations").text
        assert address not in page
    assert client_for(lead).post(f"{address}/{allowed[Role.QA_LEAD]}").status_code == 404
    assert client_for(supervisor).post(f"{address}/withdraw").status_code == 404
    ask = f"/feedback/{case.public_id}/reconsider"
    assert client_for(supervisor).get(ask).status_code == 404
    assert client_for(supervisor).post(ask, data=FORM).status_code == 404
    nowhere = f"/feedback/reconsiderations/{uuid.uuid4()}"
    assert client_for(case.other_lead).get(nowhere).status_code == 404


def test_the_outsider_is_refused(client_for: ClientFor, case: Case) -> None:
    address = asked(client_for, case)
    client = client_for(case.cast.outsider)
    pages = ("/feedback/reconsiderations", "/feedback/reconsiderations/items", address)
    for path in (*pages, f"/feedback/{case.public_id}/reconsider"):
        assert client.get(path).status_code == 403
    for verb in ("decide", "withdraw"):
        assert client.post(f"{address}/{verb}").status_code == 403
