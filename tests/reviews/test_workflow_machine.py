"""Anybody does anything to a case review, in any order: what may never break does not.

Short by default; `pytest tests/reviews/test_workflow_machine.py --workflow-runs 500` takes 500 runs
of 50 steps. Each run has a case review of its own.
"""

from __future__ import annotations

import contextlib
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import stateful
from hypothesis import strategies as st

from cqi.access.models import Person
from cqi.cases.models import Case
from cqi.core import columns, errors, events
from cqi.instruments.definition import Rating
from cqi.reviews import actions, models, queries, rules, workflow
from cqi.reviews.rules import OPEN_STATES, ReviewState
from cqi.rounds.models import Round
from tests import build
from tests.fixtures import scoring
from tests.fixtures.scoring import TODAY, Desk
from tests.reviews.test_qa_notes import another_qa_lead

SHORT, LONG = (6, 25), 50  # (runs, steps) by default, steps by argument
TABLES: tuple[type[columns.Model], ...] = (
    *(models.FactAnswer, models.Answer, models.Narrative, models.TextVersion, models.Evidence),
    *(models.StoredRating, models.ReviewPerson, models.ReviewStep),
    *(models.QaNote, models.QaEntry, models.Override),
)
ITEMS = ("SRM03", "SRM05", "MAS03", "ICP03")  # they apply to every case
NO = (errors.Blocked, errors.Forbidden, errors.NotFound, errors.BadInput)
WITH_REASON = {"return_to_reviewers", "reopen", "withdraw"}
STEPS = [each.value for each in workflow.Step if each.value not in ("start", "withdraw")]
LATE = 30  # events, after which a case review may be withdrawn: that ends it
ON = {  # what goes on from each state, and who does it
    **{state: [("submit_for_qa", "reviewer")] for state in OPEN_STATES},
    ReviewState.SUBMITTED: [("begin_qa", "lead")],
    ReviewState.FIRST_LEVEL_QA: [
        ("approve", "lead"),
        ("send_to_second_level", "lead"),
        ("return_to_reviewers", "lead"),
    ],
    ReviewState.SECOND_LEVEL_QA: [
        ("approve", "second_lead"),
        ("return_to_reviewers", "second_lead"),
    ],
    ReviewState.FINAL: [("reopen", "director")],
}
people = st.sampled_from(["reviewer", "lead", "second_lead", "director", "liaison"])
checkers = st.sampled_from(["lead", "lead", "second_lead", "reviewer"])
items = st.sampled_from(ITEMS)


class Anybody(stateful.RuleBasedStateMachine):
    """One case review; `desk` and `cast` are set by the test."""

    first: Desk
    cast: dict[str, Person]

    def __init__(self) -> None:
        super().__init__()
        self.desk = _another(self.first, self.cast)
        self.rows, self.events, self.state = self._look()

    def _look(self) -> tuple[Any, int, ReviewState]:
        """(every row of the case review, how many events it has, its state)."""
        with self.desk.database.reading() as session:
            review = self.desk.review(session)
            plain = session.connection()
            found = [
                sorted(
                    map(str, plain.execute(sa.select(table.__table__).where(_of(table, review))))
                )
                for table in TABLES
            ]
            row = models.CaseReview.__table__
            found.append([str(plain.execute(sa.select(row).where(row.c.id == review.id)).one())])
            mine = events.Event.stream_id == review.public_id
            number = session.scalar(sa.select(sa.func.count()).where(mine)) or 0
            return found, number, review.state

    def _try(self, who: str, action: Any, **given: Any) -> None:
        """Do it or be refused; compare what was before with what is after."""
        with contextlib.suppress(*NO):
            self.desk.do(action, person=self.cast[who], **given)
        rows, number, state = self._look()
        if rows != self.rows:
            assert number > self.events, "a change without an event"
            assert not (self.state is state is ReviewState.FINAL), "a final review changed"
            assert self.state is not ReviewState.WITHDRAWN, "a withdrawn review changed"
        else:
            assert number == self.events, "an event without a change"
        self.rows, self.events, self.state = rows, number, state

    @stateful.rule(who=people, item=items, value=st.sampled_from(["yes", "no", ""]))
    def answer(self, who: str, item: str, value: str) -> None:
        entry = self.desk.sheet().answers.get(item, {}).get("a")
        change = rules.answer(item, "a", value, entry.revision if entry else 0)
        self._try(who, actions.record_answers, changes=[change])

    @stateful.rule(who=people, item=items, text=st.sampled_from(["", scoring.TEXT, "Other."]))
    def write(self, who: str, item: str, text: str) -> None:
        entry = self.desk.sheet().narratives.get(item)
        change = rules.narrative(item, text, entry.revision if entry else 0)
        self._try(who, actions.record_answers, changes=[change])

    @stateful.rule(who=people, step=st.sampled_from(STEPS))
    def take(self, who: str, step: str) -> None:
        given: dict[str, Any] = {"reason": "A reason."} if step in WITH_REASON else {}
        given |= {"today": TODAY} if step == "submit_for_qa" else {}
        self._try(who, getattr(actions, step), **given)

    @stateful.precondition(lambda self: self.state in ON)
    @stateful.rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """A step that is possible now, by the one whose step it is, so that runs get somewhere."""
        step, who = data.draw(st.sampled_from(ON[self.state]))
        if who == "reviewer":
            self._mend()
        elif step != "return_to_reviewers":
            for note in self.desk.sheet().notes:
                seen = rules.NoteSeen(note.public_id, note.revision)
                self._try(who, actions.resolve_note, seen=seen)
        self.take(who, step)

    def _mend(self) -> None:
        for item in ITEMS:
            self.answer("reviewer", item, "yes")
            self.write("reviewer", item, scoring.TEXT)

    @stateful.precondition(lambda self: self.events > LATE)
    @stateful.rule(who=people)
    def withdraw(self, who: str) -> None:
        self.take(who, "withdraw")

    @stateful.precondition(lambda self: self.state in rules.NOTE_STATES)
    @stateful.rule(who=checkers, item=items)
    def ask(self, who: str, item: str) -> None:
        self._try(who, actions.open_note, new=rules.NewNote(item, "a", "Which visit?"))

    @stateful.rule(
        who=people, data=st.data(), name=st.sampled_from(["answer", "resolve", "reopen"])
    )
    def go_on_with_a_note(self, who: str, data: st.DataObject, name: str) -> None:
        notes = self.desk.sheet().notes
        if not notes:
            return
        note = data.draw(st.sampled_from(notes))
        if name == "answer":
            self._try(
                who, actions.answer_note, reply=actions.NoteReply(note.public_id, "The one in May.")
            )
        else:
            action = actions.resolve_note if name == "resolve" else actions.reopen_note
            self._try(who, action, seen=rules.NoteSeen(note.public_id, note.revision))

    @stateful.precondition(lambda self: self.state in rules.NOTE_STATES)
    @stateful.rule(who=checkers, item=items, rating=st.sampled_from(rules.OVERRIDES))
    def override(self, who: str, item: str, rating: Rating) -> None:
        self._try(who, actions.override_rating, new=rules.NewOverride(item, rating, "Seen so."))

    @stateful.rule(who=people)
    def withdraw_an_override(self, who: str) -> None:
        for given in list(self.desk.sheet().overrides.values())[:1]:
            self._try(who, actions.withdraw_override, override_id=given.public_id)

    @stateful.invariant()
    def the_steps_fold_to_the_state(self) -> None:
        steps = [each.step.value for each in self.desk.sheet().steps]
        assert workflow.fold(steps) is self.state

    @stateful.invariant()
    def completeness_never_lies(self) -> None:
        """What QA has, or has approved, lacks nothing; stored ratings are what the answers say."""
        with self.desk.database.reading() as session:
            review = self.desk.review(session)
            assessed = queries.assessment(session, review)
            if self.state not in OPEN_STATES | {ReviewState.WITHDRAWN}:
                assert assessed.missing == ()
            assert queries.recheck(session, [review.id]) == []
            counted = {one.code: one.counted for one in _stored(session, review)}
            sheet = queries.sheet(session, review)
        found = {code: each.rating for code, each in sheet.counted.items.items()}
        found |= {code: each.rating for code, each in sheet.counted.components.items()}
        assert {code: one for code, one in found.items() if one} == {
            code: one for code, one in counted.items() if one
        }

    @stateful.invariant()
    def what_is_final_has_no_open_note(self) -> None:
        if self.state is ReviewState.FINAL:
            assert all(note.resolved for note in self.desk.sheet().notes)

    def teardown(self) -> None:
        with self.desk.database.reading() as session:
            assert events.verify(session).problem == ""


def _of(table: type[columns.Model], review: queries.CaseReview) -> sa.ColumnElement[bool]:
    return table.__table__.c.review_id == review.id


def _stored(session: Any, review: queries.CaseReview) -> list[models.StoredRating]:
    row = models.StoredRating
    return list(session.scalars(sa.select(row).where(row.review_id == review.id)))


def _another(first: Desk, cast: dict[str, Person]) -> Desk:
    """One more case of the round, complete."""
    with first.database.writing() as session:
        case = build.case(session, first.cast.county, unit=first.cast.unit)
        made = actions.assign_case(
            session,
            in_round=session.get_one(Round, first.cast.round.id),
            case=session.get_one(Case, case.id),
            reviewers=[build.actor(session, cast["reviewer"])],
            actor=build.actor(session, cast["liaison"]),
            now=build.NOW,
        )
        desk = Desk(first.database, first.cast, made.public_id, case.case_number)
    desk.complete()
    return desk


def test_whatever_anybody_does(desk: Desk, request: pytest.FixtureRequest) -> None:
    runs = request.config.getoption("--workflow-runs")
    cast = {
        "reviewer": desk.cast.reviewer,
        "lead": desk.cast.qa_lead,
        "second_lead": another_qa_lead(desk),
        "director": desk.cast.cqi_director,
        "liaison": desk.cast.cqi_liaison,
    }
    machine = type("AnybodyHere", (Anybody,), {"first": desk, "cast": cast})
    settings = hypothesis.settings(
        max_examples=runs or SHORT[0],
        stateful_step_count=LONG if runs else SHORT[1],
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    stateful.run_state_machine_as_test(machine, settings=settings)
