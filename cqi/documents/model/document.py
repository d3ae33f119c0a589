"""The whole: sections under a title, with what stands on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cqi.documents.model import blocks
from cqi.documents.model.blocks import Block, Fact
from cqi.documents.model.tables import Figure, Table


@dataclass(frozen=True)
class Section:
    """A part with a title, a bookmark and a line in the contents.

    `kicker` is the small blue line above the title; `contents` the name in contents and bookmarks
    (empty: the kicker, else the title). One that does not start a page follows on the page before
    where there is room for it. A `part` belongs to the section before it: its bookmark
    stands below that one's, and it has no line in the contents.
    """

    key: str
    title: str
    kicker: str
    blocks: tuple[Block, ...]
    contents: str = ""
    starts_page: bool = True
    part: bool = False

    @property
    def name(self) -> str:
        """The section's name in contents and bookmarks."""
        return self.contents or self.kicker or self.title


@dataclass(frozen=True)
class Document:
    """A report (with a title page and contents) or a memo (which begins at once).

    `facts` is what the document rests on, `preface` stands under it, `colophon` at the title page's
    foot; `footer_mark` ("CONFIDENTIAL") is bold in every page's footer, before `footer_text` (the
    run id). `running_head` is what stands left and right at the top of each page. A `compact` one
    is set tightly all through, as a form is, so that its pages look alike.
    """

    title: str
    subtitle: str
    kind: Literal["report", "memo"]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    running_head: tuple[str, str] = ("", "")
    footer_mark: str = ""
    footer_text: str = ""
    language: str = "en-US"
    series: str = ""
    facts_heading: str = "What this report rests on"
    preface: tuple[Block, ...] = ()
    colophon: str = ""
    author: str = ""
    compact: bool = False

    def __post_init__(self) -> None:
        """Keys become bookmarks, ids and names of sheets, so they must differ."""
        _refuse_doubles([section.key for section in self.sections], "section")
        _refuse_doubles([table.key for table in self.tables()], "table or figure")

    @property
    def listed(self) -> tuple[Section, ...]:
        """The sections that stand in the contents."""
        return tuple(section for section in self.sections if not section.part)

    def blocks(self) -> tuple[Block, ...]:
        """Every block of the document in reading order, those inside columns too."""
        found: list[Block] = []
        for block in (*self.preface, *(b for s in self.sections for b in s.blocks)):
            found.extend(blocks.with_inner(block))
        return tuple(found)

    def tables(self) -> tuple[Table, ...]:
        """Every table, those of figures too, in reading order."""
        held = (b.table if isinstance(b, Figure) else b for b in self.blocks())
        return tuple(b for b in held if isinstance(b, Table))


def _refuse_doubles(keys: list[str], what: str) -> None:
    doubles = {key for key in keys if keys.count(key) > 1}
    if doubles:
        raise ValueError(f"more than one {what} is called {', '.join(sorted(doubles))}")
