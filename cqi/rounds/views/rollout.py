"""The roll-out: the calendar of all regions, one region, and the forms that change its plan."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any

import flask
import wtforms
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.actor import Thing
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import charts
from cqi.rounds.actions import rollout as actions
from cqi.rounds.forms import rollout as forms
from cqi.rounds.policy import NewOrder
from cqi.rounds.queries import calendar, readiness
from cqi.rounds.queries import rollout as queries
from cqi.rounds.rules import ROUND_KIND_WORDS
from cqi.rounds.rules import rollout as rules
from cqi.rounds.rules.rollout import STAGE_WORDS, STAGES, Beginning, Dates, Stage
from cqi.ui import dates

blueprint = flask.Blueprint(
    "rollout", __name__, url_prefix="/rollout", template_folder="../templates"
)
_REFUSED = 422


@blueprint.get("", endpoint="calendar")
@guard.requires(Permission.ROUND_SEE)
def show_calendar() -> str:
    """All regions over the years as a picture and a table, with what is late and why."""
    session, today = current.session(), current.today()
    regions = queries.regions(session, current.actor())
    lengths = queries.lengths(session, today)
    figure = calendar.figure(regions, today)
    return flask.render_template(
        "rounds/calendar.html",
        regions=regions,
        figure=figure,
        drawing=charts.svg(figure.drawing, figure.title, figure.description) if figure else "",
        cautions=_cautions(regions, lengths),
        lengths=queries.lengths_held(session, today),
        order=queries.order(session),
        orders=queries.orders(session)[1:],
        names={each.id: each.name for each in regions},
        may_order=_may_all(regions),
        **_words(),
    )


@blueprint.get("/regions/<uuid:public_id>", endpoint="region")
@guard.requires(Permission.ROUND_SEE)
def show_region(public_id: uuid.UUID) -> str:
    """One region: its stages as planned and as they were, what is late, what was decided."""
    session, today = current.session(), current.today()
    one = queries.region(session, current.actor(), public_id)
    lengths = queries.lengths(session, today)
    return flask.render_template(
        "rounds/region.html",
        region=one,
        rounds=queries.rounds_of(session, one),
        interim=[(each, ROUND_KIND_WORDS[each.kind]) for each in queries.interim_of(session, one)],
        cautions=rules.cautions(one.dates, lengths, one.told) if one.dates else [],
        decisions=queries.decisions(session, one),
        checklist=readiness.checklist(session, one, today),
        components=readiness.components(session, today),
        reached=readiness.reached(session, one),
        degree_words=rules.DEGREE_WORDS,
        may_plan=_may(one),
        me=current.actor().person_id,
        **_words(),
    )


@blueprint.route("/regions/<uuid:public_id>/plan", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def plan_region(public_id: uuid.UUID) -> ResponseReturnValue:
    """Plan a region's stages; `?start=2027-01-04` suggests the dates from that day on."""
    session, actor = current.session(), current.actor()
    one = queries.region(session, actor, public_id)
    lengths = queries.lengths(session, current.today())
    start = forms.StartForm(flask.request.args)
    offered = one.dates
    if flask.request.args and start.validate() and start.start.data:
        offered = rules.suggested(start.start.data, lengths)
    form = forms.DatesForm(flask.request.form or None, data=_shown(one, offered))

    def plan() -> None:
        values = {each.name: form[each.name].data for each in dataclasses.fields(Dates)}
        new = actions.NewDates(Dates(**values), form.reason.data or "", form.seen_number)
        place = queries.place(session, actor, public_id)
        actions.plan_region(session, region=place, new=new, actor=actor, now=current.now())
        flask.flash(f"The stages of {one.name} are planned.")

    return form_page("plan_region", form, plan, one, start=start, lengths=lengths)


@blueprint.route("/regions/<uuid:public_id>/beginnings", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def write_beginnings(public_id: uuid.UUID) -> ResponseReturnValue:
    """Write down on which days stages began that no round tells of."""
    session, actor = current.session(), current.actor()
    one = queries.region(session, actor, public_id)
    told = {name: getattr(one.told, name) for name in ("planning_on", "implementation_on")}
    told |= {"support_on": one.told.support_on, "seen": str(one.revision)}
    form = forms.BeginningsForm(flask.request.form or None, data=told)

    def write() -> None:
        days = (form.planning_on.data, form.implementation_on.data, form.support_on.data)
        new = actions.Beginnings(*days, form.reason.data or "", form.seen_number)
        place, today = queries.place(session, actor, public_id), current.today()
        actions.write_beginnings(
            session, region=place, new=new, actor=actor, now=current.now(), today=today
        )
        flask.flash(f"Written down for {one.name}.")

    return form_page("write_beginnings", form, write, one)


@blueprint.route("/order", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def decide_order() -> ResponseReturnValue:
    """Decide in which order regions begin, with criteria and reason."""
    session, actor = current.session(), current.actor()
    regions, stands = queries.regions(session, actor), queries.order(session)
    made = forms.of_regions({each.id: each.name for each in regions})
    shown = {f"place_{each.id}": number for number, each in enumerate(regions, 1)}
    number = str(stands.number if stands else 0)
    criteria = stands.criteria if stands else ""
    form = made(flask.request.form or None, data={**shown, "seen": number, "criteria": criteria})

    def decide() -> None:
        new = NewOrder(
            form.chosen, form.criteria.data or "", form.reason.data or "", form.seen_number
        )
        actions.decide_order(session, new=new, actor=actor, now=current.now())
        flask.flash("The order of the regions is decided.")

    return form_page("decide_order", form, decide, None, stands=number)


def form_page(
    view: str,
    form: wtforms.Form,
    do: Callable[[], None],
    one: queries.Region | None,
    **context: Any,
) -> ResponseReturnValue:
    """The page of a form; what an action refuses stands at its fields, and what was typed stays."""
    posted = flask.request.method == "POST"
    back = _url(one) if one else flask.url_for("rollout.calendar")
    refused: tuple[errors.Blocker, ...] = ()
    if posted and form.validate():
        try:
            do()
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            return flask.redirect(back, 303)
    overtaken = any(each.code == "overtaken" for each in refused)
    if overtaken:
        form["seen"].data = context.get("stands") or str(one.revision if one else 0)
    page = flask.render_template(
        f"rounds/{view}.html",
        form=form,
        region=one,
        back=back,
        refused=[(each.message, f"#{_place(form, each.place)}") for each in refused],
        overtaken=overtaken,
        has_errors=bool(refused or form.errors),
        **context,
        **_words(),
    )
    return page, _REFUSED if posted else 200


def _place(form: wtforms.Form, place: str) -> str:
    return place if place in form else "reason"


def _shown(one: queries.Region, offered: Dates | None) -> dict[str, Any]:
    return {**(dataclasses.asdict(offered) if offered else {}), "seen": str(one.revision)}


def _url(one: queries.Region) -> str:
    return flask.url_for("rollout.region", public_id=one.public_id)


def _words() -> dict[str, Any]:
    """What every page of the roll-out says its dates with."""
    return {
        "calendar": calendar,
        "today": current.today(),
        "dates": dates,
        "stages": STAGES,
        "stage_words": STAGE_WORDS,
        "local": lambda moment: current.clock().local(moment),
    }


def _cautions(
    regions: list[queries.Region], lengths: rules.Lengths
) -> list[tuple[queries.Region | None, list[rules.Caution]]]:
    """(region, what its plan breaks), with None for what the regions break together."""
    found: list[tuple[queries.Region | None, list[rules.Caution]]] = [
        (each, rules.cautions(each.dates, lengths, each.told)) for each in regions if each.dates
    ]
    begins = [
        Beginning(each.name, each.told.planning_on or each.planned(Stage.PLANNING))
        for each in regions
    ]
    together = rules.of_the_state(begins, lengths)
    return [(one, listed) for one, listed in [(None, together), *found] if listed]


def _may(one: queries.Region) -> bool:
    return current.actor().may(Permission.ROUND_OPEN, Thing(places=frozenset({one.id})))


def _may_all(regions: list[queries.Region]) -> bool:
    return bool(regions) and all(_may(one) for one in regions)
