"""Conflicts of interest: what stands in the way of declaring one and of withdrawing it."""

from __future__ import annotations

from dataclasses import dataclass

from cqi.cases.rules import LONGEST, ConflictKind
from cqi.core.errors import Blocker


@dataclass(frozen=True)
class NewConflict:
    """Somebody cannot judge this case, or with `family_id` no case of the family, freely."""

    person_id: int
    kind: ConflictKind
    case_number: str
    family_id: str | None = None
    note: str = ""


def declaring_blockers(new: NewConflict, *, declared: bool) -> list[Blocker]:
    """Why a conflict cannot be declared so; `declared`: the same one stands already."""
    found = []
    if not new.case_number.strip():
        found.append(Blocker("no_case", "Write the number of the case.", "case_number"))
    if len(new.case_number.strip()) > LONGEST["case_number"]:
        found.append(Blocker("no_case", "No case number is that long.", "case_number"))
    if new.kind is ConflictKind.OTHER and not new.note.strip():
        found.append(Blocker("no_note", "Say in a few words what it is.", "note"))
    if declared:
        message = "This conflict of interest is declared already: there is nothing more to do."
        found.append(Blocker("declared", message))
    return found


def withdrawing_blockers(
    person_id: int, actor_id: int, reason: str, *, withdrawn: bool
) -> list[Blocker]:
    """Why a conflict cannot be withdrawn: never by the person whom it is about."""
    found = []
    if person_id == actor_id:
        message = "Somebody else withdraws your conflict of interest: ask the site leader."
        found.append(Blocker("own_conflict", message))
    if withdrawn:
        found.append(Blocker("withdrawn", "This conflict of interest is withdrawn already."))
    if not reason.strip():
        found.append(Blocker("no_reason", "Say why it is none any more.", "reason"))
    return found
