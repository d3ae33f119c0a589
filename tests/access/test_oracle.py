"""What everybody finds, compared with a plain function that was written apart.

The world stands still; each example is one person with invented grants, assignments, a staff number
and conflicts of interest. The function knows roles by the words of docs and asks no product code.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import hypothesis
from hypothesis import strategies as st
from sqlalchemy import orm

from cqi.access import trail
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases import queries as cases
from cqi.cases.models import Case, CaseStaff, ConflictOfInterest
from cqi.cases.rules import ConflictKind, StaffKind
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.feedback import queries as feedback
from cqi.feedback.models import MemoRelease
from cqi.feedback.rules.clocks import Allowed, Calendar, Clocks
from cqi.places.models import Place
from cqi.plans.models import Goal, Plan, Step, Strategy
from cqi.plans.queries import records as plans
from cqi.plans.queries import standings
from cqi.plans.rules import PlanState, StepState, TargetKind, Today
from cqi.reporting.queries import rounds as reports
from cqi.reviews import queries
from cqi.reviews.models import CaseReview, ReviewPerson, SafetyAlert
from cqi.reviews.rules import AlertState, Part, ReviewState, Urgency
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.rounds.rules import MemoRatings
from tests import build
from tests.fixtures.installation import ZONE

TODAY = dt.date(2027, 3, 10)
CLOCKS = Clocks(Calendar(TODAY, ZONE), *[Allowed(10)] * 5)
STAFF = "W-7"
STATE_ROLES = {
    Role.ADMINISTRATOR, Role.CQI_DIRECTOR, Role.ANALYST, Role.STATE_OFFICE, Role.AUDITOR,
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """One grant: role, and the number of a place or round of the world."""

    role: Role
    place: str = ""
    round: int = -1
    ended: bool = False


@dataclass(frozen=True)
class Somebody:
    """Who asks: `works` are numbers of cases with kind and whether it ended long ago."""

    grants: tuple[Given, ...]
    assigned: frozenset[int]
    works: tuple[tuple[int, StaffKind, bool], ...]
    declared: frozenset[int]
    family: bool
    withdrawn: frozenset[int]
    owns: frozenset[int]  # the step of these plans


@dataclass
class World:
    """Two regions of one and two counties, a unit in each, five cases, three rounds, three plans of
    one step each."""

    session: orm.Session
    places: dict[str, Place] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    lies: list[tuple[str, str]] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    reviews: list[CaseReview] = field(default_factory=list)
    alerts: list[SafetyAlert] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


COUNTIES = {"c1": "r1", "c2": "r1", "c3": "r2"}
LIES = [("c1", "u1"), ("c1", "u1"), ("c2", "u2"), ("c3", "u3"), ("c3", "")]
IN_ROUND = [0, 2, 0, 1, 1]
FINAL = {0, 2, 3}
FAMILY = {0, 3}
ABOUT_UNIT = {1, 3}
PLANS_ON = Today(TODAY)
PLANS = [("r1", PlanState.ACTIVE), ("r2", PlanState.DRAFT), ("r2", PlanState.COMPLETED)]


def world(session: orm.Session) -> World:
    made = World(session)
    state = made.places["state"] = build.state(session)
    for region in ("r1", "r2"):
        made.places[region] = build.region(session, region, above=state)
        made.above[region] = "state"
    for county, region in COUNTIES.items():
        made.places[county] = build.county(session, made.places[region], county)
        unit = f"u{county[1]}"
        made.places[unit] = build.unit(session, made.places[county], unit)
        made.above |= {county: region, unit: county}
    of = [("r1", ["c1", "c2"]), ("r2", ["c3"]), ("r1", ["c1"])]
    for region, counties in of:
        inside = [made.places[each] for each in counties]
        made.rounds.append(build.round(session, made.places[region], inside))
    somebody = build.person(session, "Raises Alerts")
    for number, (county, unit) in enumerate(LIES):
        case = build.case(session, made.places[county], unit=made.places.get(unit))
        case.family_id = "F-1" if number in FAMILY else None
        review = build.case_review(session, made.rounds[IN_ROUND[number]], case)
        if number in FINAL:
            review.state, review.final_at, review.pur_to = ReviewState.FINAL, build.NOW, TODAY
            session.flush()
            session.add(_released(review))
        made.cases.append(case)
        made.reviews.append(review)
        made.alerts.append(_alert(review, somebody, about_unit=number in ABOUT_UNIT))
    session.add_all(made.alerts)
    for place, standing in PLANS:
        _plan(made, place, standing, somebody)
    session.flush()
    happening = events.Happening("review.read", somebody.id, build.NOW)
    for review in made.reviews:
        events.record(session, events.Stream("review", review.public_id), happening, {})
    return made


def _plan(made: World, place: str, state: PlanState, owner: Person) -> None:
    """A plan of a region with one goal, one strategy and one step."""
    words = {"title": "x", "position": 1}
    step = Step(
        owner_id=owner.id,
        state=StepState.ON_SCHEDULE,
        starts_on=TODAY,
        due_on=TODAY,
        state_since=build.NOW,
        evidence_asked="x",
        **words,
    )
    goal = Goal(
        component="SRM",
        baseline_achieved=1,
        baseline_applicable=20,
        target_kind=TargetKind.PIP_ARITHMETIC,
        strategies=[Strategy(steps=[step], **words)],
        **words,
    )
    plan = Plan(
        place_id=made.places[place].id,
        round_id=made.rounds[0].id,
        name="x",
        state=state,
        state_since=build.NOW,
        created_at=build.NOW,
        goals=[goal],
    )
    made.session.add(plan)
    made.plans.append(plan)
    made.steps.append(step)


def _alert(review: CaseReview, by: Person, *, about_unit: bool) -> SafetyAlert:
    when = dict.fromkeys(("raised_at", "acknowledge_due_at", "answer_due_at"), build.NOW)
    return SafetyAlert(
        review_id=review.id,
        state=AlertState.RAISED,
        urgency=Urgency.NOW,
        seen="x",
        child="x",
        about_unit=about_unit,
        raised_by_id=by.id,
        **when,
    )


def add(made: World, who: Somebody) -> Person:
    """The person of an example, with everything that is said about them."""
    session = made.session
    person = build.person(session, "Who Asks", staff_id=STAFF)
    for grant in who.grants:
        row = build.grant(
            session,
            person,
            grant.role,
            place=made.places.get(grant.place),
            round=made.rounds[grant.round] if grant.round >= 0 else None,
        )
        row.ended_at = build.NOW if grant.ended else None
    for number in sorted(who.assigned):
        on = {"part": Part.REVIEWER, "from_at": build.NOW}
        session.add(ReviewPerson(review_id=made.reviews[number].id, person_id=person.id, **on))
    for number, kind, ended in who.works:
        session.add(
            CaseStaff(
                case_id=made.cases[number].id,
                kind=kind,
                staff_id=STAFF,
                from_on=build.LONG_AGO,
                until_on=build.LONG_AGO if ended else None,
            )
        )
    for number in sorted(who.declared):
        case = made.cases[number]
        session.add(
            ConflictOfInterest(
                person_id=person.id,
                case_number=case.case_number,
                family_id=case.family_id if who.family else None,
                kind=ConflictKind.FRIEND,
                declared_by_id=person.id,
                declared_at=build.NOW,
                withdrawn_at=build.NOW if number in who.withdrawn else None,
            )
        )
    for number in sorted(who.owns):
        session.get_one(Step, made.steps[number].id).owner_id = person.id
    session.flush()
    return person


def _released(review: CaseReview) -> MemoRelease:
    given = {"final_at": build.NOW, "released_at": build.NOW, "number": 1}
    return MemoRelease(review_id=review.id, ratings=MemoRatings.NOBODY, **given)


class Oracle:
    """What somebody is to find, from the words of the roles alone."""

    def __init__(self, who: Somebody) -> None:
        self.who = who
        self.grants = [grant for grant in who.grants if not grant.ended]

    def here(self, number: int, roles: set[Role]) -> bool:
        """A grant of one of these roles reaches the case by state, place or round."""
        return any(self._reaches(grant, number) for grant in self.grants if grant.role in roles)

    def _reaches(self, grant: Given, number: int) -> bool:
        if grant.role in STATE_ROLES or grant.place == "state":
            return True
        if grant.round >= 0:
            return grant.round == IN_ROUND[number]
        county, unit = LIES[number]
        return grant.place in {county, unit, COUNTIES[county]} - {""}

    def declared(self, number: int) -> bool:
        for each in self.who.declared - self.who.withdrawn:
            if each == number or (self.who.family and {each, number} <= FAMILY):
                return True
        return False

    def conflict(self, number: int) -> bool:
        return self.declared(number) or any(case == number for case, _, _ in self.who.works)

    def review(self, number: int) -> bool:
        by_role = {Role.CQI_DIRECTOR, Role.CQI_LIAISON, Role.SITE_LEADER, Role.QA_LEAD}
        assigned = number in self.who.assigned and self.here(number, {Role.REVIEWER})
        return (self.here(number, by_role) or assigned) and not self.conflict(number)

    def memo(self, number: int) -> bool:
        reads = {
            Role.CQI_DIRECTOR, Role.CQI_LIAISON, Role.REGIONAL_DIRECTOR, Role.SUPERVISOR,
            Role.CASEWORKER, Role.SITE_LEADER,
        }  # fmt: skip
        holds = any(grant.role in reads for grant in self.grants)
        own = any(case == number and not ended for case, _, ended in self.who.works)
        by_place = self.here(number, reads - {Role.CASEWORKER}) and not self.declared(number)
        return number in FINAL and (by_place or (holds and own))

    def alert(self, number: int) -> bool:
        if self.review(number):
            return True
        free, answers = not self.declared(number), {Role.REGIONAL_DIRECTOR, Role.SUPERVISOR}
        if free and self.here(number, {Role.REGIONAL_DIRECTOR}):
            return True
        if number in ABOUT_UNIT:
            return False
        supervises = any(
            case == number and kind is StaffKind.SUPERVISOR and not ended
            for case, kind, ended in self.who.works
        )
        holds = any(grant.role in answers for grant in self.grants)
        return (free and self.here(number, answers)) or (supervises and holds)

    def case(self, number: int) -> bool:
        brings_in = {Role.CQI_DIRECTOR, Role.CQI_LIAISON}
        return self.here(number, brings_in) and not self.conflict(number)

    def plan(self, number: int) -> bool:
        return any(
            grant.role in {Role.CQI_DIRECTOR, Role.STATE_OFFICE}
            or (
                grant.role in {Role.CQI_LIAISON, Role.REGIONAL_DIRECTOR}
                and grant.place == PLANS[number][0]
            )
            for grant in self.grants
        )

    def step(self, number: int) -> bool:
        approved = PLANS[number][1] is not PlanState.DRAFT
        return self.plan(number) or (number in self.who.owns and approved)

    def round(self, number: int, roles: set[Role]) -> bool:
        counties = [{"c1", "c2", "r1"}, {"c3", "r2"}, {"c1", "r1"}][number]
        return any(
            grant.role in STATE_ROLES
            or grant.place in counties | {"state"}
            or grant.round == number
            for grant in self.grants
            if grant.role in roles
        )


SEE_ROUNDS = {
    Role.CQI_DIRECTOR, Role.CQI_LIAISON, Role.SITE_LEADER, Role.QA_LEAD, Role.REVIEWER,
    Role.ANALYST, Role.REGIONAL_DIRECTOR,
}  # fmt: skip
SEE_REPORTS = {Role.CQI_DIRECTOR, Role.CQI_LIAISON, Role.ANALYST, Role.REGIONAL_DIRECTOR}

_ENDED = st.sampled_from([False, False, False, True])
_GRANT = st.one_of(
    st.builds(Given, st.sampled_from(sorted(STATE_ROLES)), ended=_ENDED),
    st.builds(
        Given,
        st.sampled_from([Role.CQI_LIAISON, Role.QA_LEAD, Role.REGIONAL_DIRECTOR]),
        st.sampled_from(["r1", "r2"]),
        ended=_ENDED,
    ),
    st.builds(Given, st.just(Role.QA_LEAD), st.just("state"), ended=_ENDED),
    st.builds(
        Given,
        st.sampled_from([Role.SITE_LEADER, Role.REVIEWER]),
        round=st.integers(0, 2),
        ended=_ENDED,
    ),
    st.builds(Given, st.just(Role.SUPERVISOR), st.sampled_from(["u1", "u2", "u3"]), ended=_ENDED),
    st.builds(Given, st.just(Role.CASEWORKER), ended=_ENDED),
)
_SOME = st.frozensets(st.integers(0, 4), max_size=3)
_WORK = st.tuples(st.integers(0, 4), st.sampled_from(StaffKind), st.booleans())
SOMEBODY = st.builds(
    Somebody,
    grants=st.lists(_GRANT, min_size=1, max_size=3).map(tuple),
    assigned=_SOME.map(lambda numbers: numbers - FINAL),  # a final case review is frozen
    works=st.lists(_WORK, max_size=2, unique_by=lambda work: work[:2]).map(tuple),
    declared=_SOME,
    family=st.booleans(),
    withdrawn=_SOME,
    owns=st.frozensets(st.integers(0, 2), max_size=2),
)


def found(made: World, person: Person) -> dict[str, set[int]]:
    """The numbers of what the product lists to somebody."""
    session, actor = made.session, build.actor(made.session, person, TODAY)

    def numbers(ids: list[Any], rows: list[Any], name: str = "public_id") -> set[int]:
        return {[getattr(row, name) for row in rows].index(each) for each in ids}

    lines = [
        line
        for one in made.rounds
        for line in queries.round_overview(session, actor, one, build.NOW)
    ]
    memos = feedback.memos(session, actor, CLOCKS)
    listed = standings.plans_visible(session, actor, PLANS_ON)
    alerts = queries.alert_register(session, actor, TODAY)
    assert queries.open_alert_count(session, actor, TODAY) == len(alerts)
    return {
        "reviews": numbers([line.public_id for line in lines], made.reviews),
        "memos": numbers([memo.public_id for memo in memos], made.reviews),
        "alerts": numbers([sheet.alert.id for sheet in alerts], made.alerts, "id"),
        "cases": numbers([case.id for case in cases.cases(session, actor)], made.cases, "id"),
        "rounds": numbers([one.id for one in rounds.rounds(session, actor)], made.rounds, "id"),
        "reports": numbers([one.public_id for one in reports.results(session, actor)], made.rounds),
        "plans": numbers([one.public_id for one in listed], made.plans),
        "steps": numbers([one.id for one in opened(made, actor)], made.steps, "id"),
        "due": numbers([one.id for one in plans.steps(session, actor)], made.steps, "id"),
        "trail": numbers(read_in_trail(session, actor), made.reviews),
    }


def opened(made: World, actor: Actor) -> Iterator[Step]:
    """The steps that somebody opens by their address."""
    for step in made.steps:
        with contextlib.suppress(errors.NotFound):
            yield plans.step(made.session, actor, step.public_id)


def read_in_trail(session: orm.Session, actor: Actor) -> list[Any]:
    """Of which case reviews the trail tells somebody that they were read."""
    asked = trail.Asked(about=trail.About.READS)
    try:
        lines = trail.lines(session, actor, asked)
    except errors.Forbidden:
        return []
    assert trail.count(session, actor, asked) == len(lines)
    return [line.stream_id for line in lines]


def expected(who: Somebody) -> dict[str, set[int]]:
    oracle = Oracle(who)

    def those(test: Callable[[int], bool]) -> set[int]:
        return {number for number in range(len(LIES)) if test(number)}

    return {
        "reviews": those(oracle.review),
        "memos": those(oracle.memo),
        "alerts": those(oracle.alert),
        "cases": those(oracle.case),
        "rounds": {number for number in range(3) if oracle.round(number, SEE_ROUNDS)},
        "reports": {number for number in range(3) if oracle.round(number, SEE_REPORTS)},
        "plans": {number for number in range(3) if oracle.plan(number)},
        "steps": {number for number in range(3) if oracle.step(number)},
        "due": {
            number
            for number in range(3)
            if oracle.step(number) and PLANS[number][1] is PlanState.ACTIVE
        },
        "trail": those(lambda _: any(grant.role is Role.AUDITOR for grant in oracle.grants)),
    }


def test_everybody_finds_what_the_oracle_says_and_nothing_else(database: Database) -> None:
    with database.writing() as session:
        made = world(session)

    @hypothesis.settings(
        max_examples=40, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(SOMEBODY)
    def compare(who: Somebody) -> None:
        with database.session(writes=True) as example:  # closed without a commit
            made.session = example
            assert found(made, add(made, who)) == expected(who)

    compare()
