"""Interviews: one card for each person who should be heard, saved field by field."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
import wtforms
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import actions, forms, queries
from cqi.reviews.rules import interviews as hearing
from cqi.reviews.rules.interviews import Interview, InterviewChange
from cqi.reviews.views import conflicts, frames, links, notes_conflicts, routes, saving, shown
from cqi.reviews.views import planning as planned
from cqi.ui import dates

OFF = "off"  # the button that takes somebody off the list; its value is the interview's id
_NOTES = hearing.NOTES


@dataclass(frozen=True)
class Card:
    """One person with the form of their interview."""

    one: Interview
    place: str
    words: str
    lacks: str
    form: forms.InterviewForm
    saved_at: str
    doubt: str
    revisions: tuple[tuple[str, str], ...]
    frozen: bool
    time: planned.Time | None = None

    @property
    def code(self) -> str:
        """What the macro `revisions` names its place by."""
        return self.place

    @property
    def sent_along(self) -> str:
        return " ".join(name for name, _ in self.revisions)


@routes.blueprint.get("/reviews/<uuid:public_id>/interviews", endpoint="interviews")
@guard.requires(Permission.REVIEW_SEE)
def show_interviews(public_id: uuid.UUID) -> ResponseReturnValue:
    """Everybody who should be heard: to record, or to read where nothing may be changed."""
    opened = routes.opened(public_id)
    return routes.without_answers(opened) or _page(opened)


def _page(
    opened: routes.Opened,
    sent: Mapping[uuid.UUID, forms.InterviewForm] | None = None,
    closed: tuple[str, ...] = (),
    person: forms.PersonForm | None = None,
) -> str:
    """The page; `sent` and `person` are forms that could not be taken whole, `closed` is why
    nothing could."""
    frame = frames.of(opened, links.INTERVIEWS)
    at = [link.code for link in frame.links].index(links.INTERVIEWS)
    found = _problems([*(sent or {}).values(), *([person] if person else [])])
    return flask.render_template(
        "reviews/interviews.html",
        case=frame,
        cards=list(cards(opened, sent or {})),
        person=person or forms.PersonForm(prefix="new-"),
        before=frame.links[at - 1],
        after=frame.links[at + 1],
        problems=[*found, *((line, "") for line in closed)],
        nothing_saved=bool(closed),
        has_errors=bool(sent or closed or person),
    )


def _problems(sent: Sequence[wtforms.Form]) -> list[tuple[str, str]]:
    fields = [field for form in sent for field in form]
    return [(str(error), f"#{field.id}") for field in fields for error in field.errors]


def cards(opened: routes.Opened, sent: Mapping[uuid.UUID, forms.InterviewForm]) -> Iterator[Card]:
    """A card for each person, with their notes."""
    notes = queries.interview_notes(current.session(), opened.review)
    times = planned.times(opened)
    for one in opened.sheet.interviews:
        saved = notes.get(one.id)
        text = saved.text if saved else ""
        form = sent.get(one.id) or _form(one.id, data=_data(one, text))
        at = routes.time_of(saved.at) if saved else ""
        days = _days(opened.review)
        made = _card(one, form, text, days, saved_at=at, frozen=not opened.editable)
        yield dataclasses.replace(made, time=times[one.id])


def _days(review: queries.CaseReview) -> hearing.Days:
    return hearing.Days(review.round.on_site_from, routes.local(review.created_at).date())


def _data(one: Interview, notes: str) -> dict[str, object]:
    data = {name: getattr(one, name) for name in hearing.FIELDS if name != _NOTES}
    return {**data, _NOTES: notes}


def _card(
    one: Interview,
    form: forms.InterviewForm,
    notes: str,
    days: hearing.Days,
    *,
    saved_at: str = "",
    frozen: bool,
) -> Card:
    held = f", {dates.full_day(one.held_on)}" if one.outcome and one.held_on else ""
    lacks = "" if frozen else one.lacks
    return Card(
        one=one,
        place=hearing.place(one.id),
        words=f"{one.words}{held if one.outcome is hearing.Outcome.HELD else ''}",
        lacks=lacks,
        form=form,
        saved_at=saved_at,
        doubt=days.doubt(one.held_on) if one.outcome is hearing.Outcome.HELD else "",
        revisions=tuple(_revisions(one, notes)),
        frozen=frozen,
    )


def _revisions(one: Interview, notes: str) -> Iterator[tuple[str, str]]:
    for name in hearing.FIELDS:
        value = notes if name == _NOTES else hearing.value_of(one, name)
        yield shown.control(hearing.place(one.id, name), one.revision(name), value)


def _form(one: uuid.UUID, **given: Any) -> forms.InterviewForm:
    prefix = f"{hearing.place(one)}-"
    return forms.InterviewForm(prefix=prefix, today=current.today(), **given)


@routes.blueprint.post("/reviews/<uuid:public_id>/interviews")
@guard.requires(Permission.REVIEW_SCORE)
def save_interviews(public_id: uuid.UUID) -> ResponseReturnValue:
    """Save one field of one person, for the page's script, or the whole page."""
    review = routes.found(public_id)
    if saving.by_script():
        return _save_control(review, flask.request.form.get("changed", ""))
    try:
        return _save_page(review)
    except errors.Blocked as blocked:
        return _closed(public_id, blocked)


def _save_control(review: queries.CaseReview, changed: str) -> ResponseReturnValue:
    interview, name = _place(changed)
    form = _form(interview, formdata=flask.request.form)
    if name not in form:
        raise errors.BadInput(f"there is no “{changed}” on this page")
    if not form.validate() and form[name].errors:
        return saving.refused(str(form[name].errors[0]))
    saved = _record(review, [_change(interview, form[name])])
    conflict = next(iter(saved.conflicts), None)
    if conflict and name == _NOTES:
        current.abandon()
        return notes_conflicts.told(review.public_id, conflict)
    one = saved.people[interview]
    notes = str(form.notes.data or "") if name == _NOTES else ""
    form = _form(interview, data=_data(one, notes))
    card = _card(one, form, notes, _days(review), frozen=False)
    if conflict:
        swaps = [*_parts(card), _outcome(card), _revision_swap(card, name)]
        return saving.overtaken(conflicts.overtaken(conflict), swaps)
    work = routes.committed(review, saved)
    swaps = [*_parts(card), _revision_swap(card, name)]
    swaps += saving.frame_swaps(work, links.INTERVIEWS, (links.INTERVIEWS,))
    return saving.answered(swaps, f"{one.label}: {card.words or hearing.LACKS_WORDS[one.lacks]}.")


def _place(control: str) -> tuple[uuid.UUID, str]:
    """The interview and field that a control is named by. Raises BadInput."""
    _, _, rest = control.partition("-")
    public_id, _, name = rest.rpartition("-")
    try:
        return uuid.UUID(public_id), name
    except ValueError:
        raise errors.BadInput(f"there is no “{control}” on this page") from None


def _change(interview: uuid.UUID, field: wtforms.Field) -> InterviewChange:
    before = shown.read(flask.request.form, field.name)
    name, value = field.short_name, _sent(field)
    return InterviewChange(interview, name, value, before.revision)


def _sent(field: wtforms.Field) -> str:
    return shown.plain(str(field.data or ""))


def _record(review: queries.CaseReview, changes: list[InterviewChange]) -> actions.Recorded:
    routes.begin(review)
    return actions.record_interviews(
        current.session(),
        review=review,
        changes=changes,
        actor=current.actor(),
        now=current.now(),
        today=current.today(),
    )


def _parts(card: Card) -> list[saving.Swap]:
    """What depends on the outcome: the head, and the fields of held and of not held."""
    made, place = saving.macros("reviews/interview.html"), card.place
    return [
        saving.Swap(f"{place}-head", made.head(card)),
        saving.Swap(f"{place}-when", made.when(card)),
        saving.Swap(f"{place}-why", made.why(card)),
    ]


def _outcome(card: Card) -> saving.Swap:
    made = saving.macros("reviews/interview.html")
    return saving.Swap(f"{card.place}-outcome-part", made.outcome(card))


def _revision_swap(card: Card, name: str) -> saving.Swap:
    control = hearing.place(card.one.id, name) + forms.REVISION
    return saving.Swap(control, saving.parts().revision(control, dict(card.revisions)[control]))


def _save_page(review: queries.CaseReview) -> ResponseReturnValue:
    """Save what was changed on the page; what could not be stands there again, with the reason."""
    people = queries.sheet(current.session(), review).interviews
    filled = {one.id: _form(one.id, formdata=flask.request.form) for one in people}
    filled = {key: form for key, form in filled.items() if _shown(form)}
    refused = {key: form for key, form in filled.items() if not form.validate()}
    changes = [change for key, form in filled.items() for change in _changes(key, form)]
    saved = _record(review, changes) if changes else None
    texts = [c for c in (saved.conflicts if saved else ()) if c.place.endswith(_NOTES)]
    for conflict in saved.conflicts if saved else ():
        if conflict not in texts:
            flask.flash(conflicts.overtaken(conflict), "error")
    person = _change_list(review)
    if texts and not refused:
        return notes_conflicts.asked(review.public_id, texts)
    if refused or person:
        current.finish(200)
        return _page(routes.opened(review.public_id), refused, person=person), 422
    return flask.redirect(_target(review.public_id), code=303)


def _shown(form: forms.InterviewForm) -> bool:
    return form.outcome.name + forms.REVISION in flask.request.form


def _changes(interview: uuid.UUID, form: forms.InterviewForm) -> Iterator[InterviewChange]:
    for field in form:
        seen = shown.read(flask.request.form, field.name)
        emptied = field.short_name == "label" and not field.data
        told = field.name in flask.request.form and not emptied and not field.errors
        if told and seen.differs(_sent(field)):
            yield _change(interview, field)


def _change_list(review: queries.CaseReview) -> forms.PersonForm | None:
    """Take off who was crossed out, and list who was added; the form of somebody who cannot be."""
    session, actor, now = current.session(), current.actor(), current.now()
    if off := flask.request.form.get(OFF):
        which, _ = _place(f"-{off}-")
        actions.remove_interview(session, review=review, interview_id=which, actor=actor, now=now)
    form = forms.PersonForm(flask.request.form, prefix="new-")
    if not form.label.data:
        return None
    if not form.validate():
        return form
    routes.begin(review)
    actions.add_interview(
        session,
        review=review,
        role=hearing.InterviewRole(form.role.data),
        label=form.label.data,
        actor=actor,
        now=now,
    )
    return None


def _target(public_id: uuid.UUID) -> str:
    if "go" in flask.request.form:
        return links.onward(public_id, flask.request.form["go"])
    return links.interviews(public_id)


def _closed(public_id: uuid.UUID, blocked: errors.Blocked) -> ResponseReturnValue:
    """The page of a case review that can no longer be changed, with the notes that came late."""
    current.abandon()
    sent = flask.request.form
    late = [(name, text) for name, text in sent.items() if name.endswith(f"-{_NOTES}")]
    texts = [text for name, text in late if shown.read(sent, name).differs(text)]
    lines = (*(each.message for each in blocked.blockers), *texts)
    return _page(routes.opened(public_id), closed=lines), 422
