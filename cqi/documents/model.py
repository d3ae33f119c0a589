"""What a document is made of: sections, blocks, tables and figures as frozen values.

A Document knows nothing about its outputs. Text is plain: a string, a `Span`, or a tuple of both;
whatever it holds (`<`, `&`, `=`) is printed as it stands, on a page and in a PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing


@dataclass(frozen=True)
class Span:
    """A stretch of text that looks different: semibold, italic, or small and muted."""

    text: str
    look: Literal["strong", "italic", "muted"] = "strong"


Words: TypeAlias = str | Span | tuple[str | Span, ...]
Datum: TypeAlias = str | int | Decimal | None
Kind: TypeAlias = Literal["text", "number"]


def spans(words: Words) -> tuple[str | Span, ...]:
    """The pieces of `words`, always as a tuple."""
    return words if isinstance(words, tuple) else (words,)


def plain(words: Words) -> str:
    """The text of `words` without its looks."""
    return "".join(part.text if isinstance(part, Span) else part for part in spans(words))


@dataclass(frozen=True)
class Text:
    """A paragraph; `size` is body (10 pt), small (8.5 pt) or note (8 pt, muted)."""

    words: Words
    size: Literal["body", "small", "note"] = "body"


@dataclass(frozen=True)
class Lead:
    """The paragraph under a section's title, a little larger."""

    words: Words


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list; each entry is one paragraph."""

    entries: tuple[Words, ...]


@dataclass(frozen=True)
class Marked:
    """One entry of a `Findings` list: a drawn mark (a key of `palette.MARKS`) and a text."""

    mark: str
    words: Words
    more: Words = ""


@dataclass(frozen=True)
class Findings:
    """A list whose entries begin with drawn marks; what a mark means is read aloud as well."""

    entries: tuple[Marked, ...]


@dataclass(frozen=True)
class Fact:
    """A name and what is to be said about it."""

    name: str
    words: Words


@dataclass(frozen=True)
class FactList:
    """Facts under each other with hairlines between them."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Glossary:
    """Terms and what they mean, in two columns on paper."""

    entries: tuple[Fact, ...]


@dataclass(frozen=True)
class Tile:
    """A large count with what it counts."""

    number: str
    words: Words
    mark: str = ""


@dataclass(frozen=True)
class Tiles:
    """Up to four counts side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Column:
    """A table's column.

    `data` names what its cells hold in CSV, JSON and XLSX, one name a value ("baseline_low",
    "baseline_high"); empty: the group's and the column's heading in snake case.
    """

    heading: str
    kind: Kind = "text"
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A spanning head over the columns `first` to `last`, counted from 0."""

    first: int
    last: int
    heading: str


@dataclass(frozen=True)
class Cell:
    """What a page prints, and the values behind it, one for each name in `Column.data`.

    With a `mark` alone (`mark_only`) the text is what the mark means, for people who do not see it.
    """

    text: str
    values: tuple[Datum, ...] = ()
    mark: str = ""
    mark_only: bool = False


@dataclass(frozen=True)
class Row:
    """A table's row; `strong` for totals, `indent` for the parts of the row above."""

    cells: tuple[Cell | str | int, ...]
    strong: bool = False
    indent: int = 0
    ruled: bool = False  # a dotted rule above: what follows is of another kind


def shown(value: Cell | str | int) -> str:
    """What is printed for a cell; whole numbers with their thousands parted."""
    if isinstance(value, Cell):
        return value.text
    return f"{value:,}" if isinstance(value, int) else value


@dataclass(frozen=True)
class Table:
    """Rows under columns; `groups` are spanning heads."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A drawing with all that a reader without it needs.

    `tighter` holds the same drawing with less height, loosest first, for page fitting.
    `description` says every row in a sentence; `columns`, `rows` and `groups` are its table.
    """

    key: str
    title: str
    measure: str
    description: str
    drawing: Drawing
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()
    tighter: tuple[Drawing, ...] = ()

    @property
    def table(self) -> Table:
        """The figure's rows as a table of the same key."""
        return Table(self.key, self.title, self.columns, self.rows, self.groups, self.notes)

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """All drawings of the figure, loosest first."""
        return (self.drawing, *self.tighter)


@dataclass(frozen=True)
class Columns:
    """Two columns of blocks side by side; under each other on a narrow page."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]


@dataclass(frozen=True)
class SideHead:
    """A heading at the left and its blocks at the right."""

    heading: str
    blocks: tuple[Block, ...]
    mark: str = ""


@dataclass(frozen=True)
class SideHeads:
    """Side heads under each other, each under a rule."""

    heads: tuple[SideHead, ...]


@dataclass(frozen=True)
class Signatures:
    """A line to write on for each of up to three labels ("Supervisor, read on")."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class PageBreak:
    """The rest begins on a new page of a PDF; a web page ignores it."""


Block: TypeAlias = (
    Text
    | Lead
    | Heading
    | Bullets
    | Findings
    | FactList
    | Glossary
    | Tiles
    | Table
    | Figure
    | Columns
    | SideHeads
    | Signatures
    | PageBreak
)


@dataclass(frozen=True)
class Section:
    """A part with a title, a bookmark and a line in the contents.

    `kicker` is the small blue line above the title; `contents` the name in contents and bookmarks
    (empty: the kicker, else the title). One that does not start a page follows on the page before
    where there is room for it.
    """

    key: str
    title: str
    kicker: str
    blocks: tuple[Block, ...]
    contents: str = ""
    starts_page: bool = True

    @property
    def name(self) -> str:
        """The section's name in contents and bookmarks."""
        return self.contents or self.kicker or self.title


@dataclass(frozen=True)
class Document:
    """A report (with a title page and contents) or a memo (which begins at once).

    `facts` is what the document rests on, `preface` stands under it, `colophon` at the title page's
    foot; `footer_mark` ("CONFIDENTIAL") is bold in every page's footer, before `footer_text` (the
    run id). `running_head` is what stands left and right at the top of each page.
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

    def __post_init__(self) -> None:
        """Keys become bookmarks, ids and names of sheets, so they must differ."""
        _refuse_doubles([section.key for section in self.sections], "section")
        _refuse_doubles([table.key for table in self.tables()], "table or figure")

    def blocks(self) -> tuple[Block, ...]:
        """Every block of the document in reading order, those inside columns too."""
        found: list[Block] = []
        for block in (*self.preface, *(b for s in self.sections for b in s.blocks)):
            found.extend(with_inner(block))
        return tuple(found)

    def tables(self) -> tuple[Table, ...]:
        """Every table, those of figures too, in reading order."""
        held = (b.table if isinstance(b, Figure) else b for b in self.blocks())
        return tuple(b for b in held if isinstance(b, Table))


def inner(block: Block) -> tuple[Block, ...]:
    """The blocks that `block` holds."""
    if isinstance(block, Columns):
        return (*block.left, *block.right)
    if isinstance(block, SideHeads):
        return tuple(b for head in block.heads for b in head.blocks)
    return ()


def with_inner(block: Block) -> list[Block]:
    """`block` and all that it holds."""
    return [block, *(b for held in inner(block) for b in with_inner(held))]


def texts(block: Block) -> list[str]:
    """The running text of `block`, without looks, a paragraph an entry."""
    match block:
        case Text() | Lead():
            return [plain(block.words)]
        case Heading():
            return [block.text]
        case Bullets():
            return [plain(entry) for entry in block.entries]
        case Findings():
            return [f"{plain(e.words)} {plain(e.more)}".strip() for e in block.entries]
        case FactList() | Glossary():
            return [f"{fact.name}: {plain(fact.words)}" for fact in _facts_of(block)]
        case Tiles():
            return [f"{tile.number} {plain(tile.words)}" for tile in block.tiles]
        case SideHeads():
            return [text for head in block.heads for text in (head.heading, *_all(head.blocks))]
        case _:
            return _all(inner(block))


def _facts_of(block: FactList | Glossary) -> tuple[Fact, ...]:
    return block.facts if isinstance(block, FactList) else block.entries


def _all(blocks: tuple[Block, ...]) -> list[str]:
    return [text for block in blocks for text in texts(block)]


def _refuse_doubles(keys: list[str], what: str) -> None:
    doubles = {key for key in keys if keys.count(key) > 1}
    if doubles:
        raise ValueError(f"more than one {what} is called {', '.join(sorted(doubles))}")
