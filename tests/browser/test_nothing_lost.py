"""Nothing typed is lost, nothing is overwritten: answers lost on their way, no connection, sign-ins
that end, a second window, two reviewers on one case."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, Route, expect

from cqi.access.models import Person, SignInSession
from cqi.core import configuration
from cqi.reviews import queries, rules
from tests import build
from tests.browser import walking
from tests.browser.conftest import Axe, ContextFor
from tests.fixtures import serving
from tests.fixtures.scoring import Desk

pytestmark = pytest.mark.usefixtures("password_alone")
SAVED = "[data-saved]"
NARRATIVE = "#SRM05-narrative"
FIELD = "#SRM05-narrative-field"
OVERLAY = "#signed-out"
ALL_SAVED = "All changes saved 10:00"
KEPT = "Kept here, will be sent when the connection is back."


@pytest.fixture
def address(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/components/SRM"


@pytest.fixture
def page(desk: Desk, context_for: ContextFor, address: str) -> Page:
    desk.facts(household_changed="yes")
    opened = context_for(desk.cast.reviewer).new_page()
    opened.goto(address)
    return opened


def versions(desk: Desk, place: str = "SRM05") -> list[str | None]:
    with desk.database.reading() as session:
        saved = queries.history(session, desk.review(session), place)
    return [each.text for each in reversed(saved)]


def end_sign_ins(desk: Desk) -> None:
    with desk.database.writing() as session:
        session.execute(sa.update(SignInSession).values(ended_at=build.NOW, end_reason="ended"))


def sign_in(page: Page, person: Person, password: str = build.PASSWORD) -> None:
    form = page.locator("form[name=sign_in]")
    form.get_by_label("E-mail address").fill(person.email)
    form.get_by_label("Password").fill(password)
    form.get_by_role("button", name="Sign in").click()


def asked_on_leaving(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    return asked


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(desk: Desk, page: Page) -> None:
    """It reached the database; what is written meanwhile waits until that is known."""
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/items/SRM05", lose, times=1)
    page.fill(NARRATIVE, "Both were seen.")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator(FIELD)).to_contain_text(KEPT)
    page.fill(NARRATIVE, "Both were seen. Twice.")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator(SAVED)).to_have_text(ALL_SAVED, timeout=15_000)
    assert lost == [200]
    assert versions(desk) == ["Both were seen.", "Both were seen. Twice."]
    expect(page.locator(FIELD)).not_to_contain_text("changed this text")


@pytest.mark.parametrize("reached", [True, False])
def test_a_server_that_does_not_answer_is_given_up_after_a_while_and_asked_once_more(
    desk: Desk, page: Page, *, reached: bool
) -> None:
    """Whether the first try reached the database or not, the text stands there once."""
    page.clock.install()
    page.reload()
    sent: list[Route] = []

    def fall_silent(route: Route) -> None:
        sent.append(route)
        if len(sent) > 1:
            route.continue_()
        elif reached:
            route.fetch()

    page.route("**/items/SRM05", fall_silent)
    page.fill(NARRATIVE, "Both were seen.")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator(SAVED)).to_have_text("Saving")
    page.clock.fast_forward(10_000)
    expect(page.locator(SAVED)).to_have_text("Saving")
    page.clock.fast_forward(5_000)
    expect(page.locator(SAVED)).to_have_text(f"1 not saved yet. {KEPT}")
    expect(page.locator(FIELD)).to_contain_text(KEPT)
    page.clock.fast_forward(2_000)
    expect(page.locator(SAVED)).to_have_text(ALL_SAVED)
    page.clock.fast_forward(60_000)
    walking.settled(page)
    assert len(sent) == 2
    assert versions(desk) == ["Both were seen."]


def test_an_answer_that_was_lost_and_then_changed_is_saved_as_changed(
    desk: Desk, page: Page
) -> None:
    page.route("**/items/SRM05", lambda route: (route.fetch(), route.abort()), times=1)
    page.click("label[for=SRM05-a-yes]")
    expect(page.locator("#SRM05-a")).to_contain_text(KEPT)
    page.click("label[for=SRM05-a-no]")
    expect(page.locator(SAVED)).to_have_text(ALL_SAVED, timeout=15_000)
    entry = desk.sheet().answers["SRM05"]["a"]
    assert (entry.value, entry.revision) == ("no", 2)


def test_an_answer_that_is_cut_off_or_somebody_elses_is_no_answer(desk: Desk, page: Page) -> None:
    answers = ['{"saved_at": "10', "<html>Sign in to the hotel's network</html>"]
    for number in (2, 1):
        page.route("**/items/SRM05", lambda route: route.fulfill(body=answers.pop()), times=1)
        page.fill(NARRATIVE, f"Kept, {number} to go.")
        page.press(NARRATIVE, "Control+Enter")
        expect(page.locator(FIELD)).to_contain_text(KEPT)
        expect(page.locator(SAVED)).to_have_text(ALL_SAVED, timeout=15_000)
    assert len(versions(desk)) == 2


def test_without_a_connection_all_is_kept_and_sent_in_order_when_it_is_back(
    desk: Desk, page: Page
) -> None:
    page.context.set_offline(True)
    expect(page.locator(SAVED)).to_have_text("No connection. What you write is kept here.")
    page.click("label[for=SRM05-a-yes]")
    expect(page.locator("#SRM05-a")).to_contain_text(KEPT)
    page.fill(NARRATIVE, "Written on the road.")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator(SAVED)).to_have_text(f"2 not saved yet. {KEPT}")
    expect(page.locator(FIELD)).to_contain_text(KEPT)
    asked = asked_on_leaving(page)
    page.context.set_offline(False)  # the page hears of it and does not wait for its next try
    expect(page.locator(SAVED)).to_have_text(ALL_SAVED)
    assert desk.sheet().answers["SRM05"]["a"].value == "yes"
    assert versions(desk) == ["Written on the road."]
    page.reload()
    assert asked == []
    assert page.input_value(NARRATIVE) == "Written on the road."


def test_what_is_typed_while_the_server_is_killed_and_started_again_is_saved(
    desk: Desk, chromium: Browser, settings: configuration.Configuration, address: str
) -> None:
    desk.facts(household_changed="yes")
    desk.database.dispose()
    server = serving.Server(settings.data_dir)
    server.start()
    page = chromium.new_page(base_url=server.address)
    try:
        page.goto(address)
        sign_in(page, desk.cast.reviewer)
        page.locator(NARRATIVE).press_sequentially("Both were seen ", delay=20)
        server.kill()
        page.locator(NARRATIVE).press_sequentially("every month, ", delay=20)
        page.click("label[for=SRM05-a-yes]")
        expect(page.locator(SAVED)).to_contain_text("2 not saved yet.")
        server.start()
        page.locator(NARRATIVE).press_sequentially("alone.", delay=20)
        walking.settled(page)
    finally:
        page.close()
        server.stop()
    assert desk.sheet().narratives["SRM05"].value == "Both were seen every month, alone."
    assert desk.sheet().answers["SRM05"]["a"].value == "yes"


def test_leaving_with_unsent_words_asks_and_nothing_is_in_the_browsers_storage(page: Page) -> None:
    page.context.set_offline(True)
    page.fill(NARRATIVE, "Private words.")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator(SAVED)).to_contain_text("1 not saved yet")
    kept = page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage},"
        " await indexedDB.databases(), await caches.keys(), document.cookie, history.state])"
    )
    assert kept == '[{},{},[],[],"",null]'
    assert page.get_attribute("#answers", "autocomplete") == "off", "no browser restores its fields"
    asked = asked_on_leaving(page)
    page.route("**/items/*", lambda route: route.abort())  # first: once online, the page sends
    page.context.set_offline(False)
    page.reload()
    assert asked == ["beforeunload"]


def test_a_long_text_is_sent_too_when_the_page_goes_out_of_sight(desk: Desk, page: Page) -> None:
    text = "Gesehen, zuhörend: ja. " * 2500  # more than a browser sends for a page that is gone
    page.fill(NARRATIVE, text)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(page.locator(SAVED)).to_have_text(ALL_SAVED)
    walking.settled(page)
    assert versions(desk) == [text.rstrip()]


def test_leaving_the_choice_between_two_texts_asks_first_unless_it_is_meant(
    desk: Desk, page: Page
) -> None:
    desk.theirs(rules.narrative("SRM05", "Theirs."))
    page.fill(NARRATIVE, "Mine.")
    page.press(NARRATIVE, "Control+Enter")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.click("text=Choose between them")
    page.fill("#SRM05-combined", "Both, half written.")
    page.evaluate("history.back()")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.locator("#SRM05-combined")).to_have_value("Both, half written.")
    page.click("text=Leave without saving yours")
    expect(page.locator(NARRATIVE)).to_have_value("Theirs.")
    assert asked == ["beforeunload"]


def test_the_same_person_signs_in_again_and_goes_on(desk: Desk, page: Page, axe: Axe) -> None:
    end_sign_ins(desk)
    page.fill(NARRATIVE, "Private words.")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator(OVERLAY)).to_contain_text("Sign in, your text is kept")
    expect(page.locator(NARRATIVE)).to_be_hidden()
    expect(page.locator(SAVED)).to_be_hidden()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    assert axe(page) == []
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page.locator(OVERLAY)).to_be_visible()
    sign_in(page, desk.cast.reviewer, "not their password")
    expect(page.locator(OVERLAY)).to_contain_text("is not right. Try again.")
    sign_in(page, desk.cast.reviewer)
    expect(page.locator(SAVED)).to_have_text(ALL_SAVED, timeout=10_000)
    expect(page.locator(OVERLAY)).to_be_hidden()
    expect(page.locator(NARRATIVE)).to_be_focused()
    assert versions(desk) == ["Private words."]
    page.click("#SRM05-evidence summary")  # and with the new token the page's buttons work too
    page.select_option("#SRM05-source", "visit_log")
    page.click("#SRM05-evidence button[name=add]")
    expect(page.locator("#SRM05-evidence li")).to_have_text("Visit log")


def test_somebody_else_who_signs_in_gets_their_own_first_page_and_the_words_are_dropped(
    desk: Desk, page: Page
) -> None:
    other = desk.colleague()  # who could even see and score this case review
    end_sign_ins(desk)
    page.fill(NARRATIVE, "Private words.")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator(OVERLAY)).to_be_visible()
    asked = asked_on_leaving(page)
    sign_in(page, other)
    page.wait_for_url("**/")
    expect(page.locator(".top__who")).to_contain_text(other.name)
    assert asked == []
    assert versions(desk) == []


def test_a_colleague_who_signed_in_in_another_window_never_gets_the_words(
    desk: Desk, page: Page, address: str
) -> None:
    other = desk.colleague()
    second = page.context.new_page()
    second.goto(address)
    second.get_by_role("button", name="Sign out").click()
    sign_in(second, other)
    expect(second.locator(".top__who")).to_contain_text(other.name)
    page.fill(NARRATIVE, "Private words.")
    page.press(NARRATIVE, "Control+Enter")
    page.wait_for_url("**/")
    expect(page.locator(".top__who")).to_contain_text(other.name)
    assert versions(desk) == []


def test_who_signed_out_and_in_again_in_another_window_is_not_disturbed(
    desk: Desk, page: Page, address: str
) -> None:
    second = page.context.new_page()
    second.goto(address)
    second.get_by_role("button", name="Sign out").click()
    sign_in(second, desk.cast.reviewer)
    expect(second.locator(".top__who")).to_be_visible()
    page.fill(NARRATIVE, "Mine.")
    page.press(NARRATIVE, "Control+Enter")
    walking.settled(page)
    expect(page.locator(OVERLAY)).to_be_hidden()
    assert versions(desk) == ["Mine."]


def test_in_a_second_window_equal_values_are_no_conflict_and_different_ones_are_both_shown(
    desk: Desk, page: Page, address: str
) -> None:
    second = page.context.new_page()
    second.goto(address)
    for window in (page, second):
        window.click("label[for=SRM05-a-yes]")
        window.fill(NARRATIVE, "The same words.")
        window.press(NARRATIVE, "Control+Enter")
        walking.settled(window)
    page.fill(NARRATIVE, "Words of the first window.")
    page.press(NARRATIVE, "Control+Enter")
    page.click("label[for=SRM05-a-no]")
    walking.settled(page)
    second.click("label[for=SRM05-a-no]")
    walking.settled(second)
    expect(second.locator("#SRM05-a .todo")).to_have_count(0)
    second.fill(NARRATIVE, "Words of the second window.")
    second.press(NARRATIVE, "Control+Enter")
    expect(second.locator(FIELD)).to_contain_text("You changed this text in another window too.")
    second.click("text=Choose between them")
    expect(second.locator("h1")).to_have_text("You changed the narrative of SRM05 in two windows")
    expect(second.locator(".compare")).to_contain_text("Words of the first window.")
    expect(second.locator(".compare")).to_contain_text("Words of the second window.")


def test_two_reviewers_disturb_each_other_at_the_same_question_only(
    desk: Desk, page: Page, context_for: ContextFor, address: str
) -> None:
    other = context_for(desk.colleague()).new_page()
    other.goto(address)
    page.click("label[for=SRM05-a-yes]")
    other.click("label[for=SRM05-b-no]")
    for window in (page, other):
        walking.settled(window)
    other.click("label[for=SRM05-a-no]")
    expect(other.locator("#SRM05-a")).to_contain_text("Somebody else chose “Yes”")
    page.fill(NARRATIVE, "D. speaks freely.")
    page.press(NARRATIVE, "Control+Enter")
    walking.settled(page)
    other.fill(NARRATIVE, "D. was never alone.")
    other.press(NARRATIVE, "Control+Enter")
    expect(other.locator(FIELD)).to_contain_text("Somebody else changed this text too.")
    other.click("text=Choose between them")
    other.click("label[for=SRM05-choice-mine]")
    other.click("text=Save the chosen text")
    other.wait_for_url("**/components/SRM#SRM05")
    assert versions(desk) == ["D. speaks freely.", "D. was never alone."], "the loser is kept"
    page.fill(NARRATIVE, "D. speaks freely, always.")
    page.press(NARRATIVE, "Control+Enter")
    expect(page.locator(FIELD)).to_contain_text("Somebody else changed this text too.")
    assert desk.sheet().answers["SRM05"]["a"].value == "yes"


def test_words_for_an_na_that_came_too_late_are_said_back(desk: Desk, page: Page) -> None:
    desk.theirs(rules.answer("SRM05", "b", "yes"))
    page.click("label[for=SRM05-b-na]")
    expect(page.locator("#SRM05-b")).to_contain_text("Somebody else chose “Yes”")


def test_each_of_two_reviewers_sees_where_the_other_is(
    desk: Desk, page: Page, context_for: ContextFor, address: str, axe: Axe
) -> None:
    other = context_for(desk.colleague()).new_page()
    other.goto(address)
    expect(other.locator("[data-presence]")).to_contain_text(
        f"Also here: {desk.cast.reviewer.name} at "
    )
    other.focus("#SRM05-a-yes")
    other.evaluate("lookAround()")  # else it asks again in 25 seconds
    page.evaluate("lookAround()")
    expect(page.locator("[data-presence]")).to_have_text(
        "Also here: Second Reviewer Person at SRM05"
    )
    assert axe(page) == []


def test_a_page_that_only_looks_learns_that_its_sign_in_has_ended(desk: Desk, page: Page) -> None:
    end_sign_ins(desk)
    page.evaluate("lookAround()")
    expect(page.locator(OVERLAY)).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
