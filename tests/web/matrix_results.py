"""What the matrix expects of results: reports of rounds, of their counties and of the state."""

from __future__ import annotations

from dataclasses import replace

from cqi.access.permissions import Role
from tests.web.matrix_grids import Row, grid, of, page

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
REPORT_OF_COUNTY = replace(REPORT, things="county")

ROWS: dict[str, Row] = {
    "reporting.county_file": of(REPORT_OF_COUNTY, ending="csv"),
    "reporting.county_report": Row(REPORT_OF_COUNTY),
    "reporting.region_file": of(REPORT, ending="csv"),
    "reporting.region_report": Row(REPORT),
    "reporting.state_file": of(STATE, ending="csv"),
    "reporting.state_report": Row(STATE),
    "reporting.results": Row(REPORTS),
}
