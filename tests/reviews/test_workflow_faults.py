"""The model of the workflow can fail: each of these faults in the product is found by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import exc

from cqi.instruments import completeness
from cqi.reviews import policy
from cqi.reviews.actions import moving, overrides, steps
from cqi.reviews.rules import NOTE_STATES, ReviewState
from cqi.reviews.workflow import Guard
from tests.reviews import test_workflow_model
from tests.reviews.workflow_stage import Prepared

prepared = test_workflow_model.prepared
Patch = pytest.MonkeyPatch
RUNS, STEPS = 2, 10


def _notes_when_final(patch: Patch) -> None:
    patch.setattr(policy, "NOTE_STATES", NOTE_STATES | {ReviewState.FINAL})


def _silent(kind: str) -> Callable[[Patch], None]:
    record = moving.record

    def without(session: Any, doing: Any, what: str, *more: Any) -> Any:
        return None if what == kind else record(session, doing, what, *more)

    return lambda patch: patch.setattr(moving, "record", without)


def _na_is_missing(patch: Patch) -> None:
    def to_explain(item: Any, _rated: Any) -> frozenset[Any]:
        return frozenset(row.rating for row in item.ratings)

    patch.setattr(completeness, "_to_explain", to_explain)


def _interviews_not_asked_for(patch: Patch) -> None:
    def gaps(_step: Any, assessed: Any) -> list[completeness.Missing]:
        return [gap for gap in assessed.missing if gap.kind is not completeness.Kind.INTERVIEW]

    patch.setattr(steps, "_gaps", gaps)


def _without(guard: Guard, name: str) -> Callable[[Patch], None]:
    def nothing(_standing: Any, _actor: Any) -> list[Any]:
        return []

    def apply(patch: Patch) -> None:
        patch.setattr(policy, name, nothing)
        patch.setitem(policy._GUARDS, guard, nothing)

    return apply


def _overrides_stay(patch: Patch) -> None:
    patch.setattr(overrides, "withdraw_all", lambda *_: [])


EVENT = "every change is one event"
# from where it is looked for, the fault, and what the model says of it
FAULTS: dict[str, tuple[str, Callable[[Patch], None], str]] = {
    "a QA note changes a final case review": ("final", _notes_when_final, "is frozen"),
    "a note is resolved without an event": ("final", _silent("review.note_resolved"), EVENT),
    "QA begins without an event": ("first_level_qa", _silent("review.begin_qa"), EVENT),
    "an item that does not apply counts as missing": (
        "submitted",
        _na_is_missing,
        "what is missing",
    ),
    "nobody needs to be heard": (
        "submitted",
        _interviews_not_asked_for,
        "could submit_for_qa",
    ),
    "the first QA lead does the second level": (
        "second_level_qa",
        _without(Guard.ANOTHER_QA_LEAD, "_another_qa_lead"),
        "second_level_qa: lead could",
    ),
    "who scored it does its QA": (
        "first_level_qa",
        _without(Guard.NOT_OWN_WORK, "_not_own_work"),
        "many could begin_qa",
    ),
    "a conflict of interest bars nobody": (
        "first_level_qa",
        _without(Guard.NO_CONFLICT, "_no_conflict"),
        "kin could begin_qa",
    ),
    "overrides stay in force after a return": ("returned", _overrides_stay, "overrides: found"),
}


@pytest.mark.parametrize("engine_name", ["embedded"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_workflow_is_found(
    prepared: Prepared, fault: str, monkeypatch: Patch
) -> None:
    where, apply, says = FAULTS[fault]
    apply(monkeypatch)
    with pytest.raises((AssertionError, exc.DBAPIError), match=says):
        test_workflow_model.run(prepared, where, RUNS, STEPS, derandomize=True)
