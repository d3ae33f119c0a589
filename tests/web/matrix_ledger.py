"""What the authorisation matrix expects of the register of reviewers."""

from __future__ import annotations

from cqi.access.permissions import Role
from tests.web.matrix_grids import Row, grid, page

# About a reviewer of the own round, and about one of the other region.
ENTRY = grid(
    "entry",
    """
                      own other
    cqi_director      yes yes
    cqi_liaison       yes 404
    """,
)
ROUND = grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    """,
)
ROWS = {
    "ledger.add_entry": Row(page(Role.CQI_DIRECTOR, Role.CQI_LIAISON)),
    "ledger.change_requirement": Row(ROUND),
    "ledger.reviewers": Row(page(Role.CQI_DIRECTOR, Role.CQI_LIAISON, Role.SITE_LEADER)),
    "ledger.withdraw_entry": Row(ENTRY),
}
