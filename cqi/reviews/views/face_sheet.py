"""The face sheet: facts that decide which items apply."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
import wtforms
from flask.typing import ResponseReturnValue

from cqi.access import guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import definition
from cqi.reviews import forms, queries, rules
from cqi.reviews.views import (
    about,
    conflicts,
    fact_notes,
    frames,
    links,
    routes,
    saving,
    shown,
    subjects,
)
from cqi.reviews.views import notes as noting

Notes = Mapping[str, tuple[str, ...]]  # by fact name, the lines under its help
KNOWN = frozenset({"case_type"})  # comes from the case list and is recorded at assignment


@dataclass(frozen=True)
class FactEntry:
    """One fact with its field; `answer` is what a page that cannot be changed says.

    `notes` are what the setting that a fact follows says; they tell what is to be confirmed.
    `threads` are QA's notes on it.
    """

    field: wtforms.Field
    confirm: bool
    missing: str
    answer: str
    notes: tuple[str, ...]
    threads: tuple[noting.Thread, ...]

    @property
    def place(self) -> str:
        """What a QA note on it is called by."""
        return f"“{self.field.label.text}”"


@dataclass(frozen=True)
class Revisions:
    """What the macro `revisions` needs."""

    code: str
    revisions: tuple[tuple[str, str], ...]


@routes.blueprint.get("/reviews/<uuid:public_id>/facts", endpoint="face_sheet")
@guard.requires(Permission.REVIEW_SEE)
def show_face_sheet(public_id: uuid.UUID) -> ResponseReturnValue:
    """The facts: to answer, or to read where nothing may be changed."""
    opened = routes.opened(public_id)
    return routes.without_answers(opened) or _page(opened)


def _page(
    opened: routes.Opened, sent: wtforms.Form | None = None, closed: Sequence[str] = ()
) -> str:
    """The page; `sent` was refused, `closed` is why nothing could be saved."""
    frame, notes, noted = frames.of(opened, links.FACTS), fact_notes.of(opened), noting.of(opened)
    page = context(frame, opened, sent or unsent(opened.sheet, KNOWN), notes, noted)
    noting.onto(page, noted, closed)
    page["about"] = [*about.case_lines(opened), *about.staff_lines(opened)]
    page["people"] = about.people_line(opened)
    return flask.render_template("reviews/face_sheet.html", **page)


def unsent(sheet: queries.ScoredSheet, known: frozenset[str]) -> wtforms.Form:
    """The form with what stands; the facts in `known` are asked elsewhere."""
    data = {name: entry.value for name, entry in sheet.facts.items()}
    return forms.facts_form(sheet.instrument, known, data=data)


def context(
    frame: frames.CaseFrame,
    opened: routes.Scored,
    form: wtforms.Form,
    notes: Notes,
    noted: noting.Noted = noting.NONE,
) -> dict[str, Any]:
    """What the template reviews/face_sheet.html shows; `form` is as it stands, or as it was sent
    with its errors."""
    revisions = _revisions(opened.sheet, form)
    problems = [(str(error), f"#{field.id}") for field in form for error in field.errors]
    listings = list(subjects.of(opened))
    problems += subjects.problems(listings)
    return {
        "case": frame,
        "here": frame.face_sheet,
        "entries": list(_entries(opened, form, notes, noted)),
        "noted": noted,
        "sheet": revisions,
        "listings": listings,
        "sent_along": " ".join(name for name, _ in revisions.revisions),
        "first": frame.links[1],
        "problems": problems,
        "has_errors": bool(problems),
    }


def _revisions(sheet: queries.ScoredSheet, form: wtforms.Form) -> Revisions:
    return Revisions(links.FACTS, tuple(shown.of_facts(sheet, asked(form))))


def asked(form: wtforms.Form) -> list[str]:
    """The facts that a form asks."""
    return [field.short_name for field in form]


def _entries(
    opened: routes.Scored, form: wtforms.Form, notes: Notes, noted: noting.Noted
) -> Iterator[FactEntry]:
    sheet = opened.sheet
    missing = {gap.name: gap.message for gap in sheet.missing if gap.item is None}
    for name in asked(form):
        fact, saved = sheet.instrument.fact(name), sheet.facts.get(name)
        needed = missing.get(name, "").partition("; ")[2]
        waits = needed[:1].upper() + needed[1:] if opened.editable else ""
        answer = words(fact, saved.value if saved else "")
        said, threads = notes.get(name, ()), noted.under("", name)
        yield FactEntry(form[name], fact.confirm and not said, waits, answer, said, threads)


def words(fact: definition.Fact, value: str) -> str:
    """A fact's value as pages say it."""
    labels = {choice.value: choice.label for choice in fact.choices}
    return labels.get(value) or {"yes": "Yes", "no": "No"}.get(value, "Not answered")


@routes.blueprint.post("/reviews/<uuid:public_id>/facts")
@guard.requires(Permission.REVIEW_SCORE)
def save_facts(public_id: uuid.UUID) -> ResponseReturnValue:
    """Save one fact, or the whole face sheet."""
    review = routes.found(public_id)
    instrument, sent = queries.instrument_of(review), flask.request.form
    form = forms.facts_form(instrument, KNOWN, formdata=sent)
    form.validate()
    problem = saving.first_error(form, sent.get("changed"))
    if problem:
        refused = saving.by_script()
        return saving.refused(problem) if refused else (_page(routes.opened(public_id), form), 422)
    changes = saving.fact_changes(asked(form), form, sent)
    if not saving.by_script():
        return noting.posted(review, lambda: _save_all(review, changes), _closed(public_id))
    saved = routes.record(review, changes)
    if saved.conflicts:
        return _overtaken(routes.opened(public_id).sheet, form, saved.conflicts[0])
    return answered(routes.committed(review, saved), saving.revision_swaps(saved))


def _save_all(review: queries.CaseReview, changes: list[rules.Change]) -> str:
    """Save facts and lists; where the button leads that was pressed, or "" where the page has to be
    shown again."""
    saved = routes.record(review, changes)
    taken = subjects.save(review, queries.instrument_of(review))
    for conflict in saved.conflicts:
        flask.flash(conflicts.overtaken(conflict), "error")
    sent = flask.request.form
    where = links.FACTS if saved.conflicts else sent.get("go", links.FACTS)
    place = f"#{sent['list']}" if "list" in sent and where == links.FACTS else ""
    return links.onward(review.public_id, where) + place if taken else ""


def _closed(public_id: uuid.UUID) -> Callable[[Sequence[str]], str]:
    return lambda why: _page(routes.opened(public_id), closed=why)


@routes.blueprint.post("/reviews/<uuid:public_id>/facts/notes")
@guard.requires(Permission.REVIEW_SEE)
def write_fact_notes(public_id: uuid.UUID) -> ResponseReturnValue:
    """Open, answer, resolve and reopen QA notes on facts that cannot be changed here."""
    here = links.face_sheet(public_id)
    return noting.posted(routes.found(public_id), lambda: here, _closed(public_id))


def _overtaken(
    sheet: queries.ScoredSheet, form: wtforms.Form, conflict: errors.Conflict
) -> ResponseReturnValue:
    now = saving.parts().revisions(_revisions(sheet, form))
    return saving.overtaken(conflicts.overtaken(conflict), [saving.Swap("facts-revisions", now)])


def answered(work: routes.Work, revisions: Sequence[saving.Swap]) -> ResponseReturnValue:
    """What the script swaps and says once a fact is saved."""
    components = (component.code for component in work.instrument.components)
    sides = (links.FACTS, links.INTERVIEWS, *components)
    swaps = [*revisions, *saving.frame_swaps(work, links.FACTS, sides)]
    left = work.progress.facts.missing
    status = f"Face sheet: {left} left to answer." if left else "Face sheet: complete."
    return saving.answered(swaps, status)
