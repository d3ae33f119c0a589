"""What the matrix expects of the agreement between readings: QA leads and the director."""

from __future__ import annotations

from tests.web.matrix_grids import Row, grid, of

COMPARE = grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    qa_lead           yes yes         404
    """,
)

ROWS: dict[str, Row] = {
    "measures.agreement": Row(COMPARE),
    "measures.agreement_file": of(COMPARE, ending="csv"),
}
