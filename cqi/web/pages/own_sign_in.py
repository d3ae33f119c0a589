"""What people see and change of their own sign-in: browsers, password, second step."""

from __future__ import annotations

import secrets
import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import account, current, factors, guard, queries, sign_in, sign_ins
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews.views import routes
from cqi.web import forms

blueprint = flask.Blueprint("own_sign_in", __name__, url_prefix="/your-sign-in")
_NONCE = "new_app"


def _person() -> Person:
    """Whoever is signed in; locked where the request changes something."""
    return queries.person(current.session(), current.actor().person_id, locked=current.writes())


def _here() -> uuid.UUID:
    """The sign-in of this browser."""
    signed_in = current.sign_in()
    if signed_in is None:
        raise current.NotSignedIn("sign in first")
    return signed_in.public_id


@blueprint.get("", endpoint="own_sign_in")
@guard.requires(Permission.HOME_SEE)
def show_own_sign_in() -> str:
    """Signed-in browsers, password, second step, recovery codes, passkeys."""
    session, person = current.session(), _person()
    return flask.render_template(
        "web/own_sign_in.html",
        person=person,
        browsers=sign_ins.open_ones(session, person.id, current.now()),
        here=_here(),
        moment=routes.time_of,
        codes_left=factors.recovery_codes_left(session, person.id),
        required=factors.must_have_one(session, current.actor(), current.today()),
    )


@blueprint.post("/browsers/<uuid:public_id>/end")
@guard.requires(Permission.HOME_SEE)
def end_browser(public_id: uuid.UUID) -> ResponseReturnValue:
    """End one sign-in; this browser's own is a sign-out."""
    sign_ins.end_one(current.session(), current.actor().person_id, public_id, current.now())
    if public_id == _here():
        sign_in.forget()
    return _back("That sign-in has ended.")


@blueprint.post("/browsers/end")
@guard.requires(Permission.HOME_SEE)
def end_other_browsers() -> ResponseReturnValue:
    """End all sign-ins but this browser's."""
    person_id = current.actor().person_id
    ending = sign_ins.Ending("ended_by_person", person_id, current.now())
    sign_ins.end_all(current.session(), person_id, ending, but=_here())
    return _back("All other sign-ins have ended.")


@blueprint.route("/password", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE)
def change_password() -> ResponseReturnValue:
    """Ask for the present password and a new one."""
    form = forms.PasswordForm()
    if form.validate_on_submit() and _changed(form):
        return _back("Your password is changed. All other sign-ins have ended.")
    page = flask.render_template(
        "web/change_password.html", form=form, has_errors=bool(form.errors)
    )
    return page, 422 if form.errors else 200


def _changed(form: forms.PasswordForm) -> bool:
    try:
        sign_in.check_password(form.present.data or "")
    except errors.Blocked as refused:
        form.present.errors = [blocker.message for blocker in refused.blockers]
        return False
    person = _person()
    try:
        account.change_password(
            current.session(), person, form.password.data or "", here=_here(), now=current.now()
        )
    except errors.Blocked as refused:
        forms.show_blockers(form, refused.blockers)
        return False
    sign_in.keep(person)
    return True


@blueprint.route("/app", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE, fresh=True)
def set_up_app() -> ResponseReturnValue:
    """Show a new key, and keep it once a code shows that the app has it."""
    form, person = forms.AppForm(), _person()
    nonce = flask.session.setdefault(_NONCE, secrets.token_hex(16))
    key = factors.key_from(nonce, person.fs_uniquifier)
    if form.validate_on_submit() and _app_is_set_up(form, person, key):
        flask.session.pop(_NONCE)
        return _back("Your authenticator app is set up.")
    page = flask.render_template(
        "web/set_up_app.html", form=form, person=person, key=key, has_errors=bool(form.errors)
    )
    return page, 422 if form.errors else 200


def _app_is_set_up(form: forms.AppForm, person: Person, key: str) -> bool:
    try:
        account.set_up_app(
            current.session(),
            person,
            key=key,
            code=form.code.data or "",
            here=_here(),
            now=current.now(),
        )
    except errors.Blocked as refused:
        forms.show_blockers(form, refused.blockers)
        return False
    return True


@blueprint.post("/app/remove")
@guard.requires(Permission.HOME_SEE, fresh=True)
def remove_app() -> ResponseReturnValue:
    """Go back to a password alone, where the role allows it."""
    session = current.session()
    required = factors.must_have_one(session, current.actor(), current.today())
    account.take_second_factor_away(session, _person(), required=required, now=current.now())
    return _back("A password alone signs you in now.")


@blueprint.route("/recovery-codes", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE, fresh=True)
def make_recovery_codes() -> ResponseReturnValue:
    """Make ten codes and show them once; earlier ones no longer count."""
    session, person, codes = current.session(), _person(), []
    if flask.request.method == "POST":
        codes = factors.make_recovery_codes(session, person, now=current.now())
    return flask.render_template(
        "web/recovery_codes.html",
        codes=codes,
        left=factors.recovery_codes_left(session, person.id),
    )


def _back(words: str) -> ResponseReturnValue:
    flask.flash(words)
    return flask.redirect(flask.url_for("own_sign_in.own_sign_in"), code=303)
