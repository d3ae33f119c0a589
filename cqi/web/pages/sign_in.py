"""Signing in, step by step at one address, and out.

The password comes first; then a code, or the setting up of an authenticator app, where that is
asked for. The overlay of a page whose sign-in has ended shows the same forms (static/sign_in.js).
"""

from __future__ import annotations

from collections.abc import Callable

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current, factors, guard, passwords, queries, second_step, sign_in, sign_ins
from cqi.access.permissions import ROLE_WORDS, Permission
from cqi.core import errors
from cqi.documents import qr
from cqi.web import forms, kept

blueprint = flask.Blueprint("sign_in", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@guard.public
def show_sign_in() -> ResponseReturnValue:
    """Ask for what is missing; the same words whoever is meant."""
    if "start_over" in flask.request.form:
        second_step.start_over()
    elif flask.request.method == "POST":
        return _take_step(_sent_form())
    words = kept.carried()
    return (words and kept.page(words)) or _page(_next_form())


def _take_step(form: flask_wtf.FlaskForm) -> ResponseReturnValue:
    words = kept.carried()
    if form.validate_on_submit() and _done(form):
        return kept.go_on(words) if words else flask.redirect(_target(form), code=303)
    status = 422 if form.errors else 200
    shown = form if form.errors else _next_form()
    page = words and kept.page(words, shown)
    return page or _page(shown), status


def _sent_form() -> flask_wtf.FlaskForm:
    kinds: tuple[type[flask_wtf.FlaskForm], ...] = (forms.CodeForm, forms.SetUpForm)
    sent = flask.request.form.get("step")
    return next((kind for kind in kinds if kind.kind == sent), forms.SignInForm)()


def _next_form() -> flask_wtf.FlaskForm:
    """The form of the step that this browser has come to."""
    waiting = second_step.waiting()
    wanted = flask.request.values.get("next", "")
    if waiting is None:
        return forms.SignInForm(formdata=None, next=wanted)
    kind = forms.CodeForm if waiting.step is second_step.Step.CODE else forms.SetUpForm
    return kind(formdata=None, next=wanted)


def _done(form: flask_wtf.FlaskForm) -> bool:
    """True when they are signed in now; False when more is asked for, or the form says why not."""
    take: dict[str, Callable[[], bool]] = {
        forms.SignInForm.kind: lambda: second_step.proceed(
            sign_in.attempt(form.email.data or "", form.password.data or "")
        ),
        forms.CodeForm.kind: lambda: _with(second_step.finish_with_code, form.code.data),
        forms.SetUpForm.kind: lambda: _with(second_step.finish_with_set_up, form.code.data),
    }
    try:
        return take[form.kind]()
    except errors.Blocked as refused:
        field = form.password if form.kind == forms.SignInForm.kind else form.code
        field.errors = [blocker.message for blocker in refused.blockers]
        return False


def _with(finish: Callable[[str], None], code: str) -> bool:
    finish(code)
    return True


def _target(form: flask_wtf.FlaskForm) -> str:
    return sign_in.safe_next(form.next.data)


def _page(form: flask_wtf.FlaskForm) -> str:
    return flask.render_template(
        "web/sign_in.html",
        form=form,
        waiting=second_step.waiting(),
        demo_sign_ins=_demonstration(),
        has_errors=bool(form.errors),
    )


@blueprint.app_template_global("set_up_picture")
def set_up_picture(key: str, email: str) -> str:
    """What an authenticator app is shown to set it up."""
    address = factors.address_of(key, email)
    return qr.svg(address, "Picture for your authenticator app; the key below says the same")


@blueprint.app_template_global("readable_key")
def readable_key(key: str) -> str:
    """The same for whoever types it."""
    return factors.readable(key)


@blueprint.app_template_global("demonstration_code")
def demonstration_code(waiting: second_step.Waiting) -> str:
    """What the app of an invented person would show now; empty for everybody else."""
    person, here = waiting.person, current.installation().demonstration
    key = person.totp_key if here and person.demonstration else None
    return factors.code_at(key, current.now()) if key else ""


def _demonstration() -> list[tuple[str, str, str, bool]]:
    """(role, e-mail, password, whether a code is asked for) of the invented people."""
    if not current.installation().demonstration:
        return []
    with current.database().reading() as session:
        people = queries.demonstration_people(session, current.today())
    word = passwords.DEMONSTRATION
    return [(ROLE_WORDS[one.role], one.email, word, one.has_app) for one in people]


@blueprint.route("/sign-in/again", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE)
def sign_in_again() -> ResponseReturnValue:
    """Ask whoever is signed in for their password again, and lead back to where they were."""
    form, words = forms.FreshForm(next=flask.request.args.get("next", "")), kept.carried()
    if form.validate_on_submit() and _is_refreshed(form):
        if words:
            return kept.go_on(words)
        flask.flash("Thank you. Go on where you were.")
        return flask.redirect(_target(form), code=303)
    page = words and kept.page(words, form)
    page = page or flask.render_template(
        "web/sign_in_again.html", form=form, has_errors=bool(form.errors)
    )
    return page, 422 if form.errors else 200


def _is_refreshed(form: forms.FreshForm) -> bool:
    try:
        sign_in.refresh(form.password.data or "")
    except errors.Blocked as refused:
        form.password.errors = [blocker.message for blocker in refused.blockers]
        return False
    return True


@blueprint.route("/sign-in/activity", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE)
def activity() -> ResponseReturnValue:
    """How many seconds are left until this sign-in ends by itself; a POST says that its person has
    pressed a key or clicked, and extends it."""
    signed_in = current.sign_in()
    if signed_in is None:
        raise current.NotSignedIn("sign in first")
    if flask.request.method == "POST":
        session, now = current.session(), current.now()
        sign_ins.extend(session, signed_in.public_id, now, current.today())
        current.finish(200)
        sign_in.recognise()
        signed_in = current.sign_in() or signed_in
    return flask.jsonify(left=signed_in.left(current.now()), final=signed_in.final)


@blueprint.post("/sign-out")
@guard.public
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    sign_in.leave()
    answer = flask.redirect(flask.url_for("sign_in.sign_in"), code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # the cookie goes by its own header
    return answer
