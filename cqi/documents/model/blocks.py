"""What sections are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from cqi.documents.model import words
from cqi.documents.model.tables import Figure, Table
from cqi.documents.model.words import Words


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
    """Up to five counts side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Columns:
    """Two columns of blocks side by side; under each other on a narrow page."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]


@dataclass(frozen=True)
class SideHead:
    """A heading at the left, a small note under it, and its blocks at the right."""

    heading: str
    blocks: tuple[Block, ...]
    mark: str = ""
    note: str = ""


@dataclass(frozen=True)
class SideHeads:
    """Side heads under each other, each under a rule; `together`: all on one page of a PDF."""

    heads: tuple[SideHead, ...]
    together: bool = False


@dataclass(frozen=True)
class Ticks:
    """A box to tick before each entry, under each other."""

    entries: tuple[Words, ...]


@dataclass(frozen=True)
class Blank:
    """A place to fill in by hand: boxes to tick, or without choices a line to write on."""

    label: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blanks:
    """Places to fill in, row by row in so many columns."""

    entries: tuple[Blank, ...]
    columns: int = 1


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
    | Ticks
    | Blanks
    | Signatures
    | PageBreak
)


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
            return [words.plain(block.words)]
        case Heading():
            return [block.text]
        case Bullets() | Ticks():
            return [words.plain(entry) for entry in block.entries]
        case Findings():
            return [f"{words.plain(e.words)} {words.plain(e.more)}".strip() for e in block.entries]
        case FactList() | Glossary():
            return [f"{fact.name}: {words.plain(fact.words)}" for fact in _facts_of(block)]
        case Tiles():
            return [f"{tile.number} {words.plain(tile.words)}" for tile in block.tiles]
        case SideHeads():
            return [text for head in block.heads for text in _of_head(head)]
        case _:
            return _all(inner(block))


def _of_head(head: SideHead) -> list[str]:
    return [head.heading, *([head.note] if head.note else []), *_all(head.blocks)]


def _facts_of(block: FactList | Glossary) -> tuple[Fact, ...]:
    return block.facts if isinstance(block, FactList) else block.entries


def _all(blocks: tuple[Block, ...]) -> list[str]:
    return [text for block in blocks for text in texts(block)]
