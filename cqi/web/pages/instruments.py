"""What reviewers score: every instrument, readable in full by those who are scored with it."""

from __future__ import annotations

import flask

from cqi.access import guard
from cqi.access.permissions import Permission
from cqi.core import errors, folders
from cqi.instruments import library, problems
from cqi.instruments.definition import Instrument

blueprint = flask.Blueprint("instruments", __name__, url_prefix="/instruments")


@blueprint.get("", endpoint="instruments")
@guard.requires(Permission.INSTRUMENTS_SEE)
def show_instruments() -> str:
    """Every instrument version."""
    root = folders.data_folder("review_instruments")
    listed = [
        (version, library.load(root, version.instrument_id, version.version))
        for version in library.versions(root)
    ]
    return flask.render_template("web/instruments.html", listed=listed)


@blueprint.get("/<instrument_id>/<version>", endpoint="instrument")
@guard.requires(Permission.INSTRUMENTS_SEE)
def show_instrument(instrument_id: str, version: str) -> str:
    """One version: components, items, questions, guidance."""
    return flask.render_template(
        "web/instrument.html", instrument=_instrument(instrument_id, version)
    )


def _instrument(instrument_id: str, version: str) -> Instrument:
    try:
        return library.load(folders.data_folder("review_instruments"), instrument_id, version)
    except problems.UnknownInstrumentError as error:
        raise errors.NotFound(str(error)) from error
