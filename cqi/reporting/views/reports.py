"""Results: the rounds within reach, and a region's report as page, PDF and data files."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import html, model
from cqi.reporting import queries
from cqi.reporting.queries import drawing, states, subjects
from cqi.reporting.views import routes

blueprint = routes.blueprint

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
    return flask.render_template(
        "reporting/results.html",
        places=by_place,
        whole_state=current.actor().reach(Permission.REPORT_SEE).everywhere,
    )


@blueprint.get("/rounds/<uuid:public_id>")
@guard.requires(Permission.REPORT_SEE)
def region_report(public_id: uuid.UUID) -> str:
    """A region's report as a page; `?overrides=without` makes it of computed ratings alone."""
    session, actor = current.session(), current.actor()
    wanted = _wanted(queries.round_of(session, actor, public_id))
    others = [
        (name, flask.url_for(".county_report", public_id=public_id, county=county))
        for county, name in queries.addresses(session, wanted.round)
    ]
    return _page(wanted, others)


@blueprint.get("/rounds/<uuid:public_id>.<ending>")
@guard.requires(Permission.REPORT_SEE)
def region_file(public_id: uuid.UUID, ending: str) -> ResponseReturnValue:
    """The same document as a file: pdf, xlsx, csv or json."""
    return _file(_wanted(queries.round_of(current.session(), current.actor(), public_id)), ending)


@blueprint.get("/rounds/<uuid:public_id>/counties/<uuid:county>")
@guard.requires(Permission.REPORT_SEE)
def county_report(public_id: uuid.UUID, county: uuid.UUID) -> str:
    """The report of a county's part in a round as a page."""
    session, actor = current.session(), current.actor()
    wanted = _wanted(*queries.county_of(session, actor, public_id, county))
    whole = flask.url_for(".region_report", public_id=public_id)
    others = [(wanted.round.name, whole)] if queries.reaches(session, actor, public_id) else []
    return _page(wanted, others, {"county": county})


@blueprint.get("/rounds/<uuid:public_id>/counties/<uuid:county>.<ending>")
@guard.requires(Permission.REPORT_SEE)
def county_file(public_id: uuid.UUID, county: uuid.UUID, ending: str) -> ResponseReturnValue:
    """The same document as a file: pdf, xlsx, csv or json."""
    found = queries.county_of(current.session(), current.actor(), public_id, county)
    return _file(_wanted(*found), ending)


@blueprint.get("/state")
@guard.requires(Permission.REPORT_SEE)
def state_report() -> str:
    """The state's report as a page; `?as_of=` gives another day than today."""
    made = _state()
    if made is None:
        return flask.render_template("reporting/no_state.html")
    address = {"as_of": made.facts.as_of.isoformat()}
    regions = [
        (one.name, flask.url_for(".region_report", public_id=one.round_id))
        for one in made.regions
        if one.round_id
    ]
    work: dict[str, object] = {}
    if current.actor().holds(Permission.REPORT_WRITE):
        subject = subjects.of_state(current.session(), made.facts.as_of)
        work = _work(subject, flask.url_for(".begin_state_report"))
    return _shown(made, "state", address, Others("Region by region", regions, work))


@blueprint.get("/state.<ending>")
@guard.requires(Permission.REPORT_SEE)
def state_file(ending: str) -> ResponseReturnValue:
    """The same document as a file: pdf, xlsx, csv or json."""
    if ending not in drawing.FORMS:
        raise errors.NotFound(f"there is no report as {ending}")
    made = _state()
    if made is None:
        raise errors.NotFound("no region has a round with final case reviews by this day")
    name = f"state-report-{made.facts.as_of}.{ending}"
    return _as_file(queries.document_of(made), ending, name)


def _state() -> states.StateReport | None:
    """None where no region has a final case review by then.

    Raises Forbidden where the actor's reach is less than the state, BadInput for no day."""
    actor = current.actor()
    if not actor.reach(Permission.REPORT_SEE).everywhere:
        raise errors.Forbidden("The state's report is for those whose access reaches the state.")
    as_of, session = routes.day_of(flask.request.args.get("as_of", "")), current.session()
    if not states.rounds(session, as_of):
        return None
    wanted = states.Wanted(
        as_of,
        demonstration=current.installation().demonstration,
        overrides=flask.request.args.get("overrides") != _WITHOUT,
    )
    return states.report(session, wanted)


def _wanted(in_round: queries.Round, county: str = "") -> queries.Wanted:
    return queries.Wanted(
        round=in_round,
        today=current.today(),
        demonstration=current.installation().demonstration,
        overrides=flask.request.args.get("overrides") != _WITHOUT,
        county=county,
    )


@dataclass(frozen=True)
class Others:
    """What other reports lie near one: a heading, and names with addresses. `work` is where its
    round's report is begun or worked on."""

    heading: str
    links: Sequence[tuple[str, str]]
    work: Mapping[str, object] = field(default_factory=dict)


def _page(
    wanted: queries.Wanted,
    others: Sequence[tuple[str, str]],
    where: Mapping[str, uuid.UUID] | None = None,
) -> str:
    made = queries.report(current.session(), wanted)
    address = {"public_id": wanted.round.public_id, **(where or {})}
    level, heading = "region", "County by county"
    if wanted.county:
        level, heading = "county", "The whole round"
    work = _work_on_round(wanted, where)
    return _shown(made, level, address, Others(heading, others, work))


def _shown(made: queries.Report, level: str, address: Mapping[str, Any], others: Others) -> str:
    document, number = queries.document_of(made), made.measures.overridden
    kept, other = (None, _WITHOUT) if number.used else (_WITHOUT, None)
    files = [
        (name, flask.url_for(f".{level}_file", ending=ending, overrides=kept, **address))
        for ending, (_, _, name) in drawing.FORMS.items()
        if ending != "html"
    ]
    return flask.render_template(
        "reporting/region_report.html",
        document=document,
        content=html.render(document, level=1, with_contents=False),
        contents=html.contents(document),
        files=files,
        overridden=number,
        other_url=flask.url_for(f".{level}_report", overrides=other, **address),
        others=others,
    )


def _file(wanted: queries.Wanted, ending: str) -> ResponseReturnValue:
    if ending not in drawing.FORMS:
        raise errors.NotFound(f"there is no report as {ending}")
    level, part = ("county", f"-{wanted.county}") if wanted.county else ("region", "")
    name = f"{level}-report-{wanted.round.public_id}{part}.{ending}"
    return _as_file(queries.region_report(current.session(), wanted), ending, name)


def _as_file(document: model.Document, ending: str, name: str) -> ResponseReturnValue:
    write, content_type, _ = drawing.FORMS[ending]
    return routes.download(write(document), content_type, name)


def _work_on_round(
    wanted: queries.Wanted, where: Mapping[str, uuid.UUID] | None
) -> dict[str, object]:
    """The report of the round, or of a county's part in it; where its runs are compared."""
    in_round = wanted.round
    address: dict[str, Any] = {"public_id": in_round.public_id, **(where or {})}
    runs: dict[str, object] = {"runs_url": flask.url_for(".runs", public_id=in_round.public_id)}
    if wanted.county:
        subject = subjects.of_county(current.session(), in_round, wanted.county)
        begin = flask.url_for(".begin_county_report", **address)
        seen = queries.reaches(current.session(), current.actor(), in_round.public_id)
        return {**_work(subject, begin), **(runs if seen else {})}
    if in_round.region_id is None:
        return runs
    begin = flask.url_for(".begin_report", **address)
    return {**_work(subjects.of_region(in_round), begin), **runs}


def _work(subject: subjects.Subject, begin: str) -> dict[str, object]:
    """The report that somebody works on, else where an analyst begins one."""
    actor = current.actor()
    return {
        "working": subjects.working_on(current.session(), actor, subject),
        "begin_url": begin if actor.holds(Permission.REPORT_WRITE) else None,
        "as_of": subject.day.isoformat(),
    }
