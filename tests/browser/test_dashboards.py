"""Dashboards in a browser: accessible, no wider than a phone, and every figure's way on."""

from __future__ import annotations

from collections.abc import Iterator

import flask
import pytest
from playwright.sync_api import Browser

from cqi.core.database import Database
from tests.browser import product
from tests.browser.conftest import Axe
from tests.browser.product import Product
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.reporting import test_with_and_without, two_rounds

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def engine_name() -> str:
    """Pages look the same on both engines."""
    return "embedded"


@pytest.fixture
def serving(app: flask.Flask) -> Iterator[Product]:
    """The product on a port of its own."""
    running = Product(app)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def pages(database: Database, cast: Cast) -> list[str]:
    """Addresses of every dashboard, with figures and without."""
    with database.writing() as session:
        made = two_rounds.made(session, cast)
        both = test_with_and_without.two(session, cast, 15)
    region = f"/reports/regions/{cast.region.public_id}"
    county = f"/reports/counties/{made.far.public_id}"
    return [
        "/reports",
        "/reports/regions",
        region,
        f"{region}?round={made.baseline.public_id}",
        f"{region}?round={both.public_id}",
        "/reports/measures/SRM05",
        "/reports/measures/SRM",
        "/reports/measures/SRM05?kind=ongoing",
        f"{region}/SRM",
        f"{region}/SRM05",
        county,
        f"{county}/SRM",
        f"/reports/regions/{cast.other_region.public_id}",
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_every_dashboard_is_accessible_and_fits(
    chromium: Browser,
    serving: Product,
    client_for: ClientFor,
    cast: Cast,
    pages: list[str],
    axe: Axe,
    width: int,
) -> None:
    size = {"width": width, "height": 900}
    client = client_for(cast.cqi_director)
    context = product.context_for(chromium, serving, client, viewport=size)
    page = context.new_page()
    for address in pages:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert axe(page) == [], address
        assert page.evaluate(SIDEWAYS) <= 0, address
    context.close()


def test_filters_work_by_their_form_and_the_figure_opens_its_cases(
    chromium: Browser, serving: Product, client_for: ClientFor, cast: Cast, pages: list[str]
) -> None:
    page = product.context_for(chromium, serving, client_for(cast.cqi_liaison)).new_page()
    page.goto(pages[2])
    page.select_option("select[name=case_type]", "in_home")
    page.click("text=Show")
    assert "15 final at baseline, 15 now" in page.inner_text("main")
    page.click("a:text-is('SRM')")
    page.click("a:text-is('SRM05')")
    page.click("text=Area needing improvement")
    assert "rating=area_needing_improvement" in page.url
    assert "case_type=in_home" in page.url
    page.context.close()
