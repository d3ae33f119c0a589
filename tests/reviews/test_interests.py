"""Conflicts of interest: what they close, for whom, and who takes one back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases import queries as cases
from cqi.cases.models import Case, CaseStaff, ConflictOfInterest
from cqi.cases.rules import ConflictKind, StaffKind
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.feedback import queries as feedback
from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from cqi.reviews import actions, policy, queries
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round
from tests import build
from tests.feedback import invented
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TODAY, Desk
from tests.reviews import alerting as alertings

SAID = actions.Declared(ConflictKind.RELATIVE, note="A cousin.")
alerting = alertings.alerting


@dataclass(frozen=True)
class Door:
    """The desk's case with a site leader of its round."""

    desk: Desk
    site_leader: Person

    @property
    def database(self) -> Database:
        return self.desk.database

    def declare(
        self, by: Person, whom: Person | None = None, said: actions.Declared = SAID
    ) -> None:
        self.desk.do(actions.declare_conflict, person=by, person_id=(whom or by).id, said=said)

    def withdraw(self, by: Person, reason: str = "It was another family.") -> None:
        with self.database.writing() as session:
            one = session.scalars(sa.select(ConflictOfInterest.public_id)).one()
            actor = build.actor(session, by)
            actions.withdraw_conflict(session, one, reason=reason, actor=actor, now=build.NOW)

    def sees(self, person: Person) -> bool:
        with self.database.reading() as session:
            try:
                self.desk.review(session, person)
            except errors.NotFound:
                return False
            return True

    def works_the_case(self, person: Person, *, ended: bool = False) -> None:
        """The case list names the person's staff number, in the past or now."""
        with self.database.writing() as session:
            session.get_one(Person, person.id).staff_id = f"P-{person.id}"
            case = session.scalars(
                sa.select(Case).where(Case.case_number == self.desk.case_number)
            ).one()
            session.add(
                CaseStaff(
                    case_id=case.id,
                    kind=StaffKind.CASEWORKER,
                    staff_id=f"P-{person.id}",
                    from_on=build.LONG_AGO,
                    until_on=build.LONG_AGO if ended else None,
                )
            )


@pytest.fixture
def door(desk: Desk) -> Door:
    with desk.database.writing() as session:
        leader = build.person(session, "Site Leader Person")
        build.grant(session, leader, Role.SITE_LEADER, round=desk.cast.round)
    return Door(desk, leader)


def codes(refused: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [each.code for each in refused.value.blockers]


@pytest.mark.parametrize("role", ["reviewer", "qa_lead", "cqi_liaison", "cqi_director"])
def test_whoever_declares_a_conflict_does_not_find_the_case_any_more(door: Door, role: str) -> None:
    person = getattr(door.desk.cast, role)
    assert door.sees(person)
    door.declare(person)
    assert not door.sees(person)
    others = [door.site_leader, door.desk.cast.cqi_liaison, door.desk.cast.qa_lead]
    assert all(door.sees(each) for each in others if each.id != person.id)


@pytest.mark.parametrize("ended", [False, True])
def test_whoever_works_or_worked_a_case_by_the_case_list_does_not_find_its_review(
    door: Door, ended: bool
) -> None:
    for person in (door.desk.cast.reviewer, door.desk.cast.qa_lead, door.desk.cast.cqi_director):
        door.works_the_case(person, ended=ended)
        assert not door.sees(person)


def test_a_conflict_closes_lists_queue_counts_and_consistency(door: Door) -> None:
    door.desk.with_qa()
    lead, other = door.desk.cast.qa_lead, door.desk.cast.cqi_director

    def seen(session: orm.Session, person: Person) -> list[int]:
        actor = build.actor(session, person)
        in_round = session.get_one(Round, door.desk.cast.round.id)
        return [
            len(queries.round_overview(session, actor, in_round, build.NOW)),
            len(queries.qa_lines(session, actor, build.NOW)),
            len(queries.same_item(session, actor, in_round, "SRM05")),
            len(queries.my_reviews(session, actor, build.NOW)),
        ]

    with door.database.reading() as session:
        assert seen(session, lead) == [1, 1, 1, 0]
        assert seen(session, door.desk.cast.reviewer) == [1, 0, 0, 1]
    door.declare(lead)
    door.declare(door.desk.cast.reviewer)
    with door.database.reading() as session:
        assert seen(session, lead) == [0, 0, 0, 0]
        assert seen(session, door.desk.cast.reviewer) == [0, 0, 0, 0]
        assert seen(session, other)[0] == 1


def test_the_quick_way_of_those_who_save_is_closed_too(door: Door) -> None:
    door.declare(door.desk.cast.reviewer)
    with door.database.reading() as session:
        actor = build.actor(session, door.desk.cast.reviewer)
        with pytest.raises(errors.NotFound):
            queries.case_review_to_score(session, actor, door.desk.public_id)


def test_it_blocks_assignment_and_qa_with_reasons(door: Door) -> None:
    colleague = door.desk.colleague()
    door.declare(door.site_leader, colleague)
    with door.database.writing() as session:
        actor = door.desk.actor(session, door.site_leader)
        review = door.desk.review(session, door.site_leader)
        one = door.desk.actor(session, colleague)
        actions.remove_reviewer(
            session, review=review, person_id=colleague.id, actor=actor, now=build.NOW
        )
        with pytest.raises(errors.Blocked) as refused:
            actions.add_reviewer(session, review=review, reviewer=one, actor=actor, now=build.NOW)
        assert codes(refused) == ["declared_conflict"]
        standing = queries.standing(session, review)
        assert standing.declared == {colleague.id}
        assert "declared_conflict" in {b.code for b in policy.check_blockers(standing, one)}
        assert "declared_conflict" in {b.code for b in policy.scoring_blockers(standing, one)}


def test_it_blocks_putting_a_case_into_a_round(door: Door) -> None:
    cast = door.desk.cast
    with door.database.writing() as session:
        case = build.case(session, session.get_one(type(cast.county), cast.county.id))
        reviewer = door.desk.actor(session, cast.reviewer)
        actions.declare_ahead(
            session, case_number=case.case_number, said=SAID, actor=reviewer, now=build.NOW
        )
        with pytest.raises(errors.Blocked) as refused:
            actions.assign_case(
                session,
                in_round=session.get_one(Round, cast.round.id),
                case=case,
                reviewers=[reviewer],
                actor=door.desk.actor(session, door.site_leader),
                now=build.NOW,
            )
        assert codes(refused) == ["declared_conflict"]


def test_the_site_leader_is_told_and_sees_which_assignments_are_hit(door: Door) -> None:
    cast = door.desk.cast
    door.declare(cast.reviewer)
    door.works_the_case(door.desk.colleague())
    with door.database.reading() as session:
        found = queries.affected_by_conflicts(session, build.actor(session, door.site_leader))
        assert [(one.case_number, one.person, one.known) for one in found] == [
            (door.desk.case_number, cast.reviewer.name, False),
            (door.desk.case_number, "Second Reviewer Person", True),
        ]
        told = session.scalars(sa.select(Notice)).all()
        assert [(one.person_id, one.kind) for one in told] == [
            (door.site_leader.id, NoticeKind.REVIEWER_IN_CONFLICT)
        ]
        other = build.actor(session, cast.other_reviewer)
        assert queries.affected_by_conflicts(session, other) == []


def test_nobody_takes_back_their_own_and_others_say_why(door: Door) -> None:
    cast = door.desk.cast
    door.declare(cast.cqi_liaison)
    for person, reason, code in (
        (cast.cqi_liaison, "x", "own_conflict"),
        (door.site_leader, " ", "no_reason"),
    ):
        with pytest.raises(errors.Blocked) as refused:
            door.withdraw(person, reason)
        assert codes(refused) == [code]
    for person in (cast.other_reviewer, cast.outsider, cast.reviewer):
        with pytest.raises(errors.NotFound):
            door.withdraw(person)
    door.withdraw(door.site_leader)
    assert door.sees(cast.cqi_liaison)
    with pytest.raises(errors.Blocked) as refused:
        door.withdraw(door.site_leader)
    assert codes(refused) == ["withdrawn"]
    with door.database.reading() as session:
        query = sa.select(events.Event).where(events.Event.stream_id == cast.cqi_liaison.public_id)
        found = session.scalars(query.order_by(events.Event.id)).all()
    assert [event.kind for event in found] == [
        "cases.conflict_declared",
        "cases.conflict_withdrawn",
    ]
    assert "cousin" not in str([event.payload for event in found])


def test_only_whoever_assigns_cases_declares_for_others(door: Door) -> None:
    for person in (door.desk.cast.reviewer, door.desk.cast.qa_lead):
        with pytest.raises(errors.Forbidden):
            door.declare(person, door.desk.cast.other_reviewer)


def test_one_for_the_whole_family_holds_for_its_other_cases(door: Door) -> None:
    with door.database.writing() as session:
        number = door.desk.case_number
        case = session.scalars(sa.select(Case).where(Case.case_number == number)).one()
        sibling = build.case(session, session.get_one(type(case.county), case.county_id))
        case.family_id = sibling.family_id = "F-1"
        stranger = build.case(session, session.get_one(type(case.county), case.county_id))
    whole = actions.Declared(ConflictKind.RELATIVE, whole_family=True)
    door.declare(door.desk.cast.cqi_liaison, said=whole)
    with door.database.reading() as session:
        liaison = build.actor(session, door.desk.cast.cqi_liaison)
        seen = {one.id for one in cases.cases(session, liaison)}
    assert stranger.id in seen
    assert not seen & {case.id, sibling.id}


def test_what_is_declared_wrongly_or_twice_is_refused(door: Door) -> None:
    other = actions.Declared(ConflictKind.OTHER)
    with pytest.raises(errors.Blocked) as refused:
        door.declare(door.desk.cast.reviewer, said=other)
    assert codes(refused) == ["no_note"]
    door.declare(door.site_leader, door.desk.cast.reviewer)
    with pytest.raises(errors.Blocked) as refused:
        door.declare(door.site_leader, door.desk.cast.reviewer)
    assert codes(refused) == ["declared"]


def test_a_declared_conflict_closes_feedback_but_not_for_those_whose_work_it_is(
    door: Door,
) -> None:
    door.desk.with_qa()
    door.desk.approve()
    cast = door.desk.cast
    with door.database.writing() as session:
        invented.release(session, cast, session.scalars(sa.select(CaseReview)).one())
    readers = (cast.regional_director, cast.cqi_director, cast.supervisor)
    for person in readers:
        door.declare(door.site_leader, person)

    def memos(actor: Actor) -> int:
        with door.database.reading() as session:
            return len(feedback.memos(session, actor, invented.CLOCKS))

    with door.database.reading() as session:
        found = {person.name: build.actor(session, person) for person in readers}
    assert [memos(found[person.name]) for person in readers] == [0, 0, 1]


def test_a_declared_conflict_closes_safety_alerts_by_place_only(
    alerting: alertings.Alerting,
) -> None:
    alert, cast = alerting.raised(), alerting.cast
    for person in (cast.regional_director, cast.supervisor):
        alerting.desk.do(
            actions.declare_conflict, person=alerting.site_leader, person_id=person.id, said=SAID
        )
    with alerting.desk.database.reading() as session:
        director = build.actor(session, cast.regional_director)
        with pytest.raises(errors.NotFound):
            queries.safety_alert(session, director, alert, TODAY)
        assert queries.open_alert_count(session, director, TODAY) == 0
        supervisor = build.actor(session, cast.supervisor)
        assert queries.safety_alert(session, supervisor, alert, TODAY)


def test_the_page_of_a_case_declares_it_and_closes_every_page_of_the_case(
    door: Door, client_for: ClientFor
) -> None:
    client, own = client_for(door.desk.cast.reviewer), f"/reviews/{door.desk.public_id}"
    assert "Conflict of interest" in client.get(f"{own}/overview").text
    assert client.post(f"{own}/conflict", data={}).status_code == 422
    form = {"kind": "relative", "person": str(door.desk.cast.reviewer.public_id)}
    stranger = {**form, "person": str(door.desk.cast.qa_lead.public_id)}
    assert client.post(f"{own}/conflict", data=stranger).status_code == 422, "no one of the list"
    page = client.post(f"{own}/conflict", data=form, follow_redirects=True).text
    assert "You do not see this case any more." in page
    for address in ("overview", "print", "print.pdf", "facts", "conflict", "submit"):
        assert client.get(f"{own}/{address}").status_code == 404, address
    assert door.desk.case_number not in client.get("/").text
    leader = client_for(door.site_leader)
    page = leader.get("/conflicts").text
    assert "Somebody else has to be assigned" in page
    assert (
        "1 assignment needs somebody else."
        in leader.get(f"/rounds/{door.desk.cast.round.public_id}").text
    )
    with door.database.reading() as session:
        one = session.scalars(sa.select(ConflictOfInterest.public_id)).one()
    address = f"/conflicts/{one}/withdraw"
    assert client.post(address, data={"reason": "x"}).status_code == 403
    assert leader.post(address, data={"reason": ""}).status_code == 422
    assert leader.post(address, data={"reason": "Another family."}).status_code == 303
    assert "Another family." in leader.get("/conflicts").text
    assert client.get(f"{own}/overview").status_code == 200


def test_declaring_by_number_tells_nothing_about_whether_there_is_such_a_case(
    door: Door, client_for: ClientFor
) -> None:
    client = client_for(door.desk.cast.other_reviewer)
    form = {"kind": "friend"}
    answers = [
        client.post("/conflicts", data={**form, "case_number": number})
        for number in (door.desk.case_number, "99-99999")
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    again = client.post("/conflicts", data={**form, "case_number": "99-99999"})
    assert again.status_code == 422
    assert "declared already" in again.text


def test_the_site_leader_puts_a_case_into_their_round(door: Door, client_for: ClientFor) -> None:
    with door.database.writing() as session:
        county = session.get_one(type(door.desk.cast.county), door.desk.cast.county.id)
        case = build.case(session, county)
    form = {"case": str(case.public_id)}
    address = f"/rounds/{door.desk.cast.round.public_id}/cases"
    assert client_for(door.site_leader).post(address, data=form).status_code == 303
    with door.database.reading() as session:
        made = session.scalars(sa.select(CaseReview).where(CaseReview.case_id == case.id)).one()
    assert made.state is ReviewState.ASSIGNED
