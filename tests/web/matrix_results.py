"""What the matrix expects of results: reports of rounds, of their counties and of the state."""

from __future__ import annotations

from dataclasses import replace

from cqi.access.permissions import Role
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

ROWS: dict[str, Row] = {
    "reporting.county_dashboard": Row(REPORT_OF_COUNTY),
    "reporting.county_file": of(REPORT_OF_COUNTY, ending="csv"),
    "reporting.county_measure": of(REPORT_OF_COUNTY, code="SRM05"),
    "reporting.county_report": Row(REPORT_OF_COUNTY),
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
