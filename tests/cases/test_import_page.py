"""Bringing in a list of cases on its page: a check first, then all of it or nothing."""

from __future__ import annotations

import io

import pytest

from cqi.cases.rules import lists
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

URL = "/cases/import"
HEAD = "case_number,case_type,county_fips"


def upload(text: str) -> dict[str, object]:
    return {"file": (io.BytesIO(text.encode()), "cases.csv")}


def test_a_right_file_is_checked_then_brought_in(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.cqi_liaison)
    assert "Check the file" in client.get(URL).text
    text = f"{HEAD}\n27-00001,foster_care,{cast.county.code}\n27-00002,in_home,{cast.county.code}\n"
    checked = client.post(URL, data=upload(text)).text
    assert "2 cases would be brought in." in checked
    answer = client.post(URL, data={"sure": "yes", "text": text}, follow_redirects=True)
    assert "2 cases were brought in." in answer.text
    again = client.post(URL, data=upload(text))
    assert again.status_code == 422


def test_every_bad_row_is_listed_with_its_line(cast: Cast, client_for: ClientFor) -> None:
    text = f"{HEAD}\n27-00001,prison,{cast.county.code}\n,foster_care,00000\n"
    answer = client_for(cast.cqi_liaison).post(URL, data=upload(text))
    assert answer.status_code == 422
    assert "Nothing was brought in." in answer.text
    assert ">Line 2</th>" in answer.text
    assert ">Line 3</th>" in answer.text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00 no text"])
def test_what_is_no_list_is_refused(cast: Cast, client_for: ClientFor, content: bytes) -> None:
    data = {"file": (io.BytesIO(content), "cases.csv")}
    answer = client_for(cast.cqi_liaison).post(URL, data=data)
    assert answer.status_code == 422
    assert "Error: " in answer.text


@pytest.mark.parametrize("who", ["outsider", "reviewer", "other_reviewer", "qa_lead"])
def test_others_bring_in_nothing(cast: Cast, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(cast, who))
    assert client.get(URL).status_code == 403
    assert client.post(URL, data=upload(HEAD)).status_code == 403


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_file_as_windows_writes_it_is_checked_and_then_brought_in(
    cast: Cast, client_for: ClientFor, encoding: str
) -> None:
    text = f"{HEAD}\n27-é,foster_care,{cast.county.code}\n"
    client = client_for(cast.cqi_liaison)
    data = {"file": (io.BytesIO(text.encode(encoding)), "cases.csv")}
    checked = client.post(URL, data=data)
    assert "1 case" in checked.text
    assert "27-é" in checked.text
    answer = client.post(URL, data={"sure": "yes", "text": text})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "cell",
    ["u" * 1500, "a\0b", "to\u202eleft"],
    ids=["long", "nul", "rtl"],
)
@pytest.mark.parametrize("column", ["case_number", "unit", "hold", "opened_on", "family_id"])
def test_a_cell_that_nobody_can_read_is_a_bad_row(
    cast: Cast, client_for: ClientFor, column: str, cell: str
) -> None:
    given = {"case_number": "27-1", "case_type": "foster_care", "county_fips": cast.county.code}
    given[column] = cell
    text = f"{','.join(given)}\n{','.join(given.values())}\n"
    answer = client_for(cast.cqi_liaison).post(URL, data=upload(text))
    assert answer.status_code == 422
    assert "Nothing was brought in." in answer.text


def test_a_file_with_more_bytes_than_a_list_has_is_not_looked_into(
    cast: Cast, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_numbered", lambda _text: pytest.fail("it was opened"))
    text = HEAD + "\n" * lists.CASE_LIST.megabytes * 1_000_000
    answer = client_for(cast.cqi_liaison).post(URL, data=upload(text))
    assert answer.status_code == 422
    assert "larger than 5 MB: split it" in answer.text
    assert len(answer.text) < 20_000, "the file is not sent back"


def test_a_file_with_more_rows_than_fit_says_so_once(cast: Cast, client_for: ClientFor) -> None:
    text = f"{HEAD}\n" + ",,\n1,x,y\n" * (lists.CASE_LIST.rows + 1)
    answer = client_for(cast.cqi_liaison).post(URL, data=upload(text))
    assert answer.status_code == 422
    assert "One thing is wrong" in answer.text
    assert "more than 20,000 rows: split the file" in answer.text


def test_a_page_lists_the_first_two_hundred_things_that_are_wrong(
    cast: Cast, client_for: ClientFor
) -> None:
    answer = client_for(cast.cqi_liaison).post(URL, data=upload(f"{HEAD}\n" + "1,x,y\n" * 500))
    assert answer.text.count('<th scope="row"') == 200
    assert "The first 200 stand here." in answer.text


def test_a_request_over_eight_megabytes_is_refused_in_words(
    cast: Cast, client_for: ClientFor
) -> None:
    answer = client_for(cast.cqi_liaison).post(URL, data=upload("x" * 9 * 1024 * 1024))
    assert answer.status_code == 413
    assert "8 MB" in answer.text
