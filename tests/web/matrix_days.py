"""What the matrix expects of getting ready for the days on site: interviews' times, schedules."""

from __future__ import annotations

from cqi.access.permissions import Role
from tests.web.matrix_grids import MISSING, Grid, Row, grid, of, page

# Its reviewers, and who assigns, plan whom it hears when; QA reads the times on its page.
PLAN_INTERVIEW = grid(
    "interview",
    """
                 assigned submitted final withdrawn unassigned off same_region other conflict works
    cqi_director yes      yes       yes   yes       yes        yes yes         yes   404      404
    cqi_liaison  yes      yes       yes   yes       yes        yes yes         404   404      404
    site_leader  yes      yes       yes   yes       yes        yes 404         404   404      404
    qa_lead      403      403       403   403       403        403 403         404   404      404
    reviewer     yes      yes       yes   yes       404        404 404         404   404      404
    """,
)
SCHEDULE = grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    site_leader       yes 404         404
    """,
)
TELL_COUNTY = grid(
    "county",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    site_leader       yes 404         404
    """,
)
COUNTY_NOTICE = grid(
    "county_notice",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    site_leader       yes 404         404
    regional_director yes yes         404
    supervisor        yes 404         404
    """,
)
# Nobody of the cast owns an item of a checklist.
OWN_ITEMS = Grid("region", {role.value: {"own": MISSING} for role in Role})
REVIEWERS = page(Role.REVIEWER)

ROWS: dict[str, Row] = {
    "readiness.own_items": Row(OWN_ITEMS),
    "readiness.tick_item": of(OWN_ITEMS, key="lead"),
    "reviews.county_notice": Row(COUNTY_NOTICE),
    "reviews.county_notice_file": Row(COUNTY_NOTICE),
    "reviews.my_calendar": Row(REVIEWERS),
    "reviews.my_schedule": Row(REVIEWERS),
    "reviews.plan_interview": of(PLAN_INTERVIEW, {"starts": "2027-03-11T10:00", "how": "video"}),
    "reviews.schedule": Row(SCHEDULE),
    "reviews.tell_county": Row(TELL_COUNTY),
}
