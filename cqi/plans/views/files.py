"""A plan as a file."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask.typing import ResponseReturnValue
from werkzeug import http

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import model, pdf, table_files
from cqi.plans.queries import paper, printing
from cqi.plans.views import routes

blueprint = routes.blueprint
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_Made = tuple[Callable[..., model.Document], Callable[[model.Document], bytes], str]
# ending -> (how it is laid out, writer, content type)
FORMS: dict[str, _Made] = {
    "pdf": (printing.document, lambda one: pdf.render(one), "application/pdf"),
    "xlsx": (printing.workbook, table_files.xlsx, _SHEET),
}


@blueprint.get("/<uuid:public_id>/plan.<ending>")
@guard.requires(Permission.PLAN_SEE)
def plan_file(public_id: uuid.UUID, ending: str) -> ResponseReturnValue:
    """The plan in the shape that states send to the federal office."""
    if ending not in FORMS:
        raise errors.NotFound("a plan is a PDF or an XLSX")
    laid_out, write, kind = FORMS[ending]
    found = paper.paper(current.session(), current.actor(), public_id, routes.today())
    invented = current.installation().demonstration
    name = f"improvement-plan-{routes.today().day.isoformat()}.{ending}"
    headers = {
        "Content-Type": kind,
        "Content-Disposition": http.dump_options_header("attachment", {"filename": name}),
    }
    return write(laid_out(found, demonstration=invented)), headers
