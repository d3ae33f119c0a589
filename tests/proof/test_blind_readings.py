"""Two pairs read one case and neither learns of the other, on whatever page they open. Which of
two readings anybody sees is tested on both databases in tests/reviews/test_blind_readings.py.
"""

from __future__ import annotations

import io
import re
import uuid
from collections import Counter

import flask
import pypdf
import pytest

from cqi.access.models import Person
from cqi.access.permissions import Role
from tests.fixtures.installation import ClientFor
from tests.fixtures.twice import Twice
from tests.proof import forms
from tests.proof import world as worlds
from tests.reviews.test_blind_readings import with_role
from tests.web import test_every_route as routes

engine_name = worlds.one_engine
FIRST, SECOND = "Words of the one pair.", "Words of the other pair."
CHANGES_EACH_TIME = re.compile(
    r'<input[^>]*type="hidden"[^>]*>|<meta name="csrf[^>]*>|nonce="[^"]*"|data-csrf="[^"]*"'
)


# sign-ins come and go with each client; the register of disclosures is whole for its keepers
_ELSEWHERE = ("/static", "/sign-out", "/sign-in", "/your-sign-in", "/disclosures", "/instruments")
_ALIKE = 3  # pages of one route, such as the history of an item


def shown(
    app: flask.Flask, client_for: ClientFor, twice: Twice, person: Person, review: uuid.UUID | None
) -> dict[str, str]:
    """Address -> status and text of every page and file that somebody can ask for, of one case
    review and of the round, and of what these link to."""
    ids = {"/reviews": review, "/feedback": review, "/rounds": twice.cast.round.public_id}
    ids |= {"/reports": twice.cast.round.public_id, "/rollout": twice.cast.region.public_id}
    waiting = [call.path for call in routes.calls(app, ids) if call.method == "GET"]
    client, found, alike = client_for(person), dict[str, str](), Counter[str]()
    place = app.url_map.bind("localhost")
    while waiting:
        path = waiting.pop(0)
        if path in found or path.startswith(_ELSEWHERE):
            continue
        endpoint = place.match(path.partition("?")[0])[0]
        alike[endpoint] += 1
        if alike[endpoint] > _ALIKE:
            continue
        answer = client.get(path)
        found[path] = f"{answer.status_code} {text_of(answer)}"
        if answer.mimetype == "text/html" and answer.status_code == 200:
            waiting += forms.links(answer.text)
    return found


def text_of(answer) -> str:
    if answer.mimetype == "application/pdf":
        return " ".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages
        )
    return CHANGES_EACH_TIME.sub("", answer.data.decode(errors="replace"))


def about(pages: dict[str, str], *words: str) -> list[str]:
    """Where one of these words stands."""
    return [f"{word} at {path}" for path, text in pages.items() for word in words if word in text]


TELLING = ("read twice", "econd reading", "ECOND READING", "second pair", "second-readings")


def of_the_first(twice: Twice) -> tuple[str, ...]:
    return FIRST, twice.cast.reviewer.name, twice.beside.name, str(twice.first)


def of_the_second(twice: Twice) -> tuple[str, ...]:
    return SECOND, twice.third.name, twice.fourth.name, str(twice.second)


def both_in_work(twice: Twice) -> None:
    twice.write(twice.first, twice.cast.reviewer, FIRST)
    twice.assign()
    twice.write(twice.second, twice.third, SECOND)


def with_qa(twice: Twice) -> None:
    both_in_work(twice)
    twice.submit(twice.first, twice.cast.reviewer)
    twice.submit(twice.second, twice.third)


def both_final(twice: Twice) -> None:
    both_in_work(twice)
    twice.finish(twice.first, twice.cast.reviewer)
    twice.finish(twice.second, twice.third)


STAGES = [both_in_work, with_qa, both_final]


@pytest.mark.parametrize("stage", STAGES)
def test_on_no_page_does_a_pair_find_the_other_reading_its_people_or_that_there_is_one(
    app: flask.Flask, client_for: ClientFor, twice: Twice, stage
) -> None:
    stage(twice)
    first = shown(app, client_for, twice, twice.cast.reviewer, twice.first)
    second = shown(app, client_for, twice, twice.third, twice.second)
    assert about(first, *of_the_second(twice), *TELLING) == []
    assert about(second, *of_the_first(twice), *TELLING) == []
    for pages, own, pair in (
        (first, twice.first, twice.beside),
        (second, twice.second, twice.fourth),
    ):
        assert len(about(pages, twice.case_number)) > 10, "the case does stand on pages"
        assert about(pages, pair.name)
        assert f"/reviews/{own}/print.pdf" in pages


@pytest.mark.parametrize("stage", STAGES)
def test_the_other_reading_is_not_there_whatever_is_asked_of_it(
    app: flask.Flask, client_for: ClientFor, twice: Twice, stage
) -> None:
    stage(twice)
    for person, other in ((twice.cast.reviewer, twice.second), (twice.third, twice.first)):
        client = client_for(person)
        for call in routes.calls(app, {"/reviews": other, "/feedback": other}):
            if str(other) in call.path:
                answer = client.open(call.path, method=call.method)
                assert answer.status_code in (403, 404), call
                assert twice.case_number not in answer.text, call


def test_nothing_that_the_first_pair_can_open_changes_while_the_second_reading_goes_its_way(
    app: flask.Flask, client_for: ClientFor, twice: Twice
) -> None:
    """Whatever a second reading adds or moves on their pages would tell them of it."""
    twice.write(twice.first, twice.cast.reviewer, FIRST)
    before = shown(app, client_for, twice, twice.cast.reviewer, twice.first)
    twice.assign()
    for do in (
        lambda: twice.write(twice.second, twice.third, SECOND),
        lambda: twice.finish(twice.second, twice.third),
    ):
        do()
        after = shown(app, client_for, twice, twice.cast.reviewer, twice.first)
        assert before.keys() == after.keys()
        assert [path for path in before if before[path] != after[path]] == []


def agreement_is_closed(twice: Twice, found: dict[str, str]) -> None:
    """Nobody who reviews in a round reaches how far its readings agree, whatever else they are."""
    its = {path: text for path, text in found.items() if path.startswith(twice.url)}
    pages = {path: text for path, text in its.items() if "/agreement" in path}
    assert len(pages) == 2, "the page and its file are asked for"
    assert [path for path, text in pages.items() if not text.startswith("403")] == []
    assert about(its, "How far the two readings agree", "read by two pairs") == []


# whoever reviews in a round and has another role in it or around it
ROLES = [Role.QA_LEAD, Role.CQI_LIAISON, Role.SITE_LEADER, Role.CQI_DIRECTOR]


@pytest.mark.parametrize("role", ROLES)
def test_another_role_opens_no_reading_beside_ones_own(
    app: flask.Flask, client_for: ClientFor, twice: Twice, role: Role
) -> None:
    both_final(twice)
    for person in (twice.cast.reviewer, twice.third):
        with_role(twice, person, role)
    first = shown(app, client_for, twice, twice.cast.reviewer, twice.first)
    second = shown(app, client_for, twice, twice.third, twice.second)
    assert about(first, SECOND, str(twice.second)) == []
    assert about(second, FIRST, str(twice.first)) == []
    for found in (first, second):
        agreement_is_closed(twice, found)


@pytest.mark.parametrize("role", ROLES)
def test_another_role_shows_no_second_reading_of_others_to_whoever_reviews_in_the_round(
    app: flask.Flask, client_for: ClientFor, twice: Twice, role: Role
) -> None:
    both_final(twice)
    with_role(twice, twice.spare, role)
    found = shown(app, client_for, twice, twice.spare, twice.first)
    assert about(found, SECOND, str(twice.second)) == []
    agreement_is_closed(twice, found)
