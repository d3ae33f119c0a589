"""A component's page as one form: whichever button is pressed, nothing that was typed is lost."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cqi.reviews import forms, rules
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TEXT, Desk

LONG = "long " * forms.LONGEST_TEXT
REASON = "Known two days before the end."


@pytest.fixture
def client(desk: Desk, client_for: ClientFor) -> FlaskClient:
    desk.facts(household_changed="yes")
    return client_for(desk.cast.reviewer)


def url(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/components/SRM"


def hidden(page: str) -> dict[str, str]:
    """What the page says that it showed."""
    return dict(re.findall(r'name="([^"]+-revision)" value="([^"]*)"', page))


def post(client: FlaskClient, desk: Desk, shown: dict[str, str], **typed: str) -> TestResponse:
    """Send the page with what was typed; "__" stands for "-" in names of controls."""
    sent = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(url(desk), data={**shown, **sent})


@pytest.fixture
def shown(client: FlaskClient, desk: Desk) -> dict[str, str]:
    return hidden(client.get(url(desk)).text)


def control(page: str, name: str) -> str:
    """What a text area or a line of text holds, in the words that a browser would show."""
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    found = found or re.search(rf'<input[^>]* name="{name}" type="text" value="([^"]*)"', page)
    assert found, f"{name} is not on the page"
    return html.unescape(found[1]).strip()


def test_every_item_of_the_page_is_saved_with_one_post(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    answer = post(
        client, desk, shown, save="SRM05",
        SRM03__a="no", SRM03__narrative="Nobody spoke with M. alone.",
        SRM05__a="yes", SRM05__b="na", SRM05__b__why=REASON, SRM05__narrative=TEXT,
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.location.endswith("/components/SRM#SRM05")
    sheet = desk.sheet()
    assert sheet.answers["SRM03"]["a"].value == "no"
    assert sheet.narratives["SRM03"].value == "Nobody spoke with M. alone."
    assert sheet.narratives["SRM05"].value == TEXT
    assert sheet.answers["SRM05"]["b"].reason == REASON
    assert sheet.rating.items["SRM05"].rating == "strength"


def test_an_old_page_does_not_undo_what_another_answered(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    desk.theirs(rules.answer("SRM05", "a", "no"), rules.narrative("SRM05", "Theirs."))
    answer = post(client, desk, shown, SRM05__b="yes", SRM05__narrative="", SRM03__a="yes")
    assert answer.status_code == 303
    sheet = desk.sheet()
    assert sheet.answers["SRM05"]["a"].value == "no"
    assert sheet.answers["SRM05"]["b"].value == "yes"
    assert sheet.narratives["SRM05"].value == "Theirs."


def test_blanks_at_the_end_of_a_text_are_no_change(desk: Desk, client: FlaskClient) -> None:
    desk.record(rules.narrative("SRM05", "As it was."))
    shown = hidden(client.get(url(desk)).text)
    desk.theirs(rules.narrative("SRM05", "Theirs.", expected=1))
    answer = post(client, desk, shown, SRM05__narrative="As it was.\r\n ")
    assert answer.status_code == 303
    assert desk.sheet().narratives["SRM05"].value == "Theirs."


def test_a_reason_beside_no_answer_is_the_reason_of_an_na(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    post(client, desk, shown, SRM05__b__why=REASON)
    entry = desk.sheet().answers["SRM05"]["b"]
    assert (entry.value, entry.reason) == ("na", REASON)


def test_enter_presses_no_button_and_leads_to_what_it_saved(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    page = client.get(url(desk)).text
    first = re.search(r"<button[^>]*>", page[page.index('id="answers"') :])
    assert first
    assert first[0] == '<button type="submit" name="save" hidden>'
    answer = post(client, desk, shown, save="", SRM05__b="na", SRM05__b__why=REASON)
    assert answer.location.endswith("/components/SRM#SRM05")


@pytest.mark.parametrize(
    ("where", "target"), [("INV", "/components/INV"), ("facts", "/facts"), ("submit", "/submit")]
)
def test_going_on_saves_first(
    desk: Desk, client: FlaskClient, shown: dict[str, str], where: str, target: str
) -> None:
    answer = post(client, desk, shown, go=where, SRM05__narrative=TEXT)
    assert answer.status_code == 303
    assert answer.location.endswith(f"{desk.public_id}{target}")
    assert desk.sheet().narratives["SRM05"].value == TEXT


def test_sources_are_added_with_everything_else_on_the_page(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    answer = post(
        client, desk, shown, add="SRM05",
        SRM05__source="visit_log", SRM05__detail="May to Oct",
        SRM03__source="health_record", SRM03__protected="y", SRM03__a="yes",
    )  # fmt: skip
    assert answer.location.endswith("#SRM05-evidence")
    sheet = desk.sheet()
    (source,) = sheet.evidence["SRM05"]
    assert (source.source, source.detail, source.protected) == ("visit_log", "May to Oct", False)
    (other,) = sheet.evidence["SRM03"]
    assert other.protected
    assert sheet.answers["SRM03"]["a"].value == "yes"


def test_a_source_is_taken_away_and_what_was_typed_is_saved(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    post(client, desk, shown, SRM05__source="visit_log")
    page = client.get(url(desk)).text
    cross = re.search(r'name="remove" value="([^"]+)"', page)
    assert cross
    for text in ("First.", "Second."):  # the second time somebody else took it away already
        shown = hidden(client.get(url(desk)).text)
        answer = post(client, desk, shown, remove=cross[1], SRM03__narrative=text)
        assert answer.location.endswith("#SRM05-evidence")
        assert not desk.sheet().evidence.get("SRM05")
        assert desk.sheet().narratives["SRM03"].value == text


def test_a_source_without_its_place_is_asked_for_and_its_words_are_kept(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    answer = post(client, desk, shown, SRM05__detail="May to Oct", SRM03__a="yes")
    assert answer.status_code == 422
    assert "SRM05 source: Choose where it was learned." in answer.text
    assert control(answer.text, "SRM05-detail") == "May to Oct"
    assert desk.sheet().answers["SRM03"]["a"].value == "yes"


def test_what_is_refused_stands_on_the_page_again_and_all_else_is_saved(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    answer = post(
        client, desk, shown, go="INV",
        SRM03__narrative=LONG, SRM03__a="yes",
        SRM05__b="na", SRM05__b__why="r" * 501, SRM05__narrative=TEXT, SRM05__source="visit_log",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "SRM03 narrative: Use at most 60000 characters." in answer.text
    assert control(answer.text, "SRM03-narrative") == LONG.strip()
    assert control(answer.text, "SRM05-b-why") == "r" * 501
    assert 'id="SRM05-b-na" name="SRM05-b" type="radio" value="na"' in answer.text
    assert "Everything else on the page was saved." in answer.text
    sheet = desk.sheet()
    assert "SRM03" not in sheet.narratives
    assert "b" not in sheet.answers.get("SRM05", {})
    assert sheet.answers["SRM03"]["a"].value == "yes"
    assert sheet.narratives["SRM05"].value == TEXT
    assert len(sheet.evidence["SRM05"]) == 1
    again = post(client, desk, hidden(answer.text), SRM03__narrative="Short.", SRM05__source="")
    assert again.status_code == 303
    assert len(desk.sheet().evidence["SRM05"]) == 1


def test_a_text_that_was_refused_still_does_not_overwrite_another(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    desk.theirs(rules.narrative("SRM05", "Theirs."))
    refused = post(client, desk, shown, SRM05__narrative=LONG)
    answer = post(client, desk, hidden(refused.text), SRM05__narrative="Shorter.")
    assert answer.status_code == 409
    assert "Two people changed the narrative of SRM05" in answer.text
    assert desk.sheet().narratives["SRM05"].value == "Theirs."


def test_two_conflicts_are_asked_about_together_and_all_else_is_saved(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    desk.theirs(rules.narrative("SRM03", "M. was seen. D. was not seen; the caregiver stayed."))
    desk.theirs(rules.narrative("SRM05", "Their fifth."))
    answer = post(
        client, desk, shown, SRM05__a="yes",
        SRM03__narrative="M. was seen. D. was not seen at all.", SRM05__narrative="My fifth.",
    )  # fmt: skip
    assert answer.status_code == 409
    assert "Two people changed the narrative of SRM03 and of SRM05" in answer.text
    assert "<mark>" in answer.text
    assert control(answer.text, "SRM05-combined") == "My fifth. Their fifth."
    assert desk.sheet().answers["SRM05"]["a"].value == "yes"
    sent = dict(re.findall(r'name="([^"]+)" type="hidden" value="([^"]*)"', answer.text))
    sent |= {"SRM03-choice": "mine", "SRM05-choice": "combine", "SRM05-combined": "Both."}
    assert client.post(f"{url(desk)}/conflict", data=sent).status_code == 303
    sheet = desk.sheet()
    assert sheet.narratives["SRM03"].value == "M. was seen. D. was not seen at all."
    assert sheet.narratives["SRM05"].value == "Both."


def test_a_conflict_beside_a_refusal_is_kept_and_asked_about_afterwards(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    desk.theirs(rules.narrative("SRM03", "Theirs."))
    refused = post(client, desk, shown, SRM03__narrative="Mine.", SRM05__narrative=LONG)
    assert refused.status_code == 409
    assert "SRM03 narrative: Somebody else changed this text too." in refused.text
    assert control(refused.text, "SRM03-narrative") == "Mine."
    assert "Choose between the two texts" in refused.text
    typed = {"SRM03__narrative": "Mine.", "SRM05__narrative": "Shorter."}
    answer = post(client, desk, hidden(refused.text), **typed)
    assert "Two people changed the narrative of SRM03<" in answer.text
    assert desk.sheet().narratives["SRM05"].value == "Shorter."


def test_an_answer_that_was_overtaken_is_shown_as_it_stands_with_the_words_that_were_typed(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    desk.theirs(rules.answer("SRM05", "a", "no"), rules.answer("SRM05", "b", "yes"))
    answer = post(client, desk, shown, SRM05__a="yes", SRM05__b="na", SRM05__b__why=REASON)
    assert answer.status_code == 409
    assert answer.text.count("Somebody else chose “Yes” since you opened this page") == 2
    assert "Somebody else chose “No”" in answer.text
    assert re.search(r'<input checked[^>]* id="SRM05-a-no"', answer.text)
    assert control(answer.text, "SRM05-b-why") == REASON
    same = post(client, desk, hidden(answer.text), SRM05__a="no", SRM05__b="yes")
    assert same.status_code == 303
    again = post(client, desk, hidden(answer.text), SRM05__b="na", SRM05__b__why=REASON)
    assert again.status_code == 303
    assert desk.sheet().answers["SRM05"]["b"].reason == REASON


def test_two_reasons_of_one_na_are_both_on_the_page(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    desk.theirs(rules.answer("SRM05", "b", "na", reason="Theirs."))
    answer = post(client, desk, shown, SRM05__b="na", SRM05__b__why=REASON)
    assert "Somebody else wrote “Theirs.” since you opened this page" in answer.text
    assert control(answer.text, "SRM05-b-why") == REASON


def test_a_review_that_was_submitted_meanwhile_shows_what_came_late(
    desk: Desk, client: FlaskClient, shown: dict[str, str]
) -> None:
    desk.complete()
    desk.submit()
    answer = post(
        client, desk, shown, SRM05__narrative="Mine.", SRM03__narrative=LONG,
        SRM05__b="na", SRM05__b__why=REASON, SRM04__detail="Page 12",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Nothing was saved." in answer.text
    for words in ("SRM05: Mine.", "long long long", f"SRM05.b: {REASON}", "Page 12"):
        assert words in answer.text
    assert desk.sheet().narratives["SRM05"].value != "Mine."


def test_a_component_that_is_not_there_is_not_found(desk: Desk, client: FlaskClient) -> None:
    assert client.post(url(desk).replace("SRM", "XYZ"), data={}).status_code == 404
    for nowhere in ("XYZ", "", "../x"):
        assert post(client, desk, {}, go=nowhere).status_code == 303


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 403), ("other_reviewer", 404), ("qa_lead", 403)]
)
def test_others_save_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert post(client, desk, {}, SRM05__a="yes").status_code == status
    assert "SRM05" not in desk.sheet().answers
