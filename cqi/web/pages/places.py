"""Which county belongs to which region on a day, and moving one to another region."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.places import actions, queries
from cqi.places.rules import PlaceKind
from cqi.ui import dates
from cqi.web import forms

blueprint = flask.Blueprint("places", __name__, url_prefix="/places")


@blueprint.get("", endpoint="places")
@guard.requires(Permission.PLACES_SEE)
def show_places() -> str:
    """Regions with their counties as of a date; says what the agency has not confirmed, and which
    counties moved, or will."""
    form = forms.DateForm(flask.request.args)
    form.validate()
    form.on.data = on = form.on.data or current.today()
    session = current.session()
    return flask.render_template(
        "web/places.html",
        states=queries.tree(session, on),
        moves=queries.moves(session),
        may_change=guard.may(Permission.PLACES_CHANGE),
        on=on,
        today=current.today(),
        form=form,
        dates=dates,
    )


@blueprint.route("/<uuid:public_id>/region", methods=["GET", "POST"])
@guard.requires(Permission.PLACES_CHANGE, fresh=True)
def move_county(public_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the region that a county belongs to from a day on, and move it."""
    county = queries.county(current.session(), public_id)
    regions = {
        str(one.public_id): one for one in queries.of_kind(current.session(), PlaceKind.REGION)
    }
    form = forms.MoveForm()
    form.region.choices = [("", "Choose"), *((key, one.name) for key, one in regions.items())]
    if form.validate_on_submit() and _move(county, regions[form.region.data], form):
        since = dates.full_day(form.from_on.data or current.today())
        flask.flash(f"{county.name} belongs to {regions[form.region.data].name} from {since} on.")
        return flask.redirect(flask.url_for("places.places", _anchor="moves"), code=303)
    page = _move_page(county, form)
    return page, 422 if form.is_submitted() else 200


def _move(county: queries.Place, region: queries.Place, form: forms.MoveForm) -> bool:
    move = actions.Move(
        county,
        region,
        form.from_on.data or current.today(),
        form.source.data or "",
        bool(form.confirmed.data),
    )
    try:
        actions.move_county(
            current.session(),
            move,
            actor_id=current.actor().person_id,
            today=current.today(),
            now=current.now(),
        )
    except errors.Blocked as refused:
        forms.show_blockers(form, refused.blockers)
        return False
    return True


def _move_page(
    county: queries.Place, form: forms.MoveForm, refused: tuple[errors.Blocker, ...] = ()
) -> str:
    return flask.render_template(
        "web/move_county.html",
        county=county,
        stays=queries.stays(current.session(), [county.id]),
        today=current.today(),
        form=form,
        refused=refused,
        has_errors=form.is_submitted() or bool(refused),
        dates=dates,
    )


@blueprint.post("/<uuid:public_id>/region/take-back")
@guard.requires(Permission.PLACES_CHANGE, fresh=True)
def take_move_back(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take back a move that has not begun yet."""
    county = queries.county(current.session(), public_id)
    try:
        actions.take_move_back(
            current.session(),
            county,
            actor_id=current.actor().person_id,
            today=current.today(),
            now=current.now(),
        )
    except errors.Blocked as refused:
        form = forms.MoveForm(formdata=None)
        form.region.choices = []
        return _move_page(county, form, refused.blockers), 422
    flask.flash(f"{county.name} stays in its region.")
    return flask.redirect(flask.url_for("places.places"), code=303)
