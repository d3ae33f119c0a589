"""The face sheet: facts that decide which items apply."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import flask
import wtforms
from flask.typing import ResponseReturnValue

from cqi.access import guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import definition
from cqi.reviews import actions, forms, queries
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

KNOWN = frozenset({"case_type"})  # comes from the case list and is recorded at assignment


@dataclass(frozen=True)
class FactEntry:
    """One fact with its field; `answer` is what a page that cannot be changed says.

    `notes` are what the setting that a fact follows says; they tell what is to be confirmed.
    """

    field: wtforms.Field
    confirm: bool
    missing: str
    answer: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Revisions:
    """What the macro `revisions` needs."""

    code: str
    revisions: tuple[tuple[str, str], ...]


@routes.blueprint.get("/reviews/<uuid:public_id>/facts", endpoint="face_sheet")
@guard.requires(Permission.REVIEW_SEE)
def show_face_sheet(public_id: uuid.UUID) -> ResponseReturnValue:
    """The facts: to answer, or to read where nothing may be changed."""
    return _page(routes.opened(public_id))


def _page(opened: routes.Opened, sent: wtforms.Form | None = None) -> str:
    sheet = opened.sheet
    data = {name: entry.value for name, entry in sheet.facts.items()}
    form = sent or forms.facts_form(sheet.instrument, KNOWN, data=data)
    revisions = _revisions(opened)
    frame = frames.of(opened, links.FACTS)
    return flask.render_template(
        "reviews/face_sheet.html",
        case=frame,
        about=[*about.case_lines(opened), *about.staff_lines(opened)],
        people=about.people_line(opened),
        interviews=links.interviews(opened.public_id),
        entries=list(_entries(opened, form)),
        sheet=revisions,
        listings=list(subjects.of(opened)),
        sent_along=" ".join(name for name, _ in revisions.revisions),
        first=frame.links[1],
        problems=[(str(error), f"#{f.id}") for f in form for error in f.errors],
        has_errors=sent is not None,
    )


def _revisions(opened: routes.Opened) -> Revisions:
    sheet = opened.sheet
    return Revisions(links.FACTS, tuple(shown.of_facts(sheet, _asked(sheet.instrument))))


def _asked(instrument: definition.Instrument) -> list[str]:
    return [fact.name for fact in instrument.facts if fact.name not in KNOWN]


def _entries(opened: routes.Opened, form: wtforms.Form) -> Iterator[FactEntry]:
    sheet = opened.sheet
    missing = {gap.name: gap.message for gap in sheet.missing if gap.item is None}
    notes = fact_notes.of(opened)
    for name in _asked(sheet.instrument):
        fact, saved = sheet.instrument.fact(name), sheet.facts.get(name)
        needed = missing.get(name, "").partition("; ")[2]
        waits = needed[:1].upper() + needed[1:] if opened.editable else ""
        answer = _words(fact, saved.value if saved else "")
        said = notes.get(name, ())
        yield FactEntry(form[name], fact.confirm and not said, waits, answer, said)


def _words(fact: definition.Fact, value: str) -> str:
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
    changes = saving.fact_changes(_asked(instrument), form, sent)
    saved = routes.record(review, changes)
    if not saving.by_script():
        subjects.save(review, instrument)
        for conflict in saved.conflicts:
            flask.flash(conflicts.overtaken(conflict), "error")
        where = links.FACTS if saved.conflicts else sent.get("go", links.FACTS)
        place = f"#{sent['list']}" if "list" in sent and where == links.FACTS else ""
        return flask.redirect(links.onward(public_id, where) + place, code=303)
    if saved.conflicts:
        return _overtaken(routes.opened(public_id), saved.conflicts[0])
    return _swapped(routes.committed(review, saved), saved)


def _overtaken(opened: routes.Opened, conflict: errors.Conflict) -> ResponseReturnValue:
    revisions = saving.Swap("facts-revisions", saving.parts().revisions(_revisions(opened)))
    return saving.overtaken(conflicts.overtaken(conflict), [revisions])


def _swapped(work: routes.Work, saved: actions.Saved) -> ResponseReturnValue:
    sides = tuple(component.code for component in work.instrument.components)
    swaps = [
        *saving.revision_swaps(saved),
        *saving.frame_swaps(work, links.FACTS, (links.FACTS, links.INTERVIEWS, *sides)),
    ]
    left = work.progress.facts.missing
    status = f"Face sheet: {left} left to answer." if left else "Face sheet: complete."
    return saving.answered(swaps, status)
