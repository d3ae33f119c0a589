"""Which county belongs to which region, on a day."""

from __future__ import annotations

import flask

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.places import queries
from cqi.ui import dates
from cqi.web import forms

blueprint = flask.Blueprint("places", __name__, url_prefix="/places")


@blueprint.get("", endpoint="places")
@guard.requires(Permission.PLACES_SEE)
def show_places() -> str:
    """Regions with their counties as of a date; says what the agency has not confirmed."""
    form = forms.DateForm(flask.request.args)
    form.validate()
    form.on.data = on = form.on.data or current.today()
    states = queries.tree(current.session(), on)
    return flask.render_template("web/places.html", states=states, on=on, form=form, dates=dates)
