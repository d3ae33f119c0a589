"""A section that an analyst writes: its text, two texts at one place, every version."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access import queries as access
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import fonts
from cqi.reporting import actions, forms
from cqi.reporting.queries import records, sheets
from cqi.reporting.views import routes
from cqi.reviews.views import conflicts, shown
from cqi.ui import comparing

blueprint = routes.blueprint
_REFUSED, _CONFLICT = 422, 409
_NAMED = 20  # characters that a message names


@blueprint.route("/<uuid:public_id>/sections/<section>", methods=["GET", "POST"])
@guard.requires(Permission.REPORT_WRITE)
def write_section(public_id: uuid.UUID, section: str) -> ResponseReturnValue:
    """Write the story beside the numbers."""
    row = records.report(current.session(), current.actor(), public_id)
    stands = records.texts(current.session(), row).get(section)
    data = {
        "text": stands.text if stands else "",
        "revision": str(stands.revision if stands else 0),
    }
    form = forms.SectionForm(data=data)
    if form.validate_on_submit():
        try:
            _save(row, section, form.text.data or "", shown.number(form.revision.data or ""))
        except errors.Conflict as conflict:
            current.abandon()
            return _two_texts(public_id, section, conflict.sent), _CONFLICT
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
        else:
            flask.flash("Saved. Every version is kept.")
            if lacking := fonts.lacking(form.text.data or ""):
                few = " ".join(lacking[:_NAMED])
                flask.flash(f"The page shows all of it; on paper these stand as codes: {few}")
            there = flask.url_for("reporting.report", public_id=public_id, _anchor=section)
            return flask.redirect(there, code=303)
    page = flask.render_template(
        "reporting/write_section.html",
        row=row,
        title=sheets.title(row),
        section=records.section(row, section),
        form=form,
    )
    return page, _REFUSED if form.is_submitted() else 200


@blueprint.post("/<uuid:public_id>/sections/<section>/conflict")
@guard.requires(Permission.REPORT_WRITE)
def settle_section(public_id: uuid.UUID, section: str) -> ResponseReturnValue:
    """Save the text that should stand; the other one stays among the versions."""
    row = records.report(current.session(), current.actor(), public_id)
    records.section(row, section)
    form = forms.TwoTextsForm(flask.request.form)
    if not form.validate():
        return _two_texts(public_id, section, shown.plain(form.mine.data), form), _REFUSED
    stands = records.texts(current.session(), row).get(section)
    revision = shown.number(form.revision.data or "")
    try:
        for text in conflicts.chosen(form, stands.text if stands else ""):
            revision = _save(row, section, text, revision)
    except errors.Conflict:
        current.abandon()
        return _two_texts(public_id, section, conflicts.own_text(form)), _CONFLICT
    flask.flash("Saved. Every version is kept.")
    there = flask.url_for("reporting.report", public_id=public_id, _anchor=section)
    return flask.redirect(there, code=303)


@blueprint.get("/<uuid:public_id>/sections/<section>/versions")
@guard.requires(Permission.REPORT_DISCUSS)
def section_versions(public_id: uuid.UUID, section: str) -> str:
    """Every text that was saved in a section, with who wrote it when."""
    session = current.session()
    row = records.report(session, current.actor(), public_id)
    kept = records.versions(session, row, section)
    names = access.people_names(session, {one.by_id for one in kept})
    before = [*(one.text or "" for one in kept[1:]), ""]
    lines = [
        (one.revision, names[one.by_id], one.at, one.text, comparing.compare(one.text or "", other))
        for one, other in zip(kept, before, strict=False)
    ]
    return flask.render_template(
        "reporting/section_versions.html",
        row=row,
        title=sheets.title(row),
        section=records.section(row, section),
        lines=lines,
        moment=routes.moment,
    )


def _save(row: records.ReportRow, section: str, text: str, expected: int) -> int:
    return actions.write_section(
        current.session(),
        report=row,
        writing=actions.Writing(section, text, expected),
        actor=current.actor(),
        now=current.now(),
    )


def _two_texts(
    public_id: uuid.UUID, section: str, mine: str, answered: forms.TwoTextsForm | None = None
) -> str:
    """Both texts: what was written here, and what was saved meanwhile."""
    session = current.session()
    row = records.report(session, current.actor(), public_id)
    stands = records.texts(session, row).get(section)
    theirs, by_id = (stands.text, stands.by_id) if stands else ("", 0)
    compared = comparing.compare(mine, theirs)
    data = {"mine": mine, "combined": compared.combined}
    data["revision"] = str(stands.revision if stands else 0)
    return flask.render_template(
        "reporting/settle_section.html",
        row=row,
        title=sheets.title(row),
        section=records.section(row, section),
        has_errors=answered is not None,
        each={
            "form": answered or forms.TwoTextsForm(data=data),
            "compared": compared,
            "theirs_by": access.people_names(session, [by_id]).get(by_id, ""),
            "theirs_at": routes.moment(stands.at) if stands else "",
            "own": by_id == current.actor().person_id,
        },
    )
