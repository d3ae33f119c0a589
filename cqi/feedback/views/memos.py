"""The list of memos, and one memo with its acknowledgement."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue
from werkzeug import http

from cqi.access import current, disclosures, guard, reading_log
from cqi.access.law import Exported
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import pdf
from cqi.feedback import actions, forms, queries
from cqi.feedback.policy import reconsidering as policy
from cqi.feedback.rules.clocks import Clocks
from cqi.feedback.views import coaching, needs, routes, units
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates

blueprint = routes.blueprint
# who reads memos that are not for them alone
_OVERSEE = (Permission.FEEDBACK_COACH, Permission.FEEDBACK_ROLL_UP, Permission.FEEDBACK_RELEASE)


@blueprint.get("")
@guard.requires(Permission.FEEDBACK_SEE)
def memos() -> str:
    """The memos within reach: what waits for whoever looks, or for others, then the read ones."""
    session, actor, clocks = current.session(), current.actor(), routes.clocks()
    rows = queries.memos(session, actor, clocks)
    others = [row for row in rows if not row.waits]
    releases = actor.holds(Permission.FEEDBACK_RELEASE)
    return flask.render_template(
        "feedback/memos.html",
        to_release=queries.to_release(session, actor, clocks) if releases else [],
        releases=releases,
        waiting=[row for row in rows if row.waits],
        unread=queries.unread(others),
        units=queries.by_unit(row for row in others if not row.waits_for),
        acknowledges=actor.holds(Permission.FEEDBACK_ACKNOWLEDGE),
        oversees=any(map(actor.holds, _OVERSEE)),
        tentative=queries.tentative_debriefs(session, actor, current.today()),
        to_confirm=_days_to_read().to_confirm,
        clocks=clocks,
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
    sheet = _sheet(public_id, routes.clocks())
    if sheet.memo is None:
        raise errors.NotFound("this memo was not kept in its own words")
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
    number = forms.number_of(form.number) or None
    release = queries.released(session, actor, public_id, current.today(), number)
    if not form.validate_on_submit():
        return _memo_page(public_id, form), routes.REFUSED
    try:
        actions.acknowledge(
            session,
            release=release,
            words=form.words.data or "",
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked as refused:
        return _memo_page(public_id, form, refused), routes.REFUSED
    flask.flash("Thank you. It is noted that you have read this memo.")
    return flask.redirect(flask.url_for("feedback.memo", public_id=public_id))


def _memo_page(
    public_id: uuid.UUID, form: forms.AcknowledgeForm, refused: errors.Blocked | None = None
) -> str:
    clocks = routes.clocks()
    sheet = _sheet(public_id, clocks)
    newest = sheet.row.number == sheet.numbers[-1]
    return flask.render_template(
        "feedback/memo.html",
        coaching=coaching.card_of(public_id) if newest else None,
        need=needs.card_of(public_id) if newest else None,
        unit=units.card_of(sheet.memo),
        sheet=sheet,
        memo=sheet.memo,
        row=sheet.row,
        form=form,
        blockers=refused.blockers if refused else (),
        clocks=clocks,
        dates=dates,
        to_confirm=_days_to_read().to_confirm,
        requests=queries.requests_of(current.session(), current.actor(), public_id, clocks),
        asking=_asking(sheet, clocks),
    )


def _asking(sheet: queries.MemoSheet, clocks: Clocks) -> policy.Asking | None:
    """Until when a rating of the newest memo can be asked about, for those who may."""
    session, actor, row = current.session(), current.actor(), sheet.row
    release = queries.released(session, actor, row.public_id, current.today())
    found = queries.asking(session, release, clocks)
    newest = row.number == sheet.numbers[-1]
    return found if newest and policy.may_ask(actor, found.case) else None


def _sheet(public_id: uuid.UUID, clocks: Clocks) -> queries.MemoSheet:
    number = flask.request.args.get("number", type=int)
    sheet = queries.memo(current.session(), current.actor(), public_id, clocks, number)
    reading_log.record_read(public_id, purpose="feedback" if sheet.row.mine else "oversight")
    return sheet


def _days_to_read() -> settings.Held:
    return settings.held(current.session(), registry.ACKNOWLEDGE_DAYS, current.today())
