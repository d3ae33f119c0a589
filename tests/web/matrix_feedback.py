"""What the matrix expects of memos before they go out, and of debriefs."""

from __future__ import annotations

from cqi.access.permissions import Role
from tests.web.matrix_grids import Row, grid, page

R = Role
# Feedback: released memos only; also where it is one's own work, whoever declared a conflict.
MEMO = grid(
    "memo",
    """
                      final unassigned same_region other conflict works submitted
    cqi_director      yes   yes        yes         yes   404      yes   404
    cqi_liaison       yes   yes        yes         404   404      yes   404
    site_leader       yes   yes        404         404   404      yes   404
    regional_director yes   yes        yes         404   404      yes   404
    supervisor        yes   404        404         404   yes      yes   404
    caseworker        yes   404        404         404   yes      yes   404
    """,
)
ACKNOWLEDGE = grid(
    "memo",
    """
                      final unassigned same_region other conflict works submitted
    supervisor        yes   404        404         404   yes      yes   404
    caseworker        yes   404        404         404   yes      yes   404
    """,
)
FEEDBACK = page(
    *(R.CQI_DIRECTOR, R.CQI_LIAISON, R.SITE_LEADER, R.REGIONAL_DIRECTOR, R.SUPERVISOR, R.CASEWORKER)
)
# Final reviews within the reach of who leads; that they are released makes no difference here.
RELEASE = grid(
    "memo",
    """
                      final unassigned same_region other conflict works submitted
    cqi_director      yes   yes        yes         yes   404      yes   404
    cqi_liaison       yes   yes        yes         404   404      yes   404
    site_leader       yes   yes        404         404   404      yes   404
    """,
)
DEBRIEFS = grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    site_leader       yes 404         404
    """,
)
RATINGS = grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    """,
)
# Who leads opens any; people of a case those that were held: here none was.
DEBRIEF = grid(
    "review",
    """
             assigned submitted final withdrawn unassigned off same_region other conflict works
    cqi_director      yes yes yes yes yes yes yes yes 404 yes
    cqi_liaison       yes yes yes yes yes yes yes 404 404 yes
    site_leader       yes yes yes yes yes yes 404 404 404 yes
    regional_director 404 404 404 404 404 404 404 404 404 404
    supervisor        404 404 404 404 404 404 404 404 404 404
    caseworker        404 404 404 404 404 404 404 404 404 404
    """,
)

ROWS: dict[str, Row] = {
    "feedback.acknowledge": Row(ACKNOWLEDGE),
    "feedback.memo": Row(MEMO),
    "feedback.memo_file": Row(MEMO),
    "feedback.memos": Row(FEEDBACK),
    "feedback.release_memo": Row(RELEASE),
    "feedback.preview_memo": Row(RELEASE),
    "feedback.debriefs": Row(DEBRIEFS),
    "feedback.debrief": Row(DEBRIEF),
    "rounds.change_memo_ratings": Row(RATINGS),
}
