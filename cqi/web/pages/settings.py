"""The settings page, and the form that sets one."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.settings import actions, queries, rules
from cqi.ui import dates
from cqi.web import forms

blueprint = flask.Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("", endpoint="settings")
@guard.requires(Permission.SETTINGS_SEE)
def show_settings() -> str:
    """Every setting as it stands today."""
    held = queries.all_held(current.session(), current.today())
    return flask.render_template(
        "web/settings.html",
        held=held,
        may_change=guard.may(Permission.SETTINGS_CHANGE),
        dates=dates,
    )


@blueprint.route("/<key>", methods=["GET", "POST"])
@guard.requires(Permission.SETTINGS_CHANGE, fresh=True)
def change_setting(key: str) -> ResponseReturnValue:
    """Ask for a new value with its date and reason, and set it."""
    setting, form = queries.setting(key), forms.SettingForm()
    if form.validate_on_submit() and _change(key, form):
        flask.flash(f"{setting.title}: saved.")
        return flask.redirect(flask.url_for("settings.settings"), code=303)
    form.value.description = rules.limits(setting)
    if not form.is_submitted():
        form.from_on.data = current.today()
    page = flask.render_template(
        "web/change_setting.html",
        form=form,
        held=queries.held(current.session(), setting, current.today()),
        history=queries.history(current.session(), setting),
        has_errors=form.is_submitted(),
        dates=dates,
    )
    return page, 422 if form.is_submitted() else 200


def _change(key: str, form: forms.SettingForm) -> bool:
    change = actions.Change(
        key=key,
        text=form.value.data or "",
        from_on=form.from_on.data or current.today(),
        reason=form.reason.data or "",
        confirmed=bool(form.confirmed.data),
    )
    try:
        actions.set_value(
            current.session(), change, actor_id=current.actor().person_id, now=current.now()
        )
    except errors.Blocked as refused:
        forms.show_blockers(form, refused.blockers)
        return False
    return True
