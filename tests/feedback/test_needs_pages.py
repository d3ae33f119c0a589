"""Pages of systemic needs: raised beside a memo, listed by turn, one need with its steps."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from cqi.cli import jobs
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.feedback.rules.needs import NeedKind
from cqi.feedback.workflow import NeedStep
from tests import build
from tests.feedback import invented, needing
from tests.feedback.test_coaching import told
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ZONE, ClientFor

KEY = str(uuid.UUID(int=7 << 76 | 2 << 62 | 6))


def form(**other: str) -> dict[str, str]:
    given = {"words": needing.WORDS, "item": "SNA06", "kind": "services", "key": KEY, **other}
    return {f"need-{name}": value for name, value in given.items()}


def test_one_click_beside_the_memo_sends_it_up(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review, client = invented.final_review(database, cast), client_for(cast.supervisor)
    page = client.get(f"/feedback/{review}").text
    assert "Raise a systemic need" in page
    assert "Name no person and no case" in page
    for kind in NeedKind:
        assert f'value="{kind}"' in page
    sent = client.post(f"/feedback/{review}/need", data=form())
    assert sent.location.endswith(f"/feedback/needs/{KEY}")
    mine = client.get(sent.location).text
    assert "parenting class" in mine
    assert f'href="/feedback/{review}"' in mine


@pytest.mark.parametrize("who", ["caseworker", "regional_director", "cqi_liaison"])
def test_nobody_but_the_supervisor_sees_the_form(
    client_for: ClientFor, database: Database, cast: Cast, who: str
) -> None:
    review = invented.final_review(database, cast)
    assert "systemic need" not in client_for(getattr(cast, who)).get(f"/feedback/{review}").text


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"words": ""}, "Say what is needed"),
        ({"words": "   "}, "Say what is needed"),
        ({"kind": ""}, "Send it with one of the four buttons."),
        ({"kind": "weather"}, "Send it with one of the four buttons."),
        ({"item": "SRM99"}, "Choose one of the list."),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    client_for: ClientFor, database: Database, cast: Cast, other: dict[str, str], said: str
) -> None:
    review, client = invented.final_review(database, cast), client_for(cast.supervisor)
    sent = client.post(f"/feedback/{review}/need", data=form(**other))
    assert sent.status_code == 422
    assert said in sent.text
    assert ("parenting class" in sent.text) == ("words" not in other)
    assert told(database, "need_raised") == set()


def test_a_need_names_no_case_to_those_above(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    need = needing.raised(database, cast, review=review)
    client = client_for(cast.regional_director)
    for address in ("/feedback/needs", f"/feedback/needs/{need}"):
        page = client.get(address).text
        assert "Juniper County" in page
        assert str(review) not in page
        assert "C0" not in page


def test_the_reply_comes_back_and_is_asked_again_or_closed(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    need = needing.raised(database, cast)
    address = f"/feedback/needs/{need}"
    director, supervisor = client_for(cast.regional_director), client_for(cast.supervisor)
    page = director.get(address).text
    assert "Send the reply" in page
    assert "Hand it on" in page
    assert "Wed 24 Mar" not in page  # twenty days, by the setting
    assert "Due Wed 7 Apr, in 20 working days" in page
    empty = director.post(address, data={"answer-step": "answer", "answer-words": " "})
    assert empty.status_code == 422
    assert "Write it down: it is kept with the need." in empty.text
    director.post(address, data={"answer-step": "answer", "answer-words": "From 1 June."})
    page = supervisor.get(address).text
    assert "From 1 June." in page
    assert "Close the need" in page
    supervisor.post(address, data={"ask_again-step": "x", "ask_again-words": "For whom?"})
    assert "For whom?" in director.get(address).text
    director.post(address, data={"answer-step": "answer", "answer-words": "For all."})
    supervisor.post(address, data={"close-step": "close", "close-words": ""})
    page = supervisor.get(address).text
    assert "Closed" in page
    assert "Close the need" not in page
    late = supervisor.post(address, data={"ask_again-step": "x", "ask_again-words": "And now?"})
    assert late.status_code == 422
    assert "Somebody acted on this need since you opened the page" in late.text
    assert "And now?" in late.text  # to be copied: nothing of it is kept


def test_two_who_reply_at_the_same_time_lose_nothing(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    need = needing.raised(database, cast)
    needing.take(database, cast.regional_director, need, NeedStep.ANSWER)
    again = client_for(cast.regional_director).post(
        f"/feedback/needs/{need}", data={"answer-step": "x", "answer-words": "Other words."}
    )
    assert again.status_code == 422
    assert "Somebody acted on this need" in again.text
    assert "Other words." in again.text


def test_the_list_is_filtered_by_kind_and_says_whose_turn_it_is(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    needing.raised(database, cast, needing.new(words="Evening classes"), review=review)
    training = needing.new(words="A day on interviewing", kind=NeedKind.TRAINING)
    needing.raised(database, cast, training, review=review)
    client = client_for(cast.regional_director)
    page = client.get("/feedback/needs").text
    assert "Needs that wait for you" in page
    assert "20 working days to reply, agency to confirm" in page
    only = client.get("/feedback/needs?kind=training").text
    assert "A day on interviewing" in only
    assert "Evening classes" not in only
    reader = client_for(cast.cqi_liaison).get("/feedback/needs").text
    assert "Evening classes" in reader
    assert "Needs you today" not in reader


@pytest.mark.parametrize(
    ("who", "step", "status"),
    [
        ("cqi_liaison", "answer", 403),
        ("cqi_liaison", "close", 403),
        ("regional_director", "close", 403),
        ("supervisor", "answer", 403),
        ("supervisor", "hand_on", 403),
        ("cqi_director", "answer", 422),
        ("regional_director", "shout", 422),
    ],
)
def test_who_only_reads_takes_no_step(
    client_for: ClientFor, database: Database, cast: Cast, who: str, step: str, status: int
) -> None:
    need = needing.raised(database, cast)
    sent = client_for(getattr(cast, who)).post(
        f"/feedback/needs/{need}", data={f"{step}-step": "x", f"{step}-words": "Words."}
    )
    assert sent.status_code == status
    assert told(database, "need_answered") == set()


def test_a_job_tells_of_late_ones_once(database: Database, cast: Cast) -> None:
    needing.raised(database, cast)
    on_time = jobs.Works(database, Clock(ZONE, frozen_at=build.NOW), lambda _mail: None)
    assert jobs.JOBS["late-needs"](on_time) == ""
    later = Clock(ZONE, frozen_at=build.NOW + dt.timedelta(days=40))
    works = jobs.Works(database, later, lambda _mail: None)
    assert jobs.JOBS["late-needs"](works) == "1 late systemic need told of"
    assert jobs.JOBS["late-needs"](works) == ""
    assert told(database, "need_late") == {cast.regional_director.id}


def test_empty_lists_say_what_comes_next(client_for: ClientFor, cast: Cast) -> None:
    assert (
        "You raise a need beside a memo" in client_for(cast.supervisor).get("/feedback/needs").text
    )
    director = client_for(cast.regional_director).get("/feedback/needs").text
    assert "When a supervisor raises one" in director


@pytest.mark.parametrize("who", ["caseworker", "administrator", "qa_lead", "auditor", "outsider"])
def test_everybody_else_is_refused(
    client_for: ClientFor, database: Database, cast: Cast, who: str
) -> None:
    need = needing.raised(database, cast)
    for address in ("/feedback/needs", f"/feedback/needs/{need}"):
        assert client_for(getattr(cast, who)).get(address).status_code == 403
