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
from cqi.ui import fields

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
