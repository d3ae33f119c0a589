"""Scoring: one page a component, and the saving of one control of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import guard
from cqi.access.permissions import Permission
from cqi.instruments import definition
from cqi.reviews import forms, queries
from cqi.reviews.views import cards, conflicts, frames, links, notes, routes, saving


@routes.blueprint.get("/reviews/<uuid:public_id>", endpoint="case_review")
@guard.requires(Permission.REVIEW_SEE)
def show_case_review(public_id: uuid.UUID) -> ResponseReturnValue:
    """Go to where something is missing, else to what QA asks, else to the face sheet."""
    opened = routes.opened(public_id)
    if whole := routes.without_answers(opened):
        return whole
    frame = frames.of(opened)
    waits = [frame.next_missing] if frame.editable and frame.missing else []
    if frame.editable and frame.notes:
        waits += [address for _, address in frame.notes.entries]
    return flask.redirect([*waits, frame.face_sheet][0], code=303)


@routes.blueprint.get("/reviews/<uuid:public_id>/components/<code>")
@guard.requires(Permission.REVIEW_SEE)
def score_component(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """The items of one component: to score, or to read where nothing may be changed."""
    opened = routes.opened(public_id)
    component = routes.component(opened.sheet.instrument, code)
    return routes.without_answers(opened, code) or component_page(opened, component)


def component_page(
    opened: routes.Opened,
    component: definition.Component,
    sent: Mapping[str, cards.Sent] | None = None,
    closed: Sequence[str] = (),
) -> str:
    """The page. `sent` are items, by code, of which not all could be saved; `closed` is why
    nothing could, with what was written."""
    frame, noted = frames.of(opened, component.code), notes.of(opened)
    page = context(frame, opened, component, sent or {}, noted)
    notes.onto(page, noted, closed)
    return flask.render_template("reviews/score_component.html", **page)


def context(
    frame: frames.CaseFrame,
    opened: routes.Scored,
    component: definition.Component,
    sent: Mapping[str, cards.Sent],
    noted: notes.Noted = notes.NONE,
) -> dict[str, Any]:
    """What the template reviews/score_component.html shows."""
    at = [link.code for link in frame.links].index(component.code)  # the face sheet is the first
    here = links.component(opened.public_id, component.code)
    all_open = "all" in flask.request.args
    return {
        "case": frame,
        "component": cards.of_rating(opened.work, component),
        "items": cards.of_component(opened, component.code, sent, noted),
        "here": here,
        "all_open": all_open,
        "fold_url": here if all_open else f"{here}?all=yes",
        "before": frame.links[at - 1],
        "after": frame.links[at + 1] if at + 1 < len(frame.links) else None,
        "problems": list(_problems(sent)),
        "has_errors": bool(sent),
    }


def _problems(sent: Mapping[str, cards.Sent]) -> Iterator[tuple[str, str]]:
    """(words, address) of every error."""
    for item in sent.values():
        for field in (*item.form, *(item.source_form or ())):
            place = field.name.removesuffix(forms.WHY).replace("-", " ")
            yield from ((f"{place}: {error}", f"#{field.id}") for error in field.errors)


@routes.blueprint.post("/reviews/<uuid:public_id>/items/<code>")
@guard.requires(Permission.REVIEW_SCORE)
def score_item(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Save one control of an item, for the page's script."""
    review = routes.found_to_score(public_id)
    instrument = queries.instrument_of(review)
    item = routes.item(instrument, code)
    subjects = routes.subject_ids(review, item)
    form = forms.item_form(instrument, item, subjects, formdata=flask.request.form)
    return _save_control(review, item, form)


def _save_control(
    review: queries.CaseReview, item: definition.Item, form: forms.DefinedForm
) -> ResponseReturnValue:
    form.validate()
    problem = saving.first_error(form, flask.request.form.get("changed"))
    if saving.asked_of_nobody(item, form, flask.request.form):
        problem = f"{saving.NOBODY} Load the page again."
    if problem:
        return saving.refused(problem)
    saved = routes.record(review, saving.item_changes(item, form, flask.request.form))
    if saved.conflicts and saved.conflicts[0].place == item.code:
        return conflicts.told(review.public_id, item, saved.conflicts[0])
    if saved.conflicts:
        place = saved.conflicts[0].place
        swaps = saving.question_swaps(routes.reread(review), item, place)
        return saving.overtaken(conflicts.overtaken(saved.conflicts[0]), swaps)
    swaps = saving.revision_swaps(saved)
    if item.dependent_ids and item.code in saved.items:
        swaps += saving.asked_anew(routes.reread(review), item, saved.before[item.code])
    return answered(routes.committed(review, saved), item, swaps)


def answered(
    work: routes.Work, item: definition.Item, revisions: Sequence[saving.Swap]
) -> ResponseReturnValue:
    """What the script swaps and says once a control of an item is saved."""
    rated = work.rating.items[item.code]
    words = rated.rating.label.lower() if rated.rating else "not rated yet"
    swaps = [*saving.item_swaps(work, item), *saving.why_swaps(work, item), *revisions]
    return saving.answered(swaps, f"{item.code}: {words}. {rated.reason}")
