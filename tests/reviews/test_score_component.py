"""The page of one component: to score, or to read."""

from __future__ import annotations

from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk


def page(desk: Desk, code: str = "SRM") -> str:
    return f"/reviews/{desk.public_id}/components/{code}"


def test_a_reviewer_sees_every_question_and_what_is_missing(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts(report_in_pur="yes")
    shown = client_for(desk.cast.reviewer).get(page(desk)).text
    assert "Safety Assurance and Risk Management" in shown
    assert 'name="SRM02-a"' in shown
    assert "a and b are not answered" in shown
    assert 'id="missing"' in shown
    assert f"Case {desk.case_number}" in shown
