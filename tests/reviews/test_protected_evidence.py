"""Protected evidence is masked, and opened by a deliberate step that is written down."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from cqi.core import events
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

CLINIC = "Elm clinic, March"


@pytest.fixture
def url(desk: Desk) -> str:
    desk.facts()
    return f"/reviews/{desk.public_id}/evidence/{desk.protected_evidence(CLINIC)}"


def reads(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        query = sa.select(events.Event.purpose).where(events.Event.kind == "review.read")
        return sorted(session.scalars(query))


@pytest.mark.parametrize("who", ["reviewer", "qa_lead"])
def test_reviewers_and_qa_open_it_on_purpose(
    desk: Desk, client_for: ClientFor, url: str, who: str
) -> None:
    client = client_for(getattr(desk.cast, who))
    masked = client.get(f"/reviews/{desk.public_id}/components/SRM").text
    assert f'href="{url}"' in masked
    assert CLINIC not in masked
    assert "protected evidence" not in reads(desk)
    assert CLINIC in client.get(url).text
    assert "protected evidence" in reads(desk)


def test_who_only_oversees_sees_it_masked(desk: Desk, client_for: ClientFor, url: str) -> None:
    client = client_for(desk.cast.cqi_liaison)
    page = client.get(f"/reviews/{desk.public_id}/components/SRM").text
    assert "protected treatment record" in page
    assert url not in page
    assert client.get(url).status_code == 403


def test_what_is_not_protected_or_not_there_is_not_found(
    desk: Desk, client_for: ClientFor, url: str
) -> None:
    other = url.rpartition("/")[0] + f"/{uuid.uuid4()}"
    assert client_for(desk.cast.reviewer).get(other).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(
    desk: Desk, client_for: ClientFor, url: str, who: str, status: int
) -> None:
    assert client_for(getattr(desk.cast, who)).get(url).status_code == status
