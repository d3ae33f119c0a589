"""What the authorisation matrix expects of the page that brings in finished ratings: a CQI
director's; an administrator sees no case content."""

from __future__ import annotations

from cqi.access.permissions import Role
from tests.web.matrix_grids import Row, page

_PAGE = page(Role.CQI_DIRECTOR)
ROWS = {
    "reviews.import_ratings": Row(_PAGE),
    "reviews.take_ratings": Row(_PAGE),
}
