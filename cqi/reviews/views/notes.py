"""QA notes as a page shows them, and what a page's form does with them.

Their controls stand in the page's one form: "note-ID-text" answers a note, "note-new-SRM05-b-text"
opens one, "note-new-fact-NAME-text" one on a fact. Whatever was written is sent, whichever button
was pressed; `resolve` and `reopen` carry a note's id and the revision that the page showed.
`notes_key` is the page's own: what is sent twice from one page is taken once. What is too long is
not taken, and stands in its field again.
"""

from __future__ import annotations

import textwrap
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current
from cqi.core import errors, identifiers
from cqi.reviews import actions, policy, queries, rules
from cqi.reviews.rules import EntryKind
from cqi.reviews.views import links, routes

_BEGINS, _ENDS, _NEW = "note-", "-text", "new-"
PAGE_KEY = "notes_key"
_BUTTONS = ("send", "resolve", "reopen")
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
class Refused:
    """What was written on a note, or to open one, and is too long: its place, and what to do."""

    key: str
    text: str

    @property
    def field(self) -> str:
        """The id and name of its control."""
        return f"{_BEGINS}{self.key}{_ENDS}"

    @property
    def words(self) -> str:
        """Why it was not sent."""
        most, count = f"{rules.LONGEST_NOTE:,}", f"{len(_plain(self.text)):,}"
        return (
            f"This QA note has {count} characters and was not sent; it can have {most}. Make it"
            " shorter, or move a part of it to a second note."
        )


@dataclass(frozen=True)
class Thread:
    """One note. `writes`: the reader may add to it; `settles`: resolve and reopen it too.
    `refused` is what was just sent for it and is too long."""

    key: str
    anchor: str
    place: str
    resolved: bool
    state: str
    entries: tuple[Said, ...]
    revision: int
    writes: bool
    settles: bool
    refused: Refused | None = None


@dataclass(frozen=True)
class Noted:
    """The threads of a case review by item and question ("" and a fact's name), and what the
    reader may do.

    `shown`: the reader sees notes at all; `asks`: opens them; `writes`: adds to some; `refused` is
    what was just sent and is too long, by key.
    """

    threads: Mapping[tuple[str, str], tuple[Thread, ...]] = field(default_factory=dict)
    shown: bool = False
    asks: bool = False
    writes: bool = False
    refused: Mapping[str, Refused] = field(default_factory=dict)

    @property
    def new(self) -> dict[str, Refused]:
        """What was to open a note and is too long, by the place that the page names it by."""
        return {key.removeprefix(_NEW): each for key, each in self.refused.items()}

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
    long = {each.key: each for each in too_long()}
    for note in opened.sheet.notes:
        place = (note.item, note.question)
        refused = long.get(str(note.public_id))
        made = _thread(note, refused, writes=writes, settles=settles)
        found[place] = (*found.get(place, ()), made)
    asks = not policy.check_blockers(standing, actor)
    return Noted(found, True, asks, writes=asks or (writes and bool(found)), refused=long)


def _thread(note: queries.Note, refused: Refused | None, *, writes: bool, settles: bool) -> Thread:
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
        refused=refused,
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
    page = links.FACTS
    if note.item:
        page = opened.sheet.instrument.item(note.item).component
    return f"{links.onward(opened.public_id, page)}#{note.anchor}"


def addresses(opened: routes.Opened) -> dict[str, str]:
    """Where what holds up a step lies: open notes by their anchor, and the second level."""
    found = {note.anchor: address(opened, note) for note in opened.sheet.notes}
    return {**found, "second": "#second"}


def _words(note: queries.Note) -> str:
    text = textwrap.shorten(note.entries[0].text, _EXCERPT, placeholder=" ...")
    return f"{note.place}: {text}" if text else note.place


def onto(page: dict[str, Any], noted: Noted, closed: Sequence[str] = ()) -> None:
    """Add to a page what its notes need: their form where nothing else can be changed, and what
    was refused; `closed` is why nothing could be saved, with what was written."""
    page["notes_url"] = (
        f"{page['here']}/notes" if noted.writes and not page["case"].editable else ""
    )
    page["notes_key"] = identifiers.uuid7() if noted.writes else ""
    page["problems"] += [] if closed else [(e.words, f"#{e.field}") for e in noted.refused.values()]
    page["problems"] += [(line, "") for line in closed]
    page["has_errors"] |= bool(page["problems"])
    page["nothing_saved"] = bool(closed)


def posted(
    review: queries.CaseReview, before: Callable[[], str], page: Callable[[Sequence[str]], str]
) -> ResponseReturnValue:
    """Do `before`, which says where to go ("": nowhere), then what the form says of notes. `page`
    shows the page again where not all could be, with why nothing could be saved, if so."""
    try:
        target, place = before(), save(review)
    except errors.Blocked as blocked:
        current.abandon()
        return page([*(blocker.message for blocker in blocked.blockers), *late()]), 422
    if too_long() or not target:
        current.finish(200)
        return page(()), 422
    noted = place and any(button in flask.request.form for button in _BUTTONS)
    return flask.redirect(f"{target}#{place}" if noted else target, code=303)


def late() -> list[str]:
    """What was written on notes that nobody takes any more, to be copied."""
    return [f"Your QA note: {text}" for _, text in written()]


def save(review: queries.CaseReview) -> str:
    """Do what the request's form says but for what is `too_long`; the element id of the note that
    was written on last."""
    settled = _settled()
    given: dict[str, Any] = {"review": review, "actor": current.actor(), "now": current.now()}
    session, place, along = current.session(), "", ""
    long = {each.key for each in too_long()}
    for key, text in written():
        if key in long:
            settled = None if settled and key == str(settled[1]) else settled
        elif key.startswith(_NEW):
            new = rules.NewNote(*rules.place(key.removeprefix(_NEW)), text, _sent_as(key))
            place = rules.note_anchor(actions.open_note(session, new=new, **given))
        elif settled and _key(key) == settled[1]:
            along = text
        else:
            reply = actions.NoteReply(_key(key), text, _sent_as(key))
            actions.answer_note(session, reply=reply, **given)
            place = rules.note_anchor(_key(key))
    if settled:
        action, note_id, revision = settled
        sent_as = _sent_as(f"settle {note_id} {revision}")
        action(session, seen=rules.NoteSeen(note_id, revision, along, sent_as), **given)
        place = rules.note_anchor(note_id)
    return place


def written() -> Iterator[tuple[str, str]]:
    """(id of the note, or "new-" and its place; text) of everything that was written."""
    for name, text in flask.request.form.items():
        if name.startswith(_BEGINS) and name.endswith(_ENDS) and text.strip():
            yield name.removeprefix(_BEGINS).removesuffix(_ENDS), text


def too_long() -> list[Refused]:
    """What this request brings that is longer than a note can be."""
    found = [Refused(*each) for each in written()]
    return [each for each in found if len(_plain(each.text)) > rules.LONGEST_NOTE]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _sent_as(what: str) -> uuid.UUID | None:
    """The key under which this page sends something: the same, however often it is pressed."""
    try:
        return uuid.uuid5(uuid.UUID(flask.request.form.get(PAGE_KEY, "")), what)
    except ValueError:
        return None


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
