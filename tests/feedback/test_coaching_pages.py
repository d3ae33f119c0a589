"""Pages of coaching notes: beside the memo, the list, one note."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa

from cqi.cases.rules import StaffKind
from cqi.core import events, identifiers
from cqi.core.database import Database
from cqi.feedback.rules.coaching import EntryKind
from tests.feedback import coached, invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

KEY = str(uuid.UUID(int=7 << 76 | 2 << 62 | 5))


def form(cast: Cast, **other: str) -> dict[str, str]:
    given = {"worker": str(cast.caseworker.id), "item": "SNA06", "trying": "Two visits together."}
    given |= {"follow_up_on": "2027-03-18", "key": KEY, "revision": "0", **other}
    return {f"coaching-{name}": value for name, value in given.items()}


def test_beside_the_memo_stands_the_form_with_needs_first(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    page = client_for(cast.supervisor).get(f"/feedback/{review}").text
    assert "Only you and Caseworker Person can see it." in page
    assert "Share with Caseworker" in page
    choices = re.findall(r"<option[^>]*>([A-Z]{3}\d\d) ", page.partition('id="coaching-item"')[2])
    assert choices[0] == "SNA06"
    assert len(choices) > 20


@pytest.mark.parametrize("who", ["caseworker", "regional_director", "cqi_liaison", "cqi_director"])
def test_nobody_but_the_supervisor_sees_the_form(
    client_for: ClientFor, database: Database, cast: Cast, who: str
) -> None:
    review = invented.final_review(database, cast)
    page = client_for(getattr(cast, who)).get(f"/feedback/{review}").text
    assert "Who has read it" in page or "I have read this memo" in page
    assert "Coaching note" not in page


def test_where_no_caseworker_can_sign_in_the_card_says_so(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast, staff={StaffKind.SUPERVISOR: "S-100"})
    page = client_for(cast.supervisor).get(f"/feedback/{review}").text
    assert "No caseworker of this case can sign in." in page


def test_a_draft_is_kept_and_stands_in_the_form_again(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review, client = invented.final_review(database, cast), client_for(cast.supervisor)
    sent = client.post(f"/feedback/{review}/coaching", data=form(cast, follow_up_on=""))
    assert sent.status_code == 303
    page = client.get(f"/feedback/{review}").text
    assert "Two visits together." in page
    assert KEY in page
    assert "Your drafts" in client.get("/feedback/coaching").text
    assert client.get(f"/feedback/coaching/{KEY}").location.endswith(f"/coaching?note={KEY}")
    assert "Two visits together." in client.get(f"/feedback/{review}/coaching?note={KEY}").text
    assert client_for(cast.caseworker).get(f"/feedback/coaching/{KEY}").status_code == 404


def test_sharing_leads_to_the_note_which_the_caseworker_answers(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review, client = invented.final_review(database, cast), client_for(cast.supervisor)
    sent = client.post(
        f"/feedback/{review}/coaching", data=form(cast) | {"coaching-share": "share"}
    )
    assert sent.location.endswith(f"/feedback/coaching/{KEY}")
    worker = client_for(cast.caseworker)
    assert f"/feedback/coaching/{KEY}" in worker.get("/feedback/coaching").text
    assert "Two visits together." in worker.get(sent.location).text
    answer = {"entry-words": "The porch works best.", "entry-kind": "answered"}
    assert worker.post(sent.location, data=answer).status_code == 303
    page = client.get(sent.location).text
    assert "The porch works best." in page
    assert "Close it with these words" in page
    assert "Close it with these words" not in worker.get(sent.location).text
    assert "Shared on this memo:" in client.get(f"/feedback/{review}").text


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"trying": ""}, "Write what will be tried."),
        ({"follow_up_on": ""}, "Choose a day on which you follow up."),
        ({"follow_up_on": "2027-03-09"}, "This day is over."),
        ({"follow_up_on": "soon"}, "Write a date"),
        ({"item": "SRM99"}, "Choose one of the list."),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    client_for: ClientFor, database: Database, cast: Cast, other: dict[str, str], said: str
) -> None:
    review, client = invented.final_review(database, cast), client_for(cast.supervisor)
    sent = client.post(
        f"/feedback/{review}/coaching",
        data=form(cast, **{"trying": "Words that stay.", **other}) | {"coaching-share": "share"},
    )
    assert sent.status_code == 422
    assert said in sent.text
    assert ("Words that stay." in sent.text) == ("trying" not in other)
    assert "No note is open." in client.get("/feedback/coaching").text


def test_two_windows_lose_nothing(client_for: ClientFor, database: Database, cast: Cast) -> None:
    review, client = invented.final_review(database, cast), client_for(cast.supervisor)
    address = f"/feedback/{review}/coaching"
    client.post(address, data=form(cast, trying="The first window's words"))
    sent = client.post(address, data=form(cast, trying="The second window's words"))
    assert sent.status_code == 409
    assert "The first window&#39;s words" in sent.text
    assert "The second window&#39;s words" in sent.text
    again = form(cast, trying="Both", revision="1")
    assert client.post(address, data=again).status_code == 303


def test_the_list_says_what_is_due_soon_and_what_is_late(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    coached.shared(database, cast)
    page = client_for(cast.caseworker).get("/feedback/coaching").text
    assert "due Fri 12 Mar, in 2 working days" in page
    assert "With Supervisor Person" in page
    note = coached.shared(database, cast)
    coached.write_on(database, cast.supervisor, note, EntryKind.OUTCOME)
    assert "Done" in client_for(cast.supervisor).get("/feedback/coaching").text


def test_an_entry_without_words_is_refused_on_its_page(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    note = coached.shared(database, cast)
    client = client_for(cast.supervisor)
    sent = client.post(
        f"/feedback/coaching/{note}",
        data={"entry-words": " ", "entry-kind": "added", "entry-key": str(identifiers.uuid7())},
    )
    assert sent.status_code == 422
    assert "Write it down first." in sent.text
    nothing = client.post(f"/feedback/coaching/{note}", data={"entry-kind": "shout"})
    assert nothing.status_code == 422
    assert "Use a button of the page" in nothing.text


def test_a_notice_leads_to_the_note(client_for: ClientFor, database: Database, cast: Cast) -> None:
    note = coached.shared(database, cast)
    client = client_for(cast.caseworker)
    listed = client.get("/notices").text
    assert "A coaching note is there for you" in listed
    ways = set(re.findall(r'action="(/notices/[0-9a-f-]{36})"', listed))
    led = {client.get(way).location for way in ways}
    assert f"/feedback/coaching/{note}" in led


def test_empty_lists_say_what_comes_next(client_for: ClientFor, cast: Cast) -> None:
    assert "Write one beside a memo" in client_for(cast.supervisor).get("/feedback/coaching").text
    worker = client_for(cast.caseworker).get("/feedback/coaching").text
    assert "When your supervisor shares one with you" in worker


def test_the_tabs_show_what_one_may_open(client_for: ClientFor, cast: Cast) -> None:
    assert 'href="/feedback/coaching"' in client_for(cast.caseworker).get("/feedback").text
    assert "/feedback/coaching" not in client_for(cast.regional_director).get("/feedback").text


def test_opening_a_note_is_written_down(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    note = coached.shared(database, cast)
    client_for(cast.caseworker).get(f"/feedback/coaching/{note}")
    with database.reading() as session:
        read = sa.select(events.Event.actor_id).where(events.Event.kind == "review.read")
        assert list(session.scalars(read)) == [cast.caseworker.id]


@pytest.mark.parametrize("who", ["regional_director", "cqi_director", "administrator", "outsider"])
def test_everybody_else_is_refused(
    client_for: ClientFor, database: Database, cast: Cast, who: str
) -> None:
    note = coached.shared(database, cast)
    for address in ("/feedback/coaching", f"/feedback/coaching/{note}"):
        assert client_for(getattr(cast, who)).get(address).status_code == 403
