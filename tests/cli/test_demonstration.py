"""The demonstration state: deterministic, whole, and made by the product's own rules."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import disclosures, proposals
from cqi.access import queries as access
from cqi.access.law import DisclosureKind
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.cli.demonstration import cast, making
from cqi.core import configuration, events, schema
from cqi.core import database as databases
from cqi.instruments import completeness
from cqi.instruments.definition import Rating
from cqi.measures.models import MeasureRun
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.plans.models import Step
from cqi.reviews import queries as reviews
from cqi.reviews.models import (
    CaseReview,
    Evidence,
    FactAnswer,
    InterviewRow,
    Narrative,
    Override,
    QaNote,
    ReviewStep,
)
from cqi.reviews.rules import Part, ReviewPurpose, ReviewState, planning
from cqi.rounds.models import Benchmark, CountyNotice, PlanningItem, Round
from cqi.rounds.queries import calendar, rollout
from cqi.rounds.rules import RoundKind
from cqi.rounds.rules import rollout as rules
from cqi.rounds.rules.rollout import Beginning, Degree, Stage
from cqi.sampling import queries as sampling
from cqi.sampling.models import Draw
from cqi.settings import registry
from tests import build
from tests.fixtures import installation
from tests.fixtures.commands import Command
from tests.fixtures.demonstration import Demonstration

FIRST_SEVEN = ["I-South", "II-West", "V-West", "IV-North", "IV-South", "I-North", "III-South"]
State = ReviewState


@pytest.fixture
def made(engine_name: str, request: pytest.FixtureRequest) -> Demonstration:
    name = "demonstration" if engine_name == "embedded" else "postgresql_demonstration"
    found: Demonstration = request.getfixturevalue(name)
    return found


@pytest.fixture
def session(made: Demonstration) -> Iterator[orm.Session]:
    database = made.opened()
    with database.reading() as opened:
        yield opened
    database.dispose()


def rounds(session: orm.Session) -> list[Round]:
    return list(session.scalars(sa.select(Round).order_by(Round.on_site_from, Round.id)))


def test_all_13_regions_and_82_counties_are_there(session: orm.Session) -> None:
    kinds = {kind: len(list(places.of_kind(session, kind))) for kind in PlaceKind}
    assert (kinds[PlaceKind.STATE], kinds[PlaceKind.REGION], kinds[PlaceKind.COUNTY]) == (1, 13, 82)


def test_seven_baselines_and_three_follow_ups_are_finished(session: orm.Session) -> None:
    found = rounds(session)
    finished = reviews.finished(session, [one.id for one in found])
    regions = {place.id: place.name for place in places.of_kind(session, PlaceKind.REGION)}
    baselines = [
        regions[one.region_id or 0]
        for one in found
        if one.kind is RoundKind.BASELINE and one.id in finished
    ]
    assert baselines == FIRST_SEVEN
    follow_ups = [one for one in found if one.kind is RoundKind.FOLLOW_UP]
    assert [regions[one.region_id or 0] for one in follow_ups] == FIRST_SEVEN[:3]
    for one in follow_ups:
        assert one.id in finished
        assert one.compares_with is not None
        assert one.compares_with.region_id == one.region_id
    [unfinished] = [one for one in found if one.id not in finished]
    assert regions[unfinished.region_id or 0] == "II-East"


def test_rounds_have_18_to_36_reviews_but_two_small_ones(session: orm.Session) -> None:
    counted = dict(
        session.execute(
            sa.select(Round.name, sa.func.count(CaseReview.id))
            .join(CaseReview, CaseReview.round_id == Round.id)
            .group_by(Round.name)
        ).all()
    )
    sizes = sorted(counted.values())
    assert sizes[:2] == [9, 10]
    assert all(18 <= size <= 36 for size in sizes[2:])
    assert 270 <= sum(sizes) <= 330


def test_the_round_in_progress_has_a_case_at_every_stage(session: orm.Session) -> None:
    running = rounds(session)[-1]
    states = Counter(
        session.scalars(sa.select(CaseReview.state).where(CaseReview.round_id == running.id))
    )
    assert set(states) >= {
        State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.FIRST_LEVEL_QA, State.RETURNED,
        State.FINAL,
    }  # fmt: skip


def test_the_reviewer_has_a_case_half_scored_one_returned_and_one_not_started(
    made: Demonstration, session: orm.Session
) -> None:
    mine = people(session, "reviewer", made.made_on)
    unit = cast.home_unit(session, "II-East", made.made_on)
    found = {}
    for state in (State.IN_PROGRESS, State.RETURNED, State.ASSIGNED):
        query = sa.select(CaseReview).where(CaseReview.state == state, reviews.visible_to(mine))
        own = [
            one
            for one in session.scalars(query)
            if mine.person_id in reviews.standing(session, one).reviewers
        ]
        assert own, state
        found[state] = own[0]
        assert found[state].case.unit_id == unit.id, "the demo supervisor's unit"
    half = reviews.assessment(session, found[State.IN_PROGRESS]).progress.items
    assert 15 <= half.complete <= 40
    returned = reviews.sheet(session, found[State.RETURNED]).returned
    assert returned is not None
    assert returned.reason


def test_a_small_round_by_peers_is_on_another_instrument(session: orm.Session) -> None:
    [one] = [each for each in rounds(session) if each.kind is RoundKind.INTERIM_PEER]
    assert (one.instrument, one.compares_with) == ("osri", None)
    assert reviews.finished(session, [one.id]) == {one.id}
    found = session.scalars(sa.select(CaseReview).where(CaseReview.round_id == one.id)).all()
    kinds = {kind.kind for kind in reviews.instrument_of(found[0]).subjects}
    listed = [reviews.subjects_of(session, each) for each in found]
    assert {kind for subjects in listed for kind in subjects} == kinds
    foster = [each for each in found if each.case.case_type is CaseType.FOSTER_CARE]
    assert all(len(reviews.subjects_of(session, each)["child"]) == 1 for each in foster)
    ratings = Counter((row.code, row.rating) for row in reviews.stored_ratings(session, one.id))
    assert ratings["S1", Rating.PARTIALLY_ACHIEVED] == 0
    assert ratings["P1", Rating.NOT_APPLICABLE] == len(found) - len(foster)
    for part in ("I12A", "I12B", "I12C"):
        assert ratings[part, Rating.STRENGTH]


def people(session: orm.Session, key: str, today: dt.date) -> access.Actor:
    person = access.person_by_email(session, cast.email_of(key))
    assert person is not None
    actor = access.actor_for(session, person.id, today)
    assert actor is not None
    return actor


def test_one_case_is_for_practice_and_counts_nowhere(session: orm.Session) -> None:
    practice = CaseReview.purpose == ReviewPurpose.PRACTICE
    [one] = session.scalars(sa.select(CaseReview).where(practice)).all()
    assert one.state is State.ASSIGNED
    scored = sa.select(CaseReview).where(~practice, CaseReview.case_id == one.case_id)
    assert session.scalars(scored).one().round_id == one.round_id
    now = dt.datetime.now(dt.UTC)
    mine = reviews.my_practice(session, people(session, "reviewer", now.date()), now)
    assert [line.public_id for line in mine] == [one.public_id]


def test_two_cases_are_read_twice_and_others_wait_for_a_second_pair(session: orm.Session) -> None:
    second = CaseReview.purpose == ReviewPurpose.RELIABILITY
    found = session.scalars(sa.select(CaseReview).where(second).order_by(CaseReview.id)).all()
    assert [(one.reading, one.state) for one in found] == [
        (2, State.FINAL),
        (2, State.IN_PROGRESS),
    ]
    drawn = reviews.drawn_twice(session, found[0].round)
    assert {case.id for case, has in drawn if has} == {one.case_id for one in found}
    assert sum(not has for _, has in drawn) > 0
    for one in found:
        first, again = reviews.readings.readings(session, one.round, one.case.case_number)
        assert again is one
        pairs = [
            {who.name for who in reviews.involved(session, each) if who.part is Part.REVIEWER}
            for each in (first, again)
        ]
        assert not pairs[0] & pairs[1]


def test_interviews_are_held_or_have_a_reason(session: orm.Session) -> None:
    outcomes = Counter(session.scalars(sa.select(InterviewRow.outcome)))
    assert outcomes["held"] > 10 * outcomes["not_held"] > 0
    pointed = session.scalars(sa.select(Evidence.interview).where(Evidence.interview.is_not(None)))
    assert {*pointed} <= {*session.scalars(sa.select(InterviewRow.public_id))}


def test_every_stored_rating_follows_from_the_answers(session: orm.Session) -> None:
    assert reviews.recheck(session) == []


def test_every_review_that_was_handed_in_is_complete(session: orm.Session) -> None:
    handed_in = list(
        session.scalars(
            sa.select(CaseReview).where(
                CaseReview.state.not_in([State.ASSIGNED, State.IN_PROGRESS])
            )
        )
    )
    assert len(handed_in) > 250
    contents = reviews.contents_of(session, [one.id for one in handed_in])
    for one in handed_in:
        content = contents[one.id]
        gaps = completeness.missing(
            reviews.instrument_of(one),
            content.facts,
            content.answers,
            content.narratives,
            content.sources,
            content.reasons,
        )
        assert gaps == ()


def test_narratives_and_evidence_stand_where_they_are_asked_for(session: orm.Session) -> None:
    texts = list(session.scalars(sa.select(Narrative.text)))
    assert len(texts) > 5000
    fuller = sum("\n\n" in text for text in texts) / len(texts)
    assert 0.2 < fuller < 0.5, "about a third is fuller"
    assert len(set(texts)) > 90
    assert (session.scalar(sa.select(sa.func.count()).select_from(Evidence)) or 0) > 5000
    assert session.scalar(sa.select(sa.func.count()).select_from(FactAnswer))


def test_a_case_plan_was_due_wherever_the_face_sheet_says_so(
    made: Demonstration, session: orm.Session
) -> None:
    days = dt.timedelta(days=registry.CASE_PLAN_DUE_DAYS.default)
    query = sa.select(FactAnswer.value, Case.opened_on, Case.closed_on, CaseReview.pur_to)
    query = query.join(CaseReview, CaseReview.id == FactAnswer.review_id).join(CaseReview.case)
    rows = session.execute(query.where(FactAnswer.name == "case_plan_due")).all()
    assert len(rows) > 250
    for value, opened_on, closed_on, pur_to in rows:
        due_on, last = opened_on + days, closed_on or pur_to or made.made_on
        assert (value == "yes") is (due_on <= last)


def test_the_event_chain_holds(session: orm.Session) -> None:
    found = events.verify(session)
    assert found.problem == ""
    assert found.events > 1500


def test_nothing_happens_in_the_future(made: Demonstration, session: orm.Session) -> None:
    last = session.scalar(sa.select(sa.func.max(events.Event.at)))
    assert last is not None
    assert last.astimezone(installation.ZONE).date() <= made.made_on


def test_steps_fall_due_on_working_days_and_a_few_cases_are_stuck(session: orm.Session) -> None:
    assert all(day.weekday() < 5 for day in session.scalars(sa.select(Step.due_on)))
    running = rounds(session)[-1]
    now = session.scalar(sa.select(sa.func.max(events.Event.at)))
    director = access.person_by_email(session, cast.email_of("cqi_director"))
    assert now is not None
    assert director is not None
    actor = access.actor_for(session, director.id, now.date())
    assert actor is not None
    stuck = [one for one in reviews.round_overview(session, actor, running, now) if one.stuck]
    assert len(stuck) <= 6, "the few that nobody began or took for QA"


def test_qa_has_asked_overridden_and_read_some_reviews_twice(session: orm.Session) -> None:
    notes = session.execute(
        sa.select(CaseReview.state, QaNote.resolved_at)
        .join(QaNote, QaNote.review_id == CaseReview.id)
        .order_by(QaNote.id)
    )
    assert [(state, at is not None) for state, at in notes] == [
        (State.RETURNED, True),
        (State.RETURNED, False),
        (State.RETURNED, False),
        (State.FIRST_LEVEL_QA, False),
    ]
    assert len(session.scalars(sa.select(Override)).all()) == 1
    reached = set(
        session.scalars(
            sa.select(ReviewStep.review_id).where(ReviewStep.step == "send_to_second_level")
        )
    )
    for one in session.scalars(sa.select(CaseReview).where(CaseReview.state == State.FINAL)):
        due = one.round.second_level.due(one.case.case_number)
        assert (one.id in reached) is due, one.case.case_number


def test_those_who_are_shown_can_sign_in(session: orm.Session) -> None:
    can = set(session.scalars(sa.select(Person.email).where(Person.password.is_not(None))))
    assert {email for _, _, email in cast.sign_ins(making.told())} <= can
    assert all(session.scalars(sa.select(Person.demonstration)))


def test_the_same_day_makes_the_same_figures(
    demonstration: Demonstration,
    postgresql_demonstration: Demonstration,
    command: Command,
    tmp_path: Path,
) -> None:
    """Two processes with hash seeds of their own, on two engines."""
    if demonstration.made_on != postgresql_demonstration.made_on:
        pytest.skip("midnight came between the two")
    runs = []
    copied = Demonstration(demonstration.copy_to(tmp_path / "copy"))
    for one in (copied, postgresql_demonstration):
        command.on(one.folder, one.url)
        rows = command("rounds", "list", "--format", "json").good().json
        runs.append(
            {
                row["name"]: command("measures", "--round", row["name"], "--format", "json")
                .good()
                .json["run_id"]
                for row in rows
            }
        )
    assert len(runs[0]) == 12
    assert runs[0] == runs[1]
    database = copied.opened()
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(MeasureRun)) == 12
    database.dispose()


def test_a_database_that_is_not_empty_is_refused(made: Demonstration, command: Command) -> None:
    ran = command.on(made.folder, made.url)("demo")
    assert (ran.code, ran.out) == (2, "")
    assert "the database is not empty" in ran.err


def test_a_database_with_places_alone_is_refused_too_and_left_as_it_is(
    installed: Command, settings: configuration.Configuration, tmp_path: Path
) -> None:
    file = tmp_path / "places.csv"
    file.write_text("county,fips,region\nAdams County,28001,I-South\n", encoding="utf-8")
    installed("places", "import", file).good()
    engine = databases.open_database(settings).engine
    with engine.begin() as connection:
        schema.drop_triggers(connection)  # a migration would make them again
    ran = installed("demo")
    assert (ran.code, ran.out) == (2, "")
    assert "the database is not empty" in ran.err
    with engine.connect() as connection:
        assert schema.existing_triggers(connection) == {}
    engine.dispose()


def test_the_books_that_the_law_asks_for_have_something_in_them(
    session: orm.Session, made: Demonstration
) -> None:
    assert people(session, "partner", made.made_on).roles == (Role.STAKEHOLDER,)
    after = made.made_on + dt.timedelta(days=306)
    assert people(session, "partner", after).roles == (), "the agreement has lapsed"
    now = dt.datetime.combine(made.made_on, dt.time(12), dt.UTC)
    assert proposals.waiting(session, now) == 1
    leader = people(session, "site_leader", made.made_on)
    [hit] = reviews.affected_by_conflicts(session, leader)
    assert "II-East" in hit.round_name
    director = people(session, "cqi_director", made.made_on)
    kinds = [line.kind for line in disclosures.register(session, director).lines]
    assert sorted(kinds) == [DisclosureKind.BY_HAND, DisclosureKind.EXPORT, DisclosureKind.EXPORT]


def test_the_round_in_progress_has_a_sample_that_can_be_told_again(session: orm.Session) -> None:
    [one] = session.scalars(sa.select(Draw))
    assert sampling.differences(session, one) == []
    in_round = one.frame.round
    stand = sampling.in_sample(session, [in_round.id])[in_round.id]
    assert len(stand) == 24
    assert reviews.unassigned(session, [in_round.id])[in_round.id] == frozenset()
    assert sampling.left_out_counts(session, one.frame)
    decided = [each.approved for each in sampling.register(session, in_round)]
    assert decided == [None, True]


def test_the_roll_out_is_in_the_order_on_record_with_one_region_late(
    made: Demonstration, session: orm.Session
) -> None:
    director = session.scalars(sa.select(Person).where(Person.email.like("cqi_director@%"))).one()
    actor = build.actor(session, director)
    regions, today = rollout.regions(session, actor), made.made_on
    assert [one.name for one in regions][:7] == FIRST_SEVEN
    assert [one.place for one in regions] == list(range(1, 14))
    late = {one.name: calendar.late_in(one, today) for one in regions}
    assert [name for name, found in late.items() if found] == ["V-East"]
    assert [one.stage for one in late["V-East"]] == [Stage.BASELINE]
    assert "open as a round" in late["V-East"][0].why
    lengths = rollout.lengths(session, today)
    for one in regions:
        assert one.dates is not None
        assert not rules.cautions(one.dates, lengths, one.told), one.name
    begins = [Beginning(one.name, one.planned(Stage.PLANNING)) for one in regions]
    assert not rules.of_the_state(begins, lengths)
    assert {calendar.today_words(one, today) for one in regions} == {
        *("Continuing support", "Initial implementation", "Baseline review", "Planning"),
        "Not begun",
    }


def test_the_roll_out_has_checklists_and_benchmarks(session: orm.Session) -> None:
    done = sa.func.count(PlanningItem.done_on)
    query = sa.select(done, sa.func.count()).group_by(PlanningItem.region_id)
    found = sorted((done, number) for done, number in session.execute(query))
    assert found == [(3, 5), (6, 8), (10, 10), (10, 10)]
    degrees = session.scalars(sa.select(Benchmark.degree).distinct()).all()
    assert set(degrees) == {Degree.INITIAL, Degree.FULL}


def test_the_round_in_progress_has_planned_interviews_and_a_county_that_was_told(
    made: Demonstration, session: orm.Session
) -> None:
    director = session.scalars(sa.select(Person).where(Person.email.like("cqi_director@%"))).one()
    actor, told = build.actor(session, director), session.scalars(sa.select(CountyNotice)).one()
    plans = reviews.plans_of_round(session, actor, told.round)
    assert len(plans) > 20
    assert sum(one.starts_at.date() <= made.made_on for one in plans) == 1, "one is over"
    slots = {one.public_id: (one.slot, [key for key, _ in one.reviewers]) for one in plans}
    assert not planning.overlapping(slots)
    [line] = [one for one in reviews.county_lines(session, told.round) if one.told]
    assert line.cases > 5
    assert line.told.people == 2
