"""What the matrix expects of getting ready for the days on site: interviews' times, schedules."""

from __future__ import annotations

from cqi.access.permissions import Role
from tests.web.matrix_grids import Row, grid, of, page

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
REVIEWERS = page(Role.REVIEWER)

ROWS: dict[str, Row] = {
    "reviews.my_calendar": Row(REVIEWERS),
    "reviews.my_schedule": Row(REVIEWERS),
    "reviews.plan_interview": of(PLAN_INTERVIEW, {"starts": "2027-03-11T10:00", "how": "video"}),
    "reviews.schedule": Row(SCHEDULE),
}
