"""What an analyst wrote beside the numbers, in its place and visibly their words."""

from __future__ import annotations

import re

from cqi.documents import model
from cqi.reporting.rules.content import Report
from cqi.reporting.rules.definition import SectionDefinition

_BLANK_LINES = re.compile(r"\n\s*\n")


def narrative(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """The section of one narrative; nothing where nobody wrote anything."""
    id_ = asked.text("id")
    written = paragraphs(report.narratives.get(id_, ""))
    if not written:
        return []
    byline = model.Text(model.Span(asked.text("byline"), "italic"), "small")
    blocks = (byline, *(model.Text(each) for each in written))
    title, contents = asked.text("title"), asked.text("contents")
    kicker = "" if contents == title else contents
    return [model.Section(f"narrative_{id_}", title, kicker, blocks, contents, starts_page=False)]


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs: blank lines part them, other line ends stay."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return [part.strip() for part in _BLANK_LINES.split(plain) if part.strip()]
