"""Who may be given a case, on pages: the register of reviewers, a round that requires something,
the team with those who cannot take a case, and a whole sample given at once."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.rounds.models import LedgerEntry, Round
from cqi.rounds.rules.ledger import LedgerKind
from tests import build
from tests.browser.conftest import Axe, ContextFor
from tests.browser.test_round_pages import look
from tests.fixtures.cast import Cast
from tests.sampling.test_frames_and_draws import drawn

TODAY = build.NOW.date()


@pytest.fixture
def team(database: Database, cast: Cast) -> Cast:
    """A drawn sample in a round that requires certification; five on its team, one of them not
    certified any more, one of them the supervisor of a unit of the county."""
    with database.writing() as session:
        names = ("Ada Juniper", "Ben Alder", "Cleo Sorrel", "Dora Rowan")
        people = [build.person(session, name) for name in names]
        for one in people:
            build.grant(session, one, Role.REVIEWER, round=cast.round)
        build.grant(session, people[2], Role.SUPERVISOR, place=cast.unit)
        for one, days in zip([cast.reviewer, *people], (40, 300, 200, 500, -8), strict=True):
            for kind in (LedgerKind.TRAINED, LedgerKind.LED, LedgerKind.CERTIFIED):
                certified = kind is LedgerKind.CERTIFIED
                entry = LedgerEntry(
                    person_id=one.id,
                    kind=kind,
                    from_on=TODAY - dt.timedelta(days=365),
                    until_on=TODAY + dt.timedelta(days=days) if certified else None,
                    note="Course of the training unit" if certified else None,
                    written_by_id=cast.cqi_director.id,
                    written_at=build.NOW,
                )
                session.add(entry)
        session.get_one(Round, cast.round.id).requires = ["certified"]
        drawn(session, cast)
    return cast


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_are_accessible_and_fit(
    team: Cast, context_for: ContextFor, axe: Axe, width: int
) -> None:
    size = {"width": width, "height": 900}
    director = context_for(team.cqi_director, viewport=size).new_page()
    reviewer = context_for(team.reviewer, viewport=size).new_page()
    director.set_default_timeout(20_000)
    found, url = [], f"/rounds/{team.round.public_id}"

    def see(path: str, name: str, page: Page = director) -> None:
        page.goto(path)
        found.extend(look(page, axe, name))

    see("/reviewers", "reviewers")
    director.get_by_text("3 entries").first.click()
    found.extend(look(director, axe, "reviewers-unfolded"))
    withdraw = director.get_by_role("link", name="Withdraw").first.get_attribute("href")
    assert withdraw
    see(withdraw, "withdraw-entry")
    see("/reviewers/add", "add-entry")
    director.get_by_role("button", name="Write it down").click()
    found.extend(look(director, axe, "add-entry-refused"))
    see(f"{url}/requirement", "requirement")
    see(f"{url}/cases/waiting", "assign-waiting")
    see(url, "round-with-requirement")
    see("/", "home-of-director")
    see("/", "home-of-reviewer", reviewer)
    see(f"{url}/cases", "assign")
    director.get_by_label("Case", exact=True).select_option(index=1)
    director.get_by_role("button", name="Show who can take it").click()
    expect(director.get_by_text("Suggested").first).to_be_visible()
    found.extend(look(director, axe, "assign-suggested"))
    assert not found, "\n".join(found)


def test_a_sample_is_given_with_one_change_and_a_reviewer_is_replaced(
    team: Cast, context_for: ContextFor
) -> None:
    page = context_for(team.cqi_director).new_page()
    page.set_default_timeout(20_000)
    page.goto(f"/rounds/{team.round.public_id}")
    page.get_by_role("link", name="Suggest reviewers for all cases that wait").click()
    first = page.locator("tbody tr").first
    options = first.locator("select").first.locator("option")
    expect(
        options.filter(has_text="Dora Rowan cannot: has not been certified since")
    ).to_be_disabled()
    expect(options.filter(has_text="Cleo Sorrel cannot: works for this county")).to_be_disabled()
    first.locator("select").nth(1).select_option("")
    page.get_by_role("button", name="Give these cases").click()
    expect(page.get_by_text("of the sample are in the round.")).to_be_visible()
    page.get_by_role("link", name="Change the reviewers of").first.click()
    cannot = page.get_by_role("listitem").filter(has_text="Dora Rowan")
    expect(cannot).to_contain_text("has not been certified since")
    expect(cannot.get_by_role("button")).to_have_count(0)
