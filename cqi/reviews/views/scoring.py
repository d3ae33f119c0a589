"""Scoring: one page a component, and the saving of one item."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import definition
from cqi.reviews import actions, forms, queries, rules
from cqi.reviews.views import cards, conflicts, frames, links, routes, saving


@routes.blueprint.get("/reviews/<uuid:public_id>", endpoint="case_review")
@guard.requires(Permission.REVIEW_SEE)
def show_case_review(public_id: uuid.UUID) -> ResponseReturnValue:
    """Go to where something is missing, else to the face sheet."""
    opened = routes.opened(public_id)
    frame = frames.of(opened)
    target = frame.next_missing if frame.editable and frame.missing else frame.face_sheet
    return flask.redirect(target, code=303)


@routes.blueprint.get("/reviews/<uuid:public_id>/components/<code>")
@guard.requires(Permission.REVIEW_SEE)
def score_component(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """The items of one component: to score, or to read where nothing may be changed."""
    opened = routes.opened(public_id)
    return component_page(opened, _component(opened, code))


def component_page(
    opened: routes.Opened, component: definition.Component, sent: cards.Sent | None = None
) -> str:
    """The page; `sent` is an item that could not be saved."""
    codes = [each.code for each in opened.sheet.instrument.components]
    frame, at = frames.of(opened, component.code), codes.index(component.code)
    here = links.component(opened.public_id, component.code)
    all_open = "all" in flask.request.args
    neighbours = [link for link in frame.links if link.code in codes]
    return flask.render_template(
        "reviews/score_component.html",
        case=frame,
        component=cards.of_rating(opened.work, component),
        items=cards.of_component(opened, component.code, sent),
        all_open=all_open,
        fold_url=here if all_open else f"{here}?all=yes",
        before=neighbours[at - 1] if at else None,
        after=neighbours[at + 1] if at + 1 < len(neighbours) else None,
        problems=_problems(sent),
        has_errors=sent is not None,
    )


def _component(opened: routes.Opened, code: str) -> definition.Component:
    try:
        return opened.sheet.instrument.component(code)
    except KeyError:
        raise errors.NotFound(f"there is no component {code}") from None


def _problems(sent: cards.Sent | None) -> list[tuple[str, str]]:
    if sent is None:
        return []
    return [
        (f"{sent.code}: {error}", f"#{field.id}")
        for form in (sent.form, sent.source_form)
        for field in form
        for error in field.errors
    ]


@routes.blueprint.post("/reviews/<uuid:public_id>/items/<code>")
@guard.requires(Permission.REVIEW_SCORE)
def score_item(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Save one control of an item, or its whole form with a source to add or to take away."""
    review = routes.found_to_score(public_id)
    instrument = queries.instrument_of(review)
    item = routes.item(instrument, code)
    form = forms.item_form(instrument, item, formdata=flask.request.form)
    if saving.by_script():
        return _save_control(review, item, form)
    return _save_form(review, item, form)


def _save_control(
    review: queries.CaseReview, item: definition.Item, form: forms.DefinedForm
) -> ResponseReturnValue:
    form.validate()
    problem = saving.first_error(form, flask.request.form.get("changed"))
    if problem:
        return saving.refused(problem)
    saved = routes.record(review, saving.item_changes(item, form, flask.request.form))
    if saved.conflicts and saved.conflicts[0].place == item.code:
        return conflicts.told(review.public_id, item)
    if saved.conflicts:
        place = saved.conflicts[0].place
        swaps = saving.question_swaps(routes.reread(review), item, place)
        return saving.overtaken(conflicts.overtaken(saved.conflicts[0]), swaps)
    work = routes.committed(review, saved)
    rated = work.rating.items[item.code]
    words = rated.rating.label.lower() if rated.rating else "not rated yet"
    swaps = [*saving.item_swaps(work, item), *saving.revision_swaps(saved)]
    return saving.answered(swaps, f"{item.code}: {words}. {rated.reason}")


def _save_form(
    review: queries.CaseReview, item: definition.Item, form: forms.DefinedForm
) -> ResponseReturnValue:
    source_form = forms.SourceForm(flask.request.form, prefix=f"{item.code}-")
    adds = "add" in flask.request.form and bool(source_form.source.data)
    if not form.validate() or (adds and not source_form.validate()):
        return _refused_form(review, cards.Sent(item.code, form, source_form))
    changes = saving.item_changes(item, form, flask.request.form)
    saved = routes.record(review, changes) if changes else None
    evidence = _change_sources(review, item, source_form if adds else None)
    for conflict in saved.conflicts if saved else ():
        if conflict.place == item.code:
            return conflicts.asked(review, item, conflict)
        flask.flash(f"{conflict.place}: {conflicts.overtaken(conflict)}", "error")
    target = links.item(review.public_id, queries.instrument_of(review), item.code)
    return flask.redirect(f"{target}-evidence" if evidence else target, code=303)


def _refused_form(review: queries.CaseReview, sent: cards.Sent) -> ResponseReturnValue:
    opened = routes.opened(review.public_id)
    component = opened.sheet.instrument.component(opened.sheet.instrument.item(sent.code).component)
    return component_page(opened, component, sent), 422


def _change_sources(
    review: queries.CaseReview, item: definition.Item, adds: forms.SourceForm | None
) -> bool:
    """Add the source that was chosen, take away the one whose cross was pressed."""
    session, actor, now = current.session(), current.actor(), current.now()
    removed = flask.request.form.get("remove")
    if adds is not None:
        new = rules.NewEvidence(
            item.code,
            rules.EvidenceSource(adds.source.data),
            adds.detail.data or "",
            bool(adds.protected.data),
        )
        actions.add_evidence(session, review=review, sources=[new], actor=actor, now=now)
    elif removed:
        which = cards.key(removed)
        actions.remove_evidence(session, review=review, evidence_id=which, actor=actor, now=now)
    return adds is not None or bool(removed)
