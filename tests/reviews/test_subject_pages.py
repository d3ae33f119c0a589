"""Counts and questions that are repeated, on the pages: listed, answered, posted whole."""

from __future__ import annotations

import re
import uuid

import pytest

from cqi.core.database import Database
from cqi.reviews import actions, queries, rules
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def public_id(database: Database, cast: Cast) -> uuid.UUID:
    """A case review on the federal instrument whose face sheet is answered."""
    pages = build.instrument("osri")
    with database.writing() as session:
        on = build.round(session, cast.region, [cast.county], pages=pages)
        build.grant(session, cast.reviewer, "reviewer", round=on)
        case = build.case(session, cast.county)
        review = build.case_review(session, on, case, [cast.reviewer])
        facts = {fact.name: fact.values[0] for fact in pages.facts}
        facts |= {"case_type": "foster_care"}
        changes = [rules.fact(name, value) for name, value in facts.items()]
        who = build.actor(session, cast.reviewer)
        actions.record_answers(session, review=review, changes=changes, actor=who, now=build.NOW)
        return review.public_id


def listed(database: Database, cast: Cast, public_id: uuid.UUID) -> dict[str, str]:
    with database.reading() as session:
        who = build.actor(session, cast.reviewer)
        sheet = queries.sheet(session, queries.case_review(session, who, public_id))
        return {each.label: each.id for each in sheet.subjects.get("parent", ())}


def rating(database: Database, cast: Cast, public_id: uuid.UUID, code: str) -> str | None:
    with database.reading() as session:
        who = build.actor(session, cast.reviewer)
        sheet = queries.sheet(session, queries.case_review(session, who, public_id))
        return sheet.rating.items[code].rating


def test_the_face_sheet_lists_renames_and_takes_off(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID
) -> None:
    client, url = client_for(cast.reviewer), f"/reviews/{public_id}/facts"
    assert "None is listed yet." in client.get(url).text
    assert client.post(url, data={"parent-label": "Moter"}).status_code == 303
    [subject] = listed(database, cast, public_id).values()
    page = client.get(url).text
    shown = re.search(rf'name="{subject}-label-revision" value="([^"]+)"', page)
    assert shown
    row = {f"{subject}-label": "Mother", f"{subject}-label-revision": shown[1]}
    assert client.post(url, data=row).status_code == 303
    late = client.post(url, data=row | {f"{subject}-label": "Ma"}, follow_redirects=True)
    assert "Somebody else wrote “Mother” meanwhile; you wrote “Ma”." in late.text
    unchanged = client.post(url, data=row | {f"{subject}-label": "Moter"}, follow_redirects=True)
    assert "Somebody else" not in unchanged.text, "what the page showed is no change"
    assert listed(database, cast, public_id) == {"Mother": subject}
    client.post(url, data={"off": subject})
    assert listed(database, cast, public_id) == {}


def test_one_post_saves_facts_and_the_list_together(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID
) -> None:
    client, url = client_for(cast.reviewer), f"/reviews/{public_id}/facts"
    shown = re.search(r'name="fact-opened_in_pur-revision" value="([^"]+)"', client.get(url).text)
    assert shown
    facts = {"fact-opened_in_pur": "no", "fact-opened_in_pur-revision": shown[1]}
    sent = facts | {"parent-label": "Mother", "child-label": "Child A", "list": "subjects-parent"}
    answer = client.post(url, data=sent)
    assert answer.headers["Location"].endswith("#subjects-parent")
    assert set(listed(database, cast, public_id)) == {"Mother"}
    page = client.get(url).text
    assert 'value="Child A"' in page
    assert re.search(r'checked[^>]*id="fact-opened_in_pur-no"', page)


def test_a_label_that_is_too_long_is_said_and_the_rest_is_saved(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID
) -> None:
    client, url = client_for(cast.reviewer), f"/reviews/{public_id}/facts"
    sent = {"parent-label": "x" * 61, "child-label": "Child A"}
    answer = client.post(url, data={**sent, "go": "OUT1"})
    page = answer.text
    assert answer.status_code == 422
    assert page.count("Use at most 60 characters.") == 2, "at the field, and on top"
    assert f'value="{"x" * 61}"' in page
    assert "Everything else on the page was saved." in page
    assert "maxlength" not in page, "a browser would cut it silently"
    assert 'value="Child A"' in page
    assert listed(database, cast, public_id) == {}


def test_a_count_is_written_and_a_wrong_one_refused(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID
) -> None:
    client, url = client_for(cast.reviewer), f"/reviews/{public_id}/items/I01"
    for question in ("A", "B"):
        name = f"I01-{question.lower()}"
        sent = {"changed": name, name: "0", f"{name}-revision": "0:"}
        assert client.post(url, data=sent, headers=FETCH).status_code == 200
    name = "I01-a"
    wrong = client.post(url, data={"changed": name, name: "-1"}, headers=FETCH)
    assert wrong.status_code == 422
    assert "whole number" in wrong.text
    page = client.get(f"/reviews/{public_id}/components/S1").text
    assert re.search(r'<input[^>]*name="I01-a"[^>]*value="0"', page)


def test_a_repeated_question_is_asked_of_each_by_script_and_by_post(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID
) -> None:
    client, base = client_for(cast.reviewer), f"/reviews/{public_id}"
    for label in ("Mother", "Father"):
        client.post(f"{base}/facts", data={"parent-label": label})
    found = listed(database, cast, public_id)
    mother, father = (f"I15-a-{found[label]}" for label in ("Mother", "Father"))
    page = client.get(f"{base}/components/WB1").text
    assert f'name="{mother}"' in page
    assert "Mother: " in page
    assert "Not asked: a comes first." in page, "b waits for the answer to a of the same parent"
    assert ">12A<" in page, "the marker of a part says its number in full"
    sent = {"changed": mother, mother: "yes", f"{mother}-revision": "0:"}
    assert client.post(f"{base}/items/I15", data=sent, headers=FETCH).status_code == 200
    whole = {father: "no", f"{father}-revision": "0:"}
    whole |= {name.replace("-a-", "-b-"): "no" for name in (mother, father)}
    assert client.post(f"{base}/components/WB1", data=whole).status_code == 303
    assert rating(database, cast, public_id, "I15") == "area_needing_improvement"


def test_an_answer_to_a_part_shows_at_its_whole_at_once(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID
) -> None:
    client, base = client_for(cast.reviewer), f"/reviews/{public_id}"
    for kind in ("child", "parent"):
        client.post(f"{base}/facts", data={f"{kind}-label": "One"})
    [parent] = listed(database, cast, public_id).values()
    for name in (f"I12B-a-{parent}", f"I12B-b-{parent}"):
        sent = {"changed": name, name: "no", f"{name}-revision": "0:"}
        saved = client.post(f"{base}/items/I12B", data=sent, headers=FETCH).get_json()
    heads = {swap["id"]: swap["html"] for swap in saved["swaps"] if swap["id"].endswith("-head")}
    assert set(heads) == {"I12B-head", "I12-head"}
    assert "I12A and I12C are not rated." in heads["I12-head"], "I12B is"


def test_an_answer_for_somebody_taken_off_meanwhile_is_never_called_saved(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID
) -> None:
    client, base = client_for(cast.reviewer), f"/reviews/{public_id}"
    client.post(f"{base}/facts", data={"parent-label": "Mother"})
    [mother] = listed(database, cast, public_id).values()
    client.post(f"{base}/facts", data={"off": mother})
    name = f"I15-a-{mother}"
    late = client.post(f"{base}/items/I15", data={"changed": name, name: "yes"}, headers=FETCH)
    assert late.status_code == 422
    assert "not on the face sheet any more" in late.text
    whole = {name: "na", f"{name}-why": "She lives abroad.", f"{name}-revision": "0:"}
    whole |= {"I15-narrative": "Each visit is in the log.", "I15-narrative-revision": "0:"}
    page = client.post(f"{base}/components/WB1", data=whole, follow_redirects=True).text
    assert "You sent: na; She lives abroad." in page
    assert "Each visit is in the log." in page, "what can be saved is saved"


@pytest.mark.parametrize("who", ["outsider", "qa_lead"])
def test_others_list_nobody(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID, who: str
) -> None:
    client = client_for(getattr(cast, who))
    sent = {"parent-label": "Mother"}
    assert client.post(f"/reviews/{public_id}/facts", data=sent).status_code in {403, 404}
    assert listed(database, cast, public_id) == {}


def test_a_rating_whose_rule_is_to_be_confirmed_says_so_beside_it(
    database: Database, cast: Cast, client_for: ClientFor, public_id: uuid.UUID
) -> None:
    """I02: its second row is marked, its first is not. I15 is marked as a whole."""
    mark = "Rule: agency to confirm against the federal instrument."
    client, url = client_for(cast.reviewer), f"/reviews/{public_id}/components/S2"
    save = f"/reviews/{public_id}/items/I02"

    def head() -> str:
        found = re.search(r'<summary id="I02-head">.*?</summary>', client.get(url).text, re.S)
        assert found
        return found[0]

    first = {"changed": "I02-a", "I02-a": "yes"}
    assert client.post(save, data=first, headers=FETCH).status_code == 200
    assert "Strength" in head()
    assert mark not in head()
    shown = dict(re.findall(r'name="([^"]+-revision)" value="([^"]+)"', client.get(url).text))
    answered = {"changed": "I02-a", "I02-a": "no"} | shown
    assert client.post(save, data=answered, headers=FETCH).status_code == 200
    assert mark not in head()
    last = client.post(save, data={"changed": "I02-b", "I02-b": "yes"}, headers=FETCH)
    assert mark in last.text
    assert mark in head()


def test_a_question_that_an_answer_switches_on_is_there_at_once(
    client_for: ClientFor, cast: Cast, public_id: uuid.UUID
) -> None:
    """I02-b is asked where a is no: a save swaps it, and leaves a control that was there alone."""
    client, save = client_for(cast.reviewer), f"/reviews/{public_id}/items/I02"

    def swapped(**answer: str) -> dict[str, str]:
        [name] = answer
        control = f"I02-{name}"
        page = client.get(f"/reviews/{public_id}/components/S2").text
        shown = dict(re.findall(r'name="([^"]+-revision)" value="([^"]+)"', page))
        sent = {"changed": control, control: answer[name]} | shown
        saved = client.post(save, data=sent, headers=FETCH)
        assert saved.status_code == 200, saved.text
        return {swap["id"]: swap["html"] for swap in saved.get_json()["swaps"]}

    on = swapped(a="no")
    assert 'name="I02-b"' in on["I02-b"]
    assert "I02-a" not in on
    assert "I02-b" not in swapped(b="yes")
    off = swapped(a="yes")
    assert "Not asked" in off["I02-b"]
    assert 'name="I02-b"' not in off["I02-b"]
