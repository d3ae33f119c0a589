"""Ratings that QA sets: the page that asks for one, and the list of a round's."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import definition
from cqi.instruments.definition import Rating
from cqi.reviews import actions, forms, policy, queries, rules
from cqi.reviews.views import cards, frames, links, routes
from cqi.rounds import queries as rounds
from cqi.ui import dates


def _page(
    opened: routes.Opened,
    item: definition.Item,
    form: forms.OverrideForm,
    refused: tuple[errors.Blocker, ...] = (),
) -> str:
    sheet = opened.sheet
    found = policy.check_blockers(sheet.standing, current.actor())
    if any(blocker.code == "not_qa" for blocker in found):
        raise errors.Forbidden(found[0].message)
    given = sheet.overrides.get(item.code)
    narrative, computed = sheet.narratives.get(item.code), sheet.rating.items[item.code]
    form.offer_others(computed.rating, given.rating if given else None)
    return flask.render_template(
        "reviews/override_rating.html",
        case=frames.of(opened),
        item=item,
        head=cards.head_of(opened.work, item, editable=False),
        computed=computed.rating,
        reason=computed.reason,
        narrative=narrative.value if narrative else "",
        given=given,
        follows=", ".join(item.parts),
        form=form,
        in_the_way=[blocker.message for blocker in found],
        refused=[(each.message, f"#{each.place}" if each.place else "") for each in refused],
        back=links.item(opened.public_id, sheet.instrument, item.code),
        has_errors=bool(refused or form.errors),
    )


@routes.blueprint.route("/reviews/<uuid:public_id>/items/<code>/override", methods=["GET", "POST"])
@guard.requires(Permission.REVIEW_APPROVE)
def override_rating(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """What an item is rated; set another rating, or take the override back."""
    review, form = routes.found(public_id), forms.OverrideForm(flask.request.form)
    item = routes.item(queries.instrument_of(review), code)
    if flask.request.method == "GET":
        return _page(routes.reread(review), item, form)
    withdrawn = flask.request.form.get("withdraw", "")
    if not withdrawn and not form.validate():
        return _page(routes.opened(public_id), item, form), 422
    try:
        if withdrawn:
            _withdraw(review, withdrawn)
        else:
            _set(review, item, form)
    except errors.Blocked as blocked:
        return _page(routes.opened(public_id), item, form, blocked.blockers), 422
    words = "is rated by its answers again" if withdrawn else "has the rating that you set"
    flask.flash(f"{code} {words}.")
    return flask.redirect(links.item(public_id, queries.instrument_of(review), code), code=303)


def _set(review: queries.CaseReview, item: definition.Item, form: forms.OverrideForm) -> None:
    new = rules.NewOverride(item.code, Rating(form.rating.data), form.reason.data or "")
    actions.override_rating(
        current.session(), review=review, new=new, actor=current.actor(), now=current.now()
    )


def _withdraw(review: queries.CaseReview, key: str) -> None:
    actions.withdraw_override(
        current.session(),
        review=review,
        override_id=cards.key(key),
        actor=current.actor(),
        now=current.now(),
    )


@dataclass(frozen=True)
class Line:
    """One override in the list of a round."""

    case_number: str
    url: str
    item: str
    title: str
    given: queries.Given
    on: str
    withdrawn: str


@routes.blueprint.get("/rounds/<uuid:public_id>/overrides", endpoint="overrides")
@guard.requires(Permission.REVIEW_SEE)
def show_overrides(public_id: uuid.UUID) -> ResponseReturnValue:
    """All overrides of a round, those in force first."""
    session, actor = current.session(), current.actor()
    one = rounds.by_public_id(session, actor, public_id)
    if not actor.may(Permission.REVIEW_SEE, rounds.thing(session, one)):
        raise errors.Forbidden("the case reviews of this round are for others")
    instrument = rounds.instrument_of(one)
    found = queries.overrides_in(session, actor, one)
    for review in {line.review for line in found}:
        reading_log.record_read(review, purpose="oversight")
    return flask.render_template(
        "reviews/overrides.html",
        round=one,
        url=flask.url_for("reviews.round", public_id=public_id),
        lines=[_line(each, instrument) for each in found],
        in_force=sum(each.withdrawn_at is None for each in found),
    )


def _line(one: queries.overrides.OverrideLine, instrument: definition.Instrument) -> Line:
    item = instrument.item(one.given.item)
    undone = ""
    if one.withdrawn_at is not None:
        undone = f"Withdrawn {_day(one.withdrawn_at)}, {one.withdrawn_by}"
    return Line(
        case_number=one.case_number,
        url=links.item(one.review, instrument, item.code),
        item=item.code,
        title=item.title,
        given=one.given,
        on=_day(one.given.at),
        withdrawn=undone,
    )


def _day(instant: dt.datetime) -> str:
    return dates.full_day(routes.local(instant).date())
