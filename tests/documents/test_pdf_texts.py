"""What people write goes into a PDF and comes out again, whatever it is.

Each example prints many texts in one document, each behind a mark of its own, and reads them back
with poppler: 2,000 texts with `--hypothesis-profile=long`, a tenth of that by default.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from cqi.documents import fonts, model, pdf
from tests.documents.test_pdf import memo, poppler

TEXTS = 40  # in one document
UNSEEN = "\u200b\ufeff\u00ad"  # no width, no ink
LIGATURES = {"ﬁ": "fi", "ﬂ": "fl"}  # as poppler writes them back


def held() -> str:
    """Every character that the typeface prints as itself."""
    fonts.register()
    signs = (chr(code) for code in fonts._glyphs() if code > 32 and code != 127)
    return "".join(sign for sign in signs if is_plain(sign))


def is_plain(sign: str) -> bool:
    """A letter, mark or sign that stands alone: no blank, no half of a pair, nothing that two
    writings of one text would be composed into."""
    ordinary = unicodedata.category(sign)[0] in "LNPS" and unicodedata.combining(sign) == 0
    return (
        ordinary and unicodedata.normalize("NFKC", sign) == sign and fonts.printable(sign) == sign
    )


def bare(text: str) -> str:
    """Without white space; ligatures as their letters."""
    for one, letters in LIGATURES.items():
        text = text.replace(one, letters)
    return re.sub(r"\s+", "", text)


def read_back(texts: list[str], folder: Path) -> list[str]:
    """Each text as it stands in the PDF, found by the marks around it."""
    blocks = [model.Text(f"@@{number}@@ {text} ##{number}##") for number, text in enumerate(texts)]
    printed = bare(poppler("pdftotext", pdf.render(memo(*blocks)), folder, "-raw"))
    found = []
    for number in range(len(texts)):
        _, _, rest = printed.partition(f"@@{number}@@")
        found.append(rest.partition(f"##{number}##")[0])
    return found


@pytest.fixture(scope="module")
def signs() -> str:
    found = held()
    assert len(found) > 180, "letters of western and central Europe, digits and signs"
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


def examples() -> hypothesis.settings:
    most = 50 if hypothesis.settings.default.max_examples > 1_000 else 5
    return hypothesis.settings(max_examples=most, deadline=None)


@examples()
@hypothesis.given(data=st.data())
def test_what_the_typeface_holds_comes_back_equal_but_for_white_space(
    signs: str, folder: Path, data: st.DataObject
) -> None:
    text = st.text(st.sampled_from(signs + " \n"), max_size=80)
    texts = data.draw(st.lists(text, min_size=TEXTS, max_size=TEXTS))
    clean = [text.replace("@@", "@").replace("##", "#") for text in texts]
    assert read_back(clean, folder) == [bare(text) for text in clean]


@examples()
@hypothesis.given(
    texts=st.lists(
        st.characters(exclude_categories=["Zs", "Zl", "Zp"]), min_size=TEXTS, max_size=TEXTS
    )
)
def test_any_other_character_is_printed_as_its_code_point_and_none_is_lost(
    folder: Path, texts: list[str]
) -> None:
    wanted = [bare(fonts.printable(text)) for text in texts]
    assert read_back(texts, folder) == wanted
    for text, printed in zip(texts, wanted, strict=True):
        assert printed or text.isspace() or text in UNSEEN, f"U+{ord(text):04X} is lost"
