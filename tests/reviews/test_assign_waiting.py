"""The whole sample that waits is given to pairs at once: suggested, changed, all of it or none."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import CaseStaff
from cqi.cases.rules import StaffKind
from cqi.core import events
from cqi.core.database import Database
from cqi.reviews import queries
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.sampling import queries as sampling
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.sampling.test_frames_and_draws import as_actor, drawn

WORKER = "W-777"


@pytest.fixture
def team(database: Database, cast: Cast) -> list[Person]:
    """A drawn sample, and four on the round's team; the last works one of its cases."""
    with database.writing() as session:
        people = [build.person(session, f"Reviewer {letter}") for letter in "BCD"]
        people[-1].staff_id = WORKER
        for one in people:
            build.grant(session, one, Role.REVIEWER, round=cast.round)
        drawn(session, cast)
        first = waiting(session, cast)[0]
        on = {"staff_id": WORKER, "kind": StaffKind.CASEWORKER, "from_on": build.LONG_AGO}
        session.add(CaseStaff(case_id=first.id, **on))
        return [cast.reviewer, *people]


def waiting(session, cast):
    liaison = as_actor(session, cast.cqi_liaison)
    return queries.cases_to_assign(session, liaison, cast.round)


def url(cast: Cast) -> str:
    return f"/rounds/{cast.round.public_id}/cases/waiting"


def suggested(text: str) -> dict[str, list[str]]:
    """Case's public id -> the values that stand in its two fields."""
    found: dict[str, list[str]] = {}
    for part in text.split("<select")[1:]:
        select = part.partition("</select>")[0]
        key = select.partition('name="')[2].partition('"')[0]
        chosen = [each for each in select.split("<option") if " selected>" in each]
        value = chosen[0].partition('value="')[2].partition('"')[0] if chosen else ""
        found.setdefault(key, []).append(value)
    return found


def on_cases(database: Database) -> Counter[int]:
    with database.reading() as session:
        return Counter(session.scalars(sa.select(ReviewPerson.person_id)))


def test_what_is_suggested_is_given_in_one_go_and_the_load_is_even(
    database: Database, cast: Cast, team: list[Person], client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_liaison)
    pairs = suggested(client.get(url(cast)).text)
    with database.reading() as session:
        cases = waiting(session, cast)
        conflicted = str(cases[0].public_id)
        assert pairs.keys() == {str(each.public_id) for each in cases}
    assert all(len(set(pair)) == 2 and "" not in pair for pair in pairs.values())
    assert str(team[-1].public_id) not in pairs[conflicted]
    answer = client.post(url(cast), data=pairs, follow_redirects=True)
    assert f"{len(pairs)} cases of the sample are in the round." in answer.text
    found = on_cases(database)
    assert sum(found.values()) == 2 * len(pairs)
    assert max(found.values()) - min(found[one.id] for one in team) <= 1
    with database.reading() as session:
        assert waiting(session, cast) == []
        kinds = events.Event.kind == "review.assigned"
        number = session.scalar(sa.select(sa.func.count()).where(kinds))
    assert number == len(pairs)
    assert "No case of a sample waits." in client.get(url(cast)).text


def test_one_that_is_blocked_keeps_all_from_being_given_and_what_was_chosen_stays(
    database: Database, cast: Cast, team: list[Person], client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_liaison)
    pairs = suggested(client.get(url(cast)).text)
    with database.reading() as session:
        case = waiting(session, cast)[0]
    mine = [str(team[-1].public_id), str(team[0].public_id)]
    sent = pairs | {str(case.public_id): mine}
    answer = client.post(url(cast), data=sent)
    assert answer.status_code == 422
    assert f"Case {case.case_number}: Reviewer D works or supervises this case" in answer.text
    assert suggested(answer.text) == sent
    assert not on_cases(database)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CaseReview)) == 0
        assert len(waiting(session, cast)) == len(pairs)


def test_one_person_twice_on_a_case_is_refused(
    database: Database, cast: Cast, team: list[Person], client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_liaison)
    with database.reading() as session:
        case = waiting(session, cast)[1]
    twice = [str(team[0].public_id)] * 2
    answer = client.post(url(cast), data={str(case.public_id): twice})
    assert answer.status_code == 422
    assert f"Case {case.case_number}: Choose two different people." in answer.text
    assert not on_cases(database)


def test_a_case_that_is_left_with_nobody_waits_on(
    database: Database, cast: Cast, team: list[Person], client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_liaison)
    with database.reading() as session:
        first, second = waiting(session, cast)[:2]
    sent = {str(first.public_id): [str(team[0].public_id), ""], str(second.public_id): ["", ""]}
    answer = client.post(url(cast), data=sent, follow_redirects=True)
    assert "1 case of the sample is in the round." in answer.text
    with database.reading() as session:
        left = {case.case_number for case in waiting(session, cast)}
    assert second.case_number in left
    assert first.case_number not in left
    assert client.post(url(cast), data={}).status_code == 422


def test_a_case_that_somebody_gave_meanwhile_is_not_given_twice(
    database: Database, cast: Cast, team: list[Person], client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_liaison)
    pairs = suggested(client.get(url(cast)).text)
    key = next(iter(pairs))
    client_for(cast.cqi_director).post(url(cast), data={key: pairs[key]})
    client.post(url(cast), data=pairs)
    assert sum(on_cases(database).values()) == 2 * len(pairs)


def test_where_nothing_was_drawn_nothing_waits(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    with database.writing() as session:
        build.case(session, cast.county)
        assert sampling.in_sample(session, [cast.round.id]) == {}
    text = client_for(cast.cqi_liaison).get(url(cast)).text
    assert "No case of a sample waits." in text


def test_the_outsider_gives_nothing(cast: Cast, client_for: ClientFor) -> None:
    for who in (cast.outsider, cast.reviewer, cast.other_reviewer):
        assert client_for(who).get(url(cast)).status_code == 403
        assert client_for(who).post(url(cast)).status_code == 403
