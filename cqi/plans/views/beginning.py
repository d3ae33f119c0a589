"""Plans that are due, counties that are named, and the beginning of a plan."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms, policy
from cqi.plans.queries import called, choices
from cqi.plans.queries import due as dues
from cqi.plans.queries import owed as owing
from cqi.plans.rules import PlanState
from cqi.plans.views import routes
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates

blueprint = routes.blueprint


@blueprint.get("/due")
@guard.requires(Permission.PLAN_SEE)
def due() -> str:
    """What is due, for whom and by when; and what the state has to decide on."""
    session, actor, today = current.session(), current.actor(), routes.today()
    return flask.render_template(
        "plans/due.html",
        owed=list(owing.with_standing(session, dues.due(session, actor, today), actor, today)),
        decisions=list(
            owing.decisions_with_standing(
                session, dues.decisions(session, actor, today), actor, today
            )
        ),
        spared=called.spared(session, actor, today),
        leads=actor.holds(Permission.PLAN_LEAD),
        allowed=[
            settings.held(session, one, today.day)
            for one in (registry.PLAN_DUE_DAYS, registry.PLAN_REVIEW_DAYS)
        ],
        dates=dates,
        today=today,
    )


@blueprint.route("/due/<uuid:publication_id>/counties", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def name_county(publication_id: uuid.UUID) -> ResponseReturnValue:
    """Name a county that writes a plan of its own on a published report."""
    session, actor, form = current.session(), current.actor(), forms.CallForm()
    report = _led(publication_id)
    counties = dues.counties(session, report, current.today())
    offered = ((str(key), name) for key, name in counties.items())
    form.county.choices = [("", "Choose a county"), *offered]

    def name() -> ResponseReturnValue:
        actions.name_county(
            session,
            report=report,
            naming=actions.Naming(int(form.county.data), routes.given(form.reason.data)),
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
        flask.flash("Named. A plan of this county is due from today on.")
        return flask.redirect(flask.url_for("plans.due"))

    said = called.said_of_counties(session, report, routes.today())
    return routes.form_page("name_county", form, name, report=report, counties=counties, said=said)


@blueprint.route(
    "/due/<uuid:publication_id>/counties/<uuid:place_id>/spare", methods=["GET", "POST"]
)
@guard.requires(Permission.PLAN_LEAD)
def spare_county(publication_id: uuid.UUID, place_id: uuid.UUID) -> ResponseReturnValue:
    """Take back that a county writes a plan of its own."""
    report, form = _led(publication_id), forms.SpareForm()
    county_id, county = called.named(current.session(), report, place_id)

    def spare() -> ResponseReturnValue:
        actions.spare_county(
            current.session(),
            report=report,
            naming=actions.Naming(county_id, routes.given(form.reason.data)),
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )
        flask.flash(f"Taken back. {county} owes no plan on this report any more.")
        return flask.redirect(flask.url_for("plans.due"))

    return routes.form_page("spare_county", form, spare, report=report, county=county)


def _led(publication_id: uuid.UUID) -> dues.Reported:
    """A report of a region that the actor leads plans for."""
    report = dues.publication(current.session(), current.actor(), publication_id)
    policy.authorise(
        current.actor(), Permission.PLAN_LEAD, policy.PlanFacts(report.region_id, PlanState.DRAFT)
    )
    return report


@blueprint.route("/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def draft_plan() -> ResponseReturnValue:
    """Begin a plan: on the published report that makes it due, or on a round."""
    session, actor, owed = current.session(), current.actor(), _owed()
    if owed and owed.begun:
        return routes.to_plan(owed.begun.public_id)
    form = forms.PlanForm(data={"name": f"{owed.place}: improvement plan" if owed else ""})
    rounds = choices.rounds(session, actor)
    form.round.choices = [("", "Choose a round"), *((str(one.id), one.name) for one in rounds)]
    if owed:
        del form.round
    old = choices.in_force(session, actor, owed.place_id if owed else None)
    form.supersedes.choices = [("", "None"), *((str(one.id), one.name) for one in old)]

    def draft() -> ResponseReturnValue:
        name, before = routes.given(form.name.data), form.supersedes.data
        supersedes = int(before) if before else None
        if owed:
            new = actions.NewPlan(
                owed.place_id, owed.round_id, name, owed.publication_id, supersedes
            )
        else:
            chosen = next(one for one in rounds if str(one.id) == form.round.data)
            if chosen.region_id is None:
                raise errors.NotFound("this round has no region")
            new = actions.NewPlan(chosen.region_id, chosen.id, name, supersedes_id=supersedes)
        made = actions.begin_plan(
            session, new=new, actor=actor, now=current.now(), today=current.today()
        )
        if not made.findings:
            return routes.to_plan(made.public_id)
        flask.flash("Begun. Next, look through the findings that the figures propose.")
        return flask.redirect(flask.url_for("plans.findings", public_id=made.public_id))

    return routes.form_page(
        "draft_plan",
        form,
        draft,
        owed=owed,
        old=old,
        there=lambda: choices.undecided(session, actor, owed.place_id if owed else None),
    )


def _owed() -> dues.DuePlan | None:
    """What the address asks to begin on: a report and a place, both or neither."""
    asked = [flask.request.args.get(name, "") for name in ("publication", "place")]
    if not any(asked):
        return None
    try:
        publication, place = (uuid.UUID(each) for each in asked)
    except ValueError as problem:
        raise errors.NotFound("there is no such report or place") from problem
    found = dues.one_due(current.session(), current.actor(), publication, place, routes.today())
    policy.authorise(
        current.actor(), Permission.PLAN_LEAD, policy.PlanFacts(found.place_id, PlanState.DRAFT)
    )
    return found
