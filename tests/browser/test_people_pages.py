"""People, roles, conflicts of interest and the register of disclosures, as people meet them."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from cqi.access import proposals
from cqi.access.permissions import Role
from cqi.core.database import Database
from tests import build
from tests.access import signing
from tests.browser.conftest import Axe, ContextFor
from tests.fixtures.scoring import TODAY, Desk
from tests.reviews import test_interests as interests
from tests.reviews.test_interests import Door

door = interests.door
WORDS = "four quite ordinary words"
ADMINISTRATOR = (
    "/people",
    "/people?words=person&role=reviewer",
    "/people/add",
    "/people/{person}",
    "/people/{person}/roles",
    "/people/{person}/roles/reviewer",
    "/people/{person}/roles/supervisor",
    "/people/{person}/basis",
    "/people/{person}/disable",
    "/people/proposals",
    "/access/roles",
    "/access/case?case={number}",
    "/access/people/{person}",
    "/disclosures",
)


def look_at(
    desk: Desk, context_for: ContextFor, axe: Axe, width: int, pages: list[tuple[str, str]]
) -> list[str]:
    """What axe finds, and what scrolls sideways, on (who, address) pages at a width."""
    contexts: dict[str, BrowserContext] = {}
    found: list[str] = []
    for who, address in pages:
        context = contexts.setdefault(who, context_for(getattr(desk.cast, who)))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        url = address.format(
            review=f"/reviews/{desk.public_id}", round=f"/rounds/{desk.cast.round.public_id}"
        )
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        found += [f"{url} at {width}: {each}" for each in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{url} scrolls sideways at {width}: {wide}"] if wide > width else []
        page.close()
    return found


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_are_accessible_and_fit(
    door: Door, context_for: ContextFor, axe: Axe, width: int
) -> None:
    desk = door.desk
    desk.colleague()
    door.declare(desk.cast.reviewer)
    with desk.database.writing() as session:
        build.grant(session, desk.cast.outsider, Role.STAKEHOLDER)
        build.legal_basis(session, desk.cast.outsider)
        proposals.propose(
            session,
            desk.cast.cqi_liaison.public_id,
            reason="Stands in while one of us is on leave.",
            actor=build.actor(session, desk.cast.administrator),
            now=build.NOW,
            today=TODAY,
        )
    whom = {"person": str(desk.cast.outsider.public_id), "number": desk.case_number}
    pages = [("administrator", address.format(**whom)) for address in ADMINISTRATOR]
    director = context_for(desk.cast.cqi_director)
    director.request.get(f"/reviews/{desk.public_id}/print.pdf")
    pages += [
        ("cqi_director", "/disclosures"),
        ("cqi_director", "/disclosures/record"),
        ("cqi_director", "/conflicts"),
        ("cqi_director", "{review}/conflict"),
        ("cqi_director", "{round}"),
        ("reviewer", "/conflicts"),
    ]
    problems = look_at(desk, context_for, axe, width, pages)
    assert not problems, "\n".join(problems)


def test_somebody_is_let_in_with_a_link_that_is_handed_over(
    desk: Desk, database: Database, context_for: ContextFor, axe: Axe
) -> None:
    boss = context_for(desk.cast.administrator).new_page()
    boss.goto("/")
    expect(boss.locator("h1")).to_have_text("People")
    boss.get_by_role("link", name="Add a person").click()
    boss.get_by_label("Name").fill("Ada Juniper")
    boss.get_by_label("E-mail address").fill("ada@example.org")
    boss.get_by_role("button", name="Add").click()
    boss.get_by_role("link", name="Give a role").click()
    boss.get_by_role("link", name="QA lead").click()
    boss.get_by_label("For which place").select_option(label=f"{desk.cast.region.name} (region)")
    boss.get_by_label("Why").fill("Joins the team")
    boss.get_by_role("button", name="Give the role").click()
    expect(boss.locator("#grants")).to_contain_text("In force")
    boss.get_by_role("link", name="Make a link to set a password").click()
    boss.get_by_role("button", name="Make the link").click()
    link = boss.locator("#link").inner_text()
    assert axe(boss) == []
    ada = boss.context.browser.new_page()
    ada.goto(link)
    assert axe(ada) == []
    for label in ("New password", "The same once more"):
        ada.get_by_label(label).fill(WORDS)
    ada.get_by_role("button", name="Set the password").click()
    ada.locator("#email").fill("ada@example.org")
    ada.locator("#password").fill(WORDS)
    ada.get_by_role("button", name="Sign in").click()
    expect(ada.locator("h1")).to_have_text("Set up your second step")
    ada.get_by_label("Code that the app shows").fill(
        signing.code(key=signing.key_shown(ada.content()))
    )
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("link", name="QA queue")).to_be_visible()
    ada.goto(link)
    expect(ada.locator("h1")).to_have_text("This link does not work")
    assert axe(ada) == []
    ada.close()


def test_a_reviewer_says_that_they_know_the_family_and_somebody_else_takes_the_case(
    door: Door, context_for: ContextFor
) -> None:
    colleague = door.desk.colleague()
    mine = context_for(door.desk.cast.reviewer).new_page()
    mine.goto(f"/reviews/{door.desk.public_id}/overview")
    mine.get_by_role("link", name="Conflict of interest").click()
    mine.get_by_text("A relative or partner").click()
    mine.get_by_role("button", name="Declare it").click()
    expect(mine.get_by_role("status").first).to_contain_text("You do not see this case any more.")
    leader = context_for(door.site_leader).new_page()
    leader.goto("/notices")
    expect(leader.locator("main")).to_contain_text("A reviewer has a conflict of interest")
    leader.goto("/conflicts")
    leader.get_by_role("link", name="Change the reviewers").click()
    leader.get_by_role("button", name=f"Take off {door.desk.cast.reviewer.name}").click()
    expect(leader.locator("main")).to_contain_text(colleague.name)
    leader.goto("/conflicts")
    expect(leader.locator("#affected")).to_have_count(0)
