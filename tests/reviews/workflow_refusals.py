"""What everybody may not do now: tried in every new situation, and each has to be refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cqi.access.actor import Actor
from cqi.reviews import actions, rules
from tests.fixtures.scoring import TODAY
from tests.reviews.workflow_model import OPEN, QA, STEPS, WITH_REASON, Model

Attempt = tuple[str, Any, dict[str, Any]]  # who, what, and what is given with it
# one or two of each who hold something, and one who holds nothing
TRYING = ("reviewer", "lead", "second", "many", "kin", "far", "director", "liaison", "outsider")
WITHOUT_REASON = ("lead", "second", "many", "director")
CHECKING = ("reviewer", "lead", "second", "many", "kin")


def given_with(step: str, reason: str = "A reason.") -> dict[str, Any]:
    """What a step takes beside who takes it."""
    if step == "submit_for_qa":
        return {"today": TODAY}
    return {"reason": reason} if step in WITH_REASON else {}


def situation_for_steps(model: Model) -> tuple[Any, ...]:
    """What decides who may take which step."""
    if model.state in OPEN:
        missing = frozenset(kind for kind, *_ in model.gaps())
        return *_who_may(model, model.reviewers), missing
    if model.state not in QA:
        return _who_may(model, model.scored)
    alerts = tuple(sorted(alert.state for alert in model.alerts.values()))
    return (*_in_qa(model), bool(model.open_notes), alerts)


def situation_for_others(model: Model) -> tuple[Any, ...]:
    """What decides who may do something else."""
    if model.state in OPEN:
        return *_who_may(model, model.reviewers), frozenset(model.first | model.second)
    return (*_in_qa(model), bool(model.notes), bool(model.overrides))


def _in_qa(model: Model) -> tuple[Any, ...]:
    return *_who_may(model, model.scored), frozenset(model.first), model.due


def _who_may(model: Model, people: set[str]) -> tuple[Any, ...]:
    return model.state, frozenset(people), frozenset(model.declared)


def of_steps(model: Model) -> Iterator[Attempt]:
    """All steps that are possible from here, by all who may not; any other step by some."""
    for step, (starts, _) in STEPS.items():
        for who in TRYING if model.state in starts else ("many", "reviewer"):
            if not model.may_take(step, who):
                yield who, getattr(actions, step), given_with(step)
        for who in WITHOUT_REASON if step in WITH_REASON and model.state in starts else ():
            yield who, getattr(actions, step), given_with(step, "  ")


def of_others(model: Model, actors: Mapping[str, Actor]) -> Iterator[Attempt]:
    """Writing, asking, setting ratings and choosing reviewers, by all who may not."""
    write = {"changes": [rules.answer("SRM05", "a", "no"), rules.answer("SRM05", "a", "yes")]}
    new = rules.NewOverride("SRM05", rules.OVERRIDES[2], "A reason.")
    notes = [rules.NoteSeen(key, note.entries) for key, note in model.notes.items()][:1]
    for who in CHECKING:
        if not model.may_score(who):
            yield who, actions.record_answers, write
        if not model.may_check(who):
            yield who, actions.open_note, {"new": rules.NewNote("SRM05", "a", "Which visit?")}
            yield who, actions.override_rating, {"new": new}
            for override, _ in model.overrides.values():
                yield who, actions.withdraw_override, {"override_id": override}
        for seen in notes if not model.may_settle(who) else ():
            yield who, actions.resolve_note, {"seen": seen}
            yield who, actions.reopen_note, {"seen": seen}
        if not model.may_add("liaison", who):
            yield "liaison", actions.add_reviewer, {"reviewer": actors[who]}
