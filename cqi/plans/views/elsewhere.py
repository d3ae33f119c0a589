"""What moved the measures of a plan in other regions."""

from __future__ import annotations

import uuid

import flask

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.plans.queries import elsewhere as queries
from cqi.plans.queries import records
from cqi.plans.views import routes

blueprint = routes.blueprint


@blueprint.get("/<uuid:public_id>/elsewhere")
@guard.requires(Permission.PLAN_SEE)
def elsewhere(public_id: uuid.UUID) -> str:
    """For each measure of the plan's goals, or one that is asked for, what moved it elsewhere."""
    session = current.session()
    plan = records.plan(session, current.actor(), public_id)
    known = queries.codes(session, plan)
    asked = [code for code in flask.request.args.getlist("measure") if code in known]
    found = queries.elsewhere(session, plan, routes.today(), asked)
    return flask.render_template("plans/elsewhere.html", plan=plan, found=found)
