"""Setting one's password with a link that an administrator handed over."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, set_up
from cqi.core import errors
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.web import people_forms as forms

blueprint = flask.Blueprint("set_up", __name__)


def lasts() -> str:
    """For how long a link works, in words."""
    return settings.held(current.session(), registry.SET_UP_LINK_HOURS, current.today()).words


@blueprint.route("/set-up/<secret>", methods=["GET", "POST"])
@guard.public
def set_password(secret: str) -> ResponseReturnValue:
    """Ask for a password; looking at the page does not use the link up. It names nobody."""
    form = forms.PasswordForm()
    if not set_up.works(current.session(), secret, current.now()):
        return flask.render_template("web/people/no_link.html", lasts=lasts()), 404
    if form.validate_on_submit() and _set(secret, form):
        flask.flash("Your password is set. Sign in with it.")
        return flask.redirect(flask.url_for("sign_in.sign_in"), code=303)
    page = flask.render_template(
        "web/people/set_password.html", form=form, has_errors=bool(form.errors)
    )
    return page, 422 if form.is_submitted() else 200


def _set(secret: str, form: forms.PasswordForm) -> bool:
    password = form.password.data or ""
    if password != form.again.data:
        form.again.errors = ["The two are not the same. Write the same password twice."]
        return False
    try:
        set_up.set_password(current.session(), secret, password, now=current.now())
    except errors.Blocked as refused:
        forms.show_blockers(form, refused.blockers)
        return False
    return True
