"""The pages of instruments, as people read them: by eye, by ear, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Axe, ContextFor
from tests.fixtures.cast import Cast

PAGES = ("/instruments", "/instruments/shapes/1.1", "/instruments/shapes/1.1/since/1.0")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_page_is_accessible_and_fits(
    context_for: ContextFor, cast: Cast, two_versions: Path, axe: Axe, width: int
) -> None:
    page = context_for(cast.reviewer, viewport={"width": width, "height": 900}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        for _ in page.query_selector_all("details:not([open]) > summary"):
            page.click("details:not([open]) > summary >> nth=0")
        assert axe(page) == [], address
        assert page.evaluate(SIDEWAYS) <= 0, address
    assert complaints == []
