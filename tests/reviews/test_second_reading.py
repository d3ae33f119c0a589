"""A case that is read twice: who gets the second reading, what it counts for, how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.feedback import queries as feedback
from cqi.instruments.definition import Rating
from cqi.measures import queries as measures
from cqi.measures.rules.frozen import LeftOut
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.sampling import queries as sampling
from cqi.sampling.actions import Decision
from tests import build
from tests.feedback.test_queries import CLOCKS
from tests.fixtures.installation import ClientFor
from tests.fixtures.twice import WORKS_IT, Twice
from tests.reviews.test_sample_page import put
from tests.sampling.test_frames_and_draws import NEW, NOW, as_actor, drawn

MARK = "<b>Second reading.</b>"


def refused(do: Callable[[], Any]) -> list[str]:
    with pytest.raises(errors.Blocked) as caught:
        do()
    return [blocker.code for blocker in caught.value.blockers]


def share(twice: Twice, percent: int) -> None:
    with twice.database.writing() as session:
        session.execute(sa.update(Round).values(double_reading_share=percent))


@pytest.mark.parametrize("who", ["cqi_director", "cqi_liaison", "site_leader"])
def test_whoever_runs_the_round_gives_a_drawn_case_to_a_second_pair(
    twice: Twice, client_for: ClientFor, who: str
) -> None:
    with twice.database.writing() as session:
        leader = build.person(session, "Site Leader")
        build.grant(session, leader, Role.SITE_LEADER, round=twice.cast.round)
    client = client_for(leader if who == "site_leader" else getattr(twice.cast, who))
    page = client.get(twice.url).text
    assert "One case is to be read twice" in page
    assert f"{twice.url}/second-readings" in page
    pair = [str(each.public_id) for each in twice.second_pair]
    sent = {"case": str(twice.case), "reviewers": pair}
    answer = client.post(f"{twice.url}/second-readings", data=sent, follow_redirects=True)
    assert f"Case {twice.case_number} has its second pair." in answer.text
    assert "With Fourthreader Person, Thirdreader Person" in answer.text
    assert "to be read twice" not in answer.text
    with twice.database.reading() as session:
        found = session.scalars(sa.select(CaseReview).order_by(CaseReview.id)).all()
        assert [(one.purpose, one.reading) for one in found] == [
            (ReviewPurpose.SCORED, 1),
            (ReviewPurpose.RELIABILITY, 2),
        ]
        kind = events.Event.kind == "review.assigned"
        [payload] = session.scalars(sa.select(events.Event.payload).where(kind)).all()
    assert payload["purpose"] == "reliability"
    again = client.get(f"{twice.url}/second-readings").text
    assert "No case waits for a second pair." in again


def test_a_case_says_that_it_is_to_be_read_twice_when_it_is_put_into_the_round(
    twice: Twice, client_for: ClientFor
) -> None:
    with twice.database.writing() as session:
        case = build.case(session, twice.cast.county)
        key = str(case.public_id)
    client, url = client_for(twice.cast.cqi_liaison), f"{twice.url}/cases"
    assert "Juniper County, to be read twice" in client.get(url).text
    sent = {"case": key, "reviewers": str(twice.cast.reviewer.public_id)}
    assert "give it to a second pair too" in client.post(url, data=sent, follow_redirects=True).text
    share(twice, 0)
    assert "read twice" not in client.get(url).text


@pytest.mark.parametrize("who", ["reviewer", "qa_lead", "regional_director", "outsider"])
def test_nobody_else_gives_one(twice: Twice, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(twice.cast, who))
    assert client.get(f"{twice.url}/second-readings").status_code == 403


def test_whoever_reviews_in_the_round_neither_gives_one_nor_learns_which_are_drawn(
    twice: Twice, client_for: ClientFor
) -> None:
    both = twice.spare
    with twice.database.writing() as session:
        build.grant(session, both, Role.SITE_LEADER, round=twice.cast.round)
        build.case(session, twice.cast.county)
    client = client_for(both)
    for path in ("", "/cases", "/sample"):
        assert "read twice" not in client.get(f"{twice.url}{path}").text, path
    assert client.get(f"{twice.url}/second-readings").status_code == 403
    with pytest.raises(errors.Forbidden):
        twice.assign(by=both)


def test_the_seed_says_which_cases_and_not_whoever_assigns(twice: Twice) -> None:
    share(twice, 0)
    assert refused(twice.assign) == ["not_read_twice"]


def test_there_is_no_second_reading_without_a_first_and_never_two(twice: Twice) -> None:
    with twice.database.writing() as session:
        other = build.case(session, twice.cast.county)
        number, twice.case = twice.case, other.public_id
    assert refused(twice.assign) == ["no_first_reading"]
    twice.case = number
    twice.assign()
    assert "already_in_round" in refused(twice.assign)


def test_somebody_has_to_read_it(twice: Twice, client_for: ClientFor) -> None:
    client, url = client_for(twice.cast.cqi_liaison), f"{twice.url}/second-readings"
    answer = client.post(url, data={"case": str(twice.case)})
    assert (answer.status_code, "Choose who reads it." in answer.text) == (422, True)


def knows_the_first(twice: Twice, client_for: ClientFor, how: str) -> Person:
    """Somebody on the team who is no stranger to the first reading."""
    with twice.database.writing() as session:
        director = build.actor(session, twice.cast.cqi_director)
        if how == "was on it":
            given = {"review": twice.found(session, twice.first), "actor": director}
            reviewer = build.actor(session, twice.spare)
            actions.add_reviewer(session, reviewer=reviewer, now=build.NOW, **given)
            who = twice.spare.id
            actions.remove_reviewer(session, person_id=who, now=build.NOW, **given)
        elif how in ("did its QA", "opened it"):
            build.grant(session, twice.spare, Role.QA_LEAD, place=twice.cast.region)
    if how == "did its QA":
        twice.submit(twice.first, twice.cast.reviewer)
        with twice.database.writing() as session:
            lead, review = build.actor(session, twice.spare), twice.found(session, twice.first)
            actions.begin_qa(session, review=review, actor=lead, now=build.NOW)
    if how == "opened it":
        assert client_for(twice.spare).get(f"/reviews/{twice.first}/facts").status_code == 200
    return twice.beside if how == "is on it" else twice.spare


@pytest.mark.parametrize("how", ["is on it", "was on it", "did its QA", "opened it"])
def test_who_knows_the_first_reading_is_not_put_on_the_second(
    twice: Twice, client_for: ClientFor, how: str
) -> None:
    person = knows_the_first(twice, client_for, how)
    assert refused(lambda: twice.assign(person, twice.third)) == ["other_reading"]
    assert twice.assign(twice.third)
    with twice.database.writing() as session:
        given = {
            "review": twice.found(session, twice.second),
            "actor": build.actor(session, twice.cast.cqi_liaison),
            "reviewer": build.actor(session, person),
            "now": build.NOW,
        }
        assert refused(lambda: actions.add_reviewer(session, **given)) == ["other_reading"]


def test_who_reads_the_second_is_not_put_on_the_first(twice: Twice, client_for: ClientFor) -> None:
    twice.assign()
    client, url = client_for(twice.cast.cqi_liaison), f"/reviews/{twice.first}/reviewers"
    answer = client.post(url, data={"add": str(twice.third.public_id)})
    assert answer.status_code == 422
    assert "Thirdreader Person knows the other reading of this case" in answer.text
    taken_off = {"remove": str(twice.third.public_id)}
    assert client.post(f"/reviews/{twice.second}/reviewers", data=taken_off).status_code == 303
    assert client.post(url, data={"add": str(twice.third.public_id)}).status_code == 422


def test_a_conflict_of_interest_keeps_somebody_from_it_as_always(twice: Twice) -> None:
    with twice.database.writing() as session:
        worker = build.person(session, "Works It", staff_id=WORKS_IT)
        build.grant(session, worker, Role.REVIEWER, round=twice.cast.round)
    assert refused(lambda: twice.assign(worker)) == ["conflict"]
    assert refused(lambda: twice.assign(twice.cast.other_reviewer)) == ["not_on_team"]


def test_qa_and_those_who_assign_see_both_and_the_second_says_so(
    twice: Twice, client_for: ClientFor
) -> None:
    twice.assign()
    twice.submit(twice.first, twice.cast.reviewer)
    twice.submit(twice.second, twice.third)
    lead, director = client_for(twice.cast.qa_lead), client_for(twice.cast.cqi_director)
    for client in (lead, director):
        assert MARK not in client.get(f"/reviews/{twice.first}/facts").text
        for page in ("facts", "components/SRM", "overview", "print"):
            assert MARK in client.get(f"/reviews/{twice.second}/{page}").text, page
        assert "SECOND READING: counts nowhere" in client.get(f"/reviews/{twice.second}/print").text
        page = client.get(twice.url).text
        apart = page.index('id="second-readings"')
        assert page.index(f"/reviews/{twice.second}") > apart > page.index(str(twice.first))
    queue = lead.get("/qa").text
    assert "Second reading: Foster care" in queue
    assert str(twice.first) in queue


def test_it_counts_in_no_figure_and_goes_to_nobody(twice: Twice) -> None:
    twice.assign()
    worse = {"SRM05": "area_needing_improvement"}
    twice.finish(twice.first, twice.cast.reviewer)
    with twice.database.reading() as session:
        on = session.get_one(Round, twice.cast.round.id)
        alone = measures.measures(session, measures.Asked(on, build.instrument()))
    twice.finish(twice.second, twice.third, **worse)
    with twice.database.reading() as session:
        on = session.get_one(Round, twice.cast.round.id)
        both = measures.measures(session, measures.Asked(on, build.instrument()))
        assert [each.why for each in both.frozen.round.outside] == [LeftOut.PRACTICE]
        assert [(row.measure, row.ratings) for row in both.rows] == [
            (row.measure, row.ratings) for row in alone.rows
        ]
        director = build.actor(session, twice.cast.cqi_director)
        assert queries.review_counts(session, director)[on.id] == {ReviewState.FINAL: 1}
        assert [one.public_id for one in feedback.to_release(session, director, CLOCKS)] == [
            twice.first
        ]
        for person in (twice.cast.supervisor, twice.cast.caseworker):
            with pytest.raises(errors.NotFound):
                feedback.memo(session, build.actor(session, person), twice.second, CLOCKS)


def test_a_round_is_finished_without_it_and_says_that_it_is_out(
    twice: Twice, client_for: ClientFor
) -> None:
    twice.assign()
    twice.finish(twice.first, twice.cast.reviewer)
    with twice.database.reading() as session:
        assert queries.finished(session, [twice.cast.round.id]) == {twice.cast.round.id}
    client = client_for(twice.cast.cqi_director)
    assert "1 second reading still out" in client.get("/rounds").text
    assert "of 1, none holds up the round" in client.get(twice.url).text
    assert f"/reviews/{twice.second}" in client_for(twice.third).get("/").text, "still theirs to do"
    twice.finish(twice.second, twice.third)
    assert "still out" not in client.get("/rounds").text


def test_an_open_first_reading_does_keep_the_round_open(twice: Twice) -> None:
    twice.assign()
    twice.finish(twice.second, twice.third)
    with twice.database.reading() as session:
        assert queries.finished(session, [twice.cast.round.id]) == frozenset()


def test_its_overrides_are_none_of_the_round(twice: Twice) -> None:
    twice.assign()
    twice.submit(twice.second, twice.third)
    with twice.database.writing() as session:
        lead, review = build.actor(session, twice.cast.qa_lead), twice.found(session, twice.second)
        actions.begin_qa(session, review=review, actor=lead, now=build.NOW)
        new = rules.NewOverride("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, "Nobody looked.")
        actions.override_rating(session, review=review, new=new, actor=lead, now=build.NOW)
        assert queries.overrides_in(session, lead, review.round) == []
        assert queries.same_item(session, lead, review.round, "SRM05") == []
        third = build.actor(session, twice.third)
        assert len(queries.overrides_in(session, third, review.round)) == 1, "as of any of theirs"


@pytest.mark.parametrize("final", [False, True])
def test_an_elimination_withdraws_it_too_but_never_a_final_one(twice: Twice, final: bool) -> None:
    cast = twice.cast
    with twice.database.writing() as session:
        one = drawn(session, cast)
        number = min(sampling.in_sample(session, [cast.round.id])[cast.round.id])
        review = put(session, cast, number, cast.reviewer)
        twice.case, twice.first = review.case.public_id, review.public_id
    twice.assign()
    if final:
        twice.finish(twice.second, twice.third)
    with twice.database.writing() as session:
        case = sampling.standing_case(session, session.get_one(Round, cast.round.id), number)
        given = {"now": NOW}
        liaison, director = (
            as_actor(session, who) for who in (cast.cqi_liaison, cast.cqi_director)
        )
        proposed = actions.propose_elimination(session, case=case, new=NEW, actor=liaison, **given)
        actions.decide_elimination(
            session, elimination=proposed, decision=Decision(True, ""), actor=director, **given
        )
        states = {each: twice.found(session, each).state for each in (twice.first, twice.second)}
        assert one
    assert states[twice.first] is ReviewState.WITHDRAWN
    assert states[twice.second] is (ReviewState.FINAL if final else ReviewState.WITHDRAWN)


def test_a_withdrawn_case_waits_for_no_second_pair(twice: Twice) -> None:
    with twice.database.writing() as session:
        director = build.actor(session, twice.cast.cqi_director)
        given = {"review": twice.found(session, twice.first), "actor": director, "now": build.NOW}
        actions.withdraw(session, reason="Moved away.", **given)
        liaison = build.actor(session, twice.cast.cqi_liaison)
        on = session.get_one(Round, twice.cast.round.id)
        assert queries.cases_to_read_twice(session, liaison, on) == []
    assert refused(twice.assign) == ["no_first_reading"]


def test_a_case_that_one_has_a_conflict_with_is_not_offered(twice: Twice) -> None:
    with twice.database.writing() as session:
        twice.cast.cqi_liaison.staff_id = WORKS_IT
        session.merge(twice.cast.cqi_liaison)
        session.flush()
        liaison = build.actor(session, twice.cast.cqi_liaison)
        on = session.get_one(Round, twice.cast.round.id)
        assert queries.cases_to_read_twice(session, liaison, on) == []


def test_what_both_pairs_first_handed_in_can_be_read_from_the_chains_of_events(
    twice: Twice,
) -> None:
    """What agreement is computed of: the ratings at the first submission, whatever QA asked for
    since."""
    twice.assign()
    twice.submit(twice.first, twice.cast.reviewer)
    twice.submit(twice.second, twice.third, SRM05="area_needing_improvement")
    then = {each: stored(twice, each) for each in (twice.first, twice.second)}
    assert then[twice.first] != then[twice.second]
    with twice.database.writing() as session:
        lead, review = build.actor(session, twice.cast.qa_lead), twice.found(session, twice.second)
        given = {"review": review, "now": build.NOW}
        actions.begin_qa(session, actor=lead, **given)
        actions.return_to_reviewers(session, reason="Look again.", actor=lead, **given)
        third = build.actor(session, twice.third)
        revisions = queries.sheet(session, review).answers["SRM05"]
        changes = [rules.answer("SRM05", name, "yes", e.revision) for name, e in revisions.items()]
        actions.record_answers(session, changes=changes, actor=third, **given)
    assert stored(twice, twice.second) != then[twice.second], "the stored ones moved on"
    for each in (twice.first, twice.second):
        assert first_submitted(twice, each) == then[each]


def stored(twice: Twice, public_id) -> dict[str, str | None]:
    with twice.database.reading() as session:
        of = twice.found(session, public_id).id
        query = sa.select(StoredRating.code, StoredRating.rating)
        rows = session.execute(query.where(StoredRating.review_id == of))
        return {code: rating.value if rating else None for code, rating in rows}


def first_submitted(twice: Twice, public_id) -> dict[str, str | None]:
    """The newest rating of each code before the first submission."""
    event, found = events.Event, dict[str, str | None]()
    with twice.database.reading() as session:
        here = (event.stream_kind == "review", event.stream_id == public_id)
        for one in session.scalars(sa.select(event).where(*here).order_by(event.sequence)):
            if one.kind == "review.submit_for_qa":
                break
            found |= one.payload.get("ratings", {})
    return found
