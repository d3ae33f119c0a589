"""What reviewers do to a case review in the state machine, and those who may not."""

from __future__ import annotations

import collections
import uuid
from collections.abc import Iterable
from typing import ClassVar

from hypothesis import stateful
from hypothesis import strategies as st

from cqi.reviews import actions, rules
from cqi.reviews.rules import EvidenceSource
from cqi.reviews.rules.interviews import InterviewChange, InterviewRole
from tests.fixtures.scoring import TEXT, TODAY
from tests.reviews import workflow_oracle as oracle
from tests.reviews.workflow_model import EVERYBODY, OPEN, Model, Sent
from tests.reviews.workflow_play import Play
from tests.reviews.workflow_refusals import given_with
from tests.reviews.workflow_stage import NAMED, Prepared

WRITTEN = {"fact_answers", "answers", "narratives", "text_versions", "ratings"}
STEPPED = {"case_reviews", "review_steps", "review_people"}
RELEASED = {"overrides", "ratings"}
TOUCHED = {  # by a step, beside where the case review stands
    "submit_for_qa": {"ratings"},
    "return_to_reviewers": RELEASED,
    "reopen": RELEASED,
}
HELD = {"outcome": "held", "held_on": "2027-03-08", "how": "in_person"}
FACTS = ("report_in_pur", "opened_in_pur", "household_changed", "case_plan_due")
FACTS += ("services_in_place",)
FIELDS = (
    ("outcome", "held"),
    ("outcome", "not_held"),
    ("outcome", ""),
    ("held_on", "2027-03-09"),
    ("held_on", ""),
    ("how", "telephone"),
    ("reason", "declined"),
    ("notes", "Said little."),
    ("notes", ""),
    ("label", "Aunt M."),
)


def _answers() -> Iterable[tuple[tuple[str, str], str, str | None]]:
    """(item, question, value, reason) of what may be answered to the named items."""
    for item in NAMED:
        for question in oracle.definitions()[item]["questions"]:
            for value in ("yes", "no", "yes", ""):
                yield (item, question["id"]), value, None
            if question["answer"] == "yes_no_na":
                for reason in (None, "", "Too late."):
                    yield (item, question["id"]), "na", reason


facts = st.tuples(
    st.tuples(st.just(""), st.sampled_from(FACTS)), st.sampled_from(["yes", "no", ""]), st.none()
)
texts = st.tuples(
    st.tuples(st.sampled_from(NAMED), st.just("")), st.sampled_from(["", TEXT, "Else."]), st.none()
)
values = st.one_of(facts, st.sampled_from(list(_answers())), texts)
stale = st.sampled_from([False, False, True])
sent = st.tuples(values, stale).map(lambda one: Sent(*one[0], one[1]))
items = st.sampled_from(NAMED)
in_open_states = stateful.precondition(lambda self: self.model.state in OPEN)
while_written = stateful.precondition(lambda self: self._writers())


class Writing(stateful.RuleBasedStateMachine):
    """The rules of what reviewers write; `Anybody` adds those of the workflow."""

    prepared: ClassVar[Prepared]
    tally: ClassVar[collections.Counter[str]]
    play: Play

    @property
    def model(self) -> Model:
        return self.play.model

    def _who(self, data: st.DataObject, likely: Iterable[str]) -> str:
        """Mostly one of those who may; anybody now and then."""
        who: str = data.draw(st.sampled_from([*sorted(likely) * 30, *EVERYBODY]))
        return who

    def _writers(self) -> list[str]:
        return sorted(who for who in self.model.reviewers if self.model.may_score(who))

    @in_open_states
    @stateful.rule(data=st.data(), changes=st.lists(sent, min_size=1, max_size=3))
    def record(self, data: st.DataObject, changes: list[Sent]) -> None:
        self._record(self._who(data, self.model.reviewers), changes)

    def _record(self, who: str, changes: list[Sent]) -> None:
        def then(saved: actions.Saved) -> bool:
            changed, conflicts = self.model.record(changes)
            assert len(saved.conflicts) == conflicts, f"{conflicts} conflicts were to be told"
            return changed

        ok = self.model.may_score(who)
        given = [self._change(each) for each in changes]
        touches = WRITTEN
        self.play.act(who, actions.record_answers, ok=ok, touches=touches, then=then, changes=given)

    def _change(self, one: Sent) -> rules.Change:
        item, name = one.place
        expected = self.model.expected(one)
        if not item:
            return rules.fact(name, one.value, expected)
        if not name:
            return rules.narrative(item, one.value, expected)
        return rules.answer(item, name, one.value, expected, one.reason)

    @in_open_states
    @stateful.rule(data=st.data(), item=items, point=st.booleans())
    def name_a_source(self, data: st.DataObject, item: str, point: bool) -> None:
        who = self._who(data, self.model.reviewers)
        pointed = data.draw(st.sampled_from(list(self.model.people))) if point else None
        self._add_sources(who, [item], pointed)

    def _add_sources(self, who: str, named: list[str], pointed: uuid.UUID | None = None) -> None:
        def then(made: list[uuid.UUID]) -> bool:
            for item, key in zip(named, made, strict=True):
                self.model.add_source(key, item, pointed)
            return True

        source = EvidenceSource.OTHER_INTERVIEW if pointed else EvidenceSource.VISIT_LOG
        new = [rules.NewEvidence(item, source, "May", interview=pointed) for item in named]
        ok, touches = self.model.may_score(who), {"evidence", "interviews"}
        self.play.act(who, actions.add_evidence, ok=ok, touches=touches, then=then, sources=new)

    @in_open_states
    @stateful.precondition(lambda self: self.model.sources)
    @stateful.rule(data=st.data())
    def take_a_source_away(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(list(self.model.sources)))
        self._remove_source(self._who(data, self.model.reviewers), gone)

    def _remove_source(self, who: str, gone: uuid.UUID) -> None:
        self.play.act(
            who,
            actions.remove_evidence,
            ok=self.model.may_score(who),
            touches={"evidence"},
            then=lambda _: self.model.remove_source(gone),
            evidence_id=gone,
        )

    @in_open_states
    @stateful.rule(
        data=st.data(),
        stale=stale,
        fields=st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3),
    )
    def tell_of_an_interview(
        self, data: st.DataObject, stale: bool, fields: list[tuple[str, str]]
    ) -> None:
        one = data.draw(st.sampled_from(list(self.model.people)))
        self._hear(self._who(data, self.model.reviewers), one, dict(fields), stale=stale)

    def _hear(
        self, who: str, one: uuid.UUID, fields: dict[str, str], *, stale: bool = False
    ) -> None:
        def then(recorded: actions.Recorded) -> bool:
            changed, conflicts = self.model.hear(one, fields, stale=stale)
            assert len(recorded.conflicts) == conflicts, f"{conflicts} were to be told"
            return changed

        seen = self.model.people[one].revisions
        changes = [
            InterviewChange(one, name, value, seen.get(name, 0) + stale)
            for name, value in fields.items()
        ]
        ok, touches = self.model.may_score(who), {"interviews", "text_versions"}
        action = actions.record_interviews
        sent = {"changes": changes, "today": TODAY}
        self.play.act(who, action, ok=ok, touches=touches, then=then, **sent)

    @in_open_states
    @stateful.rule(data=st.data())
    def add_somebody_to_hear(self, data: st.DataObject) -> None:
        who = self._who(data, self.model.reviewers)
        given = {"role": InterviewRole.RELATIVE, "label": "Aunt"}
        self.play.act(
            who,
            actions.add_interview,
            ok=self.model.may_score(who),
            touches={"interviews", "text_versions"},
            then=lambda made: self.model.add_person(made, "Aunt"),
            **given,
        )

    @in_open_states
    @stateful.rule(data=st.data())
    def take_somebody_off_the_list(self, data: st.DataObject) -> None:
        mine = [one for one, person in self.model.people.items() if person.recorded]
        one = data.draw(st.sampled_from(mine or list(self.model.people)))
        who = self._who(data, self.model.reviewers)
        self.play.act(
            who,
            actions.remove_interview,
            ok=self.model.may_remove_person(who, one),
            touches={"interviews"},
            then=lambda _: self.model.remove_person(one),
            interview_id=one,
        )

    @while_written
    @stateful.rule(value=st.sampled_from(["yes", "no", "na"]), fact=st.sampled_from(["yes", "no"]))
    def fill_in(self, value: str, fact: str) -> None:
        """One of the reviewers does everything that is missing."""
        self._fill_in(value, fact)

    def _fill_in(self, value: str = "yes", fact: str = "no") -> None:
        who = self._writers()[0]
        while gaps := self.model.gaps():
            written = [self._filled(gap, value, fact) for gap in sorted(gaps)]
            changes = [each for each in written if each is not None]
            if any(not each.place[0] for each in changes):  # facts first: the rest hangs on them
                changes = [each for each in changes if not each.place[0]]
            named = [item for kind, *item in gaps if kind == "evidence"]
            if changes:
                self._record(who, changes)
            elif named:
                self._add_sources(who, [item for [item] in named for _ in range(2)])
            else:
                self._hear_all(who, gaps)

    def _filled(self, gap: oracle.Gap, value: str, fact: str) -> Sent | None:
        kind, *place = gap
        if kind == "fact":
            return Sent(("", place[0]), "foster_care" if place[0] == "case_type" else fact)
        if kind == "answer":
            may_be_na = dict(oracle.asked(place[0], self.model.content.facts))[place[1]]
            given = "yes" if value == "na" and not may_be_na else value
            return Sent((place[0], place[1]), given)
        if kind == "na_reason":
            return Sent((place[0], place[1]), "na", "Not due yet.")
        return Sent((place[0], ""), TEXT) if kind == "narrative" else None

    def _hear_all(self, who: str, gaps: set[oracle.Gap]) -> None:
        seen = self.model.people
        everybody = [uuid.UUID(gap[1]) for gap in sorted(gaps)]
        changes = [
            InterviewChange(one, name, value, seen[one].revisions.get(name, 0))
            for one in everybody
            for name, value in HELD.items()
        ]

        def then(_recorded: actions.Recorded) -> bool:
            heard = [self.model.hear(one, HELD, stale=False) for one in everybody]
            return any(changed for changed, _ in heard)

        touches = {"interviews"}
        action = actions.record_interviews
        sent = {"changes": changes, "today": TODAY}
        self.play.act(who, action, ok=True, touches=touches, then=then, **sent)

    @while_written
    @stateful.rule(data=st.data())
    def leave_one_thing_out(self, data: st.DataObject) -> None:
        """Everything is there but one thing: submission is refused for it alone."""
        self._fill_in()
        out = data.draw(st.sampled_from(["value", "reason", "source", "interview"]))
        self._leave_out(data, self._writers()[0], out)
        self._take("submit_for_qa", self._writers()[0])

    def _leave_out(self, data: st.DataObject, who: str, what: str) -> None:
        content = self.model.content
        standing = [place for place in content.values if place[0] in NAMED or place[1] in FACTS]
        people = [one for one, person in self.model.people.items() if person.recorded]
        asked = [
            (item, name)
            for item in NAMED
            for name, may_be_na in oracle.asked(item, content.facts)
            if may_be_na
        ]
        if what == "value":
            self._record(who, [Sent(data.draw(st.sampled_from(standing)), "")])
        elif what == "reason":
            self._record(who, [Sent(data.draw(st.sampled_from(asked)), "na", "")])
        elif what == "source":
            self._remove_source(who, data.draw(st.sampled_from(list(self.model.sources))))
        else:
            self._hear(who, data.draw(st.sampled_from(people)), {"outcome": ""})

    def _take(self, step: str, who: str, reason: str = "A reason.") -> None:
        self.play.act(
            who,
            getattr(actions, step),
            ok=self.model.may_take(step, who, reason),
            touches=STEPPED | TOUCHED.get(step, set()),
            then=lambda _: self.model.take(step, who),
            **given_with(step, reason),
        )
