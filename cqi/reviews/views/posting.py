"""A component's page as one form: each of its buttons saves all that was typed on the page.

What can be saved is. The rest stands in its field again, with the reason: a text that is too
long, a source without its place, an answer that somebody else gave first. Where two texts of one
narrative are all that is left, the page that asks for one of them comes instead.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import flask
import wtforms
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import definition
from cqi.reviews import actions, forms, queries, rules
from cqi.reviews.rules import Change, ChangeKind
from cqi.reviews.rules.interviews import Interview
from cqi.reviews.views import cards, conflicts, links, notes, routes, saving, scoring, shown


@dataclass(frozen=True)
class Part:
    """One item's part of the form: what it changes, and what it cannot change as it was sent."""

    item: definition.Item
    form: wtforms.Form
    source: forms.SourceForm
    changes: list[Change]
    refused: list[Change]

    @property
    def new_source(self) -> rules.NewEvidence | None:
        """The source to add, if one was chosen."""
        if not self.source.filled or self.source.errors:
            return None
        return self.source.chosen(self.item.code)


@routes.blueprint.post("/reviews/<uuid:public_id>/components/<code>")
@guard.requires(Permission.REVIEW_SCORE)
def save_component(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Save everything that the page changes, and go where the button leads that was pressed."""
    review = routes.found(public_id)
    instrument = queries.instrument_of(review)
    component = routes.component(instrument, code)
    subjects = routes.subject_ids(review) if instrument.subjects else {}
    people = queries.people(current.session(), review)
    parts = [part_sent(instrument, item, subjects, people) for item in instrument.items_of(code)]
    try:
        saved = _save(review, parts)
    except errors.Blocked as blocked:
        return _closed(public_id, component, parts, blocked)
    for part in parts:
        if gone := saving.asked_of_nobody(part.item, part.form, flask.request.form):
            flask.flash(f"{part.item.code}: {saving.NOBODY} You sent: {'; '.join(gone)}.", "error")
    texts = [conflict for conflict in saved.conflicts if conflict.place in component.items]
    left = any(part.refused or part.source.errors for part in parts)
    if left or notes.too_long() or len(texts) < len(saved.conflicts):
        return _again(public_id, component, parts, saved)
    if texts:
        return conflicts.asked(public_id, component, texts)
    return flask.redirect(_target(public_id, component, parts, saved), code=303)


@routes.blueprint.post("/reviews/<uuid:public_id>/components/<code>/notes")
@guard.requires(Permission.REVIEW_SEE)
def write_notes(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Open, answer, resolve and reopen QA notes where the answers cannot be changed."""
    review = routes.found(public_id)
    component = routes.component(queries.instrument_of(review), code)
    return notes.posted(
        review,
        lambda: links.component(public_id, code),
        lambda closed: scoring.component_page(routes.opened(public_id), component, closed=closed),
    )


def part_sent(
    instrument: definition.Instrument,
    item: definition.Item,
    subjects: forms.Subjects,
    people: Sequence[Interview] = (),
) -> Part:
    sent = flask.request.form
    form = forms.item_form(instrument, item, subjects, formdata=sent)
    source = forms.SourceForm(sent, prefix=f"{item.code}-", people=people)
    form.validate()
    if source.filled:
        source.validate()
    changes = saving.item_changes(item, form, sent)
    refused = [change for change in changes if _has_errors(form, change)]
    fit = [change for change in changes if change not in refused]
    return Part(item, form, source, fit, refused)


def _has_errors(form: wtforms.Form, change: Change) -> bool:
    if change.kind is ChangeKind.NARRATIVE:
        return bool(form[forms.NARRATIVE].errors)
    why = change.name + forms.WHY
    explained = change.value == definition.NA and why in form
    return bool(form[change.name].errors or (explained and form[why].errors))


def _save(review: queries.CaseReview, parts: Sequence[Part]) -> actions.Saved:
    """Save answers and texts, add the sources that were chosen, take away the one crossed out, send
    what was written on QA notes."""
    session, actor, now = current.session(), current.actor(), current.now()
    changes = [change for part in parts for change in part.changes]
    saved = routes.record(review, changes)
    sources = [part.new_source for part in parts if part.new_source]
    if sources:
        routes.begin(review)
        actions.add_evidence(session, review=review, sources=sources, actor=actor, now=now)
    _, _, removed = flask.request.form.get("remove", "").partition(":")
    if removed:
        with contextlib.suppress(errors.NotFound):  # somebody else took it away first
            which = cards.key(removed)
            actions.remove_evidence(session, review=review, evidence_id=which, actor=actor, now=now)
    notes.save(review)
    return saved


def _target(
    public_id: uuid.UUID,
    component: definition.Component,
    parts: Sequence[Part],
    saved: actions.Saved,
) -> str:
    """Where the button leads. Enter in a line of text presses none: it leads to what it saved."""
    sent, page = flask.request.form, links.component(public_id, component.code)
    if "go" in sent:
        return links.onward(public_id, sent["go"])
    if "send" in sent:
        return f"{page}#note-{sent['send']}"
    evidence = sent.get("add") or sent.get("remove", "").partition(":")[0]
    touched = [place.partition("-")[0] for place in saved.revisions]
    touched += [part.item.code for part in parts if part.new_source]
    item = evidence or sent.get("save") or next(iter(touched), "")
    if item not in component.items:
        return page
    return f"{page}#{item}-evidence" if evidence else f"{page}#{item}"


def _again(
    public_id: uuid.UUID,
    component: definition.Component,
    parts: Sequence[Part],
    saved: actions.Saved,
) -> ResponseReturnValue:
    """Commit what was saved, then show the page with what was not."""
    found = {part.item.code: _left(part, saved) for part in parts}
    sent = {code: left for code, left in found.items() if left}
    current.finish(200)
    page = scoring.component_page(routes.opened(public_id), component, sent)
    return page, 409 if saved.conflicts else 422


def _left(part: Part, saved: actions.Saved) -> cards.Sent | None:
    """What is not saved of an item, with the reasons at its fields; None where all is."""
    code = part.item.code
    found = {c.place: c for c in saved.conflicts if c.place.partition("-")[0] == code}
    if not (found or part.refused or part.source.errors):
        return None
    two_texts = found.pop(code, None)
    if two_texts:
        part.form[forms.NARRATIVE].errors = [conflicts.two_texts(two_texts)]
    overtaken = [place.removeprefix(f"{code}-") for place in found]
    for question, conflict in zip(overtaken, found.values(), strict=True):
        _field_of(part.form, question).errors = [conflicts.overtaken(conflict)]
    return cards.Sent(
        form=part.form,
        source_form=part.source if part.source.errors else None,
        overtaken=tuple(overtaken),
        two_texts=two_texts is not None,
        revisions=shown.as_sent(part.item, flask.request.form, {*saved.revisions, *found}),
    )


def _field_of(form: wtforms.Form, question: str) -> wtforms.Field:
    """Where to say that an answer was overtaken: at the words for an NA, which stay, if any."""
    why = question + forms.WHY
    explained = form[question].data == definition.NA and why in form and form[why].data
    return form[why if explained else question]


def _closed(
    public_id: uuid.UUID,
    component: definition.Component,
    parts: Sequence[Part],
    blocked: errors.Blocked,
) -> ResponseReturnValue:
    """The page of a case review that can no longer be changed, with the texts that came late."""
    current.abandon()
    lines = [blocker.message for blocker in blocked.blockers]
    lines += [text for part in parts for text in _texts(part)]
    lines += notes.late()
    return scoring.component_page(routes.opened(public_id), component, closed=lines), 422


def _texts(part: Part) -> Iterator[str]:
    code = part.item.code
    for change in (*part.changes, *part.refused):
        text = change.value if change.kind is ChangeKind.NARRATIVE else change.reason
        if text:
            yield f"{change.text_place}: {text}"
    if part.source.detail.data:
        yield f"{code}, learned from: {part.source.detail.data}"
