"""Bringing in a list of cases: first a check that changes nothing, then all of it or nothing."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.cases import actions, forms
from cqi.cases.rules import ImportResult, lists
from cqi.core import errors

blueprint = flask.Blueprint("cases", __name__, template_folder="templates")
_NO_FILE = "Choose a file first."


@blueprint.get("/cases/import", endpoint="import_cases")
@guard.requires(Permission.CASES_IMPORT)
def show_import() -> ResponseReturnValue:
    """Ask for the file."""
    return _page(forms.CasesForm())


@blueprint.post("/cases/import", endpoint="take_cases")
@guard.requires(Permission.CASES_IMPORT)
def take_cases() -> ResponseReturnValue:
    """Check the file that was sent; bring it in when the person has seen the check."""
    form, text = forms.CasesForm(), flask.request.form.get("text", "")
    upload = flask.request.files.get("file")
    content = upload.read() if upload else text.encode()
    if not content.strip():
        form.file.errors = [_NO_FILE]
        return _page(form), 422
    sure = "sure" in flask.request.form
    try:
        result = _import(content, dry_run=not sure)
    except errors.BadInput as bad:
        form.file.errors = [str(bad)]
        return _page(form), 422
    if sure and not result.problems:
        flask.flash(f"{result.created} cases were brought in.")
        return flask.redirect(flask.url_for("reviews.rounds"), code=303)
    page = _page(form, result, lists.text_of(content))
    return page, 422 if result.problems else 200


def _import(content: bytes, *, dry_run: bool) -> ImportResult:
    return actions.import_cases(
        current.session(),
        content=content,
        actor=current.actor(),
        today=current.today(),
        now=current.now(),
        dry_run=dry_run,
    )


def _page(form: forms.CasesForm, result: ImportResult | None = None, text: str = "") -> str:
    wrong = bool(form.errors or (result and result.problems))
    return flask.render_template(
        "cases/import_cases.html", form=form, result=result, text=text, has_errors=wrong
    )
