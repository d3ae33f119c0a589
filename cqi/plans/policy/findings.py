"""What may be said of findings: each accepted, merged, or declined with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cqi.core.errors import Blocker
from cqi.plans.rules.findings import DECISION_WORDS, FindingDecision


@dataclass(frozen=True)
class Decision:
    """What is to become of the finding with a number. `into` is the number of the one that it
    merges into; `revision` is what whoever decides has read."""

    position: int
    decision: FindingDecision
    reason: str = ""
    into: int | None = None
    revision: int = 0


@dataclass(frozen=True)
class Standing:
    """A finding as it stands, with the numbers of the goals that answer it."""

    position: int
    decision: FindingDecision
    reason: str = ""
    into: int | None = None
    goals: tuple[int, ...] = ()
    revision: int = 1

    def differs(self, said: Decision) -> bool:
        """Whether a decision changes anything."""
        same = (self.decision, self.reason, self.into) == (
            said.decision,
            said.reason.strip(),
            said.into,
        )
        return not same


_GONE = (FindingDecision.MERGED, FindingDecision.DECLINED)


def decision_blockers(standing: Mapping[int, Standing], said: Sequence[Decision]) -> list[Blocker]:
    """Why these decisions cannot stand, each beside its row: "f3-reason" is that of finding 3."""
    after = {number: one.decision for number, one in standing.items()}
    after |= {one.position: one.decision for one in said}
    found = [blocker for one in said for blocker in _of(standing[one.position], one, after)]
    return found + _left_alone(standing, said, after)


def _of(one: Standing, said: Decision, after: Mapping[int, FindingDecision]) -> list[Blocker]:
    number, found = one.position, []
    if said.revision != one.revision:
        words = DECISION_WORDS[one.decision].lower()
        message = f"Finding {number} was changed meanwhile, and is now: {words}. Choose again."
        found.append(Blocker("changed_meanwhile", message, f"f{number}-decision"))
    if said.decision in _GONE and not said.reason.strip():
        words = DECISION_WORDS[said.decision].lower()
        message = f"Say why finding {number} is {words}: it stays in sight with your reason."
        found.append(Blocker("no_reason", message, f"f{number}-reason"))
    if said.decision in _GONE and one.goals:
        goals = ", ".join(str(each) for each in one.goals)
        message = f"Goal {goals} answers finding {number}: let the goal answer another one first."
        found.append(Blocker("goal_answers_it", message, f"f{number}-decision"))
    if said.decision is FindingDecision.MERGED and (
        said.into == number or after.get(said.into or 0, FindingDecision.MERGED) in _GONE
    ):
        message = (
            f"Give the number of another finding that finding {number} becomes part of,"
            " one that is neither merged nor declined."
        )
        found.append(Blocker("merged_into_nothing", message, f"f{number}-into"))
    return found


def _left_alone(
    standing: Mapping[int, Standing],
    said: Sequence[Decision],
    after: Mapping[int, FindingDecision],
) -> list[Blocker]:
    """Findings that were merged before into one that now goes."""
    changed = {one.position for one in said}
    return [
        Blocker(
            "others_merged_into_it",
            f"Finding {one.position} was merged into finding {one.into}: decide on that one anew"
            " too.",
            f"f{one.into}-decision",
        )
        for one in standing.values()
        if one.position not in changed
        and one.decision is FindingDecision.MERGED
        and one.into in changed
        and after[one.into] in _GONE
    ]
