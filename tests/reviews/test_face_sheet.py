"""The face sheet: facts, saved as they are answered."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from cqi.reviews import rules
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk, instrument

FETCH = {"X-Requested-With": "fetch", "Accept": "application/json"}


def url(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/facts"


def shown(client: FlaskClient, desk: Desk) -> dict[str, str]:
    text = client.get(url(desk)).text
    return dict(re.findall(r'name="([^"]+-revision)" value="([^"]*)"', text))


def test_every_fact_is_asked_with_its_help_but_the_kind_of_case_is_known(
    desk: Desk, client_for: ClientFor
) -> None:
    text = client_for(desk.cast.reviewer).get(url(desk)).text
    for fact in instrument().facts:
        assert (f'name="fact-{fact.name}"' in text) is (fact.name != "case_type")
    assert "Foster care" in text
    to_confirm = sum(fact.confirm for fact in instrument().facts)
    following = text.count("Setting: 30 days, agency to confirm.")
    assert following == 1
    assert text.count("setting, agency to confirm") == to_confirm - following


def test_a_fact_is_saved_and_the_counts_of_all_components_come_back(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    sent = {**shown(client, desk), "changed": "fact-report_in_pur", "fact-report_in_pur": "no"}
    answer = client.post(url(desk), data=sent, headers=FETCH)
    assert answer.json is not None
    ids = {swap["id"] for swap in answer.json["swaps"]}
    assert {"side-facts", "side-MAS", "side-ICP", "missing", "fact-report_in_pur-revision"} <= ids
    assert answer.json["status"] == "Face sheet: 15 left to answer."
    sheet = desk.sheet()
    assert sheet.facts["report_in_pur"].value == "no"
    assert sheet.facts["case_type"].value == "foster_care"
    assert sheet.rating.items["SRM02"].rating == "not_applicable"


def test_without_script_the_whole_sheet_is_saved(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.reviewer)
    names = [fact.name for fact in instrument().facts if fact.name != "case_type"]
    sent = {f"fact-{name}": "no" for name in names}
    answer = client.post(url(desk), data={**shown(client, desk), **sent})
    assert answer.status_code == 303
    assert answer.location.endswith("/facts")
    assert desk.sheet().progress.facts.missing == 0


def test_a_value_that_is_no_answer_is_refused(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.reviewer)
    sent = {"changed": "fact-report_in_pur", "fact-report_in_pur": "perhaps"}
    assert client.post(url(desk), data=sent, headers=FETCH).status_code == 422
    answer = client.post(url(desk), data={"fact-report_in_pur": "perhaps"})
    assert answer.status_code == 422
    assert "Choose one of the answers." in answer.text


def test_a_fact_that_another_answered_first_is_not_overwritten(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    old = shown(client, desk)
    desk.record(rules.fact("report_in_pur", "yes"))
    sent = {**old, "changed": "fact-report_in_pur", "fact-report_in_pur": "no"}
    answer = client.post(url(desk), data=sent, headers=FETCH)
    assert answer.status_code == 409
    assert answer.json is not None
    assert "chose “Yes”" in answer.json["message"]
    assert desk.sheet().facts["report_in_pur"].value == "yes"


def test_facts_are_frozen_with_the_review(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.submit()
    client = client_for(desk.cast.reviewer)
    text = client.get(url(desk)).text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]
    assert "<b>No</b>" in text
    sent = {"changed": "fact-report_in_pur", "fact-report_in_pur": "yes"}
    assert client.post(url(desk), data=sent, headers=FETCH).status_code == 422


def test_the_case_its_people_and_its_reviewers_are_named_by_role(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    page = client.get(url(desk)).text
    assert "ends on first submission for QA" in page
    assert "<dt>Opened</dt><dd>15 Jan 2026</dd>" in page
    assert f"<dt>Reviewers</dt><dd>{desk.cast.reviewer.name}</dd>" in page
    assert "<dt>QA lead</dt><dd>Nobody yet</dd>" in page
    assert "Target child, Mother, Father, Foster caregiver," in page
    desk.complete()
    desk.submit()
    desk.begin_qa()
    page = client.get(url(desk)).text
    assert f"<dt>QA lead</dt><dd>{desk.cast.qa_lead.name}</dd>" in page
    assert "ends on first submission" not in page


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(url(desk)).status_code == status
    assert client.post(url(desk), data={"fact-report_in_pur": "no"}).status_code == status
