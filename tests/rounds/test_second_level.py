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
    sent = test_open_round.sent(cast, second_level="20")
    client = client_for(cast.cqi_director)
    answer = client.post(test_open_round.URL, data=sent, follow_redirects=True)
    with database.reading() as session:
        one = session.scalars(sa.select(Round).where(Round.name == sent["name"])).one()
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
