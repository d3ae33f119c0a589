"""Pages of feedback: the list of memos, and one memo with its acknowledgement."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue
from werkzeug import http

from cqi.access import current, disclosures, guard, reading_log
from cqi.access.law import Exported
from cqi.access.permissions import Permission
from cqi.core import holidays
from cqi.documents import pdf
from cqi.feedback import actions, forms, queries, rules
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates

blueprint = flask.Blueprint(
    "feedback", __name__, url_prefix="/feedback", template_folder="templates"
)
_REFUSED = 422


@blueprint.get("")
@guard.requires(Permission.FEEDBACK_SEE)
def memos() -> str:
    """The memos within reach: what waits for whoever looks, or for others, then the read ones."""
    calendar = _calendar()
    rows = queries.memos(current.session(), current.actor(), calendar)
    others = [row for row in rows if not row.waits]
    return flask.render_template(
        "feedback/memos.html",
        waiting=[row for row in rows if row.waits],
        unread=queries.unread(others),
        units=queries.by_unit(row for row in others if row.readers),
        acknowledges=current.actor().holds(Permission.FEEDBACK_ACKNOWLEDGE),
        oversees=any(not row.mine for row in others),
        to_confirm=_days_to_read().to_confirm,
        calendar=calendar,
        dates=dates,
    )


@blueprint.get("/<uuid:public_id>")
@guard.requires(Permission.FEEDBACK_SEE)
def memo(public_id: uuid.UUID) -> str:
    """One memo. Opening it is written down."""
    return _memo_page(public_id, forms.AcknowledgeForm(formdata=None))


@blueprint.get("/<uuid:public_id>.pdf")
@guard.requires(Permission.FEEDBACK_SEE, fresh=True)
def memo_file(public_id: uuid.UUID) -> ResponseReturnValue:
    """The same memo on paper: a row in the register of disclosures before it is made."""
    sheet = _sheet(public_id, _calendar())
    purpose = "feedback" if sheet.row.mine else "oversight"
    disclosures.record_export(Exported.FEEDBACK_MEMO, public_id, purpose=purpose)
    demonstration = current.installation().demonstration
    content = pdf.render(queries.document(sheet, demonstration=demonstration))
    name = f"feedback-{sheet.row.case_number}.pdf"
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": http.dump_options_header("attachment", {"filename": name}),
    }
    return content, headers


@blueprint.post("/<uuid:public_id>/acknowledge")
@guard.requires(Permission.FEEDBACK_ACKNOWLEDGE)
def acknowledge(public_id: uuid.UUID) -> ResponseReturnValue:
    """Say that one has read it."""
    session, actor, form = current.session(), current.actor(), forms.AcknowledgeForm()
    review = queries.review(session, actor, public_id, current.today())
    if not form.validate_on_submit():
        return _memo_page(public_id, form), _REFUSED
    actions.acknowledge(
        session,
        review=review,
        words=form.words.data or "",
        actor=actor,
        now=current.now(),
        today=current.today(),
    )
    flask.flash("Thank you. It is noted that you have read this memo.")
    return flask.redirect(flask.url_for("feedback.memo", public_id=public_id))


def _memo_page(public_id: uuid.UUID, form: forms.AcknowledgeForm) -> str:
    calendar = _calendar()
    sheet = _sheet(public_id, calendar)
    return flask.render_template(
        "feedback/memo.html",
        sheet=sheet,
        row=sheet.row,
        form=form,
        calendar=calendar,
        dates=dates,
        to_confirm=_days_to_read().to_confirm,
    )


def _sheet(public_id: uuid.UUID, calendar: rules.Calendar) -> queries.MemoSheet:
    sheet = queries.memo(current.session(), current.actor(), public_id, calendar)
    reading_log.record_read(public_id, purpose="feedback" if sheet.row.mine else "oversight")
    return sheet


def _calendar() -> rules.Calendar:
    days = int(_days_to_read().value)
    return rules.Calendar(current.today(), current.clock().time_zone, days, holidays.days())


def _days_to_read() -> settings.Held:
    return settings.held(current.session(), registry.ACKNOWLEDGE_DAYS, current.today())
