"""Giving an interview its time; the times as the page of interviews shows them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import actions, queries
from cqi.reviews.forms.planning import PlanForm
from cqi.reviews.rules import interviews as hearing
from cqi.reviews.rules import planning
from cqi.reviews.rules.interviews import Interview
from cqi.reviews.rules.planning import NewPlan, Standing, Stands
from cqi.reviews.views import links, routes
from cqi.ui import dates

_OFF = "off"  # the button that takes a time away


@dataclass(frozen=True)
class Time:
    """The planned time of an interview in words; `url` changes it, empty where one may not."""

    words: str
    doubt: str
    url: str


def times(opened: routes.Opened) -> dict[uuid.UUID, Time]:
    """Interview's id -> its time, or the way to give it one, for those not recorded yet."""
    may = queries.may_plan(opened.sheet.standing, current.actor())
    plans = queries.plans_of_review(current.session(), opened.review)
    found = {}
    for one in opened.sheet.interviews:
        plan = plans.get(one.id)
        stands = _stands(opened.review, one, plan)
        open_ = may and not planning.closed_blockers(stands)
        url = _url(opened.review.public_id, one.id) if open_ else ""
        found[one.id] = _time(opened.review, plan if one.outcome is None else None, url)
    return found


def _time(review: queries.CaseReview, plan: queries.Planned | None, url: str) -> Time:
    if plan is None or plan.cancelled:
        return Time("", "", url)
    where = f", {plan.place}" if plan.place else ""
    words = f"{when(plan.slot)}, {hearing.HOW_WORDS[plan.how].lower()}{where}"
    passed = plan.standing(current.now()) is Standing.PASSED
    return Time(
        words, "It has passed: record what came of it." if passed else _off(review, plan), url
    )


def when(slot: planning.Slot) -> str:
    """ "Thu 11 Mar, 09:00 to 10:00"."""
    first = routes.local(slot.starts_at)
    return f"{dates.weekday(first.date())}, {hours(slot)}"


def hours(slot: planning.Slot) -> str:
    """ "09:00 to 10:00"."""
    first, last = routes.local(slot.starts_at), routes.local(slot.ends_at)
    return f"{dates.clock(first)} to {dates.clock(last)}"


def _off(review: queries.CaseReview, plan: queries.Planned) -> str:
    first, last = review.round.on_site_from, review.round.on_site_to
    if planning.off_site(routes.local(plan.starts_at).date(), (first, last)):
        return f"It is outside the days on site, {dates.span(first, last)}."
    return ""


def _url(review: uuid.UUID, interview: uuid.UUID) -> str:
    return flask.url_for("reviews.plan_interview", public_id=review, interview=interview)


@routes.blueprint.route(
    "/reviews/<uuid:public_id>/interviews/<uuid:interview>/time", methods=["GET", "POST"]
)
@guard.requires(Permission.REVIEW_SEE)
def plan_interview(public_id: uuid.UUID, interview: uuid.UUID) -> ResponseReturnValue:
    """Give an interview its time, change it, or take it away."""
    review = routes.found(public_id)
    one, plan = _asked(review, interview)
    form = PlanForm(flask.request.form or None, data=_data(plan))
    if flask.request.method == "GET":
        return _page(review, one, plan, form)
    given = flask.request.form
    try:
        if _OFF in given:
            return _cancelled(review, one, form.seen_number)
        if not form.validate():
            return _page(review, one, plan, form)
        return _planned(review, one, _new(one, form))
    except errors.Blocked as blocked:
        return _page(review, one, plan, form, blocked.blockers)


def _asked(
    review: queries.CaseReview, interview: uuid.UUID
) -> tuple[Interview, queries.Planned | None]:
    """Whom the page is about, for those who plan. Raises Forbidden, NotFound."""
    session = current.session()
    standing = queries.standing(session, review)
    if not queries.may_plan(standing, current.actor()):
        raise errors.Forbidden("Its reviewers, and who assigns cases, plan these interviews.")
    reading_log.record_read(review.public_id, purpose=routes.purpose(standing))
    for one in queries.people(session, review):
        if one.id == interview:
            return one, queries.plans_of_review(session, review).get(interview)
    raise errors.NotFound("this person is not on the list any more")


def _data(plan: queries.Planned | None) -> Mapping[str, object]:
    if plan is None:
        return {"seen": "0"}
    starts = None if plan.cancelled else routes.local(plan.starts_at).replace(tzinfo=None)
    said = {"minutes": str(plan.minutes), "how": plan.how.value, "place": plan.place}
    return {"starts": starts, "seen": str(plan.changes), **said}


def _new(one: Interview, form: PlanForm) -> NewPlan:
    starts = form.starts.data
    assert starts is not None  # noqa: S101 - validated as required; for the type checker
    moment = starts.replace(tzinfo=current.clock().time_zone).astimezone(dt.UTC)
    how = hearing.How(form.how.data)
    words = (form.place.data or "").strip()
    return NewPlan(one.id, moment, int(form.minutes.data), how, words, form.seen_number)


def _planned(review: queries.CaseReview, one: Interview, new: NewPlan) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    actions.plan_interview(session, review=review, new=new, actor=actor, now=current.now())
    plan = queries.plans_of_review(session, review)[one.id]
    flask.flash(f"Planned: {one.label}, {when(plan.slot)}.")
    for words in _cautions(review, plan):
        flask.flash(words, "error")
    return _back(review, one)


def _cautions(review: queries.CaseReview, plan: queries.Planned) -> Iterator[str]:
    """What to look at again; the time stands. It names no case that the actor may not see."""
    if doubt := _off(review, plan):
        yield f"Is this the day? {doubt}"
    for each in queries.clashes(current.session(), current.actor(), review, plan):
        where = f", of case {each.case_number}" if each.case_number else ""
        yield f"{each.name} has another interview at that time{where}. Change one of the two."


def _cancelled(review: queries.CaseReview, one: Interview, seen: int) -> ResponseReturnValue:
    actions.cancel_plan(
        current.session(),
        review=review,
        interview=one.id,
        seen=seen,
        actor=current.actor(),
        now=current.now(),
    )
    flask.flash(f"{one.label}: the time is taken away. Tell whoever was to be there.")
    return _back(review, one)


def _back(review: queries.CaseReview, one: Interview) -> ResponseReturnValue:
    url = f"{links.interviews(review.public_id)}#{hearing.place(one.id)}"
    return flask.redirect(url, code=303)


def _stands(review: queries.CaseReview, one: Interview, plan: queries.Planned | None) -> Stands:
    if plan is None:
        return Stands(review.state, one.outcome)
    return Stands(review.state, one.outcome, plan.starts_at, plan.changes)


def _page(
    review: queries.CaseReview,
    one: Interview,
    plan: queries.Planned | None,
    form: PlanForm,
    refused: tuple[errors.Blocker, ...] = (),
) -> ResponseReturnValue:
    wrong = bool(refused or form.errors)
    if any(each.code == "overtaken" for each in refused):
        form.seen.data = str(plan.changes if plan else 0)
    page = flask.render_template(
        "reviews/plan_interview.html",
        case_number=review.case.case_number,
        one=one,
        form=form,
        time=_time(review, plan, ""),
        on_site=dates.span(review.round.on_site_from, review.round.on_site_to),
        closed=[each.message for each in planning.closed_blockers(_stands(review, one, plan))],
        back=f"{links.interviews(review.public_id)}#{hearing.place(one.id)}",
        crumbs=[
            (f"Case {review.case.case_number}", _case(review)),
            ("Interviews", links.interviews(review.public_id)),
        ],
        refused=[(each.message, f"#{each.place or 'starts'}") for each in refused],
        has_errors=wrong,
    )
    return page, 422 if wrong else 200


def _case(review: queries.CaseReview) -> str:
    return flask.url_for("reviews.case_review", public_id=review.public_id)
