"""Who writes coaching notes, with whom, and who writes on them, answered as reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.feedback import policy
from cqi.feedback.policy import CaseFacts
from cqi.feedback.rules.coaching import LONGEST, EntryKind, Wish


@dataclass(frozen=True)
class NoteStanding:
    """Whose a coaching note is (ids of people), and how far it is."""

    supervisor: int
    worker: int
    shared: bool = True
    closed: bool = False


def may_coach(actor: Actor, case: CaseFacts) -> bool:
    """Whoever supervises the unit or, by staff number, the case; `case.staff` are supervisors."""
    return policy.may(actor, Permission.FEEDBACK_COACH, case)


def authorise_coaching(actor: Actor, case: CaseFacts) -> None:
    """Raise Forbidden for whoever does not supervise the case."""
    if not may_coach(actor, case):
        raise errors.Forbidden("only who supervises a case coaches from its feedback")


def sees(actor: Actor, note: NoteStanding) -> bool:
    """Its supervisor, and once it is shared its caseworker; nobody else, whatever they hold."""
    shared = note.shared and actor.person_id == note.worker
    return shared or actor.person_id == note.supervisor


def draft_blockers(
    wish: Wish, workers: Collection[int], items: Collection[str], *, shared: bool = False
) -> list[Blocker]:
    """Why a note cannot be kept so, even as a draft."""
    found = []
    if shared:
        message = "This note is shared and stays as it is. Write what changed under it."
        found.append(Blocker("already_shared", message))
    if wish.worker_id not in workers:
        message = "Choose a caseworker of this case who can sign in."
        found.append(Blocker("no_worker", message, "coaching-worker"))
    if wish.item not in items:
        found.append(Blocker("no_activity", "Choose an activity of the memo.", "coaching-item"))
    if len(wish.trying) > LONGEST:
        message = f"Use at most {LONGEST} characters."
        found.append(Blocker("too_long", message, "coaching-trying"))
    return found


def sharing_blockers(wish: Wish, today: dt.date) -> list[Blocker]:
    """What a note lacks before it is shared."""
    found = []
    if not wish.trying:
        found.append(Blocker("no_words", "Write what will be tried.", "coaching-trying"))
    if wish.follow_up_on is None:
        message = "Choose a day on which you follow up."
        found.append(Blocker("no_day", message, "coaching-follow_up_on"))
    elif wish.follow_up_on < today:
        message = "This day is over. Choose one that is still to come."
        found.append(Blocker("day_over", message, "coaching-follow_up_on"))
    return found


def entry_kinds(note: NoteStanding, actor: Actor) -> tuple[EntryKind, ...]:
    """What somebody may write on a note now."""
    if not note.shared or note.closed:
        return ()
    if actor.person_id == note.supervisor:
        return (EntryKind.ADDED, EntryKind.OUTCOME)
    return (EntryKind.ANSWERED,) if actor.person_id == note.worker else ()


def entry_blockers(
    kind: EntryKind,
    note: NoteStanding,
    actor: Actor,
    words: str,
    day: tuple[dt.date | None, dt.date],
) -> list[Blocker]:
    """Why this cannot be written on a note. `day` is (another follow-up or none, today)."""
    follow_up, today = day
    found = []
    if note.closed:
        message = "This note is closed. Begin another one from the memo."
        found.append(Blocker("closed", message))
    elif not note.shared:
        found.append(Blocker("not_shared", "Share the note first: until then it is a draft."))
    elif kind not in entry_kinds(note, actor):
        found.append(Blocker("not_permitted", "This is for the other of you two to write."))
    if not words:
        found.append(Blocker("no_words", "Write it down first.", "entry-words"))
    elif len(words) > LONGEST:
        found.append(Blocker("too_long", f"Use at most {LONGEST} characters.", "entry-words"))
    if follow_up is not None and follow_up < today:
        message = "This day is over. Choose one that is still to come."
        found.append(Blocker("day_over", message, "entry-follow_up_on"))
    return found
