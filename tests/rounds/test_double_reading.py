"""Which cases of a round are read twice: told by a seed, apart from second-level QA."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from cqi.core import events
from cqi.core.database import Database
from cqi.rounds.models import Round
from cqi.rounds.rules import DoubleReading, SecondLevel
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.rounds import test_open_round

NUMBERS = [f"27-{number:05}" for number in range(1000)]


def drawn(share: int, seed: str = "2f6d") -> set[str]:
    setting = DoubleReading(share, seed)
    return {number for number in NUMBERS if setting.due(number)}


def test_who_is_drawn_for_a_share_is_drawn_for_a_larger_one() -> None:
    assert drawn(0) < drawn(10) < drawn(20) < drawn(50) < drawn(100) == set(NUMBERS)


def test_the_same_seed_draws_other_cases_than_for_second_level_qa() -> None:
    second_level = {n for n in NUMBERS if SecondLevel(20, "2f6d").due(n)}
    both = len(drawn(20) & second_level)
    assert 15 < both < 70, "some 40 of 200, as by chance"


def test_it_can_be_worked_out_again_outside_the_product() -> None:
    told = {n for n in NUMBERS if _fraction(f"2f6d\nsecond reading\n{n}") < 0.2}
    assert drawn(20) == told


def _fraction(text: str) -> float:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) / 2**256


def of(session, name: str | None = None) -> Round:
    where = Round.name == name if name else sa.true()
    return session.scalars(sa.select(Round).where(where).order_by(Round.id)).first()


def test_the_page_opens_a_round_with_a_drawn_seed_which_its_reviewers_do_not_see(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    asked = test_open_round.sent(cast, double_reading="20", second_level="20")
    answer = client_for(cast.cqi_director).post(
        test_open_round.URL, data=asked, follow_redirects=True
    )
    with database.writing() as session:
        one = of(session, asked["name"])
        opened = events.Event.kind == "round.opened"
        payload = session.scalars(sa.select(events.Event.payload).where(opened)).one()
        seed, url = one.double_reading_seed, f"/rounds/{one.public_id}"
        assert seed
        assert seed != one.second_level_seed
        build.grant(session, cast.reviewer, build.Role.REVIEWER, round=one)
    assert payload["double_reading"] == [20, seed]
    assert f"Cases that are read twice: 20% of the cases, drawn by seed {seed}." in answer.text
    page = client_for(cast.reviewer).get(url)
    assert page.status_code == 200
    assert seed not in page.text
    assert "read twice" not in page.text


def change_url(cast: Cast) -> str:
    return f"/rounds/{cast.round.public_id}/double-reading"


def sent(
    share: str, seen: str = "0", reason: str = "To see how far pairs agree."
) -> dict[str, str]:
    return {"share": share, "seen": seen, "reason": reason}


def test_the_share_is_changed_with_a_reason_an_event_and_a_seed_that_stays(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    client, url = client_for(cast.cqi_director), change_url(cast)
    assert url in client.get(f"/rounds/{cast.round.public_id}").text
    answer = client.post(url, data=sent("20"), follow_redirects=True)
    assert "Cases of this round that are read twice now: 20%." in answer.text
    assert "From none to 20%" in answer.text
    assert "To see how far pairs agree." in answer.text
    with database.reading() as session:
        first = of(session).double_reading
    assert client.post(url, data=sent("0", "20")).status_code == 303
    assert client.post(url, data=sent("50", "0")).status_code == 303
    with database.reading() as session:
        one = of(session)
        assert (one.double_reading, one.second_level) == (
            DoubleReading(50, first.seed),
            SecondLevel(0),
        )
        kind = events.Event.kind == "round.double_reading_changed"
        told = session.scalars(sa.select(events.Event.payload).where(kind)).all()
    assert told[0]["double_reading"] == [20, first.seed]
    assert "agree" not in str(told)


def test_changes_of_the_two_shares_stand_apart(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.cqi_director)
    client.post(change_url(cast), data=sent("20"))
    other = client.get(f"/rounds/{cast.round.public_id}/second-level").text
    assert "To see how far pairs agree." not in other
    assert "Now: on request only." in other


def test_once_a_case_is_in_reviewers_hands_the_share_can_only_grow(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    client, url = client_for(cast.cqi_director), change_url(cast)
    client.post(url, data=sent("50"))
    assert 'value="20"' in client.get(url).text
    with database.writing() as session:
        case = build.case(session, cast.county)
        build.case_review(session, of(session), case, [cast.reviewer])
    page = client.get(url).text
    assert 'value="20"' not in page
    assert "1 is there." in page
    smaller = client.post(url, data=sent("20", "50"))
    assert smaller.status_code == 422
    assert "Cases are in reviewers&#39; hands, so the share can only grow" in smaller.text
    assert client.post(url, data=sent("100", "50")).status_code == 303


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (sent("20", reason=" "), "Say why: the reason stands on"),
        (sent("20", seen="50"), "Somebody changed it meanwhile."),
        (sent("0"), "That is how it is already: choose another."),
        (sent("7"), "Choose one of the answers."),
    ],
)
def test_what_is_in_the_way_of_a_change_is_said(
    cast: Cast, client_for: ClientFor, given: dict[str, str], words: str
) -> None:
    answer = client_for(cast.cqi_director).post(change_url(cast), data=given)
    assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize("who", ["outsider", "reviewer", "qa_lead", "cqi_liaison"])
def test_others_change_no_share(cast: Cast, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(cast, who))
    assert client.get(change_url(cast)).status_code == 403
    assert client.post(change_url(cast), data=sent("20")).status_code == 403
