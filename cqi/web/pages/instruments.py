"""What reviewers score: every instrument, readable in full by those who are scored with it."""

from __future__ import annotations

import itertools
from pathlib import Path

import flask
from flask.typing import ResponseReturnValue
from werkzeug import http

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors, folders
from cqi.documents import pdf
from cqi.instruments import conditions, fact_settings, library, problems, versions, wording
from cqi.instruments.definition import Condition, Instrument, Question
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates
from cqi.web import blank_form
from cqi.web.pages import side_by_side

blueprint = flask.Blueprint("instruments", __name__, url_prefix="/instruments")


@blueprint.get("", endpoint="instruments")
@guard.requires(Permission.INSTRUMENTS_SEE)
def show_instruments() -> str:
    """Every instrument version; a draft in which something is wrong with a word about it."""
    listed = [(version, _readable(version)) for version in library.versions(_root())]
    return flask.render_template("web/instruments.html", listed=listed, dates=dates)


@blueprint.get("/<instrument_id>/<version>", endpoint="instrument")
@guard.requires(Permission.INSTRUMENTS_SEE)
def show_instrument(instrument_id: str, version: str) -> str:
    """One version: components and how they are rated, items, questions, guidance, facts."""
    instrument = _instrument(instrument_id, version)

    def says(condition: Condition) -> str:
        return conditions.says(condition, instrument.facts_by_name)

    def notes(question: Question) -> str:
        noted = "; ".join(wording.question_notes(instrument, question))
        return f"{noted[:1].upper()}{noted[1:]}." if noted else ""

    return flask.render_template(
        "web/instrument.html",
        instrument=instrument,
        says=says,
        counts=wording.count_condition,
        stated=_stated(instrument),
        notes=notes,
        to_confirm=wording.to_confirm(instrument),
        pairs=_pairs(instrument),
    )


def _pairs(instrument: Instrument) -> list[tuple[str, str]]:
    """(earlier, later) of this version with each other one, in order of version."""
    there = [one.version for one in library.versions(_root()) if one.instrument_id == instrument.id]
    pairs = itertools.combinations(there, 2)
    return [pair for pair in pairs if instrument.version in pair]


@blueprint.get("/<instrument_id>/<version>/since/<earlier>")
@guard.requires(Permission.INSTRUMENTS_SEE)
def compare_versions(instrument_id: str, version: str, earlier: str) -> str:
    """What became of each item, component and fact since an earlier version."""
    old, new = (_instrument(instrument_id, one) for one in (earlier, version))
    page = side_by_side.page(versions.compare(old, new))
    return flask.render_template("web/compare_versions.html", old=old, new=new, page=page)


@blueprint.get("/<instrument_id>/<version>/form.pdf")
@guard.requires(Permission.INSTRUMENTS_SEE)
def form_file(instrument_id: str, version: str) -> ResponseReturnValue:
    """The blank form, for paper."""
    instrument = _instrument(instrument_id, version)
    published_on = library.published_on(_root(), instrument)
    content = pdf.render(blank_form.document(instrument, published_on))
    name = f"{instrument.id}-{instrument.version}-form.pdf"
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": http.dump_options_header("attachment", {"filename": name}),
    }
    return content, headers


def _stated(instrument: Instrument) -> dict[str, str]:
    """By fact name, what the setting that it follows says today."""
    followed = fact_settings.load(_root(), instrument, registry.BY_KEY)
    session, today = current.session(), current.today()
    return {
        name: settings.held(session, settings.setting(one.setting), today).stated
        for name, one in followed.items()
    }


def _instrument(instrument_id: str, version: str) -> Instrument:
    """A version. NotFound where there is none; Blocked with all that is wrong with a draft."""
    try:
        return library.load(_root(), instrument_id, version)
    except problems.UnknownInstrumentError as error:
        raise errors.NotFound(str(error)) from error
    except problems.DefinitionError as error:
        found = [errors.Blocker(each.rule.value, str(each)) for each in error.problems]
        raise errors.Blocked(found) from error


def _readable(version: library.Version) -> Instrument | None:
    try:
        return library.load(_root(), version.instrument_id, version.version)
    except problems.DefinitionError:
        return None


def _root() -> Path:
    return folders.data_folder("review_instruments")
