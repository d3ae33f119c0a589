"""A memo before it goes out: the site leader reads it, words it and releases it."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access import queries as access
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.feedback import actions, forms, queries
from cqi.feedback.rules import hints
from cqi.feedback.views import routes
from cqi.rounds.rules import MEMO_RATINGS_WORDS
from cqi.ui import dates

blueprint = routes.blueprint
_SET_BY_QA = "QA set this rating: the reviewers' words may say the opposite of what stands here."


@blueprint.route("/<uuid:public_id>/release", methods=["GET", "POST"])
@guard.requires(Permission.FEEDBACK_RELEASE)
def release_memo(public_id: uuid.UUID) -> ResponseReturnValue:
    """Read what the memo will say, change its words, keep them, send it."""
    session, actor = current.session(), current.actor()
    review = queries.review_to_release(session, actor, public_id)
    draft = queries.draft(session, review)
    form = forms.release_form(draft)
    if flask.request.method == "GET":
        reading_log.record_read(public_id, purpose="feedback")
        return _page(draft, form)
    if not form.validate_on_submit():
        return _page(draft, form), routes.REFUSED
    try:
        return _keep(draft, form)
    except errors.Conflict as found:
        return _page(draft, form, found), 409
    except errors.Blocked as found:
        return _page(draft, form, found), routes.REFUSED


def _keep(draft: queries.Draft, form: forms.ReleaseForm) -> ResponseReturnValue:
    """Keep the words; with the second button also send the memo."""
    session, actor, now = current.session(), current.actor(), current.now()
    final_at = draft.review.final_at
    if form.final_at.data and final_at and form.final_at.data != final_at.isoformat():
        final_at = dt.datetime.min.replace(tzinfo=dt.UTC)  # of another final review: never equal
    seen = actions.Seen(forms.number_of(form.revision), final_at)
    writing = actions.Writing(form.wording(draft.made), seen)
    revision = actions.write(session, review=draft.review, writing=writing, actor=actor, now=now)
    public_id = draft.review.public_id
    if not form.send.data:
        flask.flash("Your words are kept. The memo is not released yet.")
        return flask.redirect(flask.url_for("feedback.release_memo", public_id=public_id))
    actions.release(
        session,
        review=draft.review,
        seen=actions.Seen(revision, final_at),
        actor=actor,
        now=now,
        today=current.today(),
    )
    flask.flash("Released. The caseworker and the supervisor are told.")
    return flask.redirect(flask.url_for("feedback.memo", public_id=public_id))


@blueprint.get("/<uuid:public_id>/preview")
@guard.requires(Permission.FEEDBACK_RELEASE)
def preview_memo(public_id: uuid.UUID) -> str:
    """The memo as it would be read, in the words that are kept."""
    session, actor = current.session(), current.actor()
    review = queries.review_to_release(session, actor, public_id)
    reading_log.record_read(public_id, purpose="feedback")
    draft = queries.draft(session, review)
    graded = flask.request.args.get("ratings") == "yes"
    return flask.render_template(
        "feedback/preview_memo.html", draft=draft, memo=draft.memo, graded=graded, dates=dates
    )


def _page(
    draft: queries.Draft, form: forms.ReleaseForm, problem: errors.ProductError | None = None
) -> str:
    session, review, clocks = current.session(), draft.review, routes.clocks()
    saved = _saved(draft, form, problem) if isinstance(problem, errors.Conflict) else {}
    last, names = queries.newest(session, review), {}
    if isinstance(problem, errors.Conflict):
        form.revision.raw_data, form.revision.data = None, str(problem.revision)
        names = access.people_names(session, [problem.by_id] if problem.by_id else [])
    assert review.final_at is not None  # noqa: S101 - a review to release is final
    released = last is not None and last.final_at == review.final_at
    readers = queries.readers(session, review, current.today())
    return flask.render_template(
        "feedback/release_memo.html",
        draft=draft,
        review=review,
        form=form,
        hints={
            point.code: [*hints.hints(text), *([_SET_BY_QA] if point.computed else [])]
            for point, text in form.texts(draft.made)
        },
        saved=saved,
        saver=next(iter(names.values()), ""),
        earlier={"opening": draft.earlier.opening, "closing": draft.earlier.closing}
        | {f"text_{code}": words for code, words in draft.earlier.texts.items()},
        blockers=problem.blockers if isinstance(problem, errors.Blocked) else (),
        due=clocks.memo_due(review.final_at),
        clocks=clocks,
        readers=sorted(access.people_names(session, readers).items(), key=lambda one: one[1]),
        released=last if released else None,
        again=last if not released else None,
        ratings=MEMO_RATINGS_WORDS[review.round.memo_ratings],
        dates=dates,
    )


def _saved(draft: queries.Draft, form: forms.ReleaseForm, found: errors.Conflict) -> dict[str, str]:
    """Field -> what somebody else has saved in it meanwhile, where that differs from what is here:
    both stand on the page, and nothing is lost."""
    if not found.saved:
        return {}
    told = json.loads(found.saved)
    theirs = {"opening": told["opening"], "closing": told["closing"]}
    for point, _ in form.texts(draft.made):
        theirs[f"text_{point.code}"] = told["texts"].get(point.code, point.seen)
    differs = {name: words for name, words in theirs.items() if words != (form[name].data or "")}
    if set(told["left_out"]) != set(form.left_out.data or ()):
        differs["left_out"] = ", ".join(told["left_out"])
    return differs
