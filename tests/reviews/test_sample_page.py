"""The sample of a round and its case reviews: what was drawn comes in, and nothing else."""

from __future__ import annotations

import io
import re
from collections import Counter
from fractions import Fraction

import pytest
import sqlalchemy as sa

from cqi.access.models import Disclosure
from cqi.access.permissions import Role
from cqi.cases import queries as cases
from cqi.core import errors
from cqi.core.database import Database
from cqi.measures import queries as measures
from cqi.measures.rules.frozen import LeftOut
from cqi.reviews import actions, queries
from cqi.reviews.rules import ReviewState
from cqi.sampling import queries as sampling
from cqi.sampling.actions import Decision
from cqi.sampling.rules import drawing
from tests import build
from tests.fixtures import samples
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.samples import case_list
from tests.sampling.test_frames_and_draws import NEW, NOW, as_actor, drawn


def put(session, cast, number, *reviewers):
    return actions.assign_case(
        session,
        in_round=cast.round,
        case=cases.by_number(session, number),
        reviewers=[as_actor(session, each) for each in reviewers],
        actor=as_actor(session, cast.cqi_liaison),
        now=NOW,
    )


def test_only_cases_of_the_sample_come_into_a_round_that_has_one(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        other = build.case(session, cast.county)
        liaison = as_actor(session, cast.cqi_liaison)
        assert queries.cases_to_assign(session, liaison, cast.round) == [other]
        drawn(session, cast)
        stand = sampling.in_sample(session, [cast.round.id])[cast.round.id]
        offered = queries.cases_to_assign(session, liaison, cast.round)
        assert {case.case_number for case in offered} == stand
        with pytest.raises(errors.Blocked) as refused:
            put(session, cast, other.case_number)
        assert [blocker.code for blocker in refused.value.blockers] == ["not_drawn"]
        assert put(session, cast, min(stand))
        left = queries.unassigned(session, [cast.round.id])[cast.round.id]
        assert left == stand - {min(stand)}


def test_a_round_is_not_finished_while_a_case_of_its_sample_is_in_nobodys_hands(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        drawn(session, cast)
        stand = sorted(sampling.in_sample(session, [cast.round.id])[cast.round.id])
        for number in stand[:-1]:
            build.final(
                session, put(session, cast, number, cast.reviewer), cast.reviewer, cast.qa_lead
            )
        assert queries.finished(session, [cast.round.id]) == frozenset()
        build.final(
            session, put(session, cast, stand[-1], cast.reviewer), cast.reviewer, cast.qa_lead
        )
        assert queries.finished(session, [cast.round.id]) == {cast.round.id}


def test_an_elimination_withdraws_the_case_review_and_never_a_final_one(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        one = drawn(session, cast)
        first, second = sorted(sampling.in_sample(session, [cast.round.id])[cast.round.id])[:2]
        review, done = put(session, cast, first), put(session, cast, second, cast.reviewer)
        build.final(session, done, cast.reviewer, cast.qa_lead)
        liaison = as_actor(session, cast.cqi_liaison)
        director = as_actor(session, cast.cqi_director)
        final = sampling.standing_case(session, cast.round, second)
        with pytest.raises(errors.Blocked) as refused:
            actions.propose_elimination(session, case=final, new=NEW, actor=liaison, now=NOW)
        assert [blocker.code for blocker in refused.value.blockers] == ["final"]
        case = sampling.standing_case(session, cast.round, first)
        made = actions.propose_elimination(session, case=case, new=NEW, actor=liaison, now=NOW)
        instead = actions.decide_elimination(
            session, elimination=made, decision=Decision(approve=True), actor=director, now=NOW
        )
        assert review.state is ReviewState.WITHDRAWN
        assert instead in {name for _, _, _, reserve in one.strata for name in reserve}
        lines = {
            line.sampled.case_number: line for line in queries.sample_lines(session, liaison, one)
        }
        assert lines[first].state is ReviewState.WITHDRAWN
        assert lines[second].review == done.public_id
        assert lines[instead].state is None


def test_an_elimination_waits_on_the_first_page_of_whoever_may_decide_it(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    with database.writing() as session:
        drawn(session, cast)
        leader = build.person(session)
        build.grant(session, leader, Role.SITE_LEADER, round=cast.round)
        elsewhere = build.person(session)
        build.grant(session, elsewhere, Role.SITE_LEADER, round=cast.other_round)
        number = min(sampling.in_sample(session, [cast.round.id])[cast.round.id])
        case = sampling.standing_case(session, cast.round, number)
        director = as_actor(session, cast.cqi_director)
        actions.propose_elimination(session, case=case, new=NEW, actor=director, now=NOW)
    at = f"/rounds/{cast.round.public_id}"
    assert f'href="{at}/sample#waiting">Decide on 1 elimination' in client_for(leader).get("/").text
    assert "One elimination waits for your decision." in client_for(leader).get(at).text
    for person in (cast.cqi_director, cast.cqi_liaison, elsewhere):
        assert "Decide on" not in client_for(person).get("/").text
    for person in (cast.cqi_director, cast.cqi_liaison):
        assert "for your decision" not in client_for(person).get(at).text


def test_a_refused_decision_keeps_its_reason_at_its_own_case(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    made = []
    with database.writing() as session:
        drawn(session, cast)
        liaison = as_actor(session, cast.cqi_liaison)
        for number in sorted(sampling.in_sample(session, [cast.round.id])[cast.round.id])[:2]:
            case = sampling.standing_case(session, cast.round, number)
            one = actions.propose_elimination(session, case=case, new=NEW, actor=liaison, now=NOW)
            made.append(str(one.public_id))
    at, director = f"/rounds/{cast.round.public_id}/sample", client_for(cast.cqi_director)
    sent = {"elimination": made[0], "decision": "no", "reason": "She was heard after all."}
    assert director.post(f"{at}/decide", data=sent).status_code == 303
    refused = director.post(
        f"{at}/decide", data={**sent, "reason": "Heard today.", "decision": "yes"}
    )
    assert "This elimination was decided already." in refused.text
    other = refused.text.partition(f'value="{made[1]}"')[2].partition("</form>")[0]
    assert other
    assert "Heard today." not in other
    register = refused.text.partition('id="register"')[2]
    assert register.count(f"Proposed by {cast.cqi_liaison.name}, ") == 2


def test_what_another_draw_left_behind_is_told_and_its_eliminations_do_nothing(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    with database.writing() as session:
        drawn(session, cast, seed="s")
        first = sorted(sampling.in_sample(session, [cast.round.id])[cast.round.id])
        for number in first:
            put(session, cast, number, cast.reviewer)
        assert queries.beside_sample(session, cast.round) == []
        case = sampling.standing_case(session, cast.round, first[0])
        liaison = as_actor(session, cast.cqi_liaison)
        made = actions.propose_elimination(session, case=case, new=NEW, actor=liaison, now=NOW)
        drawn(session, cast, seed="another", reason="The first list lacked a county.")
        stand = sampling.in_sample(session, [cast.round.id])[cast.round.id]
        left = [number for number in first if number not in stand]
        assert left
        assert queries.beside_sample(session, cast.round) == left
        director = as_actor(session, cast.cqi_director)
        decide = {"elimination": made, "actor": director, "now": NOW}
        with pytest.raises(errors.Blocked) as refused:
            actions.decide_elimination(session, decision=Decision(approve=True), **decide)
        assert [blocker.code for blocker in refused.value.blockers] == ["another_draw"]
        no = Decision(approve=False, reason="Another draw stands.")
        actions.decide_elimination(session, decision=no, **decide)
    text = client_for(cast.cqi_liaison).get(f"/rounds/{cast.round.public_id}/sample").text
    assert f"Not in this sample, but scored in the round: {', '.join(left)}." in text


def test_figures_leave_out_by_name_who_of_the_sample_has_no_case_review(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        drawn(session, cast)
        first, *others = sorted(sampling.in_sample(session, [cast.round.id])[cast.round.id])
        put(session, cast, others[0], cast.reviewer)
        case = sampling.standing_case(session, cast.round, first)
        liaison = as_actor(session, cast.cqi_liaison)
        director = as_actor(session, cast.cqi_director)
        made = actions.propose_elimination(session, case=case, new=NEW, actor=liaison, now=NOW)
        yes = Decision(approve=True)
        instead = actions.decide_elimination(
            session, elimination=made, decision=yes, actor=director, now=NOW
        )
        outside = measures.freeze_round(session, cast.round).outside
        assert {one.case_number: (one.why, one.reason) for one in outside} == {
            first: (LeftOut.ELIMINATED, NEW.reason.value),
            **dict.fromkeys([*others, instead], (LeftOut.NOT_FINAL, "")),
        }


def test_a_case_review_weighs_as_many_cases_of_the_list_as_it_stands_for(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        drawn(session, cast)
        for number in sorted(sampling.in_sample(session, [cast.round.id])[cast.round.id]):
            review = put(session, cast, number, cast.reviewer)
            review.pur_to, review.final_at, review.state = NOW.date(), NOW, ReviewState.FINAL
        session.flush()
        found = measures.freeze_round(session, cast.round).cases
    assert Counter((one.case_type, one.weight) for one in found) == {
        ("foster_care", Fraction(20, 6)): 6,
        ("in_home", Fraction(10, 3)): 3,
    }


def test_the_sample_is_the_pages_of_those_who_run_the_round(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    with database.writing() as session:
        one = drawn(session, cast)
        leader = build.person(session)
        build.grant(session, leader, Role.SITE_LEADER, round=cast.round)
        seed = one.seed
    at = f"/rounds/{cast.round.public_id}/sample"
    for person in (cast.cqi_director, cast.cqi_liaison, leader):
        text = client_for(person).get(at).text
        assert f'<span class="num as-written">{seed}</span> (given)' in text
        assert "it is the same" in text
    assert "SHA-256" in client_for(cast.cqi_liaison).get(at).text
    for person in (cast.reviewer, cast.qa_lead, cast.regional_director, cast.outsider):
        assert client_for(person).get(at).status_code == 403
        assert client_for(person).get(f"{at}/frame").status_code == 403
        assert client_for(person).post(f"{at}/draw", data={"total": "3"}).status_code == 403
    other = f"/rounds/{cast.other_round.public_id}/sample"
    assert client_for(cast.cqi_liaison).get(other).status_code == 404
    assert client_for(leader).get(f"{at}/frame").status_code == 403


def test_the_files_of_a_draw_are_what_anybody_needs_to_check_it(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    with database.writing() as session:
        one = drawn(session, cast, seed="2f6d")
        digest = one.frame.digest
    at = f"/rounds/{cast.round.public_id}/sample"
    frame = client_for(cast.cqi_liaison).get(f"{at}/frame.csv")
    lines = frame.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "case_number,county_fips,case_type"
    assert len(lines) == 31
    sample = client_for(cast.cqi_liaison).get(f"{at}/sample.csv").data.decode("utf-8-sig")
    assert sample.count("2f6d") == sample.count(digest) == 14
    assert [line[2:] for line in sample.splitlines()[-3:]] == list(drawing.RULE)
    page = client_for(cast.cqi_liaison).get(at).text
    assert all(sentence.replace("'", "&#39;") in page for sentence in drawing.RULE)
    assert client_for(cast.cqi_liaison).get(f"{at}/other.csv").status_code == 404
    with database.reading() as session:
        rows = session.scalars(sa.select(Disclosure).order_by(Disclosure.id)).all()
        assert [(row.subject_kind, row.subject_id) for row in rows] == [
            ("round", cast.round.public_id)
        ] * 2
        assert ["frame" in row.extent for row in rows] == [True, False]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "'"])
def test_a_number_that_files_would_have_to_change_is_not_taken(
    database: Database, cast: Cast, sign: str
) -> None:
    """What anybody checks a draw with has to say what was drawn from, to the byte."""
    text = case_list(cast.county.code).replace("FC-000", f"{sign}FC-000")
    with database.writing() as session:
        result = samples.bring_in(session, cast.round, text)
        assert result.frame is None
        assert [bad.column for bad in result.problems] == ["case_number"]


def test_nothing_is_drawn_from_a_list_that_the_page_did_not_show(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    liaison, at = client_for(cast.cqi_liaison), f"/rounds/{cast.round.public_id}/sample/draw"
    with database.writing() as session:
        shown = samples.bring_in(session, cast.round, case_list(cast.county.code)).frame
        assert shown is not None
        seen = str(shown.public_id)
    assert f'value="{seen}"' in liaison.get(at).text
    with database.writing() as session:
        samples.bring_in(session, cast.round, case_list(cast.county.code, 4, 2))
    sent = {"seen": seen, "strata": "", "rule": "proportional", "total": "3"}
    refused = liaison.post(at, data=sent)
    assert refused.status_code == 422
    assert "Another list was brought in since you opened this page." in refused.text
    newer = re.search(r'name="seen"[^>]*value="([^"]+)"', refused.text)
    assert newer is not None
    assert liaison.post(at, data={**sent, "seen": newer[1]}).status_code == 303


@pytest.mark.parametrize("total", ["", "-5", "0", "many"])
def test_a_total_that_is_none_comes_back_with_all_that_was_written(
    database: Database, cast: Cast, client_for: ClientFor, total: str
) -> None:
    with database.writing() as session:
        one = drawn(session, cast)
        seen = str(one.frame.public_id)
    sent = {"seen": seen, "rule": "proportional", "total": total, "reason": "A new list came."}
    at = f"/rounds/{cast.round.public_id}/sample/draw"
    refused = client_for(cast.cqi_liaison).post(at, data=sent)
    assert refused.status_code == 422
    assert "A new list came." in refused.text
    assert "Draw the sample</button>" in refused.text
    assert "This round has a sample of 9 cases already." in refused.text
    with database.reading() as session:
        assert len(sampling.draws(session, cast.round)) == 1


@pytest.mark.parametrize("total", ["", "4"])
def test_where_each_part_has_its_number_no_total_is_asked_for(
    database: Database, cast: Cast, client_for: ClientFor, total: str
) -> None:
    with database.writing() as session:
        frame = samples.bring_in(session, cast.round, case_list(cast.county.code)).frame
        assert frame is not None
        sent = {"seen": str(frame.public_id), "strata": "case_type", "rule": "fixed"}
    numbers = {"total": total, "stratum-0": "2", "stratum-1": "1"}
    at = f"/rounds/{cast.round.public_id}/sample/draw"
    assert client_for(cast.cqi_liaison).post(at, data={**sent, **numbers}).status_code == 303
    with database.reading() as session:
        assert len(sampling.in_sample(session, [cast.round.id])[cast.round.id]) == 3


@pytest.mark.parametrize(
    ("name", "words"), [("list.csv", "This file is empty."), ("", "Choose the file first.")]
)
def test_an_empty_file_is_told_from_none(
    cast: Cast, client_for: ClientFor, name: str, words: str
) -> None:
    at = f"/rounds/{cast.round.public_id}/sample/frame"
    refused = client_for(cast.cqi_liaison).post(at, data={"file": (io.BytesIO(b"\n"), name)})
    assert refused.status_code == 422
    assert words in refused.text


def test_a_list_that_is_larger_than_other_requests_may_be_is_taken(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:

    text = case_list(cast.county.code) + "# a remark\n" * 900_000
    assert len(text) > 9_000_000
    at = f"/rounds/{cast.round.public_id}/sample/frame"
    data = {"file": (io.BytesIO(text.encode()), "list.csv")}
    assert client_for(cast.cqi_liaison).post(at, data=data).status_code == 303
    with database.reading() as session:
        assert [one.listed for one in sampling.frames(session, cast.round)] == [30]
