"""The one door for text into a PDF: whatever it holds is escaped here and printed as it stands.

Nothing else may make a ReportLab paragraph; a test sees to that.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from cqi.documents import fonts, model, palette
from cqi.documents.model import Span, Words

_LOOKS = {
    "strong": "<b>{}</b>",
    "italic": "<i>{}</i>",
    "muted": f'<font color="{palette.MUTED}" size="8.5">{{}}</font>',
}


class _Kept(Paragraph):
    """A paragraph that is broken into lines once for a width: it is measured for its cell, for its
    page and to be drawn."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As ReportLab's own."""
        if getattr(self, "_broken_for", None) != width or not hasattr(self, "blPara"):
            self._measured: tuple[float, float] = super().wrap(width, height)
            self._broken_for = width
        return self._measured


def paragraph(
    words: Words, style: ParagraphStyle, *, bullet: str | None = None, link: str = ""
) -> Paragraph:
    """`words` as a paragraph; `link` is the bookmark that it leads to."""
    text = "".join(_escaped(part) for part in model.spans(words))
    if link:
        text = f"<a href={quoteattr(f'#{link}')}>{text}</a>"
    return _Kept(text, style, bulletText=bullet)


def _escaped(part: str | Span) -> str:
    text = part.text if isinstance(part, Span) else part
    escaped = escape(fonts.printable(text)).replace("\n", "<br/>")
    return _LOOKS[part.look].format(escaped) if isinstance(part, Span) else escaped
