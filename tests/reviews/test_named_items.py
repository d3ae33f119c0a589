"""A round that asks for named items only: shown, asked, missing, rated and counted are these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors
from cqi.core.database import Database
from cqi.measures import queries as measures
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import CaseReview, StoredRating
from cqi.rounds import actions as round_actions
from cqi.rounds import queries as round_queries
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

ASKED = ["SRM05", "MAS04"]


@pytest.fixture
def review(database: Database, cast: Cast) -> CaseReview:
    """A case review of a round that asks for two items."""
    with database.writing() as session:
        on = build.round(session, cast.region, [cast.county])
        on.items = ASKED
        build.grant(session, cast.reviewer, "reviewer", round=on)
        found = build.case_review(session, on, build.case(session, cast.county), [cast.reviewer])
        session.flush()
        return found


def opened(session: orm.Session, review: CaseReview) -> CaseReview:
    return session.get_one(CaseReview, review.id)


def test_only_these_are_missing_and_rated(
    database: Database, cast: Cast, review: CaseReview
) -> None:
    with database.writing() as session:
        one = opened(session, review)
        before = queries.sheet(session, one)
        assert [item.code for item in before.instrument.items] == ["MAS04", "SRM05"]
        assert {gap.item for gap in before.missing} == {None, "SRM05"}
        build.final(session, one, cast.reviewer, cast.qa_lead)
        rows = session.execute(
            sa.select(StoredRating.code, StoredRating.rating).where(
                StoredRating.review_id == one.id
            )
        )
        assert dict(rows.all()) == {
            "MAS04": "strength", "SRM05": "strength", "MAS": None, "SRM": None,
        }  # fmt: skip
        assert not queries.recheck(session, [one.id])


def test_an_answer_to_another_item_is_refused(
    database: Database, cast: Cast, review: CaseReview
) -> None:
    with database.writing() as session, pytest.raises(errors.BadInput, match='no item "SRM03"'):
        actions.record_answers(
            session,
            review=opened(session, review),
            changes=[rules.answer("SRM03", "a", "yes")],
            actor=build.actor(session, cast.reviewer),
            now=build.NOW,
        )


def test_the_pages_show_these_only(client_for: ClientFor, cast: Cast, review: CaseReview) -> None:
    client = client_for(cast.reviewer)
    url = f"/reviews/{review.public_id}"
    facts = client.get(f"{url}/facts").text
    assert "fact-referral_made" in facts
    assert "fact-school_age" not in facts
    page = client.get(f"{url}/components/SRM").text
    assert 'id="SRM05"' in page
    assert 'id="SRM03"' not in page
    assert "this round asks for named items only" in page
    assert client.get(f"{url}/components/INV").status_code == 404
    assert "0 of 2 items complete" in page
    saved = client.post(
        f"{url}/items/SRM05",
        data={"changed": "SRM05-a", "SRM05-a": "no"},
        headers={"X-Requested-With": "fetch"},
    )
    assert saved.status_code == 200


def test_measures_count_these_and_say_why_no_other(
    database: Database, cast: Cast, review: CaseReview
) -> None:
    with database.writing() as session:
        one = opened(session, review)
        build.final(session, one, cast.reviewer, cast.qa_lead)
        asked = measures.Asked(one.round, build.instrument())
        found = measures.measures(session, asked)
        assert (found.row("SRM05").applicable, found.row("SRM05").excluded.not_asked) == (1, 0)
        for code in ("SRM03", "SRM", "INV"):
            row = found.row(code)
            assert (row.applicable, row.excluded.not_rated, row.excluded.not_asked) == (0, 0, 1)
        again = measures.frozen.from_json(measures.frozen.as_json(found.frozen))
        assert measures.tabulation.measure(again).run_id == found.run_id


def new_round(cast: Cast, *items: str) -> round_queries.NewRound:
    today = build.NOW.date()
    days: dict[str, Any] = {
        "pur_from": today - dt.timedelta(days=365), "on_site_from": today, "on_site_to": today,
    }  # fmt: skip
    return round_queries.NewRound(
        name="Two items",
        kind=RoundKind.INTERIM_PEER,
        instrument="mississippi_practice_model",
        version="1.0",
        county_ids=(cast.county.id,),
        items=items,
        **days,
    )


@pytest.fixture
def session(database: Database) -> Iterator[orm.Session]:
    with database.writing() as found:
        yield found


def test_a_round_is_opened_for_named_items(session: orm.Session, cast: Cast) -> None:
    made = round_actions.open_round(
        session, new=new_round(cast, "SRM05", "SRM05"), actor=None, now=build.NOW
    )
    session.flush()
    assert session.get_one(Round, made.id).items == ["SRM05"]


def test_an_item_that_is_not_there_is_named(session: orm.Session, cast: Cast) -> None:
    with pytest.raises(errors.Blocked, match="no item SRM99") as refused:
        round_actions.open_round(
            session, new=new_round(cast, "SRM05", "SRM99"), actor=None, now=build.NOW
        )
    assert [each.code for each in refused.value.blockers] == ["unknown_item"]


def test_the_consistency_page_offers_these_only(
    database: Database, client_for: ClientFor, cast: Cast, review: CaseReview
) -> None:
    with database.reading() as session:
        round_id = opened(session, review).round.public_id
    client, url = client_for(cast.qa_lead), f"/consistency?round={round_id}"
    text = client.get(url).text
    assert text.count('<option value="SRM05"') == text.count('value="MAS04"') == 1
    assert "MAS01" not in text
    other = client.get(f"{url}&item=MAS01").text
    assert "<h2>MAS04 " in other, "an item that the round does not ask for is not shown"
    assert "<h2>MAS01" not in other
