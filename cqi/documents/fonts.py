"""Source Sans Pro for PDFs: where its files are, and what it cannot print."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus.tables import CellStyle

import cqi
from cqi.core import errors
from cqi.documents.pen import FACE

WEIGHTS = ("Regular", "Italic", "Semibold", "Bold")
REGULAR, ITALIC, SEMIBOLD, BOLD = (FACE.format(weight) for weight in WEIGHTS)

_FILE = "sourcesanspro-{}-webfont.ttf"
_REPLACED = str.maketrans(
    {"−": "–", "\u2010": "-", "\u2011": "-", "\u2009": " ", "\u200a": " ", "\u200b": "", "\t": " "}
)
_REPLACED |= {ord("≥"): "at least ", ord("≤"): "at most ", ord("→"): " to "}
_REPLACED |= {ord("\ufeff"): "", ord("\u00ad"): ""}  # nothing is printed for them anywhere
_lock = Lock()


class FontsMissingError(errors.ProductError):
    """The font files are not where they should be."""


_WORDS = 2**15  # measured words that are kept, of each face


def folder() -> Path:
    """Where `make assets` puts the typeface's files."""
    return Path(cqi.__file__).parent / "web" / "static" / "vendor" / "fonts" / "pdf"


@lru_cache(maxsize=1)
def register() -> None:
    """Make the four weights known to ReportLab, once a process.

    Raises FontsMissingError, which says what to do.
    """
    with _lock:
        for weight, name in zip(WEIGHTS, (REGULAR, ITALIC, SEMIBOLD, BOLD), strict=True):
            pdfmetrics.registerFont(_font(name, folder() / _FILE.format(weight.lower())))
        _family()
        # An empty table cell must not pull in Helvetica, which is never embedded.
        CellStyle.fontname = REGULAR


def width(text: str, font: str, size: float) -> float:
    """The width of `text` in points, from the files themselves."""
    return float(pdfmetrics.stringWidth(text, font, size))


def printable(text: str) -> str:
    """`text` with what the typeface lacks replaced: a minus by an en dash, some signs by words, a
    blank by another, and any other character by its code point, such as [U+0416]: none is lost."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text).translate(_REPLACED)
    return re.sub(_missing(), _code_point, composed)


def lacking(text: str) -> str:
    """The characters that stand as codes on paper, each once, in the order that they come in."""
    composed = unicodedata.normalize("NFC", text).translate(_REPLACED)
    return "".join(dict.fromkeys(re.findall(_missing(), composed)))


def _code_point(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def storable(text: str) -> str:
    """`text` as a file's title or bookmark, which may hold any character but half ones."""
    return text.encode(errors="replace").decode()


def fitted(text: str, measure: float, size: float) -> str:
    """One line of at most `measure` points, cut with an ellipsis where it must be."""
    line = printable(" ".join(text.split()))
    if width(line, REGULAR, size) <= measure:
        return line
    while line and width(f"{line}…", REGULAR, size) > measure:
        line = line[:-1]
    return f"{line.rstrip()}…"


@lru_cache(maxsize=1)
def _missing() -> re.Pattern[str]:
    """A character that has no glyph; line ends are not printed and stay."""
    register()
    glyphs = _glyphs()
    known = "".join(re.escape(chr(code)) for code in glyphs if code >= 32 and code != 127)
    return re.compile(f"[^\n{known}]")


def _glyphs() -> Iterable[int]:
    font = pdfmetrics.getFont(REGULAR)
    return font.face.charToGlyph if isinstance(font, TTFont) else ()


class _Face(TTFont):
    """A typeface that has measured a word before: reports say the same words many times."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file)
        measured: Any = super().stringWidth
        self.__dict__["stringWidth"] = lru_cache(maxsize=_WORDS)(measured)


def _font(name: str, file: Path) -> TTFont:
    try:
        return _Face(name, str(file))
    except (TTFError, OSError) as problem:
        raise FontsMissingError(
            f"The typeface for PDFs is not at {file}. Run `make assets`, which puts it there."
        ) from problem


def _family() -> None:
    """Bold inside a paragraph is the semibold weight."""
    addMapping(REGULAR, 0, 0, REGULAR)
    addMapping(REGULAR, 1, 0, SEMIBOLD)
    addMapping(REGULAR, 0, 1, ITALIC)
    addMapping(REGULAR, 1, 1, SEMIBOLD)
    addMapping(SEMIBOLD, 1, 0, SEMIBOLD)
