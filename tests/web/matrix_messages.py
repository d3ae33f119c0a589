"""What the matrix expects of messages: one's own notices and choice, and e-mails that failed."""

from __future__ import annotations

from cqi.access.permissions import Role
from tests.web.matrix_grids import Row, grid, of, own, page

NOTICE = own("notice")
FAILED = grid(
    "failed_mail",
    """
                  anothers
    administrator yes
    """,
)
EVERYBODY, ADMINISTRATION = page(*Role), page(Role.ADMINISTRATOR)

ROWS: dict[str, Row] = {
    "notices.choose_mail": of(EVERYBODY, {"choice": "daily"}),
    "notices.mark_seen": Row(EVERYBODY),
    "notices.notices": Row(EVERYBODY),
    "notices.open_notice": Row(NOTICE),
    "notices.outbox": Row(ADMINISTRATION),
    "notices.try_again": Row(FAILED),
    "notices.try_all_again": Row(ADMINISTRATION),
}
