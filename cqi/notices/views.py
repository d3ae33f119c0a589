"""Pages of notices: one's own list and choice, the way to what they are about, and the outbox."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.notices import actions, forms, queries
from cqi.notices.rules import ENDPOINTS, KINDS, NOTICE_WORDS, MailChoice, NoticeKind
from cqi.ui import dates

blueprint = flask.Blueprint("notices", __name__, template_folder="templates")
_CHOSEN = {
    MailChoice.AT_ONCE: "Saved. What waited is e-mailed now; from here on each notice is at once.",
    MailChoice.DAILY: "Saved. From here on you get one e-mail a day, when there is something new.",
}


@blueprint.get("/notices", endpoint="notices")
@guard.requires(Permission.HOME_SEE)
def show_notices() -> str:
    """What whoever looks was told: new ones first."""
    return _page(_own_mail())


@blueprint.post("/notices/choice")
@guard.requires(Permission.HOME_SEE)
def choose_mail() -> ResponseReturnValue:
    """Somebody's own choice of e-mails, from the form of that page."""
    mail, form = _own_mail(), forms.MailForm()
    form.offer(_clock(mail.next_at))
    if not form.validate_on_submit():
        return _page(mail, form), 422
    choice = MailChoice(form.choice.data)
    actions.choose_mail(current.session(), choice=choice, actor=current.actor(), now=current.now())
    flask.flash(_CHOSEN[choice])
    return flask.redirect(flask.url_for("notices.notices"), code=303)


def _own_mail() -> queries.OwnMail:
    zone = current.clock().time_zone
    return queries.own_mail(current.session(), current.actor(), current.now(), zone)


def _page(mail: queries.OwnMail, form: forms.MailForm | None = None) -> str:
    found = queries.notices(current.session(), current.actor())
    if form is None:
        form = forms.MailForm(formdata=None, data={"choice": mail.choice.value})
        form.offer(_clock(mail.next_at))
    return flask.render_template(
        "notices/notices.html",
        new=[each for each in found if each.seen_at is None],
        seen=[each for each in found if each.seen_at is not None],
        failed=[each for each in found if each.failed],
        mail=mail,
        form=form,
        urgent=[each.words for each in KINDS.values() if each.urgent],
        listed=queries.LISTED,
        **_shown(),
    )


def _shown() -> dict[str, Any]:
    """What both pages write kinds and times with."""
    return {"words": NOTICE_WORDS, "local": current.clock().local, "dates": dates}


def _clock(instant: dt.datetime) -> str:
    return dates.clock(current.clock().local(instant))


@blueprint.route("/notices/<uuid:public_id>", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE)
def open_notice(public_id: uuid.UUID) -> ResponseReturnValue:
    """Go to what a notice is about; a button of the list also marks it as seen."""
    session, actor = current.session(), current.actor()
    notice = queries.notice(session, actor, public_id)
    if current.writes():
        actions.mark_seen(session, actor=actor, now=current.now(), notice=public_id)
    endpoint = ENDPOINTS[NoticeKind(notice.kind)]
    return flask.redirect(flask.url_for(endpoint, public_id=notice.subject_id), code=303)


@blueprint.post("/notices")
@guard.requires(Permission.HOME_SEE)
def mark_seen() -> ResponseReturnValue:
    """All that is new is seen."""
    actions.mark_seen(current.session(), actor=current.actor(), now=current.now())
    return flask.redirect(flask.url_for("notices.notices"), code=303)


@blueprint.get("/outbox", endpoint="outbox")
@guard.requires(Permission.PEOPLE_MANAGE)
def show_outbox() -> str:
    """E-mails that are still to be sent, with why the last try failed."""
    session, now = current.session(), current.now()
    found = queries.waiting(session)
    return flask.render_template(
        "notices/outbox.html",
        waiting=found,
        failed=[each for each in found if each.failed],
        daily_at=queries.digest_times(session, current.clock().time_zone).next(now),
        **_shown(),
    )


@blueprint.post("/outbox")
@guard.requires(Permission.PEOPLE_MANAGE)
def try_all_again() -> ResponseReturnValue:
    """Every e-mail that failed is tried now."""
    return _try_again(None)


@blueprint.post("/outbox/<uuid:public_id>")
@guard.requires(Permission.PEOPLE_MANAGE)
def try_again(public_id: uuid.UUID) -> ResponseReturnValue:
    """The e-mail of one notice, and of those that go with it, is tried now."""
    return _try_again(public_id)


def _try_again(notice: uuid.UUID | None) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    try:
        actions.try_again(session, actor=actor, now=current.now(), notice=notice)
    except errors.Blocked as refused:
        flask.flash(f"{refused}.", "error")
    else:
        flask.flash("They are tried within seconds. What fails again stays in this list.")
    return flask.redirect(flask.url_for("notices.outbox"), code=303)
