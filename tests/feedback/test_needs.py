"""Systemic needs: raised from a case, owned above it, replied to, asked again, closed."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.cases import actions as cases
from cqi.cases.policy import NewConflict
from cqi.cases.rules import ConflictKind
from cqi.core import events, identifiers
from cqi.core.database import Database
from cqi.core.errors import Blocked, Forbidden, NotFound
from cqi.feedback import actions, queries, workflow
from cqi.feedback.models import SystemicNeed, SystemicNeedStep
from cqi.feedback.policy import needs as policy
from cqi.feedback.policy.needs import NeedStanding
from cqi.feedback.rules.needs import NeedKind, NeedState
from cqi.feedback.workflow import NeedStep
from cqi.notices.models import Notice
from cqi.reviews.models import CaseReview
from tests import build
from tests.architecture import source
from tests.feedback import invented, needing
from tests.feedback.invented import CLOCKS
from tests.feedback.test_coaching import CAST, codes, told
from tests.fixtures import counting
from tests.fixtures.cast import Cast

LATE = build.NOW + dt.timedelta(days=40)


def sheet(database: Database, person: object, need: object) -> queries.NeedSheet:
    with database.reading() as session:
        found = queries.needs(session, build.actor(session, person), CLOCKS)
    [one] = [each for each in found if each.public_id == need]
    return one


def test_the_page_in_docs_is_the_table() -> None:
    page = (source.ROOT / "docs" / "systemic-need-workflow.md").read_text(encoding="utf-8")
    assert page == workflow.need_document(), "write it again as the page itself says"


def test_every_step_stands_once_in_the_table_and_only_its_raiser_closes() -> None:
    assert [each.step for each in workflow.NEED_TRANSITIONS] == list(NeedStep)
    closing = [each for each in workflow.NEED_TRANSITIONS if each.ends is NeedState.CLOSED]
    assert [each.step for each in closing] == [NeedStep.CLOSE]
    assert workflow.NeedGuard.IS_RAISER in closing[0].guards


def test_it_is_seen_by_who_raised_it_and_by_who_answers_for_the_place(
    database: Database, cast: Cast
) -> None:
    need, found = needing.raised(database, cast), set()
    with database.writing() as session:
        other = build.person(session)
        build.grant(session, other, Role.SUPERVISOR, place=cast.unit)
        build.grant(session, cast.outsider, Role.STATE_OFFICE, place=cast.state)
        for name in CAST:
            actor = build.actor(session, getattr(cast, name))
            listed = [one.public_id for one in queries.needs(session, actor, CLOCKS)]
            found |= {name} if listed == [need] else set()
        assert queries.needs(session, build.actor(session, other), CLOCKS) == []
        with pytest.raises(NotFound):
            queries.need(session, build.actor(session, other), need)
    assert found == {"cqi_director", "cqi_liaison", "regional_director", "supervisor"}


def test_another_regions_director_finds_nothing(database: Database, cast: Cast) -> None:
    need = needing.raised(database, cast)
    with database.writing() as session:
        far = build.person(session)
        build.grant(session, far, Role.REGIONAL_DIRECTOR, place=cast.other_region)
        with pytest.raises(NotFound):
            queries.need(session, build.actor(session, far), need)


def test_the_regional_director_is_told_and_their_reply_comes_back(
    database: Database, cast: Cast
) -> None:
    need = needing.raised(database, cast)
    assert told(database, "need_raised") == {cast.regional_director.id}
    assert sheet(database, cast.regional_director, need).waits
    assert not sheet(database, cast.cqi_director, need).waits
    needing.take(database, cast.regional_director, need, NeedStep.ANSWER)
    assert told(database, "need_answered") == {cast.supervisor.id}
    found = sheet(database, cast.supervisor, need)
    assert found.waits
    assert [(one.step, one.by, one.words) for one in found.steps] == [
        (NeedStep.ANSWER, cast.regional_director.name, "A class begins on 1 June.")
    ]
    needing.take(database, cast.supervisor, need, NeedStep.CLOSE, "")
    assert sheet(database, cast.supervisor, need).state is NeedState.CLOSED


def test_where_nobody_directs_the_region_the_cqi_director_replies(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        session.merge(cast.regional_director).active = False
    need = needing.raised(database, cast)
    assert told(database, "need_raised") == {cast.cqi_director.id}
    assert sheet(database, cast.cqi_director, need).waits
    with pytest.raises(Blocked) as refused:
        needing.take(database, cast.cqi_director, need, NeedStep.HAND_ON)
    assert codes(refused) == ["nobody_above"]
    needing.take(database, cast.cqi_director, need, NeedStep.ANSWER)


def test_where_the_director_left_since_the_need_goes_to_the_cqi_director(
    database: Database, cast: Cast
) -> None:
    need = needing.raised(database, cast)
    with database.writing() as session:
        session.merge(cast.regional_director).active = False
    assert sheet(database, cast.cqi_director, need).waits
    needing.take(database, cast.cqi_director, need, NeedStep.ANSWER)


def test_a_director_with_a_conflict_of_interest_has_no_part_in_it(
    database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    with database.writing() as session:
        one = session.scalars(sa.select(CaseReview).where(CaseReview.public_id == review)).one()
        director = build.actor(session, cast.regional_director)
        said = NewConflict(director.person_id, ConflictKind.FRIEND, one.case.case_number)
        cases.declare_conflict(session, said, actor=director, now=build.NOW)
    need = needing.raised(database, cast, review=review)
    assert told(database, "need_raised") == {cast.cqi_director.id}
    with database.reading() as session, pytest.raises(NotFound):
        queries.need(session, build.actor(session, cast.regional_director), need)


def test_it_is_handed_on_with_words_and_then_is_the_cqi_directors(
    database: Database, cast: Cast
) -> None:
    need = needing.raised(database, cast)
    with pytest.raises(Blocked) as refused:
        needing.take(database, cast.regional_director, need, NeedStep.HAND_ON, " ")
    assert codes(refused) == ["no_words"]
    needing.take(database, cast.regional_director, need, NeedStep.HAND_ON, "It is statewide.")
    assert told(database, "need_raised") == {cast.regional_director.id, cast.cqi_director.id}
    with pytest.raises(Blocked) as refused:
        needing.take(database, cast.regional_director, need, NeedStep.ANSWER)
    assert codes(refused) == ["not_owner"]
    needing.take(database, cast.cqi_director, need, NeedStep.ANSWER)
    assert sheet(database, cast.supervisor, need).waits


def test_asked_again_it_goes_back_and_its_clock_starts_anew(database: Database, cast: Cast) -> None:
    need = needing.raised(database, cast)
    first = sheet(database, cast.supervisor, need).due
    needing.take(database, cast.regional_director, need, NeedStep.ANSWER)
    assert sheet(database, cast.supervisor, need).due is None
    later = build.NOW + dt.timedelta(days=5)
    needing.take(database, cast.supervisor, need, NeedStep.ASK_AGAIN, "By when?", now=later)
    assert told(database, "need_asked_again") == {cast.regional_director.id}
    again = sheet(database, cast.supervisor, need).due
    assert first
    assert again
    assert again.on > first.on


def test_late_needs_stand_on_top_and_whoever_replies_is_told_once(
    database: Database, cast: Cast
) -> None:
    old = build.NOW - dt.timedelta(days=40)
    review = invented.final_review(database, cast)
    newer = needing.raised(database, cast, review=review)
    late = needing.raised(database, cast, review=review, now=old)
    with database.reading() as session:
        actor = build.actor(session, cast.regional_director)
        listed = queries.needs(session, actor, CLOCKS)
    assert [(one.public_id, one.late) for one in listed] == [(late, True), (newer, False)]
    for expected in (1, 0):
        with database.writing() as session:
            given = {"clocks": CLOCKS, "now": build.NOW, "today": build.NOW.date()}
            assert actions.tell_late_needs(session, **given) == expected
    with database.reading() as session:
        late_ones = sa.select(Notice.person_id, Notice.subject_id).where(Notice.kind == "need_late")
        assert session.execute(late_ones).all() == [(cast.regional_director.id, late)]


def test_asked_again_and_late_again_it_is_told_again(database: Database, cast: Cast) -> None:
    old = build.NOW - dt.timedelta(days=90)
    review = invented.final_review(database, cast)
    need = needing.raised(database, cast, review=review, now=old)
    middle = build.NOW - dt.timedelta(days=40)
    for now in (middle, build.NOW):
        with database.writing() as session:
            clocks = invented.on(now.date())
            given = {"clocks": clocks, "now": now, "today": now.date()}
            assert actions.tell_late_needs(session, **given) == 1
        if now == middle:
            needing.take(database, cast.regional_director, need, NeedStep.ANSWER, now=now)
            after = now + dt.timedelta(minutes=1)
            needing.take(database, cast.supervisor, need, NeedStep.ASK_AGAIN, now=after)


def test_a_button_that_is_pressed_twice_raises_one(database: Database, cast: Cast) -> None:
    review, said = invented.final_review(database, cast), needing.new()
    for _ in range(2):
        assert needing.raised(database, cast, said, review=review) == said.key
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(SystemicNeed.id))) == 1
    assert told(database, "need_raised") == {cast.regional_director.id}


@pytest.mark.parametrize("who", ["caseworker", "regional_director", "cqi_director"])
def test_who_does_not_supervise_the_case_raises_nothing(
    database: Database, cast: Cast, who: str
) -> None:
    with pytest.raises(Forbidden):
        needing.raised(database, cast, person=getattr(cast, who))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"item": ""}, []),
        ({"words": "  "}, ["no_words"]),
        ({"words": "x" * 2001, "item": "SRM99"}, ["too_long", "no_activity"]),
    ],
)
def test_what_a_need_must_say(other: dict[str, str], expected: list[str]) -> None:
    found = policy.raise_blockers(needing.new(**other), {"SNA06"})
    assert [one.code for one in found] == expected


TURNS = {
    # who, state -> what is offered; owners are directors
    ("regional_director", NeedState.RAISED): [NeedStep.HAND_ON, NeedStep.ANSWER],
    ("supervisor", NeedState.ANSWERED): [NeedStep.ASK_AGAIN, NeedStep.CLOSE],
}


@pytest.mark.parametrize("state", NeedState)
@pytest.mark.parametrize("who", CAST)
def test_who_may_do_what_with_a_need(
    database: Database, cast: Cast, who: str, state: NeedState
) -> None:
    owners = frozenset({cast.regional_director.id})
    standing = NeedStanding(state, owners, cast.supervisor.id)
    with database.reading() as session:
        offered = policy.need_offered(standing, build.actor(session, getattr(cast, who)))
    assert offered == TURNS.get((who, state), [])


def test_the_state_is_what_its_steps_say_and_events_hold_digests_alone(
    database: Database, cast: Cast
) -> None:
    need = needing.raised(database, cast)
    needing.take(database, cast.regional_director, need, NeedStep.HAND_ON, "Statewide.")
    needing.take(database, cast.cqi_director, need, NeedStep.ANSWER)
    needing.take(database, cast.supervisor, need, NeedStep.ASK_AGAIN, "By when?")
    with database.reading() as session:
        steps = list(session.scalars(sa.select(SystemicNeedStep).order_by(SystemicNeedStep.id)))
        row = session.scalars(sa.select(SystemicNeed)).one()
        assert workflow.fold_need(one.step for one in steps) is row.state is NeedState.RAISED
        query = sa.select(events.Event).where(events.Event.stream_id == need)
        found = list(session.scalars(query.order_by(events.Event.sequence)))
        assert [one.kind for one in found] == [
            "systemic_need.raised",
            "systemic_need.hand_on",
            "systemic_need.answer",
            "systemic_need.ask_again",
        ]
        said = str([one.payload for one in found])
        assert "parenting" not in said
        assert "Statewide" not in said
        assert events.digest(needing.WORDS) in said
        kept = session.execute(sa.text("select words from systemic_needs")).scalars().one()
        assert b"parenting" not in bytes(kept)


def test_a_step_that_cannot_be_is_no_history() -> None:
    with pytest.raises(ValueError, match="close cannot be taken from raised"):
        workflow.fold_need(["close"])


def test_listing_takes_few_queries_however_many_needs(database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    for kind in [*NeedKind, *NeedKind]:
        needing.raised(database, cast, needing.new(kind=kind), review=review)
    with database.reading() as session:
        actor = build.actor(session, cast.regional_director)
        with counting.queries(database) as asked:
            assert len(queries.needs(session, actor, CLOCKS)) == 8
        assert len(asked) <= 6
        some = queries.needs(session, actor, CLOCKS, [NeedKind.POLICY])
        assert {one.kind for one in some} == {NeedKind.POLICY}


def test_a_key_of_somebody_elses_need_is_not_found(database: Database, cast: Cast) -> None:
    said = needing.new(key=identifiers.uuid7())
    needing.raised(database, cast, said)
    with pytest.raises(NotFound):
        needing.raised(database, cast, said)
