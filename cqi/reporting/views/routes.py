"""The blueprint that all pages of results share, and what they share."""

from __future__ import annotations

import datetime as dt

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current
from cqi.core import errors
from cqi.ui import dates

blueprint = flask.Blueprint(
    "reporting", __name__, url_prefix="/reports", template_folder="../templates"
)


def download(content: bytes, content_type: str, name: str) -> ResponseReturnValue:
    """A file that the browser keeps under this name."""
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return content, headers


# A page that was published brings its style along and nothing that could act; it is shown apart
# from everything of the product.
APART = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox"
)


def shown(content: bytes, content_type: str, name: str) -> ResponseReturnValue:
    """A file that the browser shows; saved, it has this name."""
    body, headers = content, {"Content-Type": content_type, "Content-Security-Policy": APART}
    return body, {**headers, "Content-Disposition": f'inline; filename="{name}"'}


def day_of(given: str) -> dt.date:
    """The day that a page asks about, today where it names none. Raises BadInput for no day, or one
    that lies ahead."""
    today = current.today()
    try:
        day = dt.date.fromisoformat(given) if given else today
    except ValueError:
        raise errors.BadInput(f"{given} is no day: write it as 2026-11-30") from None
    if day > today:
        raise errors.BadInput(f"{given} lies ahead: choose today or an earlier day")
    return day


def moment(at: dt.datetime) -> str:
    """ "20 Nov 2026, 10:42" on the agency's clocks."""
    local = current.clock().local(at)
    return f"{dates.full_day(local.date())}, {dates.clock(local)}"
