"""The document as a fragment of a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

from cqi.documents import html, model
from tests.documents import sample

HARMFUL = 'mother said <he hit me> & "x"'
VOID = {"br"}


class Reader(HTMLParser):
    """Notes elements and sees that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    assert not reader.open
    return reader


def test_headings_go_down_one_level_at_a_time() -> None:
    seen = read(html.render(sample.document(), level=1)).seen
    levels = [int(tag[1]) for tag, _ in seen if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scopes() -> None:
    seen = read(html.render(sample.document())).seen
    tables = sum(tag == "table" for tag, _ in seen)
    assert tables == len(sample.document().tables())
    assert sum(tag == "caption" for tag, _ in seen) == tables
    heads = [attributes for tag, attributes in seen if tag == "th"]
    assert heads
    assert all(head.get("scope") in ("col", "row", "colgroup") for head in heads)


def test_ids_differ_and_contents_lead_to_sections() -> None:
    seen = read(html.render(sample.document())).seen
    ids = [a["id"] for _, a in seen if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"] for tag, a in seen if tag == "a"]
    back = links.count("#doc-contents")
    assert back == len(links) - back == len(sample.document().sections)
    assert {str(link)[1:] for link in links} <= set(ids)


def test_nothing_needs_a_looser_policy() -> None:
    for tag, attributes in read(html.render(sample.document())).seen:
        assert tag not in ("script", "style")
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_what_people_wrote_stands_in_full() -> None:
    blocks = (
        model.Text(HARMFUL),
        model.Bullets(((model.Span(HARMFUL), " again"),)),
        model.FactList((model.Fact(HARMFUL, HARMFUL),)),
        model.Findings((model.Marked("strength", HARMFUL, HARMFUL),)),
        model.Table("t", HARMFUL, (model.Column(HARMFUL),), (model.Row((HARMFUL,)),)),
    )
    page = html.render_blocks(blocks)
    assert "<he" not in page
    assert "".join(read(page).text).count(HARMFUL) == 9


def test_marks_are_read_aloud() -> None:
    row = model.Row(("Services", model.Cell("Strength", mark="strength", mark_only=True)))
    table = model.Table("t", "Ratings", (model.Column(""), model.Column("1")), (row,))
    page = html.render_blocks([table])
    assert '<span class="usa-sr-only">Strength</span>' in page
    assert 'aria-hidden="true"' in page


def test_line_ends_are_kept() -> None:
    assert html.words("one\ntwo") == "one<br>two"


def test_a_page_may_show_the_contents_itself() -> None:
    document = sample.document()
    within = html.render(document, with_contents=False)
    assert "doc-contents" not in within
    links = [a["href"] for tag, a in read(html.contents(document)).seen if tag == "a"]
    ids = {a["id"] for _, a in read(within).seen if "id" in a}
    assert [str(link)[1:] in ids for link in links] == [True] * len(document.sections)


def test_a_file_of_its_own_brings_its_style_and_fetches_nothing() -> None:
    page = html.page(sample.document())
    reader = Reader()
    reader.feed(page.replace('<meta charset="utf-8">', "").replace("<meta name", "<br name"))
    assert page.startswith("<!doctype html>")
    assert '<html lang="en-US">' in page
    assert "<title>Region I-South: " in page
    tags = [tag for tag, _ in reader.seen]
    assert (tags.count("style"), tags.count("script"), tags.count("main")) == (1, 0, 1)
    for _, attributes in reader.seen:
        assert not {"src", "style", "onclick"} & attributes.keys()
        assert str(attributes.get("href", "#")).startswith("#")
    used = set(re.findall(r"doc-[a-z-]+(?:__[a-z]+)?", page.partition("</style>")[2]))
    assert {"doc-table", "doc-side", "doc-tiles", "doc-figure__drawing"} <= used


def test_what_people_wrote_is_escaped_in_a_title_too() -> None:
    document = model.Document(HARMFUL, "", "report", (), ())
    assert "<title>mother said &lt;he hit me&gt; &amp;" in html.page(document)
