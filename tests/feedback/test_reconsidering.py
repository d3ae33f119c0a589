"""A rating is looked at again: asked, decided, reopened, on both engines."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import CaseStaff, ConflictOfInterest
from cqi.cases.rules import ConflictKind, StaffKind
from cqi.cli import jobs
from cqi.core import events
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.core.errors import Blocked, Forbidden, NotFound
from cqi.feedback import queries, workflow
from cqi.feedback.models import Reconsideration
from cqi.feedback.policy.reconsidering import Taken
from cqi.feedback.rules.reconsidering import Ground, Outcome, ReconsiderationState
from cqi.instruments.definition import Rating
from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from cqi.reviews import actions as reviews
from tests import build
from tests.feedback import invented, reconsidered
from tests.feedback.invented import CLOCKS
from tests.feedback.reconsidered import ANI, LATER, WORDS, Case
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ZONE

TODAY = CLOCKS.calendar.today


@pytest.fixture
def case(database: Database, cast: Cast) -> Case:
    return reconsidered.case(database, cast)


def codes(refused: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [each.code for each in refused.value.blockers]


def told(database: Database, kind: NoticeKind) -> set[int]:
    with database.reading() as session:
        query = sa.select(Notice.person_id).where(Notice.kind == kind.value)
        return set(session.scalars(query))


def outcome(database: Database, case: Case) -> Outcome:
    with database.reading() as session:
        director = build.actor(session, case.cast.cqi_director)
        [row] = queries.requests(session, director, CLOCKS)
        return row.outcome


def test_the_request_keeps_the_rating_and_tells_the_qa_leads_who_may_decide(
    database: Database, case: Case
) -> None:
    case.ask()
    with database.reading() as session:
        one = session.scalars(sa.select(Reconsideration)).one()
        assert (one.item, one.rating, one.ground) == ("SNA06", ANI, Ground.NEW_EVIDENCE)
        assert (one.words, one.state) == (WORDS, ReconsiderationState.ASKED)
    # whoever approved the review is not among them
    assert told(database, NoticeKind.RECONSIDERATION_ASKED) == {case.other_lead.id}


def test_events_hold_digests_and_fold_to_the_state(database: Database, case: Case) -> None:
    case.ask()
    case.decide(case.other_lead, Taken("The visit notes count.", Rating.STRENGTH))
    with database.reading() as session:
        query = sa.select(events.Event).where(events.Event.stream_kind == "reconsideration")
        found = list(session.scalars(query.order_by(events.Event.sequence)))
        state = session.scalars(sa.select(Reconsideration.state)).one()
    kinds = [each.kind.partition(".")[2] for each in found]
    assert kinds == ["asked", "change"]
    assert workflow.fold(kinds[1:]) is state is ReconsiderationState.TO_CHANGE
    said = str([each.payload for each in found])
    assert "visit" not in said
    assert found[0].payload["words"] == events.digest(WORDS)


def test_the_same_rating_is_asked_about_once_at_a_time(database: Database, case: Case) -> None:
    case.ask()
    with pytest.raises(Blocked) as refused:
        case.ask()
    assert codes(refused) == ["already_asked"]
    case.withdraw(case.cast.supervisor)
    case.ask()
    with database.reading() as session:
        states = list(session.scalars(sa.select(Reconsideration.state)))
    assert sorted(states) == ["asked", "withdrawn"]


def test_an_item_that_the_memo_does_not_rate_cannot_be_asked_about(case: Case) -> None:
    with pytest.raises(Blocked) as refused:
        case.ask(item="SRM99")
    assert codes(refused) == ["no_item"]


def test_a_strength_and_an_item_that_did_not_apply_can_be_asked_about(case: Case) -> None:
    case.ask(item="SRM05")
    assert case.asked().rating is Rating.STRENGTH


@pytest.mark.parametrize("who", ["caseworker", "cqi_liaison", "qa_lead", "cqi_director"])
def test_nobody_but_the_supervisor_asks(case: Case, who: str) -> None:
    with pytest.raises((Forbidden, NotFound)):
        case.ask(by=getattr(case.cast, who))


def test_a_reopened_review_is_not_asked_about(database: Database, case: Case) -> None:
    case.reopen()
    with pytest.raises(Blocked) as refused:
        case.ask()
    assert codes(refused) == ["reopened"]


def test_after_the_last_day_it_is_too_late(case: Case) -> None:
    due = CLOCKS.ask_due(build.NOW).on
    with pytest.raises(Blocked) as refused:
        case.ask(clocks=invented.on(due + dt.timedelta(days=1)))
    assert codes(refused) == ["too_late"]
    case.ask(clocks=invented.on(due))


# ---- who decides -----------------------------------------------------------------------------


def test_whoever_approved_it_and_the_director_do_not_decide_while_another_lead_can(
    case: Case,
) -> None:
    case.ask()
    for person, expected in (
        (case.cast.qa_lead, "own_qa"),
        (case.cast.cqi_director, "qa_lead_first"),
    ):
        with pytest.raises(Blocked) as refused:
            case.decide(person, Taken("Fair."))
        assert codes(refused) == [expected]
    case.decide(case.other_lead, Taken("Fair."))
    assert case.asked().state is ReconsiderationState.UPHELD


def declares(session: orm.Session, case: Case, lead: Person) -> None:
    number = case.review(session).case.case_number
    own = {"declared_at": build.NOW, "declared_by_id": lead.id}
    kind = ConflictKind.FRIEND
    session.add(ConflictOfInterest(person_id=lead.id, kind=kind, case_number=number, **own))


def works(session: orm.Session, case: Case, lead: Person) -> None:
    session.get_one(Person, lead.id).staff_id = "Q-1"
    on = {"kind": StaffKind.CASEWORKER, "staff_id": "Q-1", "from_on": build.LONG_AGO}
    session.add(CaseStaff(case_id=case.review(session).case_id, **on))


def reads_it_too(session: orm.Session, case: Case, lead: Person) -> None:
    review = case.review(session)
    build.case_review(session, review.round, review.case, [lead], second=True)


def leaves(session: orm.Session, _case: Case, lead: Person) -> None:
    session.get_one(Person, lead.id).active = False


@pytest.mark.parametrize("how", [declares, works, reads_it_too, leaves])
def test_where_no_qa_lead_may_the_cqi_director_decides(
    database: Database, case: Case, how: Any
) -> None:
    with database.writing() as session:
        how(session, case, case.other_lead)
    case.ask()
    director = case.cast.cqi_director
    assert told(database, NoticeKind.RECONSIDERATION_ASKED) == {director.id}
    if how is not leaves:
        with pytest.raises((Blocked, NotFound)):
            case.decide(case.other_lead, Taken("Fair."))
    case.decide(director, Taken("Fair."))
    assert case.asked().state is ReconsiderationState.UPHELD


def test_a_lead_of_another_region_finds_nothing(database: Database, case: Case) -> None:
    case.ask()
    with database.writing() as session:
        far = build.person(session)
        build.grant(session, far, Role.QA_LEAD, place=session.merge(case.cast.other_region))
    with pytest.raises(NotFound):
        case.decide(far, Taken("Fair."))


def test_a_lead_of_the_whole_state_decides(database: Database, case: Case) -> None:
    with database.writing() as session:
        session.get_one(Person, case.other_lead.id).active = False
        lead = build.person(session)
        build.grant(session, lead, Role.QA_LEAD, place=session.merge(case.cast.state))
    case.ask()
    assert told(database, NoticeKind.RECONSIDERATION_ASKED) == {lead.id}
    case.decide(lead, Taken("Fair."))


# ---- decisions and what comes after ----------------------------------------------------------


def test_a_decision_is_told_to_supervisor_and_caseworker_and_a_change_to_the_director(
    database: Database, case: Case
) -> None:
    case.ask()
    case.decide(case.other_lead, Taken("It counts.", Rating.STRENGTH))
    readers = {case.cast.supervisor.id, case.cast.caseworker.id}
    assert told(database, NoticeKind.RECONSIDERATION_DECIDED) == readers
    director = {case.cast.cqi_director.id}
    assert told(database, NoticeKind.RECONSIDERATION_TO_REOPEN) == director


def test_a_decision_changes_no_rating_and_stays_as_it_is(database: Database, case: Case) -> None:
    case.ask()
    case.decide(case.other_lead, Taken("It counts.", Rating.STRENGTH))
    with database.reading() as session:
        release = case.release(session)
        assert queries.stands(release)
    with pytest.raises(Blocked) as refused:
        case.decide(case.other_lead, Taken("After all not."))
    assert codes(refused) == ["wrong_state"]


def test_what_happens_after_is_derived_from_the_review(database: Database, case: Case) -> None:
    case.ask()
    case.decide(case.other_lead, Taken("It counts.", Rating.STRENGTH))
    assert outcome(database, case) is Outcome.TO_REOPEN
    case.reopen()
    assert outcome(database, case) is Outcome.REOPENED
    case.final_again(strength=True)
    assert outcome(database, case) is Outcome.CHANGED


def test_final_again_with_the_same_rating_says_so(database: Database, case: Case) -> None:
    case.ask()
    case.decide(case.other_lead, Taken("It counts.", Rating.STRENGTH))
    case.reopen()
    case.final_again(strength=False)
    assert outcome(database, case) is Outcome.SAME_AGAIN


def test_a_review_that_is_reopened_meanwhile_leaves_nothing_to_decide(
    database: Database, case: Case
) -> None:
    case.ask()
    case.reopen()
    assert outcome(database, case) is Outcome.OVERTAKEN
    with pytest.raises(Blocked) as refused:
        case.decide(case.other_lead, Taken("Fair."))
    assert codes(refused) == ["reopened"]
    case.withdraw(case.cast.supervisor)


# ---- late ------------------------------------------------------------------------------------


def test_a_late_decision_is_told_once_to_who_decides_and_to_the_director(
    database: Database, case: Case
) -> None:
    case.ask()
    due = CLOCKS.decide_due(LATER).on
    late = invented.on(due + dt.timedelta(days=1))
    tell = partial(case.tell_late, now=LATER)
    assert tell(clocks=invented.on(due)) == 0
    assert tell(clocks=late) == 1
    people = {case.other_lead.id, case.cast.cqi_director.id}
    assert told(database, NoticeKind.RECONSIDERATION_LATE) == people
    assert tell(clocks=late) == 0
    case.decide(case.other_lead, Taken("Fair."))


def test_the_job_tells_of_a_late_decision_and_then_has_nothing_to_do(
    database: Database, case: Case
) -> None:
    case.ask()
    job = jobs.JOBS["late-reconsiderations"]
    on = {"in time": LATER, "late": LATER + dt.timedelta(days=15)}
    works = {
        name: jobs.Works(database, Clock(ZONE, frozen_at=now), post=None)
        for name, now in on.items()
    }
    assert job(works["in time"]) == ""
    assert job(works["late"]) == "1 late request told of"
    assert job(works["late"]) == ""


def test_what_is_decided_withdrawn_or_overtaken_is_never_late(case: Case) -> None:
    late = invented.on(TODAY + dt.timedelta(days=60))
    case.ask(item="SNA06")
    case.decide(case.other_lead, Taken("Fair."))
    case.ask(item="SRM05")
    case.withdraw(case.cast.supervisor)
    case.ask(item="SRM03")
    case.reopen()
    assert case.tell_late(clocks=late, now=LATER) == 0


def test_reopening_is_still_the_directors_alone(database: Database, case: Case) -> None:
    case.ask()
    case.decide(case.other_lead, Taken("It counts.", Rating.STRENGTH))
    with database.writing() as session, pytest.raises(Forbidden):
        reviews.reopen(
            session,
            review=case.review(session),
            reason="Decided.",
            actor=build.actor(session, case.other_lead),
            now=LATER,
        )


def test_counts_by_item_name_how_many_were_asked_of_how_many(
    database: Database, case: Case
) -> None:
    case.ask(item="SNA06")
    case.decide(case.other_lead, Taken("Fair."))
    case.ask(item="SNA06")
    case.ask(item="SRM05")
    reconsidered.case(database, case.cast, lead=case.other_lead)  # one that nobody asks about
    with database.reading() as session:
        lead = build.actor(session, case.other_lead)
        found = {one.code: one for one in queries.requests_by_item(session, lead, TODAY)}
        far = replace(lead, grants=())
        assert queries.requests_by_item(session, far, TODAY) == []
    first = found["SNA06"]
    assert (first.asked, first.upheld, first.open, first.rated) == (2, 1, 1, 2)
    assert (found["SRM05"].asked, found["SRM05"].changed) == (1, 0)


def test_nobody_else_finds_it(database: Database, case: Case) -> None:
    case.ask()
    one: uuid.UUID = case.asked().public_id
    with database.reading() as session:
        for who in ("supervisor", "caseworker", "cqi_liaison", "cqi_director", "qa_lead"):
            actor = build.actor(session, getattr(case.cast, who))
            assert queries.reconsideration(session, actor, one, TODAY).public_id == one
        for who in ("reviewer", "regional_director", "auditor", "administrator", "outsider"):
            actor = build.actor(session, getattr(case.cast, who))
            with pytest.raises(NotFound):
                queries.reconsideration(session, actor, one, TODAY)
