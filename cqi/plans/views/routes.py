"""What the pages of plans share: their blueprint, today, and how a form is shown or refused."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypedDict, TypeVar

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors, holidays
from cqi.measures.rules import findings
from cqi.plans import forms, policy, rules
from cqi.plans.queries import outcomes, records
from cqi.plans.rules import evidence
from cqi.settings import queries as settings
from cqi.settings import registry

blueprint = flask.Blueprint("plans", __name__, url_prefix="/plans", template_folder="../templates")
REFUSED = 422
_Value = TypeVar("_Value")


def form_page(
    view: str,
    form: flask_wtf.FlaskForm,
    do: Callable[[], ResponseReturnValue],
    stands: Callable[[], Mapping[str, object]] | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """A page with one form: shown, done, or shown again with what an action refused.

    `stands` says what the form's fields hold now: where somebody changed them meanwhile, both texts
    are shown.
    """
    theirs: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            return do()
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
            if stands and any(one.code == "changed_meanwhile" for one in refused.blockers):
                theirs = forms.differing(form, stands())
    page = flask.render_template(f"plans/{view}.html", form=form, theirs=theirs, **context)
    return page, REFUSED if form.is_submitted() else 200


def to_plan(public_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the plan's page."""
    return flask.redirect(flask.url_for("plans.plan", public_id=public_id))


def require_draft(plan: records.Plan) -> None:
    """Raise Forbidden where the actor leads plans elsewhere only. What is no draft any more is
    said when somebody tries."""
    policy.authorise(current.actor(), Permission.PLAN_LEAD, records.plan_facts(plan))


def given(value: _Value | None) -> _Value:
    """What a validated form holds; its fields are typed as if they could be empty."""
    if value is None:
        raise errors.BadInput("a field of the form is missing")
    return value


class By(TypedDict):
    """Who does something, and when."""

    actor: Actor
    now: dt.datetime


def by() -> By:
    """What every action takes of the request."""
    return By(actor=current.actor(), now=current.now())


def today() -> rules.Today:
    """The agency's day, with its holidays and time zone."""
    return rules.Today(current.today(), holidays.days(), current.clock().time_zone)


def number(one: registry.Setting) -> int:
    """What a setting says today."""
    return settings.number(current.session(), one, current.today())


def limits() -> findings.Limits:
    """From how many cases on words and percentages stand today."""
    return outcomes.limits(current.session(), current.today())


def evidence_megabytes() -> int:
    """How large a file of evidence may be. Asked while a request still comes in, so in a session of
    its own: the request's would keep other writers waiting until everything is here."""
    if "plans_evidence_megabytes" not in flask.g:
        with current.database().reading() as session:
            most = settings.number(session, registry.EVIDENCE_MEGABYTES, current.today())
        flask.g.plans_evidence_megabytes = most
    megabytes: int = flask.g.plans_evidence_megabytes
    return megabytes


def evidence_room() -> int:
    """How much one request with evidence may hold, in megabytes."""
    return evidence.MOST_FILES * evidence_megabytes()
