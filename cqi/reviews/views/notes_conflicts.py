"""Two people wrote notes of the same interview: both texts, as for a narrative."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import actions, forms, queries
from cqi.reviews.rules import interviews as hearing
from cqi.reviews.rules.interviews import Interview, InterviewChange
from cqi.reviews.views import conflicts, frames, links, routes, shown
from cqi.ui import comparing


@dataclass(frozen=True)
class TwoNotes:
    """Both texts of an interview's notes: what was written here, and what was saved meanwhile."""

    one: Interview
    form: forms.ConflictForm
    compared: comparing.Comparison
    theirs_by: str
    theirs_at: str
    own: bool


def told(public_id: uuid.UUID, conflict: errors.Conflict) -> ResponseReturnValue:
    """What the script says at the field; its button sends the whole page, and that is asked."""
    return conflicts.two_texts_told(links.interviews(public_id), conflict)


def asked(public_id: uuid.UUID, found: Sequence[errors.Conflict]) -> ResponseReturnValue:
    """The page that asks about each. What else was sent is committed first."""
    current.finish(200)
    return _page(public_id, {_interview(each.place): each.sent for each in found}), 409


def _interview(place: str) -> uuid.UUID:
    return uuid.UUID(place.removeprefix("interview-").removesuffix(f"-{hearing.NOTES}"))


@routes.blueprint.post("/reviews/<uuid:public_id>/interviews/conflict")
@guard.requires(Permission.REVIEW_SCORE)
def settle_notes(public_id: uuid.UUID) -> ResponseReturnValue:
    """Save the notes that should stand of each interview that was asked about."""
    review = routes.found(public_id)
    people = queries.sheet(current.session(), review).interviews
    answers = {one.id: _form(one.id, formdata=flask.request.form) for one in people}
    answers = {key: form for key, form in answers.items() if form.choice.name in flask.request.form}
    if [form for form in answers.values() if not form.validate()]:
        mine = {key: shown.plain(form.mine.data) for key, form in answers.items()}
        return _page(public_id, mine, answers), 422
    left = {key: text for key, form in answers.items() for text in _settled(review, key, form)}
    if left:
        current.finish(200)
        return _page(public_id, left), 409
    return flask.redirect(links.interviews(public_id), code=303)


def _form(one: uuid.UUID, **given: Any) -> forms.ConflictForm:
    return forms.ConflictForm(prefix=f"{hearing.place(one)}-", **given)


def _settled(
    review: queries.CaseReview, interview: uuid.UUID, form: forms.ConflictForm
) -> Iterator[str]:
    """Save what was chosen; yields one's own text where a third one came meanwhile."""
    notes = queries.interview_notes(current.session(), review).get(interview)
    revision = shown.number(form.revision.data or "")
    for text in conflicts.chosen(form, notes.text if notes else ""):
        change = InterviewChange(interview, hearing.NOTES, text, revision)
        saved = actions.record_interviews(
            current.session(),
            review=review,
            changes=[change],
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )
        if saved.conflicts:
            yield conflicts.own_text(form)
            return
        revision = saved.revisions[change.place]


def _page(
    public_id: uuid.UUID,
    mine: Mapping[uuid.UUID, str],
    answers: Mapping[uuid.UUID, forms.ConflictForm] | None = None,
) -> str:
    """The page; `mine` are texts by interview, `answers` were refused."""
    opened = routes.opened(public_id)
    return flask.render_template(
        "reviews/settle_notes.html",
        case=frames.of(opened, links.INTERVIEWS),
        conflicts=list(_two_notes(opened, mine, answers or {})),
        back=links.interviews(public_id),
        has_errors=bool(answers),
    )


def _two_notes(
    opened: routes.Opened,
    mine: Mapping[uuid.UUID, str],
    answers: Mapping[uuid.UUID, forms.ConflictForm],
) -> Iterator[TwoNotes]:
    notes = queries.interview_notes(current.session(), opened.review)
    for one in opened.sheet.interviews:
        if one.id not in mine:
            continue
        saved, text = notes.get(one.id), mine[one.id]
        compared = comparing.compare(text, saved.text if saved else "")
        data = {"mine": text, "combined": compared.combined}
        data["revision"] = str(one.revision(hearing.NOTES))
        yield TwoNotes(
            one=one,
            form=answers.get(one.id) or _form(one.id, data=data),
            compared=compared,
            theirs_by=saved.by if saved else "",
            theirs_at=routes.time_of(saved.at) if saved else "",
            own=saved is not None and saved.by_id == current.actor().person_id,
        )
