"""Two pairs read one case and neither learns of the other, on whatever page they open."""

from __future__ import annotations

import io
import re
import uuid

import flask
import pypdf
import pytest

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.rules import ConflictKind
from cqi.core import errors, identifiers
from cqi.notices import queries as notices
from cqi.reviews import actions, queries
from cqi.reviews.actions.interests import Declared
from cqi.reviews.rules import NewAlert, Urgency
from cqi.sampling import queries as sampling
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.twice import Twice
from tests.proof import forms
from tests.reviews.test_sample_page import put
from tests.sampling.test_frames_and_draws import drawn
from tests.web import test_every_route as routes

FIRST, SECOND = "Words of the first reading.", "Words of the second reading."
CHANGES_EACH_TIME = re.compile(
    r'<input[^>]*type="hidden"[^>]*>|<meta name="csrf[^>]*>|nonce="[^"]*"|data-csrf="[^"]*"'
)


def shown(
    app: flask.Flask, client_for: ClientFor, twice: Twice, person: Person, review: uuid.UUID | None
) -> dict[str, str]:
    """Address -> status and text of every page and file that somebody can ask for, of one case
    review and of the round, and of all that these link to."""
    ids = {"/reviews": review, "/feedback": review, "/rounds": twice.cast.round.public_id}
    ids |= {"/reports": twice.cast.round.public_id, "/rollout": twice.cast.region.public_id}
    waiting = [call.path for call in routes.calls(app, ids) if call.method == "GET"]
    client, found = client_for(person), dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        if path in found or path.startswith(("/static", "/sign-out")):
            continue
        answer = client.get(path)
        found[path] = f"{answer.status_code} {text_of(answer)}"
        if answer.mimetype == "text/html" and answer.status_code == 200:
            waiting += [link for link in forms.links(answer.text) if "/instruments" not in link]
    return found


def text_of(answer) -> str:
    if answer.mimetype == "application/pdf":
        return " ".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages
        )
    return CHANGES_EACH_TIME.sub("", answer.data.decode(errors="replace"))


def about(pages: dict[str, str], *words: str) -> list[str]:
    """Where one of these words stands."""
    return [f"{word} at {path}" for path, text in pages.items() for word in words if word in text]


TELLING = ("read twice", "econd reading", "ECOND READING", "second pair", "second-readings")


def of_the_first(twice: Twice) -> tuple[str, ...]:
    return FIRST, twice.cast.reviewer.name, twice.beside.name, str(twice.first)


def of_the_second(twice: Twice) -> tuple[str, ...]:
    return SECOND, twice.third.name, twice.fourth.name, str(twice.second)


def both_in_work(twice: Twice) -> None:
    twice.write(twice.first, twice.cast.reviewer, FIRST)
    twice.assign()
    twice.write(twice.second, twice.third, SECOND)


def with_qa(twice: Twice) -> None:
    both_in_work(twice)
    twice.submit(twice.first, twice.cast.reviewer)
    twice.submit(twice.second, twice.third)


def both_final(twice: Twice) -> None:
    both_in_work(twice)
    twice.finish(twice.first, twice.cast.reviewer)
    twice.finish(twice.second, twice.third)


STAGES = [both_in_work, with_qa, both_final]


@pytest.mark.parametrize("stage", STAGES)
def test_on_no_page_does_a_pair_find_the_other_reading_its_people_or_that_there_is_one(
    app: flask.Flask, client_for: ClientFor, twice: Twice, stage
) -> None:
    stage(twice)
    first = shown(app, client_for, twice, twice.cast.reviewer, twice.first)
    second = shown(app, client_for, twice, twice.third, twice.second)
    assert about(first, *of_the_second(twice), *TELLING) == []
    assert about(second, *of_the_first(twice), *TELLING) == []
    for pages, own, pair in (
        (first, twice.first, twice.beside),
        (second, twice.second, twice.fourth),
    ):
        assert len(about(pages, twice.case_number)) > 10, "the case does stand on pages"
        assert about(pages, pair.name)
        assert f"/reviews/{own}/print.pdf" in pages


@pytest.mark.parametrize("stage", STAGES)
def test_the_other_reading_is_not_there_whatever_is_asked_of_it(
    app: flask.Flask, client_for: ClientFor, twice: Twice, stage
) -> None:
    stage(twice)
    for person, other in ((twice.cast.reviewer, twice.second), (twice.third, twice.first)):
        client = client_for(person)
        for call in routes.calls(app, {"/reviews": other, "/feedback": other}):
            if str(other) in call.path:
                answer = client.open(call.path, method=call.method)
                assert answer.status_code in (403, 404), call
                assert twice.case_number not in answer.text, call


def test_nothing_that_the_first_pair_can_open_changes_while_the_second_reading_goes_its_way(
    app: flask.Flask, client_for: ClientFor, twice: Twice
) -> None:
    """Whatever a second reading adds or moves on their pages would tell them of it."""
    twice.write(twice.first, twice.cast.reviewer, FIRST)
    before = shown(app, client_for, twice, twice.cast.reviewer, twice.first)
    twice.assign()
    for do in (
        lambda: twice.write(twice.second, twice.third, SECOND),
        lambda: twice.finish(twice.second, twice.third),
    ):
        do()
        after = shown(app, client_for, twice, twice.cast.reviewer, twice.first)
        assert before.keys() == after.keys()
        assert [path for path in before if before[path] != after[path]] == []


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


# whoever reviews in a round and has another role in it or around it
ROLES = [Role.QA_LEAD, Role.CQI_LIAISON, Role.SITE_LEADER, Role.CQI_DIRECTOR]


def with_role(twice: Twice, person: Person, role: Role) -> None:
    at = {
        Role.SITE_LEADER: {"round": twice.cast.round},
        Role.CQI_DIRECTOR: {"place": twice.cast.state},
    }
    with twice.database.writing() as session:
        build.grant(session, person, role, **at.get(role, {"place": twice.cast.region}))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", [both_in_work, both_final])
def test_another_role_opens_no_reading_beside_ones_own(
    app: flask.Flask, client_for: ClientFor, twice: Twice, role: Role, stage
) -> None:
    stage(twice)
    for person in (twice.cast.reviewer, twice.third):
        with_role(twice, person, role)
    first = shown(app, client_for, twice, twice.cast.reviewer, twice.first)
    second = shown(app, client_for, twice, twice.third, twice.second)
    assert about(first, SECOND, str(twice.second)) == []
    assert about(second, FIRST, str(twice.first)) == []


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
        [told] = notices.on_screen(session, build.actor(session, twice.cast.regional_director))
        assert told.subject == alert


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
        assert (
            len(
                queries.affected_by_conflicts(
                    session, build.actor(session, twice.cast.cqi_director)
                )
            )
            == 1
        )


def people_told(session) -> set[int]:
    from cqi.notices.models import Notice

    return {row.person_id for row in session.query(Notice)}


def test_who_reads_one_does_no_qa_on_the_other(twice: Twice) -> None:
    with_qa(twice)
    with_role(twice, twice.fourth, Role.QA_LEAD)
    with twice.database.reading() as session:
        lead = build.actor(session, twice.fourth)
        assert queries.qa_lines(session, lead, build.NOW) == []
        with pytest.raises(errors.NotFound):
            queries.case_review(session, lead, twice.first)
