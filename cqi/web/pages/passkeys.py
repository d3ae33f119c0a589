"""Passkeys: signing in with one, and making, naming and removing one's own."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, factors, guard, passkeys, queries, second_step, sign_in
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.web import forms

blueprint = flask.Blueprint("passkeys", __name__)


@blueprint.app_template_global("passkeys_elsewhere")
def passkeys_elsewhere() -> str:
    """Where whoever came by this machine's number finds them; empty for everybody else."""
    return passkeys.elsewhere()


@blueprint.app_template_global("passkeys_here")
def passkeys_here() -> bool:
    """True where this address can have passkeys."""
    return passkeys.site() is not None


@blueprint.app_template_global("passkey_address")
def passkey_address(passkey: object) -> uuid.UUID:
    """What names a passkey in an address."""
    return passkeys.address_of(passkey)  # type: ignore[arg-type]  # a template's passkey


@blueprint.route("/sign-in/passkey", methods=["GET", "POST"])
@guard.public
def sign_in_with_passkey() -> ResponseReturnValue:
    """What a browser shows a passkey by; then, by script, what it has shown.

    Whoever is signed in proves it anew that way, with a passkey of their own.
    """
    if flask.request.method == "GET":
        return passkeys.options_to_show(), {"Content-Type": "application/json"}
    given = flask.request.form
    try:
        second_step.finish_with_passkey(given.get("credential", ""), again="again" in given)
    except errors.Blocked as refused:
        return flask.jsonify(message=refused.blockers[0].message), 422
    return flask.jsonify(next=sign_in.safe_next(given.get("next")))


def _person() -> Person:
    return queries.person(current.session(), current.actor().person_id, locked=current.writes())


@blueprint.route("/your-sign-in/passkeys", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE, fresh=True)
def add_passkey() -> ResponseReturnValue:
    """Ask for a name, let the browser make a passkey, and keep it."""
    form, person = forms.PasskeyForm(), _person()
    if form.validate_on_submit() and _is_added(form, person):
        return _back("Your passkey is kept: it signs you in without your password.")
    page = flask.render_template(
        "web/add_passkey.html",
        form=form,
        options=passkeys.options_to_make(person),
        has_errors=bool(form.errors or form.form_errors),
    )
    return page, 422 if form.is_submitted() else 200


def _is_added(form: forms.PasskeyForm, person: Person) -> bool:
    try:
        passkeys.add(
            current.session(),
            person,
            name=form.name.data or "",
            credential=form.credential.data or "",
            now=current.now(),
        )
    except errors.Blocked as refused:
        forms.show_blockers(form, refused.blockers)
        return False
    return True


@blueprint.route("/your-sign-in/passkeys/<uuid:public_id>", methods=["POST"])
@guard.requires(Permission.HOME_SEE, fresh=True)
def change_passkey(public_id: uuid.UUID) -> ResponseReturnValue:
    """Remove a passkey, or call it otherwise."""
    session, person, now = current.session(), _person(), current.now()
    passkeys.own(person, public_id)
    if "remove" in flask.request.form:
        required = factors.must_have_one(session, current.actor(), current.today())
        passkeys.remove(session, person, public_id, required=required, now=now)
        return _back("That passkey no longer signs you in.")
    form = forms.PasskeyNameForm()
    if not form.validate():
        message = " ".join(each for found in form.errors.values() for each in found)
        raise errors.Blocked([errors.Blocker("name_wrong", message)])
    passkeys.rename(session, person, public_id, name=form.name.data or "", now=now)
    return _back("The passkey has its new name.")


def _back(words: str) -> ResponseReturnValue:
    flask.flash(words)
    return flask.redirect(flask.url_for("own_sign_in.own_sign_in") + "#passkeys", code=303)
