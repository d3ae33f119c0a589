"""A memo on paper: the same words in the same order."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import uuid

import pypdf

from cqi.documents import pdf
from cqi.feedback import queries, rules
from cqi.instruments.asking import Ask
from cqi.instruments.definition import Rating
from tests import build
from tests.feedback import invented

FINAL = dt.datetime(2027, 3, 9, 16, 0, tzinfo=dt.UTC)


def sheet(
    pages: str = "mississippi_practice_model", *, graded: bool = True, **ratings: Rating
) -> queries.MemoSheet:
    clocks = invented.on(dt.date(2027, 3, 10))
    row = queries.MemoRow(
        public_id=uuid.UUID(int=7),
        case_number="C000007",
        case_type="Foster care",
        county="Juniper County",
        unit="Juniper Unit A",
        round="Round 1",
        pur_from=dt.date(2026, 3, 1),
        pur_to=dt.date(2027, 3, 5),
        final_on=dt.date(2027, 3, 9),
        released_at=FINAL,
        released_on=dt.date(2027, 3, 9),
        due=clocks.read_due(FINAL),
        readers=(),
        mine=True,
        read=False,
    )
    answers = {"SNA06": {Ask("a"): "no"}}
    words = {
        "I12B": "She was asked once.",
        "SRM05": "The mother said <he hit me>.",
        "SNA06": "May still stood in October.",
    }
    memo = rules.memo(
        build.instrument(pages), rules.Scored(ratings, answers, words, {}, {"SNA06": ("a",)})
    )
    return queries.MemoSheet(row, memo, graded, "Site Leader")


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_paper_says_what_the_page_says_in_full() -> None:
    found = sheet(SRM05=Rating.STRENGTH, SNA06=Rating.AREA_NEEDING_IMPROVEMENT)
    text = text_of(pdf.render(queries.document(found)))
    assert text.index("What worked") < text.index("What to work on")
    for words in (
        "The mother said <he hit me>.",
        "May still stood in October.",
        "the answer is No to",
        "What good looks like.",
        "CONFIDENTIAL",
        "1 of 2 items that applied are strengths.",
    ):
        assert words in text, words


def test_paper_shows_ratings_to_those_alone_who_see_them() -> None:
    ratings = {"SRM05": Rating.STRENGTH, "SNA06": Rating.AREA_NEEDING_IMPROVEMENT}
    text = text_of(pdf.render(queries.document(sheet(graded=False, **ratings))))
    assert "May still stood in October." in text
    for words in ("Rated so because", "Ratings of this case", "items that applied are strengths"):
        assert words not in text, words
        assert words in text_of(pdf.render(queries.document(sheet(**ratings)))), words


def test_a_memo_of_many_strengths_fits_on_two_pages() -> None:
    codes = [item.code for item in build.instrument().items]
    ratings = dict.fromkeys(codes, Rating.STRENGTH)
    ratings |= dict.fromkeys(codes[10:14], Rating.AREA_NEEDING_IMPROVEMENT)
    found = sheet(**ratings)
    assert found.memo is not None
    long = dict.fromkeys(codes, "Seen at once, with dates and who did what. " * 12)
    memo = rules.worded(found.memo, rules.Wording(texts=long))
    for each in (found, dataclasses.replace(found, memo=memo)):
        content = pdf.render(queries.document(each))
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) <= 2
        assert all(code in text_of(content) for code in codes)


def test_a_memo_without_strengths_or_without_needs_is_a_memo_too() -> None:
    assert "What to work on" in text_of(
        pdf.render(queries.document(sheet(SNA06=Rating.AREA_NEEDING_IMPROVEMENT)))
    )
    all_good = text_of(pdf.render(queries.document(sheet(SRM05=Rating.STRENGTH))))
    assert "every item that applied is a strength" in all_good


def test_a_memo_whose_review_was_opened_again_says_so_and_asks_for_nothing() -> None:
    found = sheet(SRM05=Rating.STRENGTH)
    reopened = dataclasses.replace(found, row=dataclasses.replace(found.row, stands=False))
    text = text_of(pdf.render(queries.document(reopened)))
    assert "The review behind this memo was opened again." in text
    assert "Please say in the system" not in text
    assert "Please say in the system" in text_of(pdf.render(queries.document(found)))


def test_a_demonstration_says_so() -> None:
    text = text_of(pdf.render(queries.document(sheet(), demonstration=True)))
    assert "nobody exists" in text


def test_the_parts_of_an_item_stand_under_it_each_with_its_own_words() -> None:
    need = Rating.AREA_NEEDING_IMPROVEMENT
    found = sheet("osri", I12=need, I12A=Rating.STRENGTH, I12B=need, I14=Rating.STRENGTH)
    text = text_of(pdf.render(queries.document(found)))
    item = build.instrument("osri").item
    assert "1 of 2 items that applied are strengths." in text
    assert f"Rated so because of “{item('I12B').title}”" in text
    assert "She was asked once." in text
    assert item("I12B").good_looks_like in text
    assert item("I12").good_looks_like not in text
    assert "The words on this item stay" not in text
