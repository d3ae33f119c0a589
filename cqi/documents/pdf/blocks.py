"""Each block of the model as flowables, for the width that it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer, Table

from cqi.documents import model, palette, pen
from cqi.documents.pdf import drawn, forms, styles, tables, text
from cqi.documents.pdf.styles import Room

_HAIRLINE = pen.colour(palette.HAIRLINE)
_LONG = 250.0  # what is higher may be parted between two pages
_SIDE = 129.0  # three of twelve columns and a gutter


def flowables(blocks: Iterable[model.Block], room: Room) -> list[Flowable]:
    """All blocks in their order."""
    return [made for block in blocks for made in _MAKERS[type(block)](block, room)]


def facts(entries: Sequence[model.Fact], room: Room) -> Table:
    """Names at the left, what is said about them at the right, hairlines between."""
    first = round(room.width * 0.34)
    rows = [[text.paragraph(f.name, styles.SMALL), text.paragraph(f.words, styles.SMALL)]
            for f in entries]  # fmt: skip
    looks: list[tables.Command] = [
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, _HAIRLINE),
    ]
    return Table(
        rows,
        colWidths=[first, room.width - first],
        style=[*tables.PLAIN, *looks],
        hAlign="LEFT",
        splitInRow=1,
        spaceAfter=8,
    )


def _text(block: model.Text, room: Room) -> list[Flowable]:
    sizes = {"body": room.setting.body, "small": room.setting.small, "note": styles.NOTE}
    return [text.paragraph(block.words, sizes[block.size])]


def _lead(block: model.Lead, room: Room) -> list[Flowable]:
    style = room.setting.body if room.setting.tight else styles.LEAD
    return [text.paragraph(block.words, style)]


def _heading(block: model.Heading, room: Room) -> list[Flowable]:  # noqa: ARG001  one shape for all
    return [text.paragraph(block.text, styles.HEADING)]


def _bullets(block: model.Bullets, room: Room) -> list[Flowable]:
    style = room.setting.bullet
    return [text.paragraph(entry, style, bullet="•") for entry in block.entries]


def _findings(block: model.Findings, room: Room) -> list[Flowable]:
    made: list[Flowable] = []
    for entry in block.entries:
        body: list[Flowable] = [text.paragraph(entry.words, styles.ENTRY)]
        if entry.more:
            body.append(text.paragraph(entry.more, styles.ENTRY))
        mark: list[Flowable] = [Spacer(1, 2.5), drawn.MarkedLine(entry.mark, radius=3.6)]
        cells, widths = [mark, body], [16, room.width - 16]
        made.append(tables.side_by_side(cells, widths, ("BOTTOMPADDING", (0, 0), (-1, -1), 6)))
    return made


def _fact_list(block: model.FactList, room: Room) -> list[Flowable]:
    return [facts(block.facts, room)] if block.facts else []


def _glossary(block: model.Glossary, room: Room) -> list[Flowable]:
    entries = [
        text.paragraph((model.Span(f.name), ". ", *model.spans(f.words)), room.setting.small)
        for f in block.entries
    ]
    half = _middle([len(f.name) + len(model.plain(f.words)) for f in block.entries])
    return _columns_of(entries[:half], entries[half:], room)


def _middle(lengths: Sequence[int]) -> int:
    """Where to part a list in two of about the same length."""
    halves = [abs(sum(lengths) - 2 * sum(lengths[:at])) for at in range(len(lengths) + 1)]
    return halves.index(min(halves))


def _tiles(block: model.Tiles, room: Room) -> list[Flowable]:
    if not block.tiles:
        return []
    width = room.width / max(4, len(block.tiles))
    cells = [_tile(tile, width - 12) for tile in block.tiles]
    widths = [width] * len(cells)
    top: list[Flowable] = [drawn.Rule(room.width, palette.INK, 1), Spacer(1, 6)]
    return [*top, tables.side_by_side(cells, widths), Spacer(1, 10)]


def _tile(tile: model.Tile, width: float) -> list[Flowable]:
    words = text.paragraph(tile.words, styles.SMALL)
    number = text.paragraph(tile.number, styles.COUNT)
    if not tile.mark:
        return [number, words]
    mark: list[Flowable] = [Spacer(1, 1.5), drawn.MarkedLine(tile.mark, radius=4)]
    return [number, tables.side_by_side([mark, [words]], [14, width - 14])]


def _table(block: model.Table, room: Room) -> list[Flowable]:
    caption = text.paragraph(block.caption, styles.FIGURE) if block.caption else Spacer(1, 2)
    notes = [text.paragraph(note, styles.NOTE) for note in block.notes]
    return [caption, *tables.data_table(block, room), *notes]


def _figure(block: model.Figure, room: Room) -> list[Flowable]:
    drawing = block.drawings[min(room.setting.figure, len(block.drawings) - 1)]
    notes = [text.paragraph(note, styles.NOTE) for note in block.notes]
    above = Spacer(1, 4)
    above.keepWithNext = 1  # a title never stands on the page before its drawing
    return [
        text.paragraph(block.title, styles.FIGURE),
        text.paragraph(block.measure, styles.MEASURE),
        above,
        drawn.Picture(drawing, room.width),
        Spacer(1, 3),
        *notes,
        *([] if block.table_apart else tables.data_table(block.table, room)),
    ]


def _columns(block: model.Columns, room: Room) -> list[Flowable]:
    half = room.narrowed((room.width - styles.GUTTER) / 2)
    return _columns_of(flowables(block.left, half), flowables(block.right, half), room)


def _columns_of(left: Sequence[Flowable], right: Sequence[Flowable], room: Room) -> list[Flowable]:
    half = (room.width - styles.GUTTER) / 2
    widths = [half, styles.GUTTER, half]
    return [tables.side_by_side([left, [], right], widths), Spacer(1, 6)]


def _side_heads(block: model.SideHeads, room: Room) -> list[Flowable]:
    space = Spacer(1, 4)
    space.keepWithNext = True  # a title before it never stands alone at the foot of a page
    made: list[Flowable] = [space]
    inner = room.narrowed(room.width - _SIDE)
    rule = ("LINEABOVE", (0, 0), (-1, 0), 0.5, pen.colour(palette.RULE))
    tight = room.setting.tight
    above = ("TOPPADDING", (0, 0), (-1, -1), 4 if tight else 7)
    below = ("BOTTOMPADDING", (0, 0), (-1, -1), 5 if tight else 9)
    looks = (rule, above, below, ("RIGHTPADDING", (0, 0), (0, 0), 12))
    for head in block.heads:
        cells = [_side(head), flowables(head.blocks, inner)]
        made.append(_whole(tables.side_by_side(cells, [_SIDE, inner.width], *looks), room))
    if block.together:
        made[0] = CondPageBreak(sum(_height(head, room) for head in made))
    return made


def _whole(head: Table, room: Room) -> Table:
    """The same, moved to the next page as a whole where it does not fit, unless it is long."""
    if _height(head, room) < _LONG:
        head.splitInRow = 0
    return head


def _height(flowable: Flowable, room: Room) -> float:
    return float(flowable.wrap(room.width, _LONG)[1])


def _side(head: model.SideHead) -> list[Flowable]:
    words = text.paragraph(head.heading, styles.SIDE)
    if head.note:
        return [words, text.paragraph(head.note, styles.NOTE)]
    if not head.mark:
        return [words]
    mark: list[Flowable] = [Spacer(1, 2), drawn.MarkedLine(head.mark, radius=4)]
    return [tables.side_by_side([mark, [words]], [15, _SIDE - 27])]


def _signatures(block: model.Signatures, room: Room) -> list[Flowable]:
    if not block.labels:
        return []
    width = room.width / len(block.labels)
    lines = [[text.paragraph(label, styles.SMALL)] for label in block.labels]
    looks: list[tables.Command] = [("TOPPADDING", (0, 0), (-1, -1), 4)]
    for j in range(len(lines)):
        looks.append(("LINEABOVE", (2 * j, 0), (2 * j, 0), 0.5, pen.colour(palette.INK_2)))
    cells: list[Sequence[Flowable]] = [c for line in lines for c in (line, [])]
    widths = [w for _ in lines for w in (width - 12, 12)]
    return [Spacer(1, 30), tables.side_by_side(cells, widths, *looks)]


def _page_break(block: model.PageBreak, room: Room) -> list[Flowable]:  # noqa: ARG001  as above
    return [PageBreak()]


_MAKERS: dict[type, Callable[[Any, Room], list[Flowable]]] = {
    model.Text: _text,
    model.Lead: _lead,
    model.Heading: _heading,
    model.Bullets: _bullets,
    model.Findings: _findings,
    model.FactList: _fact_list,
    model.Glossary: _glossary,
    model.Tiles: _tiles,
    model.Table: _table,
    model.Figure: _figure,
    model.Columns: _columns,
    model.SideHeads: _side_heads,
    model.Ticks: forms.ticks,
    model.Blanks: forms.blanks,
    model.Signatures: _signatures,
    model.PageBreak: _page_break,
}
