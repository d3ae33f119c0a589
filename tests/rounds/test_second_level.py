"""Which case reviews of a round go to second-level QA: told by a seed, the same for everybody."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.reviews import actions
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import SecondLevel
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.reviews.test_qa_notes import another_qa_lead, refused
from tests.rounds import test_open_round

NUMBERS = [f"27-{number:05}" for number in range(1000)]


def drawn(share: int, seed: str = "2f6d") -> set[str]:
    setting = SecondLevel(share, seed)
    return {number for number in NUMBERS if setting.due(number)}


def test_none_and_all_need_no_seed() -> None:
    assert not any(SecondLevel(0).due(number) for number in NUMBERS)
    assert all(SecondLevel(100).due(number) for number in NUMBERS)


def test_a_share_is_near_what_was_asked_for() -> None:
    for share in (10, 20, 50):
        assert abs(len(drawn(share)) - 10 * share) < 40


def test_the_same_seed_draws_the_same_and_another_seed_others() -> None:
    assert drawn(20) == drawn(20)
    assert drawn(20) != drawn(20, "another")


def test_who_is_drawn_for_a_share_is_drawn_for_a_larger_one() -> None:
    assert drawn(10) < drawn(20) < drawn(50)


def test_it_can_be_worked_out_again_outside_the_product() -> None:
    told = {n for n in NUMBERS if _fraction(f"2f6d\n{n}") < 0.2}
    assert drawn(20) == told


def _fraction(text: str) -> float:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) / 2**256


def test_the_page_opens_a_round_with_a_drawn_seed_and_shows_it(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    asked = test_open_round.sent(cast, second_level="20")
    client = client_for(cast.cqi_director)
    answer = client.post(test_open_round.URL, data=asked, follow_redirects=True)
    with database.reading() as session:
        one = session.scalars(sa.select(Round).where(Round.name == asked["name"])).one()
        opened = events.Event.kind == "round.opened"
        payload = session.scalars(sa.select(events.Event.payload).where(opened)).one()
        seed = one.second_level_seed
    assert seed
    assert payload["second_level"] == [20, seed]
    assert f"Second-level QA: 20% of the case reviews, drawn by seed {seed}." in answer.text


def send_all_to_second_level(desk: Desk) -> None:
    with desk.database.writing() as session:
        session.execute(sa.update(Round).values(second_level_share=100))


def test_the_workflow_forces_it_and_another_lead_makes_it_final(desk: Desk) -> None:
    send_all_to_second_level(desk)
    desk.with_qa()
    assert refused(desk, actions.approve) == ["second_level_due"]
    desk.do(actions.send_to_second_level)
    assert refused(desk, actions.approve) == ["same_qa_lead"]
    desk.do(actions.approve, person=another_qa_lead(desk))
    assert desk.sheet().standing.state is ReviewState.FINAL


def test_without_the_setting_first_level_approves_as_before(desk: Desk) -> None:
    desk.with_qa()
    desk.approve()
    assert desk.sheet().standing.state is ReviewState.FINAL


@pytest.mark.parametrize("who", ["outsider", "other_reviewer", "reviewer", "cqi_director"])
def test_nobody_else_makes_it_final(desk: Desk, who: str) -> None:
    send_all_to_second_level(desk)
    desk.with_qa()
    desk.do(actions.send_to_second_level)
    with pytest.raises((errors.Forbidden, errors.NotFound)):
        desk.do(actions.approve, person=getattr(desk.cast, who))


def test_the_decision_says_so_before_it_is_tried(desk: Desk, client_for: ClientFor) -> None:
    send_all_to_second_level(desk)
    desk.with_qa()
    text = client_for(desk.cast.qa_lead).get(f"/reviews/{desk.public_id}/decision").text
    assert "This round sends this case review to second-level QA" in text
    assert 'href="#second"' in text


def change_url(cast: Cast) -> str:
    return f"/rounds/{cast.round.public_id}/second-level"


def sent(share: str, seen: str = "0", reason: str = "Ratings drift apart.") -> dict[str, str]:
    return {"share": share, "seen": seen, "reason": reason}


def setting_of(cast: Cast, database: Database) -> SecondLevel:
    with database.reading() as session:
        return session.get_one(Round, cast.round.id).second_level


def test_the_share_is_changed_with_a_reason_an_event_and_a_seed_that_stays(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    client, url = client_for(cast.cqi_director), change_url(cast)
    assert url in client.get(f"/rounds/{cast.round.public_id}").text
    answer = client.post(url, data=sent("20"), follow_redirects=True)
    first = setting_of(cast, database)
    assert first.seed
    assert "From on request only to 20%" in answer.text
    assert "Ratings drift apart." in answer.text
    for share, seen in (("100", "20"), ("50", "100")):
        assert client.post(url, data=sent(share, seen)).status_code == 303
    assert setting_of(cast, database) == SecondLevel(50, first.seed), "nobody draws anew"
    with database.reading() as session:
        kind = events.Event.kind == "round.second_level_changed"
        told = session.scalars(sa.select(events.Event.payload).where(kind)).all()
    assert told[0]["second_level"] == [20, first.seed]
    assert "Ratings" not in str(told)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (sent("20", reason=" "), "Say why: the reason stands on"),
        (sent("20", seen="50"), "Somebody changed it meanwhile."),
        (sent("0"), "That is how it is already: choose another."),
        (sent("7"), "Choose one of the answers."),
        ({"seen": "0", "reason": "So."}, "Choose how many."),
    ],
)
def test_what_is_in_the_way_of_a_change_is_said_and_the_words_stay(
    cast: Cast, client_for: ClientFor, database: Database, given: dict[str, str], words: str
) -> None:
    answer = client_for(cast.cqi_director).post(change_url(cast), data=given)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert given["reason"].strip() in answer.text
    assert setting_of(cast, database) == SecondLevel(0)


def test_once_a_case_was_handed_in_the_share_can_only_grow(
    desk: Desk, client_for: ClientFor
) -> None:
    send_all_to_second_level(desk)
    with desk.database.writing() as session:
        session.execute(sa.update(Round).values(second_level_share=50, second_level_seed="s"))
    client, url = client_for(desk.cast.cqi_director), change_url(desk.cast)
    before = client.get(url).text
    assert 'value="20"' in before
    desk.with_qa()
    text = client.get(url).text
    assert 'value="20"' not in text
    assert 'value="100"' in text
    assert "1 was handed in." in text
    smaller = client.post(url, data=sent("20", "50"))
    assert smaller.status_code == 422
    assert "a case that is drawn stays drawn" in smaller.text
    assert client.post(url, data=sent("100", "50")).status_code == 303
    assert refused(desk, actions.approve) == ["second_level_due"]


def test_a_round_past_first_level_qa_is_not_changed_any_more(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.with_qa()
    desk.approve()
    client, url = client_for(desk.cast.cqi_director), change_url(desk.cast)
    assert "nothing is left to draw" in client.get(url).text
    answer = client.post(url, data=sent("100"))
    assert (answer.status_code, "nothing is left to draw" in answer.text) == (422, True)
    assert desk.sheet().standing.state is ReviewState.FINAL


@pytest.mark.parametrize("who", ["outsider", "reviewer", "qa_lead", "cqi_liaison"])
def test_others_change_no_share(cast: Cast, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(cast, who))
    assert client.get(change_url(cast)).status_code == 403
    assert client.post(change_url(cast), data=sent("20")).status_code == 403
    assert change_url(cast) not in client.get(f"/rounds/{cast.round.public_id}").text
