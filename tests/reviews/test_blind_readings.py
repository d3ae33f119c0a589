"""Two pairs read one case, and neither sees the other's reading, whatever else they are there.
Every page that they can open: tests/proof/test_blind_readings.py."""

from __future__ import annotations

import uuid

import pytest

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.rules import ConflictKind
from cqi.core import errors, identifiers
from cqi.notices import queries as notices
from cqi.notices.models import Notice
from cqi.reviews import actions, queries
from cqi.reviews.actions.interests import Declared
from cqi.reviews.rules import NewAlert, Urgency
from cqi.sampling import queries as sampling
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.twice import Twice
from tests.reviews.test_sample_page import put
from tests.sampling.test_frames_and_draws import drawn


def with_role(twice: Twice, person: Person, role: Role) -> None:
    at = {
        Role.SITE_LEADER: {"round": twice.cast.round},
        Role.CQI_DIRECTOR: {"place": twice.cast.state},
    }
    with twice.database.writing() as session:
        build.grant(session, person, role, **at.get(role, {"place": twice.cast.region}))


def test_a_finished_round_leaves_the_first_page_of_its_first_pairs(
    twice: Twice, client_for: ClientFor
) -> None:
    twice.assign()
    twice.finish(twice.first, twice.cast.reviewer)
    assert f"/reviews/{twice.first}" not in client_for(twice.cast.reviewer).get("/").text


def test_the_numbers_that_the_second_pair_sees_are_those_of_its_own_reading(
    twice: Twice, client_for: ClientFor
) -> None:
    twice.assign()
    twice.submit(twice.second, twice.third)
    with twice.database.reading() as session:
        seen = {
            person.name: queries.review_counts(session, build.actor(session, person))[
                twice.cast.round.id
            ]
            for person in (twice.cast.reviewer, twice.third, twice.cast.cqi_director)
        }
    states = {name: [state.value for state in counts] for name, counts in seen.items()}
    assert states == {
        twice.cast.reviewer.name: ["assigned"],
        twice.third.name: ["submitted"],
        twice.cast.cqi_director.name: ["assigned"],
    }


def test_a_refusal_tells_a_site_leader_who_reviews_nothing_of_another_reading(
    twice: Twice, client_for: ClientFor
) -> None:
    twice.assign()
    with_role(twice, twice.cast.reviewer, Role.SITE_LEADER)
    client = client_for(twice.cast.reviewer)
    answer = client.post(
        f"/reviews/{twice.first}/reviewers", data={"add": str(twice.third.public_id)}
    )
    assert answer.status_code == 422
    assert "Thirdreader Person cannot be put on this case: choose somebody else." in answer.text
    assert "reading" not in answer.text.partition("<main")[2]


def test_the_sample_shows_each_reader_the_standing_of_their_own_reading(twice: Twice) -> None:
    cast = twice.cast
    with twice.database.writing() as session:
        one = drawn(session, cast)
        number = min(sampling.in_sample(session, [cast.round.id])[cast.round.id])
        review = put(session, cast, number, cast.reviewer)
        twice.case, twice.first = review.case.public_id, review.public_id
    twice.assign()
    with_role(twice, twice.third, Role.SITE_LEADER)
    twice.submit(twice.first, cast.reviewer)
    with twice.database.reading() as session:
        found = {
            who.name: next(
                (line.state.value, line.review)
                for line in queries.sample_lines(session, build.actor(session, who), one)
                if line.sampled.case_number == number and line.state
            )
            for who in (twice.third, cast.cqi_liaison)
        }
    assert found == {
        twice.third.name: ("assigned", twice.second),
        cast.cqi_liaison.name: ("submitted", twice.first),
    }


def raised(twice: Twice) -> uuid.UUID:
    """A safety alert from the second reading."""
    new = NewAlert(
        identifiers.uuid7(), build.NOW, "The child was alone.", "T.", Urgency.NOW, about_unit=False
    )
    with twice.database.writing() as session:
        made = actions.raise_alert(
            session,
            review=twice.found(session, twice.second),
            new=new,
            actor=build.actor(session, twice.third),
            now=build.NOW,
            today=build.NOW.date(),
        )
        return made.public_id


def test_a_safety_alert_from_a_second_reading_works_as_any_other(
    twice: Twice, client_for: ClientFor
) -> None:
    twice.assign()
    leader = twice.cast.reviewer  # reads the first and leads the round: the child comes first
    with_role(twice, leader, Role.SITE_LEADER)
    alert = raised(twice)
    for person in (twice.third, twice.cast.regional_director, twice.cast.qa_lead, leader):
        assert client_for(person).get(f"/alerts/{alert}").status_code == 200, person.name
    assert client_for(twice.beside).get(f"/alerts/{alert}").status_code == 404
    assert client_for(leader).get(f"/reviews/{twice.second}").status_code == 404
    with twice.database.reading() as session:
        [told] = notices.notices(session, build.actor(session, twice.cast.regional_director))
        assert told.subject_id == alert


def test_it_does_not_keep_the_first_reading_from_becoming_final(twice: Twice) -> None:
    twice.assign()
    raised(twice)
    twice.finish(twice.first, twice.cast.reviewer)


def test_of_a_conflict_in_the_second_pair_hears_no_site_leader_of_the_first(twice: Twice) -> None:
    twice.assign()
    with_role(twice, twice.cast.reviewer, Role.SITE_LEADER)
    with twice.database.writing() as session:
        third = build.actor(session, twice.third)
        actions.declare_conflict(
            session,
            review=twice.found(session, twice.second),
            person_id=third.person_id,
            said=Declared(ConflictKind.FRIEND),
            actor=third,
            now=build.NOW,
        )
        assert people_told(session) == {twice.cast.cqi_director.id}
        leader = build.actor(session, twice.cast.reviewer)
        assert queries.affected_by_conflicts(session, leader) == []
        director = build.actor(session, twice.cast.cqi_director)
        assert len(queries.affected_by_conflicts(session, director)) == 1


def people_told(session) -> set[int]:
    return {row.person_id for row in session.query(Notice)}


def test_who_reads_one_does_no_qa_on_the_other(twice: Twice) -> None:
    twice.assign()
    twice.submit(twice.first, twice.cast.reviewer)
    twice.submit(twice.second, twice.third)
    with_role(twice, twice.fourth, Role.QA_LEAD)
    with twice.database.reading() as session:
        lead = build.actor(session, twice.fourth)
        assert queries.qa_lines(session, lead, build.NOW) == []
        with pytest.raises(errors.NotFound):
            queries.case_review(session, lead, twice.first)
