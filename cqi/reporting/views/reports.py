"""Results: the rounds within reach, and a region's report as page, PDF and data files."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import html, model, pdf, table_files
from cqi.reporting import queries
from cqi.reporting.views import routes

blueprint = routes.blueprint

# ending -> (writer, content type, words of the link)
_FILES: dict[str, tuple[Callable[[model.Document], bytes], str, str]] = {
    "pdf": (pdf.render, "application/pdf", "Report, PDF"),
    "xlsx": (
        table_files.xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "XLSX",
    ),
    "csv": (table_files.csv, "text/csv; charset=utf-8", "CSV"),
    "json": (table_files.json, "application/json", "JSON"),
}
_WITHOUT = "without"


@blueprint.get("")
@guard.requires(Permission.REPORT_SEE)
def results() -> str:
    """The rounds whose reports somebody may read, by place."""
    found = queries.results(current.session(), current.actor())
    by_place = [
        (place, list(rounds))
        for place, rounds in itertools.groupby(found, key=lambda result: result.place)
    ]
    return flask.render_template("reporting/results.html", places=by_place)


@blueprint.get("/rounds/<uuid:public_id>")
@guard.requires(Permission.REPORT_SEE)
def region_report(public_id: uuid.UUID) -> str:
    """A region's report as a page; `?overrides=without` makes it of computed ratings alone."""
    made = _report(public_id)
    document, number = queries.document_of(made), made.measures.overridden
    kept = None if number.used else _WITHOUT
    files = [
        (name, flask.url_for(".region_file", public_id=public_id, ending=ending, overrides=kept))
        for ending, (_, _, name) in _FILES.items()
    ]
    other = _WITHOUT if number.used else None
    return flask.render_template(
        "reporting/region_report.html",
        document=document,
        content=html.render(document, level=1, with_contents=False),
        contents=html.contents(document),
        files=files,
        overridden=number,
        other_url=flask.url_for(".region_report", public_id=public_id, overrides=other),
        runs_url=flask.url_for(".runs", public_id=public_id),
        **_working(public_id),
    )


@blueprint.get("/rounds/<uuid:public_id>.<ending>")
@guard.requires(Permission.REPORT_SEE)
def region_file(public_id: uuid.UUID, ending: str) -> ResponseReturnValue:
    """The same document as a file: pdf, xlsx, csv or json."""
    if ending not in _FILES:
        raise errors.NotFound(f"there is no report as {ending}")
    write, content_type, _ = _FILES[ending]
    content = write(queries.document_of(_report(public_id)))
    name = f"region-report-{public_id}.{ending}"
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return content, headers


def _working(public_id: uuid.UUID) -> dict[str, object]:
    """The report that somebody works on, else where an analyst begins one."""
    session, actor = current.session(), current.actor()
    round_ = queries.round_of(session, actor, public_id)
    may = round_.region_id is not None and actor.holds(Permission.REPORT_WRITE)
    begin = flask.url_for(".begin_report", public_id=public_id) if may else None
    return {"working": queries.working_on(session, actor, round_), "begin_url": begin}


def _report(public_id: uuid.UUID) -> queries.Report:
    session = current.session()
    wanted = queries.Wanted(
        round=queries.round_of(session, current.actor(), public_id),
        today=current.today(),
        demonstration=current.installation().demonstration,
        overrides=flask.request.args.get("overrides") != _WITHOUT,
    )
    return queries.report(session, wanted)
