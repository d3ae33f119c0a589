"""Bringing in a list of cases on its page: a check first, then all of it or nothing."""

from __future__ import annotations

import io

import pytest

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
    assert 'data-label="Line">2<' in answer.text
    assert 'data-label="Line">3<' in answer.text


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
