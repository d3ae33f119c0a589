"""Whom repeated questions are asked of: thin rows of the face sheet, part of its one form."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import flask

from cqi.access import current
from cqi.core import errors
from cqi.instruments import definition
from cqi.reviews import actions, forms, queries, rules
from cqi.reviews.views import routes, shown

OFF = "off"  # the button that takes a row off the list; its value is the row's id


@dataclass(frozen=True)
class Row:
    """One who is listed; `revision` says what the page showed of the label."""

    id: str
    form: forms.SubjectForm
    revision: tuple[str, str]


@dataclass(frozen=True)
class Listing:
    """One kind of subjects with those that are listed, and the form for one more."""

    kind: definition.SubjectKind
    rows: tuple[Row, ...]
    form: forms.SubjectForm
    missing: bool


def of(opened: routes.Scored) -> Iterator[Listing]:
    """Every kind that the instrument asks for."""
    waiting = {gap.name for gap in opened.sheet.missing if gap.item is None}
    for kind in opened.sheet.instrument.subjects:
        rows = tuple(_row(each) for each in opened.sheet.subjects.get(kind.kind, ()))
        form = _refused(kind.kind) or forms.SubjectForm(prefix=f"{kind.kind}-")
        yield Listing(kind, rows, form, kind.kind in waiting and opened.editable)


def _row(one: queries.sheets.Subject) -> Row:
    form = _refused(one.id) or forms.SubjectForm(prefix=f"{one.id}-", data={"label": one.label})
    return Row(one.id, form, shown.of_label(form.label.name, one))


def problems(listings: Iterable[Listing]) -> list[tuple[str, str]]:
    """(words, address) of every label that was sent and cannot be taken."""
    labels = [form.label for each in listings for form in (*(r.form for r in each.rows), each.form)]
    return [(str(error), f"#{label.id}") for label in labels for error in label.errors]


def _refused(prefix: str) -> forms.SubjectForm | None:
    """The form as this request sent it, where its label cannot be taken."""
    form = forms.SubjectForm(flask.request.form, prefix=f"{prefix}-")
    return None if form.validate() else form


def save(review: queries.CaseReview, instrument: definition.Instrument) -> bool:
    """List, rename and take off what a post of the face sheet says; False where a label cannot be
    taken, of which the page tells."""
    if not instrument.subjects:
        return True
    listed = queries.subjects_of(current.session(), review)
    for kind in instrument.subjects:
        for one in listed.get(kind.kind, ()):
            _mend(review, one)
        if label := label_sent(kind.kind):
            actions.add_subjects(
                current.session(),
                review=review,
                subjects=[rules.NewSubject(kind.kind, label)],
                actor=current.actor(),
                now=current.now(),
            )
    rows = [one.id for each in listed.values() for one in each]
    return taken([*rows, *(kind.kind for kind in instrument.subjects)])


def taken(keys: Iterable[str]) -> bool:
    """Whether each label that was sent for these rows and kinds can be taken."""
    return not any(_refused(key) for key in keys if key != flask.request.form.get(OFF))


def _mend(review: queries.CaseReview, one: queries.sheets.Subject) -> None:
    session, actor, now = current.session(), current.actor(), current.now()
    if flask.request.form.get(OFF) == one.id:
        off = uuid.UUID(one.id)
        actions.remove_subject(session, review=review, subject_id=off, actor=actor, now=now)
        return
    label, seen = label_sent(one.id), shown.read(flask.request.form, f"{one.id}-label")
    if not label or not seen.differs(label):
        return
    new = rules.Renaming(uuid.UUID(one.id), label, seen.revision)
    try:
        actions.rename_subject(session, review=review, renaming=new, actor=actor, now=now)
    except errors.Conflict as conflict:  # before anything of the row was changed
        message = f"Somebody else wrote “{conflict.saved}” meanwhile; you wrote “{conflict.sent}”."
        flask.flash(f"{message} Choose again if it should be otherwise.", "error")


def label_sent(prefix: str) -> str:
    """What was written, or empty where nothing was or it cannot be taken."""
    form = forms.SubjectForm(flask.request.form, prefix=f"{prefix}-")
    return str(form.label.data or "") if form.validate() else ""
