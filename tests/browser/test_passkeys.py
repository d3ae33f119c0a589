"""Passkeys, with the browser's own virtual device."""

from __future__ import annotations

from collections.abc import Iterator
from urllib import parse

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from cqi.access import models, passkeys
from tests.browser import walking
from tests.browser.conftest import Axe
from tests.browser.product import Product
from tests.fixtures import moving
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(chromium: Browser, product: Product, desk: Desk, client_for: ClientFor) -> Iterator[Page]:
    """The reviewer's page at a name, since passkeys are for names, on a machine with a device."""
    url = f"http://localhost:{product.port}"
    context = chromium.new_context(base_url=url)
    name = product.app.config["SESSION_COOKIE_NAME"]
    cookie = client_for(desk.cast.reviewer).get_cookie(name)
    assert cookie is not None
    context.add_cookies([{"name": name, "value": cookie.value, "url": url}])
    opened = context.new_page()
    session = context.new_cdp_session(opened)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield opened
    context.close()


def make(page: Page, name: str = "My laptop") -> None:
    page.goto("/your-sign-in/passkeys")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator(".flash")).to_contain_text("Your passkey is kept")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("E-mail address")).to_be_visible()


def rows(desk: Desk) -> list[models.Passkey]:
    with desk.database.reading() as session:
        return list(session.scalars(sa.select(models.Passkey)))


def test_a_passkey_is_made_named_used_and_removed(
    desk: Desk, product: Product, page: Page, axe: Axe
) -> None:
    make(page)
    expect(page.locator("#passkeys input[name=name]")).to_have_value("My laptop")
    assert axe(page) == []
    page.locator("#passkeys input[name=name]").fill("Desk computer")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator(".flash")).to_contain_text("new name")
    assert [row.name for row in rows(desk)] == ["Desk computer"]
    sign_out(page)
    moving.on(product.app, seconds=5)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    with desk.database.reading() as session:
        newest = sa.select(models.SignInSession).order_by(models.SignInSession.id.desc()).limit(1)
        row = session.scalars(newest).one()
    assert (row.person_id, row.second_factor) == (desk.cast.reviewer.id, "passkey")
    page.goto("/your-sign-in")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#errors")).to_contain_text("another passkey first")
    assert len(rows(desk)) == 1, "it is the last second step of a role that asks for one"


def test_a_passkey_brings_back_the_text_behind_the_overlay(
    desk: Desk, product: Product, page: Page
) -> None:
    make(page)
    desk.facts(household_changed="yes")
    page.goto(f"/reviews/{desk.public_id}/components/SRM")
    page.fill("#SRM05-narrative", "Both were seen.")
    walking.settled(page)
    moving.on(product.app, minutes=16)
    page.evaluate("lookAtTheClock()")
    expect(page.locator("#signed-out")).to_be_visible()
    page.locator("#signed-out").get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#signed-out")).to_be_hidden()
    assert page.input_value("#SRM05-narrative") == "Both were seen."


def test_a_passkey_is_a_fresh_proof(desk: Desk, product: Product, page: Page) -> None:
    make(page)
    moving.on(product.app, minutes=11)
    page.goto("/your-sign-in/recovery-codes")
    expect(page.locator("h1")).to_have_text("Show that it is you")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("h1")).to_have_text("Recovery codes")


def test_what_a_passkey_said_once_is_worth_nothing_again(
    desk: Desk, product: Product, page: Page
) -> None:
    make(page)
    sign_out(page)
    moving.on(product.app, seconds=5)
    with (
        page.expect_response(
            lambda said: said.request.method == "GET" and said.url.endswith("/sign-in/passkey")
        ) as asked,
        page.expect_request(
            lambda sent: sent.method == "POST" and sent.url.endswith("/sign-in/passkey")
        ) as told,
    ):
        page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    cookie = asked.value.header_value("set-cookie")
    thief = product.app.test_client()
    thief.set_cookie("cqi", str(cookie).partition("cqi=")[2].partition(";")[0], domain="localhost")
    product.app.config["WTF_CSRF_ENABLED"] = False
    url = f"http://localhost:{product.port}"
    sent = dict(parse.parse_qsl(told.value.post_data or ""))
    again = thief.post("/sign-in/passkey", data=sent, base_url=url)
    assert (again.status_code, again.json) == (422, {"message": passkeys.WRONG.message})


def test_where_the_address_is_a_number_no_passkey_is_offered(
    desk: Desk, product: Product, chromium: Browser
) -> None:
    page = chromium.new_page(base_url=product.url)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    assert page.goto("/sign-in/passkey").status == 404
    page.close()
