"""Two versions of an instrument side by side."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

ADDRESS = "/instruments/shapes/1.1/since/1.0"


def card(page: str, title: str) -> str:
    """The card of one item, component or fact."""
    [found] = re.findall(
        rf"<details class=\"card\"[^>]*>\s*<summary><b>{title}.*?</details>", page, re.S
    )
    return str(found)


def test_each_change_is_counted_and_told(
    client_for: ClientFor, cast: Cast, two_versions: Path
) -> None:
    page = client_for(cast.reviewer).get(ADDRESS).text
    counts = dict(re.findall(r"<dt>([^<]+)</dt><dd><b >(\d+)</b>", page))
    assert counts == {"Same": "8", "Reworded": "1", "Changed rule": "1", "New": "1", "Gone": "0"}
    reworded = card(page, "VIS ")
    assert ">reworded</span>" in reworded
    assert "Ratings of both versions may be compared." in reworded
    assert "<mark>the </mark>visits" in reworded
    assert "<mark>help this family?" in reworded
    changed = card(page, "TIM ")
    assert "may not be compared: its rule changed." in changed
    for words in ("Question b", "Question a, wording", "<mark>8.</mark>", "<mark>9.</mark>"):
        assert words in changed, words
    assert ">new</span>" in card(page, "NEW ")
    assert 'href="/instruments/shapes/1.1#NEW"' in page


def test_facts_and_components_are_told_too(
    client_for: ClientFor, cast: Cast, two_versions: Path
) -> None:
    page = client_for(cast.reviewer).get(ADDRESS).text
    assert ">reworded</span>" in card(page, "Did a report come in?")
    assert "one of its items changed" in card(page, "Safety as a whole")
    assert "STB <mark>· NEW</mark>" in card(page, "Status as a whole")
    assert "The same in both: Permanency as a whole; MOV " in page


def test_looked_at_from_the_other_side_what_is_new_is_gone(
    client_for: ClientFor, cast: Cast, two_versions: Path
) -> None:
    page = client_for(cast.reviewer).get("/instruments/shapes/1.0/since/1.1").text
    gone = card(page, "NEW ")
    assert ">gone</span>" in gone
    assert 'href="/instruments/shapes/1.1#NEW"' in gone
    assert "No longer there" in page


def test_the_page_of_an_instrument_leads_there_only_where_there_are_two_versions(
    client_for: ClientFor, cast: Cast, two_versions: Path
) -> None:
    client = client_for(cast.reviewer)
    for version in ("1.0", "1.1"):
        assert f'href="{ADDRESS}"' in client.get(f"/instruments/shapes/{version}").text
    for path in sorted((two_versions / "1.1").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (two_versions / "1.1").rmdir()
    assert "/since/" not in client.get("/instruments/shapes/1.0").text
    assert client.get("/instruments/shapes/1.0/since/0.9").status_code == 404


def test_a_draft_in_which_something_is_wrong_says_what_and_spoils_no_other_page(
    client_for: ClientFor, cast: Cast, two_versions: Path
) -> None:
    item = two_versions / "1.1" / "items" / "tim.toml"
    item.write_text(item.read_text(encoding="utf-8") + "\nspare = 1\n", encoding="utf-8")
    client = client_for(cast.reviewer)
    listed = client.get("/instruments").text
    assert "Read Instrument of every shape 1.0" in listed
    assert "See what has to be mended in shapes 1.1" in listed
    for address in ("/instruments/shapes/1.1", ADDRESS, "/instruments/shapes/1.1/form.pdf"):
        answer = client.get(address)
        assert answer.status_code == 422, address
        assert "items/tim.toml" in answer.text
        assert "spare" in answer.text


def test_the_outsider_compares_nothing(
    client_for: ClientFor, cast: Cast, two_versions: Path
) -> None:
    assert client_for(cast.outsider).get(ADDRESS).status_code == 403
