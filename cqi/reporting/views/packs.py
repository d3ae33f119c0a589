"""Packs of every county's report: asked for here, drawn by a job, taken as one file."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reporting import forms
from cqi.reporting.actions import packs as actions
from cqi.reporting.queries import packs
from cqi.reporting.views import routes
from cqi.ui import dates

blueprint = routes.blueprint
_REFUSED = 422


@blueprint.get("/packs")
@guard.requires(Permission.REPORT_SEE)
def all_packs() -> str:
    """What the actor asked for, and the form that asks."""
    packs.authorise(current.actor())
    return _page(forms.PackForm(formdata=None, data={"as_of": current.today()}))


@blueprint.post("/packs")
@guard.requires(Permission.REPORT_SEE)
def ask_for_pack() -> ResponseReturnValue:
    """Ask for a pack; where one is being drawn, go there."""
    packs.authorise(current.actor())
    form = forms.PackForm()
    if form.validate_on_submit():
        try:
            day = routes.day_of(form.as_of.data.isoformat() if form.as_of.data else "")
            made = actions.ask(
                current.session(), as_of=day, actor=current.actor(), now=current.now()
            )
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
        except errors.BadInput as wrong:
            form.as_of.errors = [*form.as_of.errors, str(wrong)]
        else:
            return flask.redirect(flask.url_for(".pack", public_id=made.public_id), code=303)
    current.abandon()
    return _page(form), _REFUSED


def _page(form: forms.PackForm) -> str:
    return flask.render_template(
        "reporting/packs.html",
        form=form,
        packs=packs.packs(current.session(), current.actor()),
        moment=routes.moment,
        dates=dates,
    )


@blueprint.get("/packs/<uuid:public_id>")
@guard.requires(Permission.REPORT_SEE)
def pack(public_id: uuid.UUID) -> str:
    """How far it is; its file once all is drawn. A script asks for the inner part alone."""
    found = packs.pack(current.session(), current.actor(), public_id)
    by_script = flask.request.headers.get("X-Requested-With") == "fetch"
    template = "reporting/pack_progress.html" if by_script else "reporting/pack.html"
    return flask.render_template(template, pack=found, moment=routes.moment, dates=dates)


@blueprint.get("/packs/<uuid:public_id>.zip")
@guard.requires(Permission.REPORT_SEE)
def pack_file(public_id: uuid.UUID) -> ResponseReturnValue:
    """The whole of it as one file."""
    session = current.session()
    found = packs.pack(session, current.actor(), public_id)
    name = f"county-reports-{found.row.as_of_on}.zip"
    return routes.download(packs.content(session, found), "application/zip", name)
