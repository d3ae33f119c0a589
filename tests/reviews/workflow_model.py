"""What a case review should be after anything that people did: the design, written down again.

No rule of the product is used here. Each `may_...` says whether something has to succeed, its
neighbour without `may_` does it, and says whether that changes anything at all.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.reviews import workflow_oracle as oracle
from tests.reviews.workflow_oracle import Gap, Place

# who holds which role; `kin` works the case, `far` is a QA lead of another region
SCORES = {"reviewer", "colleague", "many", "kin"}
CHECKS = {"lead", "second", "third", "many", "kin"}
DIRECTS = {"director", "many"}
ASSIGNS = {"liaison", "director", "many", "leader"}
ANSWERS = {"supervisor", "regional"}
OTHERS = {"far", "outsider"}
EVERYBODY = sorted(SCORES | CHECKS | DIRECTS | ASSIGNS | ANSWERS | OTHERS)

OPEN = {"assigned", "in_progress", "returned", "reopened"}
QA = {"first_level_qa", "second_level_qa"}
NOTES = QA | {"submitted", "returned", "reopened"}
ENDED = {"final", "withdrawn"}
STATES = sorted(OPEN | NOTES | ENDED)
STEPS = {  # step -> from where, to where
    "submit_for_qa": (OPEN - {"assigned"}, "submitted"),
    "begin_qa": ({"submitted"}, "first_level_qa"),
    "send_to_second_level": ({"first_level_qa"}, "second_level_qa"),
    "approve": (QA, "final"),
    "return_to_reviewers": (QA, "returned"),
    "withdraw": (set(STATES) - ENDED, "withdrawn"),
    "reopen": ({"final"}, "reopened"),
}
WITH_REASON = {"return_to_reviewers", "withdraw", "reopen"}
ALERT_STEPS = {
    "acknowledge": ({"raised"}, "acknowledged"),
    "answer": ({"raised", "acknowledged"}, "answered"),
    "return_answer": ({"answered"}, "acknowledged"),
    "accept_answer": ({"answered"}, "closed"),
}
CLOCKS = {  # step -> hours, and the states that it looks at
    "climb_unacknowledged": (2, {"raised"}),
    "climb_unanswered": (24, {"raised", "acknowledged"}),
}


@dataclass
class Heard:
    """One person to hear. `asked`: the case asks for them unless a fact says there is nobody."""

    asked: bool
    fields: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    recorded: bool = False
    removed: bool = False

    @property
    def lacks(self) -> str:
        outcome = self.fields.get("outcome")
        wanted = {"held": ("held_on", "how"), "not_held": ("reason",)}.get(outcome or "")
        if wanted is None:
            return "outcome"
        return next((name for name in wanted if not self.fields.get(name)), "")


@dataclass
class Note:
    resolved: bool = False
    entries: int = 1


@dataclass
class Alert:
    raised_by: str
    about_unit: bool
    hotline: bool
    at: dt.datetime
    state: str = "raised"
    answered_by: str = ""
    climbed: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Sent:
    """One value as somebody sent it; `stale`: based on what no longer stands."""

    place: Place
    value: str
    reason: str | None = None
    stale: bool = False


@dataclass
class Model:
    items: Sequence[str]
    whole: bool
    due: bool  # at the second level
    provider: uuid.UUID
    state: str = "assigned"
    reviewers: set[str] = field(default_factory=lambda: {"reviewer"})
    scored: set[str] = field(default_factory=lambda: {"reviewer"})
    first: set[str] = field(default_factory=set)
    second: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    content: oracle.Content = field(default_factory=oracle.Content)
    revisions: dict[Place, int] = field(default_factory=dict)
    sources: dict[uuid.UUID, str] = field(default_factory=dict)
    heard: dict[uuid.UUID, Heard] = field(default_factory=dict)
    notes: dict[uuid.UUID, Note] = field(default_factory=dict)
    overrides: dict[str, tuple[uuid.UUID, str]] = field(default_factory=dict)
    alerts: dict[uuid.UUID, Alert] = field(default_factory=dict)

    # what follows

    @property
    def people(self) -> dict[uuid.UUID, Heard]:
        """Who is on the list: nobody is a provider where a fact says that there is no service."""
        nobody = {self.provider} if self.content.facts.get("services_in_place") == "no" else set()
        return {
            one: each
            for one, each in self.heard.items()
            if (each.asked and one not in nobody) or (each.recorded and not each.removed)
        }

    def gaps(self) -> set[Gap]:
        self.content.sources = dict.fromkeys(self.items, 0)
        for item in self.sources.values():
            self.content.sources[item] += 1
        found = oracle.gaps(self.items, self.content)
        lacking = ((str(one), each.lacks) for one, each in self.people.items() if each.lacks)
        return found | {("interview", *each) for each in lacking}

    def ratings(self, *, counted: bool) -> dict[str, str | None]:
        given = {item: rating for item, (_, rating) in self.overrides.items()} if counted else {}
        return oracle.ratings(self.items, self.content, given, whole=self.whole)

    @property
    def open_notes(self) -> list[uuid.UUID]:
        return [one for one, note in self.notes.items() if not note.resolved]

    @property
    def open_alerts(self) -> list[uuid.UUID]:
        return [one for one, alert in self.alerts.items() if alert.state != "closed"]

    # who may

    @property
    def in_conflict(self) -> set[str]:
        """Who works the case, or has a conflict of interest on file."""
        return {"kin"} | self.declared

    def reviews_it(self, who: str) -> bool:
        return who in self.reviewers - self.in_conflict

    def may_score(self, who: str) -> bool:
        return self.reviews_it(who) and self.state in OPEN

    def checks(self, who: str) -> bool:
        """QA is for QA leads who neither scored nor are in conflict; the second level for others
        than the first."""
        again = self.state == "second_level_qa" and who in self.first
        return who in CHECKS - self.in_conflict - self.scored and not again

    def _did_qa(self, who: str) -> None:
        (self.second if self.state == "second_level_qa" else self.first).add(who)

    # the content

    def _begun(self) -> bool:
        if self.state == "assigned":
            self.state = "in_progress"
        return True

    def expected(self, sent: Sent) -> int:
        return self.revisions.get(sent.place, 0) + (1 if sent.stale else 0)

    def record(self, all_sent: Sequence[Sent]) -> tuple[bool, int]:
        """(whether anything changes, how many conflicts come back)."""
        changes, conflicts = False, 0
        for sent in {each.place: each for each in all_sent}.values():
            if self._stands(sent):
                continue
            if sent.stale:
                conflicts += 1
                continue
            changes = self._begun()
            self.revisions[sent.place] = self.revisions.get(sent.place, 0) + 1
            self.content.values[sent.place] = sent.value
            given = sent.reason if sent.value == "na" else None
            if given not in (None, self.content.reasons.get(sent.place, "")):
                self.content.reasons[sent.place] = given or ""
        return changes, conflicts

    def _stands(self, sent: Sent) -> bool:
        reason = self.content.reasons.get(sent.place, "")
        given = sent.reason if sent.value == "na" else None
        return self.content.values.get(sent.place, "") == sent.value and given in (None, reason)

    def add_source(self, made: uuid.UUID, item: str, pointed: uuid.UUID | None) -> bool:
        self.sources[made] = item
        if pointed is not None:
            self.heard[pointed].recorded, self.heard[pointed].removed = True, False
        return self._begun()

    def remove_source(self, gone: uuid.UUID) -> bool:
        del self.sources[gone]
        return True

    def hear(self, one: uuid.UUID, sent: dict[str, str], *, stale: bool) -> tuple[bool, int]:
        """(whether anything changes, how many conflicts come back)."""
        person, changes, conflicts = self.people[one], False, 0
        for name, value in sent.items():
            if person.fields.get(name, "") == value:
                continue
            if stale:
                conflicts += 1
                continue
            changes = self._begun()
            person.fields[name] = value
            person.revisions[name] = person.revisions.get(name, 0) + 1
            person.recorded, person.removed = True, False
        return changes, conflicts

    def add_person(self, made: uuid.UUID, label: str) -> bool:
        self.heard[made] = Heard(asked=False, fields={"label": label}, recorded=True)
        return self._begun()

    def may_remove_person(self, who: str, one: uuid.UUID) -> bool:
        by_hand = one != self.provider and not self.heard[one].asked
        quiet = one == self.provider and self.content.facts.get("services_in_place") == "no"
        return self.may_score(who) and one in self.people and (by_hand or quiet)

    def remove_person(self, one: uuid.UUID) -> bool:
        self.heard[one].removed = True
        return self._begun()

    # the team

    def may_assign(self, who: str) -> bool:
        return who in ASSIGNS and self.state in OPEN

    def may_add(self, who: str, new: str) -> bool:
        fits = new in SCORES - self.in_conflict - self.reviewers - self.first - self.second
        return self.may_assign(who) and fits

    def add(self, new: str) -> bool:
        self.reviewers.add(new)
        self.scored.add(new)
        return True

    def remove(self, gone: str) -> bool:
        self.reviewers.remove(gone)
        return True

    def may_declare(self, who: str, whom: str) -> bool:
        return (who == whom or who in ASSIGNS) and whom not in self.declared

    def declare(self, whom: str) -> bool:
        self.declared.add(whom)
        return True

    def may_clear(self, who: str, whom: str) -> bool:
        return who != whom and who in ASSIGNS - self.in_conflict and whom in self.declared

    def clear(self, whom: str) -> bool:
        self.declared.remove(whom)
        return True

    # the steps

    def may_take(self, step: str, who: str, reason: str = "Why.") -> bool:
        if self.state not in STEPS[step][0] or not self._is_theirs(step, who):
            return False
        if step in WITH_REASON and not reason.strip():
            return False
        return not self.held_up(step)

    def _is_theirs(self, step: str, who: str) -> bool:
        if step == "submit_for_qa":
            return self.reviews_it(who)
        if step == "withdraw":
            return who in ASSIGNS
        if step == "reopen":
            return who in DIRECTS - self.scored
        return self.checks(who)

    def held_up(self, step: str) -> bool:
        if step == "submit_for_qa":
            return bool(self.gaps())
        if step == "approve" and (self.open_alerts or self._second_level_due):
            return True
        return step in ("approve", "send_to_second_level") and bool(self.open_notes)

    @property
    def _second_level_due(self) -> bool:
        return self.due and self.state == "first_level_qa"

    def take(self, step: str, who: str) -> bool:
        if step in ("begin_qa", "send_to_second_level", "approve", "return_to_reviewers"):
            self._did_qa(who)
        self.state = STEPS[step][1]
        if self.state in OPEN:
            self.overrides.clear()
        return True

    def possible(self) -> Iterator[tuple[str, str]]:
        """The steps that somebody can take now."""
        for step in STEPS:
            for who in EVERYBODY:
                if self.may_take(step, who):
                    yield step, who

    # notes and overrides

    def may_check(self, who: str) -> bool:
        return self.checks(who) and self.state in QA

    def may_settle(self, who: str) -> bool:
        return self.checks(who) and self.state in NOTES

    def may_answer(self, who: str) -> bool:
        theirs = self.reviews_it(who) if who in self.reviewers else self.checks(who)
        return theirs and self.state in NOTES

    def may_override(self, who: str, item: str, rating: str, reason: str) -> bool:
        computed = oracle.rating(item, self.content)
        return self.may_check(who) and bool(reason.strip()) and computed not in (None, rating)

    def override(self, who: str, item: str, made: uuid.UUID, rating: str) -> bool:
        self.overrides[item] = made, rating
        self._did_qa(who)
        return True

    def withdraw_override(self, who: str, item: str) -> bool:
        del self.overrides[item]
        self._did_qa(who)
        return True

    # alerts

    def may_take_alert(self, step: str, one: uuid.UUID, who: str, text: str) -> bool:
        alert = self.alerts[one]
        if alert.state not in ALERT_STEPS[step][0]:
            return False
        if step in ("answer", "return_answer") and not text.strip():
            return False
        if step in ("acknowledge", "answer"):
            return who in ANSWERS - ({"supervisor"} if alert.about_unit else set())
        return who == "leader" and who != alert.answered_by

    def take_alert(self, step: str, one: uuid.UUID, who: str) -> bool:
        alert = self.alerts[one]
        alert.state = ALERT_STEPS[step][1]
        alert.answered_by = who if step == "answer" else alert.answered_by
        return True

    def may_note_call(self, one: uuid.UUID, who: str) -> bool:
        alert = self.alerts[one]
        return alert.state != "closed" and alert.raised_by == who and not alert.hotline

    def climb(self, now: dt.datetime) -> int:
        """How many clocks of alerts have run out since somebody looked."""
        number = 0
        for alert in self.alerts.values():
            for step, (hours, states) in CLOCKS.items():
                late = now >= alert.at + dt.timedelta(hours=hours)
                if late and alert.state in states and step not in alert.climbed:
                    alert.climbed.add(step)
                    number += 1
        return number
