"""The owner says that a step is done."""

from __future__ import annotations

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import Made


def test_the_owner_claims_and_says_what_proves_it(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    address = f"/plans/steps/{made.steps[0]}"
    client = client_for(cast.regional_director)
    answer = client.post(
        f"{address}/claim", data={"claim-words": "Two logs, in the folder", "claim-helped": "no"}
    )
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
            f"/plans/steps/{made.steps[0]}/claim", data={"claim-words": words, "claim-helped": "no"}
        )
        assert answer.status_code == 422
        assert "Say what proves that" in answer.text
        assert "Nothing was handed in yet" in answer.text


def test_somebody_else_cannot_claim_it(client_for: ClientFor, cast: Cast, made: Made) -> None:
    answer = client_for(cast.cqi_liaison).post(
        f"/plans/steps/{made.steps[0]}/claim", data={"claim-words": "Mine", "claim-helped": "no"}
    )
    assert answer.status_code == 422
    assert "Only the owner of the step" in answer.text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, made: Made) -> None:
    answer = client_for(cast.outsider).post(f"/plans/steps/{made.steps[0]}/claim")
    assert answer.status_code == 403
