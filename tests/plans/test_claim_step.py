"""The owner says that a step is done."""

from __future__ import annotations

import pytest

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import LINK, Made

GIVEN = {"claim-words": "Two logs, in the folder", "claim-helped": "no", "claim-link": LINK}


def test_the_owner_claims_and_says_what_proves_it(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    address = f"/plans/steps/{made.steps[0]}"
    client = client_for(cast.regional_director)
    assert "Asked for beforehand:</b>" in client.get(address).text
    answer = client.post(f"{address}/claim", data=GIVEN)
    assert answer.location == address
    page = client.get(address).text
    assert "Two logs, in the folder" in page
    assert "It waits for somebody who verifies plans" in page


def test_without_words_the_page_comes_back_and_says_so(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    client = client_for(cast.regional_director)
    for words in ("", "   "):
        answer = client.post(
            f"/plans/steps/{made.steps[0]}/claim", data=GIVEN | {"claim-words": words}
        )
        assert answer.status_code == 422
        assert "Say what proves that" in answer.text
        assert "Nothing was handed in yet" in answer.text


@pytest.mark.parametrize("words", ["Two logs, in the folder", ""])
def test_without_a_file_or_a_link_nothing_is_claimed_and_no_word_is_lost(
    client_for: ClientFor, cast: Cast, made: Made, words: str
) -> None:
    client = client_for(cast.regional_director)
    data = GIVEN | {"claim-words": words, "claim-link": " "}
    answer = client.post(f"/plans/steps/{made.steps[0]}/claim", data=data)
    assert answer.status_code == 422
    remedy = "Add a file or a link that proves it. A photo or a scan of a paper will do."
    assert answer.text.count(remedy) == 2  # above the page, and beside the files
    assert f"{words}</textarea>" in answer.text
    assert "Nothing was handed in yet" in answer.text


def test_somebody_else_cannot_claim_it(client_for: ClientFor, cast: Cast, made: Made) -> None:
    answer = client_for(cast.cqi_liaison).post(f"/plans/steps/{made.steps[0]}/claim", data=GIVEN)
    assert answer.status_code == 422
    assert "Only the owner of the step" in answer.text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, made: Made) -> None:
    answer = client_for(cast.outsider).post(f"/plans/steps/{made.steps[0]}/claim")
    assert answer.status_code == 403
