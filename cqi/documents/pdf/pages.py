"""The page around the text: running head, footer, "Page x of y", contents, bookmarks."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from cqi.documents import fonts, model, palette, pen
from cqi.documents.fonts import BOLD, REGULAR
from cqi.documents.pdf import styles, text

MARGIN = 54
_BOTTOM = 58
_HEAD, _FOOT = 792 - 40, 34
HEIGHT = 792 - _BOTTOM - 62
_RIGHT = MARGIN + styles.WIDTH


class Numbered(Canvas):
    """A canvas that fills each page's "Page x of y" when the number of pages is known.

    Each page draws a form that is defined at the end: one pass, nothing is laid out twice.
    """

    def save(self) -> None:
        """Define the forms, then write the file."""
        canvas: Any = self
        last = canvas.getPageNumber() - 1
        for page in range(1, last + 1):
            canvas.beginForm(_form(page), -100, -3, 0, 12)
            canvas.setFont(REGULAR, 8)
            canvas.setFillColor(pen.colour(palette.MUTED))
            canvas.drawRightString(0, 0, f"Page {page} of {last}")
            canvas.endForm()
        super().save()


class Pages(BaseDocTemplate):
    """US Letter with a running head (not on a report's title page) and a footer."""

    def __init__(self, document: model.Document, target: BytesIO) -> None:
        super().__init__(
            target,
            pagesize=LETTER,
            initialFontName=REGULAR,
            lang=document.language,
            displayDocTitle=True,
            title=_title(document),
            author=document.author or None,
            subject=document.footer_text or None,
            creator="cqi",
            invariant=1,  # the same document is the same file: its digest can be kept
        )
        self.document = document
        self.colophon = _colophon(document)
        first = PageTemplate("title", [_frame("title", self.colophon)], onPage=self.title_page)
        page = PageTemplate("page", [_frame("page")], onPage=self.furniture)
        self.addPageTemplates([first, page] if document.kind == "report" else [page])

    def write(self, story: list[Flowable]) -> None:
        """Lay the story out and write the file."""
        self.build(story, canvasmaker=Numbered)

    def title_page(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        """The colophon at the foot, and the footer."""
        if self.colophon:
            self.colophon.drawOn(canvas, MARGIN, _BOTTOM)
        self.footer(canvas, template)

    def furniture(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        """Running head and footer."""
        left, right = self.document.running_head
        canvas.saveState()
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(pen.colour(palette.MUTED))
        canvas.drawString(MARGIN, _HEAD, fonts.fitted(left, 250, 8))
        canvas.drawRightString(_RIGHT, _HEAD, fonts.fitted(right, 240, 8))
        canvas.setStrokeColor(pen.colour(palette.RULE))
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, _HEAD - 6, _RIGHT, _HEAD - 6)
        canvas.restoreState()
        self.footer(canvas, template)

    def footer(self, canvas: Canvas, template: BaseDocTemplate) -> None:  # noqa: ARG002  the library calls it
        """The mark in bold, the run id, the page's number."""
        mark = fonts.fitted(self.document.footer_mark, 160, 8)
        after = MARGIN + (fonts.width(mark, BOLD, 8) + 8 if mark else 0)
        canvas.saveState()
        canvas.setFillColor(pen.colour(palette.INK))
        canvas.setFont(BOLD, 8)
        canvas.drawString(MARGIN, _FOOT, mark)
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(pen.colour(palette.MUTED))
        rest = fonts.fitted(self.document.footer_text, _RIGHT - after - 80, 8)
        canvas.drawString(after, _FOOT, rest)
        canvas.translate(_RIGHT, _FOOT)
        canvas.doForm(_form(canvas.getPageNumber()))
        canvas.restoreState()


def _title(document: model.Document) -> str:
    parts = (document.title, document.subtitle)
    return fonts.storable(": ".join(part for part in parts if part))


def _colophon(document: model.Document) -> Paragraph | None:
    if not document.colophon:
        return None
    colophon = text.paragraph(document.colophon, styles.NOTE)
    colophon.wrap(styles.WIDTH, HEIGHT / 3)
    return colophon


def _frame(name: str, below: Paragraph | None = None) -> Frame:
    raised = below.height + 10 if below else 0
    return Frame(
        MARGIN,
        _BOTTOM + raised,
        styles.WIDTH,
        HEIGHT - raised,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
        id=name,
    )


def _form(page: int) -> str:
    return f"page-{page}"
