"""QA notes as a page shows them, and what a page's form does with them.

Their controls stand in the page's one form: "note-ID-text" answers a note, "note-new-SRM05-b-text"
opens one. Whatever was written is sent, whichever button was pressed; `resolve` and `reopen` carry
a note's id and the revision that the page showed.
"""

from __future__ import annotations

import textwrap
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import flask

from cqi.access import current
from cqi.core import errors
from cqi.reviews import actions, policy, queries, rules
from cqi.reviews.rules import EntryKind
from cqi.reviews.views import links, routes

_BEGINS, _ENDS, _NEW = "note-", "-text", "new-"
_EXCERPT = 44  # characters of a note in a list at the side
DID = {
    EntryKind.OPENED: "asked",
    EntryKind.REMARK: "added",
    EntryKind.REPLY: "replied",
    EntryKind.RESOLVED: "resolved this note",
    EntryKind.REOPENED: "reopened this note",
}
_SETTLED = (EntryKind.RESOLVED, EntryKind.REOPENED)


@dataclass(frozen=True)
class Said:
    """One entry of a thread; `did` where it resolved or reopened the note."""

    who: str
    when: str
    did: str
    text: str


@dataclass(frozen=True)
class Thread:
    """One note. `writes`: the reader may add to it; `settles`: resolve and reopen it too."""

    key: str
    anchor: str
    place: str
    resolved: bool
    state: str
    entries: tuple[Said, ...]
    revision: int
    writes: bool
    settles: bool


@dataclass(frozen=True)
class Noted:
    """The threads of a case review by item and question, and what the reader may do.

    `shown`: the reader sees notes at all; `asks`: opens them; `writes`: adds to some.
    """

    threads: Mapping[tuple[str, str], tuple[Thread, ...]] = field(default_factory=dict)
    shown: bool = False
    asks: bool = False
    writes: bool = False

    def under(self, item: str, question: str) -> tuple[Thread, ...]:
        """Those of one question, or ("") of the item as a whole."""
        return self.threads.get((item, question), ())

    def elsewhere(self, item: str, questions: set[str]) -> tuple[Thread, ...]:
        """Those of the item itself, and of questions that the page does not show any more."""
        mine = ((name, each) for (code, name), each in self.threads.items() if code == item)
        return tuple(thread for name, each in mine if name not in questions for thread in each)


NONE = Noted()


def of(opened: routes.Opened) -> Noted:
    """The notes of a case review, for its reviewers and for QA."""
    standing, actor = opened.sheet.standing, current.actor()
    if not policy.sees_notes(standing, actor):
        return NONE
    settles = not policy.note_blockers(standing, actor)
    writes = settles or not policy.reply_blockers(standing, actor)
    found: dict[tuple[str, str], tuple[Thread, ...]] = {}
    for note in opened.sheet.notes:
        place = (note.item, note.question)
        made = _thread(note, writes=writes, settles=settles)
        found[place] = (*found.get(place, ()), made)
    asks = not policy.check_blockers(standing, actor)
    return Noted(found, shown=True, asks=asks, writes=asks or (writes and bool(found)))


def _thread(note: queries.Note, *, writes: bool, settles: bool) -> Thread:
    return Thread(
        key=str(note.public_id),
        anchor=note.anchor,
        place=note.place,
        resolved=note.resolved,
        state=_state(note, settles=settles),
        entries=tuple(
            Said(
                each.by,
                routes.time_of(each.at),
                DID[each.kind] if each.kind in _SETTLED else "",
                each.text,
            )
            for each in note.entries
        ),
        revision=note.revision,
        writes=writes,
        settles=settles,
    )


def _state(note: queries.Note, *, settles: bool) -> str:
    if note.resolved:
        return "Resolved"
    if note.waits_for_reviewers:
        return "Open, waits for the reviewers" if settles else "Open, waits for your reply"
    return "Open, answered" if settles else "Open, waits for QA"


@dataclass(frozen=True)
class Navigator:
    """The open notes, each a link, and what an empty list says."""

    entries: tuple[tuple[str, str], ...]
    empty: str


def navigator(opened: routes.Opened) -> Navigator | None:
    """The list at the side of a case; None for those who see no notes."""
    standing, actor = opened.sheet.standing, current.actor()
    if not policy.sees_notes(standing, actor):
        return None
    found = [note for note in opened.sheet.notes if not note.resolved]
    words = "No QA notes. When QA asks something, it appears here."
    done = "Done: every QA note is resolved." if opened.sheet.notes else words
    return Navigator(tuple((_words(note), address(opened, note)) for note in found), done)


def address(opened: routes.Opened, note: queries.Note) -> str:
    """Where a note stands."""
    component = opened.sheet.instrument.item(note.item).component
    return f"{links.component(opened.public_id, component)}#{note.anchor}"


def addresses(opened: routes.Opened) -> dict[str, str]:
    """Where what holds up a step lies: open notes by their anchor, and the second level."""
    found = {note.anchor: address(opened, note) for note in opened.sheet.notes}
    return {**found, "second": "#second"}


def _words(note: queries.Note) -> str:
    text = textwrap.shorten(note.entries[0].text, _EXCERPT, placeholder=" ...")
    return f"{note.place}: {text}" if text else note.place


def save(review: queries.CaseReview) -> str:
    """Do what the request's form says; the element id of the note that was written on last."""
    settled = _settled()
    given: dict[str, Any] = {"review": review, "actor": current.actor(), "now": current.now()}
    session, place, along = current.session(), "", ""
    for key, text in written():
        if key.startswith(_NEW):
            item, _, question = key.removeprefix(_NEW).partition("-")
            new = rules.NewNote(item, question, text)
            place = rules.note_anchor(actions.open_note(session, new=new, **given))
        elif settled and _key(key) == settled[1]:
            along = text
        else:
            actions.answer_note(session, note_id=_key(key), text=text, **given)
            place = rules.note_anchor(_key(key))
    if settled:
        action, note_id, revision = settled
        action(session, seen=rules.NoteSeen(note_id, revision, along), **given)
        place = rules.note_anchor(note_id)
    return place


def written() -> Iterator[tuple[str, str]]:
    """(id of the note, or "new-" and its place; text) of everything that was written."""
    for name, text in flask.request.form.items():
        if name.startswith(_BEGINS) and name.endswith(_ENDS) and text.strip():
            yield name.removeprefix(_BEGINS).removesuffix(_ENDS), text


def _settled() -> tuple[Any, uuid.UUID, int] | None:
    for name, action in (("resolve", actions.resolve_note), ("reopen", actions.reopen_note)):
        if value := flask.request.form.get(name):
            key, _, revision = value.partition(":")
            return action, _key(key), int(revision) if revision.isdecimal() else 0
    return None


def _key(key: str) -> uuid.UUID:
    try:
        return uuid.UUID(key)
    except ValueError:
        raise errors.NotFound("there is no such QA note") from None
