"""What became of each value: of an item, of the face sheet, and of the interviews."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import flask

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.instruments import definition
from cqi.reviews import forms, policy, queries, rules
from cqi.reviews.rules import interviews as hearing
from cqi.reviews.views import cards, face_sheet, frames, links, notes, routes
from cqi.ui import comparing, dates

What = queries.What
_GONE = "This text is no longer kept."
_TEXTS = (What.NARRATIVE, What.REASON, What.NOTES)
_RATINGS = (What.RATING, What.OVERRIDE)
_CODES = {
    code.value: words
    for listed in (hearing.OUTCOME_WORDS, hearing.HOW_WORDS, hearing.NOT_HELD_WORDS)
    for code, words in listed.items()
}


@dataclass(frozen=True)
class Line:
    """One change. `compared` holds both texts of what is written, `said` the words of what was
    done rather than changed, with its `text`; else the values say it."""

    what: str
    title: str
    who: str
    when: str
    at: dt.datetime
    question: str = ""
    before: str = ""
    after: str = ""
    compared: comparing.Comparison | None = None
    said: str = ""
    text: str = ""


@dataclass(frozen=True)
class _Named:
    """What the names in changes mean: the item (none: the face sheet, or the interviews), and by
    id the subjects or those who are heard, and the reasons of overrides."""

    instrument: definition.Instrument
    item: definition.Item | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


@routes.blueprint.get("/reviews/<uuid:public_id>/items/<item>/history")
@guard.requires(Permission.REVIEW_SEE)
def item_history(public_id: uuid.UUID, item: str) -> str:
    """Each change of an item: answers, narrative, rating, evidence, and what QA did."""
    opened = routes.opened(public_id)
    found = routes.item(opened.sheet.instrument, item)
    back = links.item(public_id, opened.sheet.instrument, found.code)
    return _page(opened, _of_item(opened, found), f"{found.code} {found.title}", back)


@routes.blueprint.get("/reviews/<uuid:public_id>/facts/history")
@guard.requires(Permission.REVIEW_SEE)
def facts_history(public_id: uuid.UUID) -> str:
    """The same of the face sheet."""
    opened = routes.opened(public_id)
    named = _Named(opened.sheet.instrument)
    found = _lines(queries.changes(current.session(), opened.review), named)
    told = [*found, *_notes(opened)]
    return _page(opened, told, "Face sheet", links.face_sheet(public_id))


@routes.blueprint.get("/reviews/<uuid:public_id>/interviews/history")
@guard.requires(Permission.REVIEW_SEE)
def interviews_history(public_id: uuid.UUID) -> str:
    """The same of the interviews and their notes."""
    opened, session = routes.opened(public_id), current.session()
    people = {str(one.id): one.label for one in opened.sheet.interviews}
    people |= queries.interviewed(session, opened.review)
    named = _Named(opened.sheet.instrument, people=people)
    found = queries.interview_changes(session, opened.review)
    return _page(opened, _lines(found, named), "Interviews", links.interviews(public_id))


def _page(opened: routes.Opened, lines: Iterable[Line], title: str, back: str) -> str:
    pages = {link.url: link.code for link in frames.of(opened).links}
    return flask.render_template(
        "reviews/history.html",
        case=frames.of(opened, pages.get(back.partition("#")[0], "")),
        title=title,
        back=back,
        lines=sorted(lines, key=lambda line: line.at, reverse=True),
    )


def _of_item(opened: routes.Opened, item: definition.Item) -> Iterator[Line]:
    session, review = current.session(), opened.review
    labels = queries.subject_labels(session, review)
    reasons = queries.override_reasons(session, review)
    named = _Named(opened.sheet.instrument, item, labels, reasons)
    yield from _lines(queries.changes(session, review, item.code), named)
    yield from _imported(opened, item.code)
    yield from _sources(opened, item.code)
    yield from _notes(opened, item.code)


def _imported(opened: routes.Opened, item: str) -> Iterator[Line]:
    """That its rating came in with a file."""
    came, rated = opened.sheet.imported, opened.sheet.rating.items[item].rating
    if came is not None:
        when = routes.time_of(came.at)
        by, value = came.by or "The command", rated.value if rated else ""
        yield Line("imported", "Imported", by, when, came.at, after=value)


def _sources(opened: routes.Opened, item: str) -> Iterator[Line]:
    """Evidence, masked as on every other page."""
    for moved in queries.sources_moved(current.session(), opened.review, item):
        words, when = cards.source_line(opened.sheet, moved.source), routes.time_of(moved.at)
        said = f"{'Named' if moved.added else 'Taken away'}: {words}"
        yield Line("evidence", "Evidence", moved.by, when, moved.at, said=said)


def _notes(opened: routes.Opened, item: str = "") -> Iterator[Line]:
    """QA notes on an item or on the facts of the face sheet, for those who see notes."""
    sees = policy.sees_notes(opened.sheet.standing, current.actor())
    for note in opened.sheet.notes if sees else ():
        for entry in note.entries if note.item == item else ():
            title, when = f"QA note on {note.place}", routes.time_of(entry.at)
            said, text = notes.DID[entry.kind].capitalize(), entry.text
            yield Line("note", title, entry.by, when, entry.at, said=said, text=text)


def _lines(changes: Iterable[queries.Changed], named: _Named) -> Iterator[Line]:
    return (_line(change, named) for change in changes)


def _line(change: queries.Changed, named: _Named) -> Line:
    title, question = _title(change, named)
    kept = change.before is not None and change.after is not None
    compared = None
    if change.what in _TEXTS and kept:
        compared = comparing.compare(change.after or "", change.before or "")
    return Line(
        what=change.what,
        title=title,
        who=change.by,
        when=_when(change),
        at=change.at,
        question=question,
        before=_words(change, named, change.before),
        after=_words(change, named, change.after),
        compared=compared,
        said=_said(change),
        text=named.reasons.get(change.override, "") if change.after else "",
    )


def _said(change: queries.Changed) -> str:
    if change.what is What.LISTED:
        return "Put on the list" if change.after else "Taken off the list"
    first_name = change.name.endswith(" label") and change.after and not change.before
    return f"Called {change.after}" if first_name else ""


def _when(change: queries.Changed) -> str:
    first, last = routes.time_of(change.since), routes.time_of(change.at)
    return last if first == last else f"{first} to {last}"


def _title(change: queries.Changed, named: _Named) -> tuple[str, str]:
    """(what was changed, the words of the question)."""
    if change.what in (What.INTERVIEW, What.LISTED, What.NOTES):
        return _heard(change, named), ""
    if named.item is None:
        return named.instrument.fact(change.name).question, ""
    if change.what in (What.NARRATIVE, *_RATINGS):
        return change.what.value.capitalize(), ""
    name, subject = rules.ask(change.name)
    whose = f", {named.people.get(subject, 'taken off the face sheet')}" if subject else ""
    why = "Why it does not apply, question" if change.what is What.REASON else "Question"
    return f"{why} {name}{whose}", named.item.question(name).text


def _heard(change: queries.Changed, named: _Named) -> str:
    key, _, name = change.name.partition(" ")
    who = named.people.get(key, "Somebody")
    return f"{who}: {forms.interview_words(name)}" if name else who


def _words(change: queries.Changed, named: _Named, value: str | None) -> str:
    if not value:
        return _GONE if value is None else value
    if change.what is What.INTERVIEW:
        return _interview_words(change.name.partition(" ")[2], value)
    if change.what is What.FACT:
        return face_sheet.words(named.instrument.fact(change.name), value)
    if change.what is What.ANSWER and named.item is not None:
        return named.item.question(rules.ask(change.name)[0]).words(value)
    return value


def _interview_words(name: str, value: str) -> str:
    if name == "held_on":
        return dates.full_day(dt.date.fromisoformat(value))
    return value if name == "label" else _CODES[value]
