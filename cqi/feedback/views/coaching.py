"""Pages of coaching notes: the list, one note, and the form, which also stands beside a memo."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.feedback import actions, forms, queries
from cqi.feedback.policy import coaching as policy
from cqi.feedback.rules.coaching import ENTRY_WORDS, EntryKind
from cqi.feedback.views import routes
from cqi.ui import dates

blueprint = routes.blueprint


@dataclass(frozen=True)
class Card:
    """The form beside a memo: with whom, and the notes that its reader shared on it."""

    form: forms.CoachingForm
    workers: dict[int, str]
    activities: dict[str, str]
    draft: queries.CoachingNote | None
    notes: Sequence[queries.NoteSheet]


def card(release: queries.MemoRelease, *, sent: bool = False) -> Card | None:
    """What stands beside a memo for whoever coaches from it; None for everybody else."""
    session, actor, today = current.session(), current.actor(), current.today()
    if not policy.may_coach(actor, queries.coached_case(release.review, today)):
        return None
    activities = queries.activities(queries.content(session, release))
    if not activities:
        return None
    workers = queries.workers(session, release.review, actor, today)
    draft = queries.draft_note(session, actor, release.review, _wanted())
    notes = queries.notes_on(session, actor, release.review, routes.clocks())
    form = forms.coaching_form(workers, activities, draft, sent=sent)
    return Card(form, workers, activities, draft, [one for one in notes if one.shared_at])


def card_of(public_id: uuid.UUID) -> Card | None:
    """The same, for the page of a memo that its reader may read."""
    session, actor = current.session(), current.actor()
    if not actor.holds(Permission.FEEDBACK_COACH):
        return None
    return card(queries.released(session, actor, public_id, current.today()))


def _wanted() -> uuid.UUID | None:
    """Which of several drafts is asked for."""
    return flask.request.args.get("note", type=uuid.UUID)


@blueprint.route("/<uuid:public_id>/coaching", methods=["GET", "POST"])
@guard.requires(Permission.FEEDBACK_COACH)
def write_coaching(public_id: uuid.UUID) -> ResponseReturnValue:
    """The form as a page of its own: for a draft, and where something is missing."""
    session, actor = current.session(), current.actor()
    release = queries.released(session, actor, public_id, current.today())
    policy.authorise_coaching(actor, queries.coached_case(release.review, current.today()))
    found = card(release, sent=current.writes())
    if found is None:
        raise errors.NotFound("this memo has nothing to coach on")
    if not current.writes():
        reading_log.record_read(public_id, purpose="feedback")
        return _form_page(release, found)
    if not found.form.validate_on_submit():
        return _form_page(release, found), routes.REFUSED
    try:
        return _keep(release, found.form)
    except errors.Conflict as problem:
        return _form_page(release, found, problem), 409
    except errors.Blocked as problem:
        return _form_page(release, found, problem), routes.REFUSED


def _keep(release: queries.MemoRelease, form: forms.CoachingForm) -> ResponseReturnValue:
    """Keep a draft; with the other button also share it."""
    given: dict[str, Any] = {"actor": current.actor(), "now": current.now()}
    given["today"] = current.today()
    key, revision = forms.key_of(form.key), forms.number_of(form.revision)
    drafting = actions.Drafting(key, form.wish(), revision)
    note = actions.draft_coaching(current.session(), release=release, drafting=drafting, **given)
    if not form.share.data:
        flask.flash("Your draft is kept. Nobody else sees it yet.")
        url = flask.url_for("feedback.memo", public_id=release.review.public_id)
        return flask.redirect(f"{url}#coaching", code=303)
    actions.share_coaching(current.session(), note=note, **given)
    flask.flash("Shared. Both of you find the note here, and nobody else does.")
    return flask.redirect(flask.url_for("feedback.coaching_note", public_id=key), code=303)


def _form_page(
    release: queries.MemoRelease, found: Card, problem: errors.ProductError | None = None
) -> str:
    if isinstance(problem, errors.Conflict):
        found.form.revision.raw_data, found.form.revision.data = None, str(problem.revision)
    return flask.render_template(
        "feedback/write_coaching.html",
        release=release,
        review=release.review,
        card=found,
        form=found.form,
        saved=_saved(found, problem),
        problems=_told(problem),
        dates=dates,
    )


def _saved(found: Card, problem: errors.ProductError | None) -> dict[str, str]:
    """Field -> what the other window saved in it, where that differs from what is here."""
    if not isinstance(problem, errors.Conflict) or not problem.saved:
        return {}
    theirs, mine = json.loads(problem.saved), json.loads(problem.sent)
    told = {name: words for name, words in theirs.items() if words != mine[name]}
    labels = {"worker": {str(one): name for one, name in found.workers.items()}}
    labels["item"] = dict(found.activities)
    return {name: str(labels.get(name, {}).get(words, words)) for name, words in told.items()}


def _told(problem: errors.ProductError | None) -> list[tuple[str, str]]:
    """(message, where its remedy is) of each blocker."""
    blockers: Sequence[Blocker] = problem.blockers if isinstance(problem, errors.Blocked) else ()
    return [(one.message, f"#{one.place}" if one.place else "") for one in blockers]


@blueprint.get("/coaching")
@guard.requires(Permission.FEEDBACK_ACKNOWLEDGE)
def coaching() -> str:
    """One's own coaching notes: open ones by the day of their follow-up, drafts, closed ones."""
    found = queries.notes(current.session(), current.actor(), routes.clocks())
    return flask.render_template(
        "feedback/coaching.html",
        open_notes=[one for one in found if one.open],
        drafts=[one for one in found if not one.shared_at],
        closed=[one for one in found if one.standing.closed],
        coaches_from_memos=current.actor().holds(Permission.FEEDBACK_COACH),
        dates=dates,
    )


@blueprint.get("/coaching/<uuid:public_id>")
@guard.requires(Permission.FEEDBACK_ACKNOWLEDGE)
def coaching_note(public_id: uuid.UUID) -> ResponseReturnValue:
    """One note with all that was written on it; a draft opens where it is written."""
    note = queries.note(current.session(), current.actor(), public_id)
    if note.shared_at is None:
        review = note.review.public_id
        url = flask.url_for("feedback.write_coaching", public_id=review, note=public_id)
        return flask.redirect(url, code=303)
    return _note_page(note, forms.entry_form())


@blueprint.post("/coaching/<uuid:public_id>")
@guard.requires(Permission.FEEDBACK_ACKNOWLEDGE)
def write_on_coaching(public_id: uuid.UUID) -> ResponseReturnValue:
    """Write something more on a note; a refusal keeps what was written."""
    session, actor, form = current.session(), current.actor(), forms.entry_form(sent=True)
    note = queries.note(session, actor, public_id)
    if note.shared_at is not None and not form.validate_on_submit():
        return _note_page(note, form), routes.REFUSED
    try:
        actions.write_on_coaching(
            session,
            note=note,
            writing=_writing(form),
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked as problem:
        if note.shared_at is None:
            raise
        return _note_page(note, form, problem), routes.REFUSED
    flask.flash("It is written down, and the other of you two is told.")
    return flask.redirect(flask.url_for("feedback.coaching_note", public_id=public_id), code=303)


def _writing(form: forms.EntryForm) -> actions.WritingOn:
    named = form.kind.data or ""
    if named not in set(EntryKind):
        raise errors.BadInput("Use a button of the page: this is nothing to write on a note.")
    words, day = form.words.data or "", form.follow_up_on.data
    return actions.WritingOn(forms.key_of(form.key), EntryKind(named), words, day)


def _note_page(
    note: queries.CoachingNote, form: forms.EntryForm, problem: errors.ProductError | None = None
) -> str:
    session, actor, clocks = current.session(), current.actor(), routes.clocks()
    reading_log.record_read(note.review.public_id, purpose="feedback")
    [sheet] = queries.note_sheets(session, actor, [note], clocks)
    readable = queries.readable(session, actor, note.review.case_id, current.today())
    return flask.render_template(
        "feedback/coaching_note.html",
        note=sheet,
        form=form,
        kinds=[kind.value for kind in policy.entry_kinds(sheet.standing, actor)],
        words=ENTRY_WORDS,
        readable=sheet.review in readable,
        problems=_told(problem),
        calendar=clocks.calendar,
    )
