"""Steps, strategies and goals as pages and commands show them: frozen rows."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from cqi.plans import rules, workflow
from cqi.plans.queries import targets
from cqi.plans.rules import StepState
from cqi.plans.rules import amendments as amendments_rules
from cqi.plans.workflow import ACKNOWLEDGED, StepMove


@dataclass(frozen=True)
class Entry:
    """What happened to a step: `kind` is the word of `workflow.DONE`, `when` is in words.

    `recover` is the promised day of recovery in words, empty without one."""

    kind: str
    words: str
    by: str
    when: str
    id: int = 0
    link: str = ""
    helped: bool | None = None
    recover: str = ""


@dataclass(frozen=True)
class StepRow:
    """A step with its plan, its owner's name, and how it stands on the day asked for.

    `moves` are what the person who looks may do to it now; `done_on` is when its owner claimed it,
    where that stands, `partner` an organisation that does it. `more_time` is the request for more
    time that waits, and `decides` says that the person decides on it.
    """

    public_id: uuid.UUID
    number: str
    title: str
    strategy: str
    plan_id: uuid.UUID
    plan: str
    owner_id: int
    owner: str
    starts_on: dt.date
    due_on: dt.date
    due: str
    evidence_asked: str
    state: StepState
    timing: rules.Timing
    entries: tuple[Entry, ...]
    moves: tuple[StepMove, ...]
    recover_on: dt.date | None = None
    done_on: dt.date | None = None
    extensions: int = 0
    partner: str = ""
    more_time: uuid.UUID | None = None
    decides: bool = False

    @property
    def extended(self) -> str:
        """ "extended twice"; empty where nobody granted it more time."""
        return amendments_rules.extended_words(self.extensions)

    @property
    def state_words(self) -> str:
        """ "On schedule", "Completion claimed" and so on, as it was reported."""
        return rules.STEP_STATE_WORDS[self.state]

    @property
    def claim(self) -> Entry | None:
        """The last claim of completion."""
        claims = [entry for entry in self.entries if entry.kind == workflow.CLAIMED]
        return claims[-1] if claims else None

    def recent(self, today: dt.date) -> bool:
        """Whether the timeline makes room for it."""
        return rules.pictured(self.state, self.due_on, today)

    @property
    def last(self) -> Entry | None:
        """What happened last, but for those who only said that they know."""
        found = [each for each in self.entries if each.kind != ACKNOWLEDGED]
        return found[-1] if found else None


@dataclass(frozen=True)
class StrategyRow:
    """A way to a goal, with its steps."""

    number: str
    position: int
    title: str
    steps: tuple[StepRow, ...]


@dataclass(frozen=True)
class GoalRow:
    """What shall change: `measure` is an item's or component's code; `was` are its targets from
    before changes that were granted, in order."""

    public_id: uuid.UUID
    position: int
    title: str
    measure: str
    item: str | None
    baseline: rules.Count
    target: rules.Target
    strategies: tuple[StrategyRow, ...]
    was: tuple[targets.Was, ...] = ()


@dataclass(frozen=True)
class Counts:
    """The steps of a plan by their standing, but for dropped ones; due soon counts as on schedule.
    `behind` was reported and is not late yet; `undone` are left over from a plan that ended."""

    steps: int
    verified: int
    claimed: int
    late: int
    behind: int
    on_schedule: int
    late_owners: int
    undone: int = 0
