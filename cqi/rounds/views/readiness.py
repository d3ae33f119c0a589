"""Forms of a region that gets ready: an item of its checklist, and a component's benchmark."""

from __future__ import annotations

import datetime as dt
import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.rounds.actions import readiness as actions
from cqi.rounds.forms import rollout as forms
from cqi.rounds.policy import ItemChange, NewBenchmark
from cqi.rounds.queries import readiness
from cqi.rounds.queries import rollout as queries
from cqi.rounds.rules.rollout import Degree
from cqi.rounds.views import rollout as pages
from cqi.ui import dates, fields

blueprint = flask.Blueprint(
    "readiness", __name__, url_prefix="/rollout/regions", template_folder="../templates"
)


@blueprint.route("/<uuid:public_id>/checklist/<key>", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def change_item(public_id: uuid.UUID, key: str) -> ResponseReturnValue:
    """Say who does an item until when, and that it is done."""
    session, actor, today = current.session(), current.actor(), current.today()
    one = queries.region(session, actor, public_id)
    line = _line(one, key)
    shown = {
        "owner": str(line.owner_id or ""),
        "due_on": line.due_on or line.suggested_on,
        "done_on": line.done_on,
        "note": line.note,
        "seen": str(line.revision),
    }
    form = forms.ItemForm(flask.request.form or None, data=shown)
    people = {str(id_): name for id_, name in readiness.owners(session, one, today).items()}
    if line.owner_id:
        people.setdefault(str(line.owner_id), line.owner)
    form.owner.choices = fields.choices_of({"": "Choose who does it", **people})

    def change() -> None:
        days = (_day(form.due_on.data), form.done_on.data)
        new = ItemChange(key, int(form.owner.data), *days, form.note.data or "", form.seen_number)
        place = queries.place(session, actor, public_id)
        actions.change_item(
            session, region=place, new=new, actor=actor, now=current.now(), today=today
        )
        flask.flash(f"Saved: {line.item.title}.")

    return pages.form_page("change_item", form, change, one, line=line, stands=str(line.revision))


@blueprint.get("/<uuid:public_id>/mine")
@guard.requires(Permission.HOME_SEE)
def own_items(public_id: uuid.UUID) -> str:
    """What whoever looks has to get ready in a region, by when."""
    session, actor = current.session(), current.actor()
    place = readiness.own_region(session, actor, public_id)
    return flask.render_template(
        "rounds/own_items.html",
        place=place,
        items=readiness.own(session, actor, place),
        today=current.today(),
        dates=dates,
    )


@blueprint.route("/<uuid:public_id>/mine/<key>", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE)
def tick_item(public_id: uuid.UUID, key: str) -> ResponseReturnValue:
    """Write down that an item of one's own is done."""
    session, actor = current.session(), current.actor()
    place = readiness.own_region(session, actor, public_id)
    line = _own(place, key)
    done_on = line.done_on or current.today()
    shown = {"done_on": done_on, "note": line.note, "seen": str(line.revision)}
    form = forms.OwnItemForm(flask.request.form or None, data=shown)
    refused: tuple[errors.Blocker, ...] = ()
    if flask.request.method == "POST" and form.validate():
        new = actions.OwnDone(key, form.done_on.data, form.note.data or "", form.seen_number)
        now, today = current.now(), current.today()
        try:
            actions.tick_own_item(session, region=place, new=new, actor=actor, now=now, today=today)
        except errors.Blocked as blocked:
            refused = blocked.blockers
            if any(each.code == "overtaken" for each in refused):
                form.seen.data = str(_own(place, key).revision)
        else:
            flask.flash(f"Saved: {line.item.title}.")
            return flask.redirect(_mine(public_id), code=303)
    wrong = bool(refused or form.errors)
    page = flask.render_template(
        "rounds/tick_item.html",
        place=place,
        line=line,
        form=form,
        back=_mine(public_id),
        dates=dates,
        refused=[(each.message, f"#{each.place or 'note'}") for each in refused],
        has_errors=wrong,
    )
    return page, 422 if wrong else 200


def _mine(public_id: uuid.UUID) -> str:
    return flask.url_for("readiness.own_items", public_id=public_id)


def _own(place: readiness.Place, key: str) -> readiness.Own:
    for line in readiness.own(current.session(), current.actor(), place):
        if line.item.key == key:
            return line
    raise errors.NotFound("there is no such item of yours")


@blueprint.route("/<uuid:public_id>/benchmarks", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def set_benchmark(public_id: uuid.UUID) -> ResponseReturnValue:
    """Write down how far a component is put into practice, since when, and what shows it."""
    session, actor, today = current.session(), current.actor(), current.today()
    one = queries.region(session, actor, public_id)
    components = readiness.components(session, today)
    asked = {"component": flask.request.args.get("component", ""), "from_on": today}
    form = forms.BenchmarkForm(flask.request.form or None, data=asked)
    form.component.choices = fields.choices_of({"": "Choose a component", **components})

    def write() -> None:
        new = NewBenchmark(
            form.component.data,
            Degree(form.degree.data),
            _day(form.from_on.data),
            form.note.data or "",
        )
        place = queries.place(session, actor, public_id)
        actions.set_benchmark(
            session, region=place, new=new, actor=actor, now=current.now(), today=today
        )
        flask.flash(f"Written down: {components[new.component]}.")

    return pages.form_page("set_benchmark", form, write, one)


def _line(one: queries.Region, key: str) -> readiness.Line:
    for line in readiness.checklist(current.session(), one, current.today()):
        if line.item.key == key:
            return line
    raise errors.NotFound("there is no such item")


def _day(day: dt.date | None) -> dt.date:
    if day is None:
        raise errors.BadInput("a field of the form is missing")
    return day
