"""Dashboards: the same figures as in reports, for looking rather than reading.

State, region, county; then a component, an item, and the cases behind a figure.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.cases.rules import CaseType
from cqi.core import errors
from cqi.documents import html
from cqi.instruments.definition import Instrument
from cqi.measures.rules.tabulation import Group
from cqi.reporting import forms
from cqi.reporting.queries import dashboards
from cqi.reporting.rules.dashboards import Board, RoundWords, State, Wanted
from cqi.reporting.views import routes
from cqi.reviews.views import examples
from cqi.rounds import queries as round_queries
from cqi.rounds.rules import RoundKind
from cqi.ui import pages

blueprint = routes.blueprint
_WITHOUT = "without"


@blueprint.get("/regions")
@guard.requires(Permission.REPORT_SEE)
def state_dashboard() -> str:
    """The regions within reach, side by side."""
    look = _look()
    found = dashboards.state(current.session(), look)
    components = {code: title for table in found.tables for code, title in table.components}
    code = look.wanted.component if look.wanted.component in components else ""
    chosen = code or next(iter(components), "")
    form = forms.StateFilterForm(data=_data(look) | {"component": chosen}, components=components)
    return flask.render_template(
        "reporting/dashboards/state.html",
        state=found,
        all_regions=look.actor.reach(Permission.REPORT_SEE).everywhere,
        form=form,
        chosen=chosen,
        chosen_title=components.get(chosen, ""),
        kept=_kept(look.wanted),
        region_url=_region_url(_rounds_of(found), chosen, _kept(look.wanted)),
        measure_url=_measure_url(
            "state_measure", _kept(look.wanted), kind=look.wanted.kind or None
        ),
        other_url=_other_overrides("state_dashboard", look.wanted, component=chosen),
    )


def _rounds_of(found: State) -> Mapping[str, RoundWords | None]:
    return {one.public_id: one.round for table in found.tables for one in table.regions}


def _region_url(
    rounds: Mapping[str, RoundWords | None], code: str, kept: dict[str, Any]
) -> Callable[[str], str]:
    """A measure's page of a region, in the round that the state's page shows."""

    def address(key: str) -> str:
        shown = rounds.get(key)
        more = kept | {"round": shown.public_id if shown else None}
        return flask.url_for(".region_measure", public_id=key, code=code, **more)

    return address


@blueprint.get("/measures/<code>")
@guard.requires(Permission.REPORT_SEE)
def state_measure(code: str) -> str:
    """A component or item in every region within reach, and over the years."""
    look = _look()
    found = dashboards.state_measure(current.session(), code, look)
    kept, kind = _kept(look.wanted), look.wanted.kind or None
    address = _measure_url("state_measure", kept, kind=kind)
    crumbs = [("State", flask.url_for(".state_dashboard", kind=kind, **kept))]
    if found.is_item:
        crumbs.append((found.component, address(found.component)))
    inside = found.instrument.items_of(code) if not found.is_item else ()
    return flask.render_template(
        "reporting/dashboards/state_measure.html",
        found=found,
        inside=inside,
        crumbs=crumbs,
        form=forms.StateFilterForm(data=_data(look)),
        kept=kept,
        trend=_drawn(found.trend),
        region_url=_region_url(found.rounds, code, kept),
        measure_url=address,
        **_to_learn(found.instrument, code),
        other_url=_other_overrides("state_measure", look.wanted, code=code),
    )


@blueprint.get("/regions/<uuid:public_id>")
@guard.requires(Permission.REPORT_SEE)
def region_dashboard(public_id: uuid.UUID) -> ResponseReturnValue:
    """A region's components, both rounds beside each other."""
    session, look = current.session(), _look()
    region = dashboards.region(session, current.actor(), public_id)
    found = dashboards.region_board(session, region, look)
    if county := _county_asked(found.counties):
        kept = _kept(look.wanted)
        return flask.redirect(flask.url_for(".county_dashboard", county=county, **kept), 303)
    counties = {code: name for code, (name, public_id) in found.counties.items() if public_id}
    kept = _kept(look.wanted, found.board)
    return flask.render_template(
        "reporting/dashboards/region.html",
        region=region,
        board=found.board,
        form=_place_form(found.board, look, counties),
        counties=[(name, url) for name, url in found.counties.values()],
        measure_url=_measure_url("region_measure", kept, public_id=public_id),
        kept=kept,
        report_url=_report_url(found.board),
        other_url=_other_overrides("region_dashboard", look.wanted, public_id=public_id),
    )


@blueprint.get("/counties/<uuid:county>")
@guard.requires(Permission.REPORT_SEE)
def county_dashboard(county: uuid.UUID) -> str:
    """A county's counts beside the region's figures."""
    session, look = current.session(), _look()
    place = dashboards.county(session, current.actor(), county)
    found = dashboards.county_board(session, place, look)
    kept = _kept(look.wanted, found.board)
    return flask.render_template(
        "reporting/dashboards/county.html",
        county=place,
        found=found,
        board=found.board,
        form=_place_form(found.board, look),
        measure_url=_measure_url("county_measure", kept, county=county),
        kept=kept,
        report_url=_report_url(found.board, county),
        other_url=_other_overrides("county_dashboard", look.wanted, county=county),
    )


@blueprint.get("/regions/<uuid:public_id>/<code>")
@guard.requires(Permission.REPORT_SEE)
def region_measure(public_id: uuid.UUID, code: str) -> str:
    """A component or item of a region."""
    session, look = current.session(), _look()
    region = dashboards.region(session, current.actor(), public_id)
    found = dashboards.region_measure(session, region, code, look)
    crumbs = [(region.name, _url("region_dashboard", found, look, public_id=public_id))]
    return _measure_page(found, look, crumbs, "region_measure", public_id=public_id)


@blueprint.get("/counties/<uuid:county>/<code>")
@guard.requires(Permission.REPORT_SEE)
def county_measure(county: uuid.UUID, code: str) -> str:
    """The same of a county."""
    session, look = current.session(), _look()
    place = dashboards.county(session, current.actor(), county)
    found = dashboards.county_measure(session, place, code, look)
    crumbs = [(place.name, _url("county_dashboard", found, look, county=county))]
    if found.region:
        up = _url("region_dashboard", found, look, public_id=found.region.public_id)
        crumbs.insert(0, (found.region.name, up))
    return _measure_page(found, look, crumbs, "county_measure", place.code, county=county)


def _measure_page(
    found: dashboards.MeasurePage,
    look: dashboards.Look,
    crumbs: list[tuple[str, str]],
    endpoint: str,
    county_code: str | None = None,
    **place: Any,
) -> str:
    kept = _kept(look.wanted, found.board)
    address = _measure_url(endpoint, kept, **place)
    if found.is_item:
        crumbs = [*crumbs, (found.component, address(found.component))]
    rating = flask.request.args.get("rating", "")
    page = pages.asked_page()
    group = Group(county_code, look.wanted.case_type or None)
    figure = dashboards.Figure(found.round, found.code, group, look.wanted.overrides)
    behind = dashboards.cases_behind(current.session(), current.actor(), figure, rating, page)
    before, after = found.neighbours
    instrument = round_queries.instrument_of(found.round)
    return flask.render_template(
        "reporting/dashboards/measure.html",
        found=found,
        board=found.board,
        **_to_learn(instrument, found.code),
        trend=_drawn(found.trend),
        state_url=_measure_url("state_measure", _kept(replace(look.wanted, round="")))(found.code),
        place=crumbs[-2][0] if found.is_item else crumbs[-1][0],
        crumbs=[("State", flask.url_for(".state_dashboard")), *crumbs],
        form=_place_form(found.board, look),
        address=flask.url_for(f".{endpoint}", code=found.code, **place),
        measure_url=address,
        around=[(say, address(to)) for say, to in (("Previous", before), ("Next", after)) if to],
        kept=kept,
        behind=behind,
        rating=rating,
        stretch=pages.Stretch(page, dashboards.SHOWN, behind.chosen(rating)),
        page_args={**kept, **place, "code": found.code, "rating": rating or None},
        endpoint=f"reporting.{endpoint}",
        report_url=_report_url(found.board, place.get("county")),
        other_url=_other_overrides(endpoint, look.wanted, code=found.code, **place),
    )


def _report_url(board: Board, county: uuid.UUID | None = None) -> str:
    """The report of the round that is shown, or of a county's part in it."""
    if board.round is None:
        return ""
    shown = board.round.public_id
    if county is None:
        return flask.url_for(".region_report", public_id=shown)
    return flask.url_for(".county_report", public_id=shown, county=county)


def _to_learn(instrument: Instrument, code: str) -> dict[str, Any]:
    """What an item's pages say of it beside its figures."""
    return {
        "item": instrument.items_by_code.get(code),
        "worked_cases": examples.of(instrument).get(code, ()),
    }


def _drawn(trend: dashboards.Trend) -> Markup:
    """The figure with its table; nothing for fewer than two rounds."""
    return html.render_blocks([trend.figure], level=3) if trend.figure else Markup()


def _look() -> dashboards.Look:
    """What the address asks for. Raises BadInput for a kind that there is not; a round that never
    was in a place is as if it were not there, as links keep the one that was looked at."""
    asked = flask.request.args
    wanted = Wanted(
        round=asked.get("round", ""),
        kind=_one_of(asked.get("kind", ""), RoundKind),
        case_type=_one_of(asked.get("case_type", ""), CaseType),
        component=asked.get("component", ""),
        overrides=asked.get("overrides") != _WITHOUT,
    )
    return dashboards.Look(current.actor(), current.today(), wanted)


def _one_of(value: str, kinds: type[RoundKind] | type[CaseType]) -> str:
    known = [kind.value for kind in kinds]
    if value and value not in known:
        raise errors.BadInput(f"{value} is none of {', '.join(known)}: choose one on the page")
    return value


def _county_asked(counties: dict[str, tuple[str, str]]) -> str:
    """The public id of the county that the form asks for."""
    return counties.get(flask.request.args.get("county", ""), ("", ""))[1]


def _kept(wanted: Wanted, board: Board | None = None) -> dict[str, Any]:
    """What links of a page keep of its address."""
    named = board.round.public_id if wanted.round and board and board.round else wanted.round
    return {
        "round": named or None,
        "case_type": wanted.case_type or None,
        "overrides": None if wanted.overrides else _WITHOUT,
    }


def _url(endpoint: str, found: dashboards.MeasurePage, look: dashboards.Look, **place: Any) -> str:
    return flask.url_for(f".{endpoint}", **place, **_kept(look.wanted, found.board))


def _measure_url(endpoint: str, kept: dict[str, Any], **place: Any) -> Callable[[str], str]:
    return lambda code: flask.url_for(f".{endpoint}", code=code, **place, **kept)


def _other_overrides(endpoint: str, wanted: Wanted, **more: Any) -> str:
    """The same page with computed ratings alone, or back."""
    kept = _kept(wanted) | {"overrides": _WITHOUT if wanted.overrides else None}
    if wanted.kind:
        kept["kind"] = wanted.kind
    return flask.url_for(f".{endpoint}", **kept, **more)


def _data(look: dashboards.Look) -> dict[str, str]:
    return {"kind": look.wanted.kind, "case_type": look.wanted.case_type}


def _place_form(
    board: Board, look: dashboards.Look, counties: dict[str, str] | None = None
) -> forms.PlaceFilterForm:
    names = {one.public_id: one.choice for one in board.choices}
    chosen = board.round.public_id if board.round else ""
    data = {"round": chosen, "case_type": look.wanted.case_type, "county": ""}
    return forms.PlaceFilterForm(data=data, rounds=names, counties=counties)
