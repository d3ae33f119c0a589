"""A plain post that came under no sign-in, or under an old one: nothing of it is lost.

Its words stand on the page that answers, and nowhere else. Whoever wrote them signs in there and
sends them again; the form's token says who that is (`form_tokens`). Nobody else gets to see them,
and a form that carries no such token is only told that nothing was changed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current, form_tokens, second_step, sign_in
from cqi.reviews import forms as review_forms
from cqi.web import forms

_PREFIX, _ADDRESS, _TOKEN = "kept.", "kept_address", "kept_token"
_CHOICES = frozenset({"yes", "no", "na", "y", "on"})
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_SECRETS = frozenset({"password", "present", "again", "code", "credential"})  # shown to nobody
_OF_SIGN_IN = frozenset({"sign_in", "own_sign_in", "passkeys"})
_BUTTONS = frozenset({"save", "go", "add", "remove", "list"})


@dataclass(frozen=True)
class Words:
    """What a form sent, where to, and with which token."""

    address: str
    fields: tuple[tuple[str, str], ...]
    token: str

    @property
    def writer(self) -> uuid.UUID | None:
        """The public id of who wrote them, where the token says so."""
        return form_tokens.made_for(self.token)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """As hidden fields of the sign-in form."""
        named = [(_PREFIX + name, value) for name, value in self.fields]
        return [(_ADDRESS, self.address), (_TOKEN, self.token), *named]

    @property
    def texts(self) -> Iterator[tuple[str, str]]:
        """(place, text) of what was written; choices and hidden controls are not listed."""
        for name, value in self.fields:
            known = value in _CHOICES or name.endswith(review_forms.REVISION) or _ID.match(value)
            if value.strip() and not known and name not in _BUTTONS:
                yield name.replace("-", " ").replace("_", " "), value


def of_request() -> Words:
    """What this request sent; a sign-in that carries words sends those."""
    sent = list(flask.request.form.items(multi=True))
    given = dict(sent)
    if _ADDRESS in given:
        named = [(name.removeprefix(_PREFIX), v) for name, v in sent if name.startswith(_PREFIX)]
        address = sign_in.safe_next(given[_ADDRESS])
        return Words(address, tuple(named), given.get(_TOKEN, ""))
    left_out = {form_tokens.NAME}
    if flask.request.blueprint in _OF_SIGN_IN:
        left_out |= _SECRETS
    fields = tuple((name, value) for name, value in sent if name not in left_out)
    address = flask.request.full_path.rstrip("?")
    return Words(address, fields, given.get(form_tokens.NAME, ""))


def carried() -> Words | None:
    """The words that a sign-in carries, if it does."""
    return of_request() if _ADDRESS in flask.request.form else None


def page(words: Words, form: flask_wtf.FlaskForm | None = None) -> str | None:
    """Ask the writer to sign in, by a form where a step of that is under way, or to send again
    once they are; None for anybody else."""
    somebody = current.signed_in()
    if words.writer is None or (somebody and somebody.public_id != words.writer):
        return None
    asked = form if form or somebody else forms.SignInForm(formdata=None)
    return flask.render_template(
        "web/errors/kept.html",
        words=words,
        form=asked,
        has_errors=bool(asked and asked.errors),
        waiting=None if somebody else second_step.waiting(),
    )


def go_on(words: Words) -> ResponseReturnValue:
    """After signing in: the writer may send the words again, anybody else begins anew."""
    current.finish(200)  # else the sign-in is not there yet to be asked for
    sign_in.recognise()
    return page(words) or flask.redirect("/", code=303)
