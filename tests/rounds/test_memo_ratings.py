"""The round says who sees ratings in its feedback memos; a change holds from then on."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.core import events
from cqi.core.database import Database
from cqi.reviews.models import CaseReview
from cqi.rounds import policy
from cqi.rounds.models import Round
from cqi.rounds.rules import MemoRatings
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

GRADED = "Ratings of all items"


@pytest.mark.parametrize(
    ("seen", "wanted", "code"),
    [
        ("supervisors", MemoRatings.EVERYBODY, ""),
        ("supervisors", MemoRatings.SUPERVISORS, "same"),
        ("nobody", MemoRatings.EVERYBODY, "overtaken"),
    ],
)
def test_why_it_is_not_changed(seen: str, wanted: MemoRatings, code: str) -> None:
    found = policy.memo_ratings_blockers(MemoRatings.SUPERVISORS, seen, wanted)
    assert [each.code for each in found] == ([code] if code else [])


def test_the_director_changes_it_and_memos_that_went_out_stay(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    before = invented.final_review(database, cast)
    after = invented.final_review(database, cast, released=False)
    client, address = client_for(cast.cqi_director), f"/rounds/{cast.round.public_id}/memo-ratings"
    assert address in client.get(f"/rounds/{cast.round.public_id}").text
    assert "supervisors, not caseworkers" in client.get(address).text
    form = {"memo_ratings": "everybody", "seen": "supervisors"}
    assert client.post(address, data=form).status_code == 303
    refused = client.post(address, data=form)
    assert refused.status_code == 422
    assert "Somebody changed this meanwhile." in refused.text
    with database.writing() as session:
        review = session.scalars(sa.select(CaseReview).order_by(CaseReview.id.desc())).first()
        assert review is not None
        invented.release(session, cast, review)
    worker = client_for(cast.caseworker)
    assert GRADED not in worker.get(f"/feedback/{before}").text
    assert GRADED in worker.get(f"/feedback/{after}").text
    with database.reading() as session:
        kinds = list(session.scalars(sa.select(events.Event.kind)))
        assert kinds.count("round.memo_ratings_changed") == 1


def test_it_is_chosen_when_a_round_is_opened(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        one = session.scalars(sa.select(Round).where(Round.id == cast.round.id)).one()
        assert one.memo_ratings is MemoRatings.SUPERVISORS


def test_others_may_not(client_for: ClientFor, cast: Cast) -> None:
    address = f"/rounds/{cast.round.public_id}/memo-ratings"
    for name in ("cqi_liaison", "qa_lead", "supervisor", "outsider"):
        assert client_for(getattr(cast, name)).get(address).status_code == 403, name
