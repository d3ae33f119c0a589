"""The matrix of roles, who can see a case and what a person can see: by ids and roles alone."""

from __future__ import annotations

import uuid

import flask

from cqi.access import current, guard, people, reach
from cqi.access.permissions import (
    PERMISSION_WORDS,
    PERMISSIONS,
    ROLE_WORDS,
    Permission,
    Role,
)
from cqi.cases import queries as cases
from cqi.web import explaining
from cqi.web import people_forms as forms
from cqi.web.pages import people as pages

blueprint = flask.Blueprint("roles", __name__, url_prefix="/access")
LISTED = 50  # ids of each kind


@blueprint.get("/roles")
@guard.requires(Permission.PEOPLE_MANAGE)
def matrix() -> str:
    """What each role may do, drawn from the table that the guard asks."""
    kinds = {
        role: " or ".join(kind.value for kind in reach.Kind if kind in reach.OF_ROLE[role])
        for role in Role
    }
    return flask.render_template(
        "web/people/matrix.html",
        roles=ROLE_WORDS,
        kinds=kinds,
        permissions=PERMISSION_WORDS,
        may=PERMISSIONS,
    )


@blueprint.get("/case")
@guard.requires(Permission.PEOPLE_MANAGE)
def who_sees() -> str:
    """Who can see this case, and why?"""
    session, today = current.session(), current.today()
    form = forms.CaseForm(flask.request.args)
    asked = form.case.data or ""
    case = cases.by_reference(session, asked) if asked else None
    found = explaining.who_sees(session, case, today) if case else []
    grants = people.grants_of(session, {one.person_id for one in found}, today)
    lines = {line.public_id: line for each in grants.values() for line in each}
    return flask.render_template(
        "web/people/who_sees.html",
        form=form,
        asked=asked,
        case=case,
        found=found,
        ids=people.public_ids(session, {one.person_id for one in found}),
        reaches=pages.reaches([lines[one.grant_id] for one in found]),
        kept_out=list(explaining.kept_out(session, case)) if case else [],
        roles=ROLE_WORDS,
    )


@blueprint.get("/people/<uuid:public_id>")
@guard.requires(Permission.PEOPLE_MANAGE)
def what_they_see(public_id: uuid.UUID) -> str:
    """What can this person see, and why?"""
    session, today = current.session(), current.today()
    somebody = people.person(session, public_id)
    found = explaining.sees(session, somebody.id, today)
    grants = people.grants_of(session, [somebody.id], today).get(somebody.id, ())
    return flask.render_template(
        "web/people/what_they_see.html",
        person=somebody,
        found=found,
        reaches=pages.reaches(list(grants)),
        closed=cases.conflict_count(session, somebody),
        roles=ROLE_WORDS,
        permissions=PERMISSION_WORDS,
        may=PERMISSIONS,
        listed=LISTED,
    )
