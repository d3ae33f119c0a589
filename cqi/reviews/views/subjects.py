"""Whom repeated questions are asked of: thin rows on the face sheet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import definition
from cqi.reviews import actions, forms, queries, rules
from cqi.reviews.views import links, routes, shown


@dataclass(frozen=True)
class Listing:
    """One kind of subjects with those that are listed, and the form for one more."""

    kind: definition.SubjectKind
    listed: tuple[queries.sheets.Subject, ...]
    form: forms.SubjectForm
    missing: bool


def of(opened: routes.Opened) -> Iterator[Listing]:
    """Every kind that the instrument asks for."""
    waiting = {gap.name for gap in opened.sheet.missing if gap.item is None}
    for kind in opened.sheet.instrument.subjects:
        listed = opened.sheet.subjects.get(kind.kind, ())
        form = forms.SubjectForm(prefix=f"{kind.kind}-")
        yield Listing(kind, listed, form, kind.kind in waiting and opened.editable)


@routes.blueprint.post("/reviews/<uuid:public_id>/subjects/<kind>")
@guard.requires(Permission.REVIEW_SCORE)
def add_subject(public_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """List one more."""
    label = _label(kind)
    review = routes.found(public_id)
    if label:
        actions.add_subjects(
            current.session(),
            review=review,
            subjects=[rules.NewSubject(kind, label)],
            actor=current.actor(),
            now=current.now(),
        )
    return _back(public_id, kind)


@routes.blueprint.post("/reviews/<uuid:public_id>/subjects/<kind>/<uuid:subject_id>/remove")
@guard.requires(Permission.REVIEW_SCORE)
def remove_subject(public_id: uuid.UUID, kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    """Take one off the list: what was answered stays on record and counts no more."""
    actions.remove_subject(
        current.session(),
        review=routes.found(public_id),
        subject_id=subject_id,
        actor=current.actor(),
        now=current.now(),
    )
    return _back(public_id, kind)


@routes.blueprint.post("/reviews/<uuid:public_id>/subjects/<kind>/<uuid:subject_id>")
@guard.requires(Permission.REVIEW_SCORE)
def rename_subject(public_id: uuid.UUID, kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    """Change a label."""
    label, review = _label(str(subject_id)), routes.found(public_id)
    if label:
        expected = shown.number(flask.request.form.get("revision", ""))
        _rename(review, rules.Renaming(subject_id, label, expected))
    return _back(public_id, kind)


def _label(prefix: str) -> str:
    """What was written, or empty where it cannot be taken, which is said."""
    form = forms.SubjectForm(flask.request.form, prefix=f"{prefix}-")
    if form.validate() and form.label.data:
        return str(form.label.data)
    flask.flash(str(form.label.errors[0]) if form.label.errors else forms.WHO, "error")
    return ""


def _rename(review: queries.CaseReview, renaming: rules.Renaming) -> None:
    session, actor, now = current.session(), current.actor(), current.now()
    try:
        actions.rename_subject(session, review=review, renaming=renaming, actor=actor, now=now)
    except errors.Conflict as conflict:
        current.abandon()
        message = f"Somebody else wrote “{conflict.saved}” meanwhile; you wrote “{conflict.sent}”."
        flask.flash(f"{message} Choose again if it should be otherwise.", "error")


def _back(public_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    return flask.redirect(f"{links.face_sheet(public_id)}#subjects-{kind}", code=303)
