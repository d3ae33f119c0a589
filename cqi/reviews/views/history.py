"""What became of each value: of an item's answers, narrative and rating, and of the face sheet."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import flask

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.instruments import definition
from cqi.reviews import queries, rules
from cqi.reviews.views import face_sheet, frames, links, routes
from cqi.ui import comparing

What = queries.What
_GONE = "This text is no longer kept."
_TEXTS = (What.NARRATIVE, What.REASON)
_RATINGS = (What.RATING, What.OVERRIDE)


@dataclass(frozen=True)
class Line:
    """One change: `compared` holds both texts of a narrative or reason, else the values say it."""

    what: What
    title: str
    question: str
    before: str
    after: str
    compared: comparing.Comparison | None
    who: str
    when: str


@dataclass(frozen=True)
class _Named:
    """What the names in changes mean: the item (none: the face sheet), and subjects by id."""

    instrument: definition.Instrument
    item: definition.Item | None
    subjects: Mapping[str, str]


@routes.blueprint.get("/reviews/<uuid:public_id>/items/<item>/history")
@guard.requires(Permission.REVIEW_SEE)
def item_history(public_id: uuid.UUID, item: str) -> str:
    """Each change of an item's answers, narrative and rating: who, when, from what, to what."""
    opened = routes.opened(public_id)
    found = routes.item(opened.sheet.instrument, item)
    back = links.item(public_id, opened.sheet.instrument, found.code)
    return _page(opened, found, f"{found.code} {found.title}", back)


@routes.blueprint.get("/reviews/<uuid:public_id>/facts/history")
@guard.requires(Permission.REVIEW_SEE)
def facts_history(public_id: uuid.UUID) -> str:
    """The same of the face sheet."""
    return _page(routes.opened(public_id), None, "Face sheet", links.face_sheet(public_id))


def _page(opened: routes.Opened, item: definition.Item | None, title: str, back: str) -> str:
    session, review = current.session(), opened.review
    labels = queries.subject_labels(session, review) if item else {}
    named = _Named(opened.sheet.instrument, item, labels)
    found = queries.changes(session, review, item.code if item else "")
    return flask.render_template(
        "reviews/history.html",
        case=frames.of(opened, item.component if item else links.FACTS),
        title=title,
        back=back,
        lines=[_line(each, named) for each in found],
    )


def _line(change: queries.Changed, named: _Named) -> Line:
    title, question = _title(change, named)
    kept = change.before is not None and change.after is not None
    compared = None
    if change.what in _TEXTS and kept:
        compared = comparing.compare(change.after or "", change.before or "")
    return Line(
        what=change.what,
        title=title,
        question=question,
        before=_words(change, named, change.before),
        after=_words(change, named, change.after),
        compared=compared,
        who=change.by,
        when=_when(change),
    )


def _when(change: queries.Changed) -> str:
    first, last = routes.time_of(change.since), routes.time_of(change.at)
    return last if first == last else f"{first} to {last}"


def _title(change: queries.Changed, named: _Named) -> tuple[str, str]:
    """(what was changed, the words of the question)."""
    if named.item is None:
        return named.instrument.fact(change.name).question, ""
    if change.what in (What.NARRATIVE, *_RATINGS):
        return change.what.value.capitalize(), ""
    name, subject = rules.ask(change.name)
    whose = f", {named.subjects.get(subject, 'taken off the face sheet')}" if subject else ""
    why = "Why it does not apply, question" if change.what is What.REASON else "Question"
    return f"{why} {name}{whose}", named.item.question(name).text


def _words(change: queries.Changed, named: _Named, value: str | None) -> str:
    if change.what in _RATINGS or not value:
        return _GONE if value is None else value
    if named.item is None:
        return face_sheet.words(named.instrument.fact(change.name), value)
    if change.what is What.ANSWER:
        return named.item.question(rules.ask(change.name)[0]).words(value)
    return value
