"""Signing in and out."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, passwords, queries, sign_in
from cqi.access.permissions import ROLE_WORDS
from cqi.core import errors
from cqi.web import forms, kept

blueprint = flask.Blueprint("sign_in", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@guard.public
def show_sign_in() -> ResponseReturnValue:
    """Ask for address and password; the same words whoever is meant."""
    form = forms.SignInForm(next=flask.request.args.get("next", ""))
    words = kept.carried()
    if form.validate_on_submit() and _enter(form):
        if words:
            return kept.go_on(words)
        return flask.redirect(sign_in.safe_next(form.next.data), code=303)
    status = 422 if form.is_submitted() else 200
    page = words and kept.page(words, form)
    page = page or flask.render_template(
        "web/sign_in.html", form=form, demo_sign_ins=_demonstration(), has_errors=status != 200
    )
    return page, status


def _enter(form: forms.SignInForm) -> bool:
    address = flask.request.remote_addr or ""
    try:
        person_id = sign_in.attempt(form.email.data or "", form.password.data or "", address)
    except errors.Blocked as refused:
        form.password.errors = [blocker.message for blocker in refused.blockers]
        return False
    sign_in.enter(person_id)
    return True


def _demonstration() -> list[tuple[str, str, str]]:
    """(role, e-mail, password) of the invented people."""
    if not current.installation().demonstration:
        return []
    with current.database().reading() as session:
        people = queries.demonstration_people(session, current.today())
    return [(ROLE_WORDS[role], email, passwords.DEMONSTRATION) for email, _name, role in people]


@blueprint.post("/sign-out")
@guard.public
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    sign_in.leave()
    answer = flask.redirect(flask.url_for("sign_in.sign_in"), code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # the cookie goes by its own header
    return answer
