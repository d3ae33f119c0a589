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
    "reporting.state_file": of(STATE, ending="csv"),
    "reporting.state_report": Row(STATE),
    "reporting.results": Row(REPORTS),
}
