"""Bringing in finished ratings: first a check that changes nothing, then all or nothing."""

from __future__ import annotations

import base64
import binascii

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import actions
from cqi.reviews.forms import importing as forms
from cqi.reviews.views import routes
from cqi.ui import dates

_NO_FILE = "Choose a file first."


@routes.blueprint.get("/reviews/import", endpoint="import_ratings")
@guard.requires(Permission.REVIEW_IMPORT)
def show_import() -> ResponseReturnValue:
    """Ask for the file."""
    return _page(forms.RatingsForm())


@routes.blueprint.post("/reviews/import", endpoint="take_ratings")
@guard.requires(Permission.REVIEW_IMPORT)
def take_ratings() -> ResponseReturnValue:
    """Check the file that was sent; bring it in when the person has seen the check."""
    form, content = forms.RatingsForm(), _content()
    if not content.strip():
        form.file.errors = [_NO_FILE]
        return _page(form), 422
    sure = "sure" in flask.request.form
    try:
        result = _import(content, dry_run=not sure)
    except errors.BadInput as bad:
        form.file.errors = [str(bad)]
        return _page(form), 422
    if not sure or result.problems or result.before:
        return _page(form, result, content), 422 if result.problems else 200
    flask.flash(f"{_number(result)} {'was' if result.reviews == 1 else 'were'} brought in.")
    return flask.redirect(flask.url_for("reviews.rounds"), code=303)


def _content() -> bytes:
    """The file that was chosen; after the check, the same file as the page kept it: its digest
    stands for it ever after, so not a byte of it may change."""
    upload = flask.request.files.get("file")
    if upload:
        sent: bytes = upload.read()
        return sent
    try:
        return base64.b64decode(flask.request.form.get("content", ""))
    except binascii.Error:
        return b""


def _import(content: bytes, *, dry_run: bool) -> actions.RatingsImport:
    return actions.import_ratings(
        current.session(),
        content=content,
        actor=current.actor(),
        today=current.today(),
        now=current.now(),
        dry_run=dry_run,
    )


def _number(result: actions.RatingsImport) -> str:
    return dates.counted(result.reviews, "case review")


def _page(
    form: forms.RatingsForm, result: actions.RatingsImport | None = None, content: bytes = b""
) -> str:
    before = result.before if result else None
    return flask.render_template(
        "reviews/import_ratings.html",
        form=form,
        result=None if before else result,
        number=_number(result) if result else "",
        kept=base64.b64encode(content).decode(),
        before=before,
        before_on=dates.full_day(routes.local(before.at).date()) if before else "",
        has_errors=bool(form.errors or (result and result.problems)),
    )
