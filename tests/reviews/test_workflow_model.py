"""Anybody does anything to a case review, in any order: what may never break does not.

A few short runs by default; `--workflow-runs 500` takes 500 runs of 50 steps and tells what they
reached. Each run begins somewhere on the way from assigned to reopened, in a round of few items or
of all, where the second level is due or not.
"""

from __future__ import annotations

import collections
import time
import uuid
from typing import Any, ClassVar

import hypothesis
import pytest
from hypothesis import stateful
from hypothesis import strategies as st

from cqi.cases.rules import ConflictKind
from cqi.core import configuration, identifiers
from cqi.core.database import Database
from cqi.reviews import actions, rules
from cqi.reviews.rules import Urgency
from tests.fixtures.cast import Cast
from tests.fixtures.scoring import TODAY
from tests.reviews.workflow_model import (
    ALERT_STEPS,
    ANSWERS,
    EVERYBODY,
    NOTES,
    OPEN,
    QA,
    STATES,
    STEPS,
    Alert,
    Note,
    Sent,
)
from tests.reviews.workflow_play import TICK, Play
from tests.reviews.workflow_stage import NAMED, Prepared, prepare
from tests.reviews.workflow_writing import Writing, in_open_states, items

WHERE = [each for each in STATES if each != "withdrawn"]  # where runs begin
SHORT_WHERE = ("in_progress", "first_level_qa", "second_level_qa", "final")
SHORT, LONG = (2, 15), 50  # (runs, steps) from some of these by default, steps by argument
MOST_ALERTS, MOST_DECLARED = 3, 2
LATE = 30  # rules, after which a case review may be withdrawn: that ends it
NEXT = {
    **dict.fromkeys(OPEN, "submit_for_qa"),
    "submitted": "begin_qa",
    "first_level_qa": "approve",
    "second_level_qa": "approve",
}
RATINGS = tuple(each.value for each in rules.OVERRIDES)
ALERT_ACTIONS = {
    "acknowledge": "acknowledge_alert",
    "answer": "answer_alert",
    "return_answer": "return_alert_answer",
    "accept_answer": "accept_alert_answer",
}
NOTED = {"qa_notes", "qa_entries"}
SET = {"overrides", "ratings", "review_people"}
far, often = st.sampled_from([*sorted(QA), "final", "final"]), st.sampled_from([True, True, False])
reasons = st.sampled_from(["A reason.", "A reason.", "  "])
declaring = st.sampled_from(["reviewer", "colleague", "many", "lead", "second"])
in_qa = stateful.precondition(lambda self: self.model.state in QA)
with_notes = stateful.precondition(lambda self: self.model.state in NOTES and self.model.notes)


class Anybody(Writing):
    """One case review; `prepared`, `tally` and `where` are set by the test."""

    where: ClassVar[str]

    @stateful.initialize(
        data=st.data(),
        kind=st.sampled_from(["few", "few_due", "few_due", "few", "whole"]),
        team=st.sampled_from([(), ("colleague",), ("many",)]),
        judged=often,
        alarm=st.booleans(),
    )
    def begin(
        self, data: st.DataObject, kind: str, team: tuple[str, ...], judged: bool, alarm: bool
    ) -> None:
        """A second reviewer came, who may be gone again, and a safety alert may be open."""
        self.play = Play(self.prepared, self.tally, kind)
        self.acts = 0
        self.tally.update(("runs", f"from {self.where}"))
        for who in team:
            self._add("liaison", who)
            if who == "many":
                self._remove("liaison", who)
        if alarm:
            self._raise("reviewer", unit=False, called=True)
        if self.where == "in_progress":
            self._record("reviewer", [Sent(("", "household_changed"), "yes")])
        elif self.where in ("returned", "reopened"):
            self._give_back(data, "final" if self.where == "reopened" else "first_level_qa", judged)
        else:
            self._see_through(data, self.where, judged)

    def _see_through(self, data: st.DataObject, until: str, judged: bool) -> None:
        """Take the case review on, as far as anybody can; `judged`: QA has something to say."""
        while self.model.state != until and self.model.state in NEXT:
            step = NEXT[self.model.state]
            on = self.model.due or until == "second_level_qa"
            if self.model.state == "first_level_qa" and on:
                step = "send_to_second_level"
            if judged:
                self._judge(data)
            self._clear_the_way()
            able = [who for who in EVERYBODY if self.model.may_take(step, who)]
            if not able:
                return
            self._take(step, data.draw(st.sampled_from(able)))

    def _judge(self, data: st.DataObject) -> None:
        """QA finds one item to be rated otherwise than it is, and asks about it."""
        found = [
            (who, item, rating)
            for who in self._checkers()
            for item in NAMED
            for rating in RATINGS
            if self.model.may_override(who, item, rating, "Seen so.")
        ]
        if found:
            who, item, rating = data.draw(st.sampled_from(found))
            self._ask(who, item)
            self._override(who, item, rating)

    def _give_back(self, data: st.DataObject, place: str, judged: bool) -> None:
        """See it through to a place, and back to its reviewers from there."""
        self._see_through(data, place, judged)
        if judged:
            self._judge(data)
        step = "reopen" if self.model.state == "final" else "return_to_reviewers"
        able = [who for who in EVERYBODY if self.model.may_take(step, who)]
        if able:
            self._take(step, data.draw(st.sampled_from(able)))

    @stateful.invariant()
    def it_is_counted(self) -> None:
        self.acts += 1
        self.tally[self.model.state] += 1
        self.tally["steps"] += 1

    @stateful.precondition(lambda self: self.model.state in OPEN and not self._writers())
    @stateful.rule(new=st.sampled_from(["reviewer", "colleague", "many"]))
    def somebody_new_comes(self, new: str) -> None:
        self._add("liaison", new)

    # the workflow

    @stateful.rule(data=st.data(), step=st.sampled_from([*STEPS]), reason=reasons)
    def take(self, data: st.DataObject, step: str, reason: str) -> None:
        able = [who for who in EVERYBODY if self.model.may_take(step, who)]
        if step != "withdraw" or self.acts > LATE:
            self._take(step, self._who(data, able), reason)

    @stateful.rule(data=st.data(), judged=often)
    def go_on(self, data: st.DataObject, judged: bool) -> None:
        """A step that somebody can take now."""
        if judged:
            self._judge(data)
        steps = [each for each in self.model.possible() if each[0] != "withdraw"]
        if not steps:
            self._clear_the_way()
        else:
            self._take(*data.draw(st.sampled_from(steps)))

    @stateful.rule(data=st.data(), until=far, judged=often)
    def see_through(self, data: st.DataObject, until: str, judged: bool) -> None:
        self._see_through(data, until, judged)

    @stateful.rule(data=st.data(), place=far, judged=often)
    def give_back(self, data: st.DataObject, place: str, judged: bool) -> None:
        self._give_back(data, place, judged)

    def _clear_the_way(self) -> None:
        """Whoever can does what keeps the case review from going on."""
        if self.model.state in OPEN and self._writers():
            self._fill_in()
        settling = [who for who in EVERYBODY if self.model.may_settle(who)]
        if self.model.state in QA and settling:
            for note in self.model.open_notes:
                self._settle(settling[0], note, actions.resolve_note)
            for alert in self.model.open_alerts:
                self._take_alert("answer", "regional", alert)
                self._take_alert("accept_answer", "leader", alert)

    @in_open_states
    @stateful.rule(data=st.data(), new=st.sampled_from(EVERYBODY))
    def assign(self, data: st.DataObject, new: str) -> None:
        new = data.draw(st.sampled_from([new, "colleague", "many", "reviewer"]))
        self._add(self._who(data, {"liaison"}), new)

    def _add(self, who: str, new: str) -> None:
        self.play.act(
            who,
            actions.add_reviewer,
            ok=self.model.may_add(who, new),
            touches={"review_people"},
            then=lambda _: self.model.add(new),
            reviewer=self.play.actors[new],
        )

    @in_open_states
    @stateful.rule(data=st.data(), gone=st.sampled_from(["reviewer", "colleague", "many", "lead"]))
    def remove(self, data: st.DataObject, gone: str) -> None:
        self._remove(self._who(data, {"liaison"}), gone)

    def _remove(self, who: str, gone: str) -> None:
        self.play.act(
            who,
            actions.remove_reviewer,
            ok=self.model.may_assign(who) and gone in self.model.reviewers,
            touches={"review_people"},
            then=lambda _: self.model.remove(gone),
            person_id=self.play.people[gone],
        )

    # conflicts of interest

    @stateful.rule(data=st.data(), whom=declaring)
    def declare_a_conflict(self, data: st.DataObject, whom: str) -> None:
        if len(self.model.declared) < MOST_DECLARED:
            who = self._who(data, [whom, "liaison"])
            self.play.act(
                who,
                actions.declare_conflict,
                ok=self.model.may_declare(who, whom),
                touches={"conflicts_of_interest"},
                then=lambda _: self.model.declare(whom),
                person_id=self.play.people[whom],
                said=actions.Declared(ConflictKind.RELATIVE),
            )

    @stateful.precondition(lambda self: self.model.declared)
    @stateful.rule(data=st.data())
    def withdraw_a_conflict(self, data: st.DataObject) -> None:
        whom = data.draw(st.sampled_from(sorted(self.model.declared)))
        who = self._who(data, {"liaison"})
        ok = self.model.may_clear(who, whom)
        self.play.clear(who, whom, ok=ok, then=lambda _: self.model.clear(whom))

    # QA

    def _checkers(self) -> list[str]:
        return [who for who in EVERYBODY if self.model.may_check(who)]

    @in_qa
    @stateful.rule(data=st.data(), item=items)
    def ask(self, data: st.DataObject, item: str) -> None:
        self._ask(self._who(data, self._checkers()), item)

    def _ask(self, who: str, item: str) -> None:
        def then(made: uuid.UUID) -> bool:
            self.model.notes[made] = Note()
            return True

        new = rules.NewNote(item, "a", "Which visit?")
        ok = self.model.may_check(who)
        self.play.act(who, actions.open_note, ok=ok, touches=NOTED, then=then, new=new)

    @with_notes
    @stateful.rule(data=st.data())
    def answer_a_note(self, data: st.DataObject) -> None:
        who, one = self._who(data, self.model.reviewers), self._one_of(data, self.model.notes)

        def then(_: Any) -> bool:
            self.model.notes[one].entries += 1
            return True

        ok, reply = self.model.may_answer(who), actions.NoteReply(one, "The one in May.")
        self.play.act(who, actions.answer_note, ok=ok, touches=NOTED, then=then, reply=reply)

    def _one_of(self, data: st.DataObject, many: dict[Any, Any]) -> Any:
        return data.draw(st.sampled_from(list(many)))

    @with_notes
    @stateful.rule(data=st.data(), behind=st.sampled_from([0, 0, 0, 1]))
    def settle_a_note(self, data: st.DataObject, behind: int) -> None:
        able = [who for who in EVERYBODY if self.model.may_settle(who)]
        one = self._one_of(data, self.model.notes)
        action = data.draw(st.sampled_from([actions.resolve_note, actions.reopen_note]))
        self._settle(self._who(data, able), one, action, behind)

    def _settle(self, who: str, one: uuid.UUID, action: Any, behind: int = 0) -> None:
        note, resolves = self.model.notes[one], action is actions.resolve_note

        def then(_: Any) -> bool:
            note.resolved, note.entries = resolves, note.entries + 1
            return True

        seen = rules.NoteSeen(one, note.entries - behind)
        ok = self.model.may_settle(who) and not behind and note.resolved is not resolves
        self.play.act(who, action, ok=ok, touches=NOTED, then=then, seen=seen)

    @in_qa
    @stateful.rule(data=st.data(), item=items, rating=st.sampled_from(RATINGS), reason=reasons)
    def override(self, data: st.DataObject, item: str, rating: str, reason: str) -> None:
        self._override(self._who(data, self._checkers()), item, rating, reason)

    def _override(self, who: str, item: str, rating: str, reason: str = "Seen so.") -> None:
        self.play.act(
            who,
            actions.override_rating,
            ok=self.model.may_override(who, item, rating, reason),
            touches=SET,
            then=lambda made: self.model.override(who, item, made, rating),
            new=rules.NewOverride(item, rules.Rating(rating), reason),
        )

    @stateful.precondition(lambda self: self.model.state in QA and self.model.overrides)
    @stateful.rule(data=st.data())
    def withdraw_an_override(self, data: st.DataObject) -> None:
        who, item = self._who(data, self._checkers()), self._one_of(data, self.model.overrides)
        self.play.act(
            who,
            actions.withdraw_override,
            ok=self.model.may_check(who),
            touches=SET,
            then=lambda _: self.model.withdraw_override(who, item),
            override_id=self.model.overrides[item][0],
        )

    # safety alerts

    @stateful.rule(data=st.data(), unit=st.booleans(), called=st.booleans(), again=st.booleans())
    def raise_an_alert(self, data: st.DataObject, unit: bool, called: bool, again: bool) -> None:
        if len(self.model.alerts) < MOST_ALERTS:
            who = self._who(data, self.model.reviewers)
            self._raise(who, unit=unit, called=called, again=again)

    def _raise(self, who: str, *, unit: bool, called: bool, again: bool = False) -> None:
        key, hotline = identifiers.uuid7(), self.play.now if called else None
        new = rules.NewAlert(key, hotline, "A well.", "T.", Urgency.NOW, unit)

        def then(_: Any) -> bool:
            there = key in self.model.alerts
            self.model.alerts.setdefault(key, Alert(who, unit, called, self.play.now))
            return not there

        given: dict[str, Any] = {"touches": {"safety_alerts"}, "then": then, "new": new}
        for _ in range(1 + again):  # a button that is pressed twice
            ok = who in self.model.reviewers  # danger waits for nobody
            self.play.act(who, actions.raise_alert, ok=ok, today=TODAY, **given)

    @stateful.precondition(lambda self: self.model.alerts)
    @stateful.rule(data=st.data(), step=st.sampled_from([*ALERT_STEPS]), text=reasons)
    def act_on_an_alert(self, data: st.DataObject, step: str, text: str) -> None:
        likely = ANSWERS if step in ("acknowledge", "answer") else {"leader"}
        one = self._one_of(data, self.model.alerts)
        self._take_alert(step, self._who(data, likely), one, text)

    def _take_alert(self, step: str, who: str, one: uuid.UUID, text: str = "Seen.") -> None:
        self.play.act_on_alert(
            who,
            getattr(actions, ALERT_ACTIONS[step]),
            one,
            ok=self.model.may_take_alert(step, one, who, text),
            then=lambda _: self.model.take_alert(step, one, who),
            **({"text": text} if step in ("answer", "return_answer") else {}),
        )

    @stateful.precondition(lambda self: self.model.alerts)
    @stateful.rule(data=st.data())
    def note_a_call(self, data: st.DataObject) -> None:
        one = self._one_of(data, self.model.alerts)
        alert = self.model.alerts[one]
        who = self._who(data, {alert.raised_by})

        def then(_: Any) -> bool:
            alert.hotline = True
            return True

        ok, called = self.model.may_note_call(one, who), self.play.now
        action = actions.note_hotline_call
        self.play.act_on_alert(who, action, one, ok=ok, then=then, called_at=called)

    @stateful.precondition(lambda self: self.model.open_alerts)
    @stateful.rule(hours=st.sampled_from([1, 3, 25]))
    def time_passes(self, hours: int) -> None:
        self.play.now += hours * 3 * TICK
        self.play.climb()

    def teardown(self) -> None:
        if hasattr(self, "play"):
            try:
                self.play.verify()
            finally:
                self.play.close()


@pytest.fixture
def prepared(
    database: Database,
    cast: Cast,
    settings: configuration.Configuration,
    engine_name: str,
    request: pytest.FixtureRequest,
) -> Prepared:
    server = request.getfixturevalue("postgresql_server") if engine_name == "postgresql" else ""
    return prepare(database, cast, settings, server)


def run(prepared: Prepared, where: str, runs: int, steps: int, **other: Any) -> dict[str, int]:
    """What the runs reached."""
    settings = hypothesis.settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],  # to shrink takes minutes
        **other,
    )
    tally = collections.Counter[str]()
    given = {"prepared": prepared, "tally": tally, "where": where}
    machine = type(f"From_{where}", (Anybody,), given)
    stateful.run_state_machine_as_test(machine, settings=settings)
    return tally


def test_whatever_anybody_does(
    prepared: Prepared, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted, began = request.config.getoption("--workflow-runs"), time.monotonic()
    tally = collections.Counter[str]()
    for number, where in enumerate(WHERE if wanted else SHORT_WHERE):
        runs = wanted // len(WHERE) + (number < wanted % len(WHERE))
        if runs or not wanted:
            tally.update(run(prepared, where, *((runs, LONG) if wanted else SHORT)))
    assert tally["allowed"] > 0 < tally["refused"]
    if wanted:
        terminal = request.config.pluginmanager.getplugin("terminalreporter")
        with capsys.disabled():
            took = time.monotonic() - began
            terminal.write_line(f"\n{took:.0f} s: {dict(sorted(tally.items()))}")
