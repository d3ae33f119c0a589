"""The memo as a PDF file."""

from __future__ import annotations

import sqlalchemy as sa

from cqi.core import events
from cqi.core.database import Database
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor


def test_it_is_a_pdf_and_opening_it_is_written_down(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    answer = client_for(cast.supervisor).get(f"/feedback/{review}.pdf")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert "feedback-C" in answer.headers["Content-Disposition"]
    with database.reading() as session:
        query = sa.select(events.Event.actor_id).where(events.Event.kind == "review.read")
        assert list(session.scalars(query)) == [cast.supervisor.id]


def test_a_review_that_is_not_final_is_not_found(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.submitted_review(database, cast)
    assert client_for(cast.supervisor).get(f"/feedback/{review}.pdf").status_code == 404


def test_the_outsider_is_refused(client_for: ClientFor, database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    assert client_for(cast.outsider).get(f"/feedback/{review}.pdf").status_code == 403
