"""The preview of a draft: its scoring pages from memory, its worked cases run beside them."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cqi.core.clock import Clock
from cqi.core.folders import data_folder
from cqi.instruments import library, scaffolding
from cqi.instruments.definition import Instrument
from cqi.web.preview import app as previews
from cqi.web.preview import draft, filling, invented

SHIPPED = data_folder("review_instruments")
SHAPES = Path(__file__).parents[1] / "instruments" / "shapes"
SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}
Opener = Callable[[Path], FlaskClient]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A draft as `cqi instruments new` makes it."""
    return scaffolding.start(tmp_path, "county_check")


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """An instrument of every shape: counts, scales, parts, repeated questions."""
    return Path(shutil.copytree(SHAPES / "1.0", tmp_path / "shapes" / "1.0"))


@pytest.fixture
def opened(clock: Clock) -> Opener:
    """A browser on the preview of a folder, without form tokens."""

    def client(at: Path) -> FlaskClient:
        app = previews.create_preview(at, clock)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        return app.test_client()

    return client


@pytest.fixture
def client(opened: Opener, folder: Path) -> FlaskClient:
    return opened(folder)


def text(answer: TestResponse) -> str:
    """What a page says, without its marks."""
    bare = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return text(answer)


def head(client: FlaskClient) -> str:
    """What stands at the head of the one item: its rating and why."""
    found = re.search(r'<summary id="VIS01-head">(.*?)</summary>', shown(client), re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def shown(client: FlaskClient) -> str:
    answer = client.get("/components/VIS")
    assert answer.status_code == 200
    return answer.text


def by_script(client: FlaskClient, address: str, name: str, value: str) -> TestResponse:
    sent = {"changed": name, name: value}
    return client.post(address, data=sent, headers=SCRIPT)


def edit(path: Path, old: str, new: str) -> None:
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")


def item_file(folder: Path) -> Path:
    [found] = (folder / "items").glob("*.toml")
    return found


def status(answer: TestResponse) -> str:
    """What a save says of the item."""
    return str(answer.get_json()["status"])


def test_it_begins_where_something_is_missing_and_says_that_nothing_is_kept(
    client: FlaskClient,
) -> None:
    assert client.get("/").location == "/facts#fact-case_type"
    said = page(client, "/facts")
    assert "Draft preview of county_check 0.1. Nothing is kept" in said
    assert "What kind of case is this?" in said, "no case list knows it here"


def test_answers_are_rated_as_they_are_given_with_the_reason(client: FlaskClient) -> None:
    by_script(client, "/facts", "fact-case_type", "foster_care")
    by_script(client, "/facts", "fact-child_moved", "yes")
    saved = by_script(client, "/items/VIS01", "VIS01-a", "yes")
    assert status(saved) == "VIS01: not rated yet. Not rated yet: b is not answered."
    saved = by_script(client, "/items/VIS01", "VIS01-b", "no")
    assert status(saved).startswith("VIS01: area needing improvement. b is No. One No makes")
    swapped = {swap["id"] for swap in saved.get_json()["swaps"]}
    assert {"VIS01-head", "component-rating", "missing"} <= swapped
    assert "Not achieved means no strength." in page(client, "/components/VIS")
    assert head(client).endswith("To do: write why, name sources.")


def test_a_fact_switches_an_item_off_with_the_reason_and_its_worked_cases_stay(
    client: FlaskClient,
) -> None:
    client.post("/facts", data={"fact-case_type": "in_home"})
    assert "Not applicable The case is not a foster care case." in head(client)
    assert "Passes: Two months without a visit" in page(client, "/components/VIS")


def test_a_plain_post_takes_in_answers_text_and_sources(client: FlaskClient) -> None:
    sent = {"VIS01-a": "yes", "VIS01-narrative": "Seen on the 3rd.", "VIS01-source": "visit_log"}
    answer = client.post("/components/VIS", data={**sent, "add": "VIS01"})
    assert answer.location == "/components/VIS#VIS01-evidence"
    stands = client.get("/components/VIS").text
    assert "Seen on the 3rd." in stands
    [source] = re.findall(r'name="remove" value="(VIS01:[^"]+)"', stands)
    client.post("/components/VIS", data={"remove": source})
    assert 'name="remove"' not in client.get("/components/VIS").text
    assert client.post("/components/VIS", data={"go": "facts"}).location == "/facts"
    assert client.post("/facts", data={"go": "VIS"}).location == "/components/VIS"
    assert client.post("/components/VIS", data={"go": "submit"}).status_code == 404


def test_what_cannot_be_taken_stands_again_with_the_reason(client: FlaskClient) -> None:
    sent = {"VIS01-narrative": "x" * 60_001, "VIS01-a": "no", "save": "VIS01"}
    refused = client.post("/components/VIS", data=sent)
    assert refused.status_code == 422
    assert "VIS01 narrative: Use at most 60000 characters." in text(refused)
    client.post("/facts", data={"fact-case_type": "foster_care", "fact-child_moved": "no"})
    assert "a is No" in head(client), "the rest of the page was taken in"
    odd = by_script(client, "/facts", "fact-case_type", "boarding_school")
    assert (odd.status_code, odd.get_json()["message"]) == (422, "Choose one of the answers.")
    assert client.post("/facts", data={"fact-case_type": "boarding_school"}).status_code == 422


def test_two_subjects_are_invented_and_the_author_lists_others(
    opened: Opener, shapes: Path
) -> None:
    client = opened(shapes)
    before = client.get("/facts").text
    assert re.findall(r'value="(Parent \d)"', before) == ["Parent 1", "Parent 2"]
    first, second = re.findall(r'name="([^"]+)-label"[^>]*value="Parent \d"', before)
    client.post("/facts", data={f"{first}-label": "Mother", "off": second, "parent-label": "Aunt"})
    said = page(client, "/components/WEL")
    assert "Mother:" in said
    assert "Aunt:" in said
    assert "Parent 2" not in said


def test_a_question_that_an_answer_switches_on_is_asked_at_once(
    opened: Opener, shapes: Path
) -> None:
    client = opened(shapes)
    [first, _] = re.findall(
        r'name="([^"]+)-label"[^>]*value="Parent \d"', client.get("/facts").text
    )
    saved = by_script(client, "/items/NEDP", f"NEDP-a-{first}", "yes").get_json()
    swaps = {swap["id"]: swap["html"] for swap in saved["swaps"]}
    assert 'type="radio"' in swaps[f"NEDP-b-{first}"]
    assert f"NEDP-a-{first}" not in swaps, "never the control in use"
    saved = by_script(client, "/items/NEDP", f"NEDP-a-{first}", "no").get_json()
    swaps = {swap["id"]: swap["html"] for swap in saved["swaps"]}
    assert "Not asked: a is not Yes." in swaps[f"NEDP-b-{first}"]


def test_one_click_answers_an_item_as_its_worked_case_does(client: FlaskClient) -> None:
    assert "3 of 3 worked cases pass" in page(client, "/components/VIS")
    answer = client.post("/components/VIS", data={"fill": "VIS01:2"})
    assert answer.location == "/components/VIS#VIS01"
    assert "VIS01 is filled in from “Two months without a visit”." in page(client, answer.location)
    assert "a is No. One No makes the item an area needing improvement." in head(client)
    assert client.post("/components/VIS", data={"fill": "VIS01:4"}).status_code == 404


def shipped_and_shapes() -> list[Path]:
    versions = library.versions(SHIPPED)
    return [*(SHIPPED / v.instrument_id / v.version for v in versions), SHAPES / "1.0"]


def rated(case: invented.InventedCase, instrument: Instrument, code: str) -> object:
    return case.sheet(instrument).rating.items[code].rating


@pytest.mark.parametrize("at", shipped_and_shapes(), ids=lambda at: f"{at.parent.name}-{at.name}")
def test_every_worked_case_filled_in_after_the_others_ends_as_it_should(
    at: Path, clock: Clock
) -> None:
    found, case = draft.Reader(at).now(), invented.InventedCase()
    assert found.instrument is not None
    assert found.number == found.passed > 1
    for code, outcomes in found.outcomes.items():
        for outcome in outcomes:
            case.fill(filling.of(found.instrument, outcome, found.outcomes), clock.now())
            assert rated(case, found.instrument, code) == outcome.case.rating, outcome.case.title


def test_a_wrong_row_shows_on_the_next_request_as_worked_cases_that_fail(
    client: FlaskClient, folder: Path
) -> None:
    assert "The check says: nothing is wrong." in page(client, "/worked-cases")
    edit(item_file(folder), 'any = ["a = no"', 'any = ["a = yes"')
    said = page(client, "/worked-cases")
    assert "1 of 3 worked cases pass, 2 fail." in said
    assert "Fails: Two months without a visit" in said
    assert "Area needing improvement Strength a is No; b is not asked" in said, "expected, got, why"
    assert 'cases/vis_01.toml: cases[1] "Each month, and the day after the move" says' in said
    assert "2 to mend. What the check says" in page(client, "/components/VIS")


def test_a_worked_case_that_cannot_be_rated_says_why(client: FlaskClient, folder: Path) -> None:
    edit(folder / "cases" / "vis_01.toml", 'a = "no"', 'a = "maybe"')
    assert '"maybe" is not an answer to this question.' in page(client, "/components/VIS")
    assert client.post("/components/VIS", data={"fill": "VIS01:2"}).status_code == 404


def test_what_is_broken_is_listed_as_check_prints_it_and_nothing_old_is_linked(
    client: FlaskClient, folder: Path
) -> None:
    client.post("/components/VIS", data={"fill": "VIS01:1"})
    before = item_file(folder).read_text(encoding="utf-8")
    edit(item_file(folder), "guidance", "guidanc")
    for address in ("/", "/facts", "/components/VIS", "/worked-cases"):
        answer = client.get(address)
        assert answer.status_code == 422
        for problem in library.check(folder):
            assert f"{problem.file}: {problem.place} {problem.message} {problem.remedy}" in text(
                answer
            )
        assert not re.findall(r'href="/[^s"][^"]*"', answer.text), "only home and static files"
    refused = by_script(client, "/items/VIS01", "VIS01-a", "no")
    assert (refused.status_code, "does not hold together" in refused.get_json()["message"]) == (
        422,
        True,
    )
    item_file(folder).write_text(before, encoding="utf-8")
    assert "a and b are Yes." in head(client), "answers stand again"


@pytest.mark.parametrize("wrong", [b"item = ", b"\xff\xfe", b"", b"a = " + b"[" * 5000])
def test_no_file_makes_a_traceback(client: FlaskClient, folder: Path, wrong: bytes) -> None:
    item_file(folder).write_bytes(wrong)
    answer = client.get("/components/VIS")
    assert answer.status_code == 422
    assert item_file(folder).name in text(answer)


def test_a_folder_that_is_gone_is_said(client: FlaskClient, folder: Path) -> None:
    shutil.rmtree(folder)
    answer = client.get("/facts")
    assert (answer.status_code, "There is no instrument here." in text(answer)) == (422, True)


def test_a_question_that_is_gone_takes_no_answer_and_its_answer_is_kept_aside(
    client: FlaskClient, folder: Path
) -> None:
    client.post("/components/VIS", data={"fill": "VIS01:1"})
    before = item_file(folder).read_text(encoding="utf-8")
    edit(item_file(folder), 'id = "b"', 'id = "c"')
    edit(item_file(folder), '"b = no"', '"c = no"')
    refused = by_script(client, "/items/VIS01", "VIS01-b", "no")
    assert (refused.status_code, "Load the page again" in refused.get_json()["message"]) == (
        422,
        True,
    )
    assert "To do: answer c" in head(client)
    item_file(folder).write_text(before, encoding="utf-8")
    assert "a and b are Yes." in head(client)


def test_a_published_version_is_said_to_be_one(opened: Opener) -> None:
    said = page(opened(SHIPPED / "osri" / "1.0"), "/facts")
    assert "Preview of osri 1.0. Nothing is kept" in said
    assert "Federal Onsite Review Instrument 1.0 Published" in said


def test_a_stranger_gets_nothing(folder: Path, clock: Clock) -> None:
    app = previews.create_preview(folder, clock)
    client = app.test_client()
    assert client.post("/components/VIS", data={"VIS01-a": "no"}).status_code == 400, "no token"
    assert client.get("/facts", headers={"Host": "preview.example"}).status_code == 400
    assert client.get("/facts?all=%00").status_code == 400
    for address in ("/components/MAS", "/items/VIS01", "/sign-in", "/home"):
        assert client.get(address).status_code in (404, 405), address
    assert app.extensions["preview"].case.answers == {}
