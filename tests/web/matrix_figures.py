"""What the authorisation matrix expects of reports and dashboards."""

from __future__ import annotations

from cqi.access.permissions import Role
from tests.web.matrix_grids import Row, grid, of, page

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
COUNTY = grid(
    "county",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    analyst           yes yes         yes
    regional_director yes yes         404
    """,
)
REPORTS = page(Role.CQI_DIRECTOR, Role.CQI_LIAISON, Role.ANALYST, Role.REGIONAL_DIRECTOR)
ROWS = {
    "reporting.county_dashboard": Row(COUNTY),
    "reporting.county_measure": of(COUNTY, code="SRM05"),
    "reporting.region_dashboard": Row(REGION),
    "reporting.region_file": of(REPORT, ending="csv"),
    "reporting.region_measure": of(REGION, code="SRM"),
    "reporting.region_report": Row(REPORT),
    "reporting.results": Row(REPORTS),
    "reporting.state_dashboard": Row(REPORTS),
}
