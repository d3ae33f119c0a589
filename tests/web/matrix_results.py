"""What the matrix expects of results: reports of rounds, of their counties and of the state."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core import identifiers
from cqi.places.models import Place
from cqi.reporting.models import Pack, PackFile
from cqi.rounds.models import Round
from tests.build import NOW
from tests.web.matrix_grids import MISSING, OPEN, Row, grid, of, page

REPORTS = page(Role.CQI_DIRECTOR, Role.CQI_LIAISON, Role.ANALYST, Role.REGIONAL_DIRECTOR)
REPORT = grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    analyst           yes yes         yes
    regional_director yes yes         404
    """,
)
STATE = page(Role.CQI_DIRECTOR, Role.ANALYST)
# No region of these was on site yet, so there is no file; tests/reporting/test_state.py has one.
NO_STATE = replace(
    STATE,
    cells={
        role: {"": MISSING if cells[""] == OPEN else cells[""]}
        for role, cells in STATE.cells.items()
    },
)
REPORT_OF_COUNTY = replace(REPORT, things="county")
# Dashboards: whoever reads reports, of the places that their access reaches.
REGION = grid(
    "region",
    """
                      own other
    cqi_director      yes yes
    cqi_liaison       yes 404
    analyst           yes yes
    regional_director yes 404
    """,
)

PACK = grid(
    "pack",
    """
                      mine anothers
    cqi_director      yes  404
    analyst           yes  404
    """,
)

ROWS: dict[str, Row] = {
    "reporting.all_packs": Row(STATE),
    "reporting.ask_for_pack": Row(STATE),
    "reporting.county_dashboard": Row(REPORT_OF_COUNTY),
    "reporting.county_file": of(REPORT_OF_COUNTY, ending="csv"),
    "reporting.county_measure": of(REPORT_OF_COUNTY, code="SRM05"),
    "reporting.county_report": Row(REPORT_OF_COUNTY),
    "reporting.pack": Row(PACK),
    "reporting.pack_file": Row(PACK),
    "reporting.region_dashboard": Row(REGION),
    "reporting.region_file": of(REPORT, ending="csv"),
    "reporting.region_measure": of(REGION, code="SRM"),
    "reporting.region_report": Row(REPORT),
    "reporting.state_dashboard": Row(REPORTS),
    "reporting.state_measure": of(REPORTS, code="SRM05"),
    "reporting.state_file": of(NO_STATE, ending="csv"),
    "reporting.state_report": Row(STATE),
    "reporting.results": Row(REPORTS),
}


def pack(session: orm.Session, by: int, on: Round, county: Place) -> uuid.UUID:
    """A pack that somebody asked for, with one report that is drawn."""
    made = Pack(public_id=identifiers.uuid7(), as_of_on=NOW.date(), asked_by_id=by, asked_at=NOW)
    session.add(made)
    session.flush()
    session.add(PackFile(pack_id=made.id, round_id=on.id, county_id=county.id, content=b"%PDF-"))
    session.flush()
    return made.public_id
