"""The list of plans."""

from __future__ import annotations

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import Made


def test_each_plan_has_its_counts_and_how_late_it_is(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    page = client_for(cast.cqi_director).get("/plans").text
    assert f"/plans/{made.plan}" in page
    assert "1 of 3" in page
    assert "15 working days<" in page


def test_an_empty_list_says_what_comes_next(client_for: ClientFor, cast: Cast) -> None:
    assert "A Regional Director drafts one" in client_for(cast.cqi_director).get("/plans").text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, made: Made) -> None:
    assert client_for(cast.outsider).get("/plans").status_code == 403
