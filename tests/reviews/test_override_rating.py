"""The page on which a QA lead sets a rating, the pages that show it, and the list of a round."""

from __future__ import annotations

import re

import pytest

from cqi.access.permissions import Role
from cqi.instruments.definition import Rating
from cqi.reviews import actions
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TEXT, Desk
from tests.reviews.test_score_component import page

REASON = "The record shows no visit in May."
SENT = {"rating": "area_needing_improvement", "reason": REASON}


@pytest.fixture
def checked(desk: Desk) -> Desk:
    return desk.with_qa()


def url(desk: Desk, item: str = "SRM05") -> str:
    return f"/reviews/{desk.public_id}/items/{item}/override"


def test_the_page_says_what_the_answers_come_to_and_asks_for_another_rating(
    checked: Desk, client_for: ClientFor
) -> None:
    client = client_for(checked.cast.qa_lead)
    assert f'href="{url(checked)}"' in client.get(page(checked)).text
    shown = client.get(url(checked)).text
    assert "Override the rating of SRM05" in shown
    assert TEXT in shown
    answer = client.post(url(checked), data=SENT)
    assert answer.headers["Location"] == f"{page(checked)}#SRM05"
    assert checked.sheet().overrides["SRM05"].reason == REASON


@pytest.mark.parametrize("who", ["reviewer", "qa_lead", "cqi_director"])
def test_everybody_who_reads_the_case_sees_both_ratings_the_reason_and_who(
    checked: Desk, client_for: ClientFor, who: str
) -> None:
    checked.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, REASON)
    shown = client_for(getattr(checked.cast, who)).get(page(checked)).text
    head = shown[shown.index('id="SRM05-head"') : shown.index('id="SRM06-head"')]
    assert "Area needing improvement" in head
    assert "computed: Strength" in head
    assert f"{REASON} ({checked.cast.qa_lead.name}, " in head
    component = shown[shown.index('id="component-rating"') :][:900]
    assert "Partially achieved" in component
    assert "computed: Substantially achieved" in component


def test_the_decision_lists_what_qa_set_and_says_what_a_return_does(
    checked: Desk, client_for: ClientFor
) -> None:
    checked.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, REASON)
    client = client_for(checked.cast.qa_lead)
    shown = client.get(f"/reviews/{checked.public_id}/decision").text
    assert "Ratings that QA set" in shown
    assert REASON in shown
    assert "What QA set is withdrawn when you return it" in shown


def test_it_is_withdrawn_on_the_same_page(checked: Desk, client_for: ClientFor) -> None:
    override_id = checked.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT)
    client = client_for(checked.cast.qa_lead)
    assert "Withdraw the override" in client.get(url(checked)).text
    client.post(url(checked), data={"withdraw": str(override_id)})
    assert checked.sheet().overrides == {}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"rating": "", "reason": REASON}, "Choose the rating."),
        ({**SENT, "reason": ""}, "Say why: the reason stays beside the rating."),
        ({**SENT, "rating": "not_achieved"}, "Choose one of the answers."),
        ({**SENT, "rating": "strength"}, "This is what the answers come to"),
    ],
)
def test_what_cannot_be_set_comes_back_with_its_reason(
    checked: Desk, client_for: ClientFor, sent: dict[str, str], words: str
) -> None:
    answer = client_for(checked.cast.qa_lead).post(url(checked), data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert checked.sheet().overrides == {}


def test_outside_qa_the_page_says_what_is_in_the_way(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    shown = client_for(desk.cast.qa_lead).get(url(desk)).text
    assert "ratings are set in QA only" in shown


def test_the_list_of_the_round_has_those_in_force_and_those_withdrawn(
    checked: Desk, client_for: ClientFor
) -> None:
    listed = f"/rounds/{checked.cast.round.public_id}/overrides"
    client = client_for(checked.cast.qa_lead)
    assert "No rating was overridden." in client.get(listed).text
    override_id = checked.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, REASON)
    round_page = client.get(f"/rounds/{checked.cast.round.public_id}").text
    assert f'href="{listed}"' in round_page
    cell = round_page[round_page.index('data-label="SRM"') :][:700]
    assert "Partially achieved" in cell
    assert "computed:" in cell
    assert "Substantially achieved" in cell
    shown = client.get(listed).text
    assert "In this round: 1 in force" in shown
    assert f"{checked.case_number}, SRM05" in shown
    assert REASON in shown
    checked.do(actions.withdraw_override, override_id=override_id)
    shown = client.get(listed).text
    assert "In this round: 0 in force" in shown
    assert f"Withdrawn 10 Mar 2027, {checked.cast.qa_lead.name}" in shown


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 403), ("other_reviewer", 403), ("reviewer", 403)]
)
def test_others_set_nothing(checked: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(checked.cast, who))
    assert client.get(url(checked)).status_code == status
    assert client.post(url(checked), data=SENT).status_code == status
    assert checked.sheet().overrides == {}


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_no_list(checked: Desk, client_for: ClientFor, who: str, status: int) -> None:
    listed = f"/rounds/{checked.cast.round.public_id}/overrides"
    assert client_for(getattr(checked.cast, who)).get(listed).status_code == status


@pytest.mark.parametrize("who", ["regional_director", "qa_lead"])
def test_the_page_of_a_round_leads_to_the_list_only_whom_it_opens_for(
    checked: Desk, client_for: ClientFor, who: str
) -> None:
    """A Regional Director here is a QA lead in another region."""
    person, elsewhere = getattr(checked.cast, who), checked.cast.other_region
    with checked.database.writing() as session:
        build.grant(session, person, Role.QA_LEAD, place=elsewhere)
    client, page = client_for(person), f"/rounds/{checked.cast.round.public_id}"
    may = who == "qa_lead"
    assert (f'href="{page}/overrides"' in client.get(page).text) is may
    assert client.get(f"{page}/overrides").status_code == (200 if may else 403)


def offered(text: str) -> list[str]:
    radios = re.findall(r'<input [^>]*name="rating"[^>]*>', text)
    return [value for radio in radios for value in re.findall(r'value="(\w+)"', radio)]


def test_neither_what_counts_nor_what_was_computed_is_offered_as_another_rating(
    checked: Desk, client_for: ClientFor
) -> None:
    client = client_for(checked.cast.qa_lead)
    assert offered(client.get(url(checked)).text) == ["area_needing_improvement", "not_applicable"]
    refused = client.post(url(checked), data={**SENT, "rating": "strength"})
    assert refused.status_code == 422
    assert offered(refused.text) == ["area_needing_improvement", "not_applicable"]
    checked.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, REASON)
    assert offered(client.get(url(checked)).text) == ["not_applicable"]
