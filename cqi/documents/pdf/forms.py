"""What is filled in by hand: boxes to tick, and lines to write on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportlab.platypus import Flowable, Spacer

from cqi.documents import fonts, model, palette
from cqi.documents.pdf import drawn, styles, tables, text
from cqi.documents.pdf.styles import Room

_BOX, _AFTER_BOX = 8.5, 14.0  # a box, and where the words after it begin
_BETWEEN = 14.0  # from one choice to the next
_LINE = 18.0  # what a line of handwriting takes
_STYLE = styles.FORM


def ticks(block: model.Ticks, room: Room) -> list[Flowable]:
    """A box before each entry."""
    style = room.setting.small
    widths = [_AFTER_BOX, room.width - _AFTER_BOX]
    return [
        tables.side_by_side(
            [[drawn.Box(_BOX, style.fontSize)], [text.paragraph(entry, style)]],
            widths,
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        )
        for entry in block.entries
    ]


def blanks(block: model.Blanks, room: Room) -> list[Flowable]:
    """Rows of places to fill in; labels of one block are equally wide."""
    width = (room.width - styles.GUTTER * (block.columns - 1)) / block.columns
    label = max((_width(blank.label) for blank in block.entries), default=0.0)
    label = min(label + 8, width * 0.6) if label else 0.0
    made = [_blank(blank, width, label) for blank in block.entries]
    rows = [made[at : at + block.columns] for at in range(0, len(made), block.columns)]
    return [*(_row(row, width) for row in rows), Spacer(1, 5)]


def _row(cells: Sequence[list[Flowable]], width: float) -> Flowable:
    parted: list[list[Flowable]] = [cell for each in cells for cell in (each, [])][:-1]
    widths = [styles.GUTTER if at % 2 else width for at in range(len(parted))]
    return tables.side_by_side(parted, widths, ("VALIGN", (0, 0), (-1, -1), "BOTTOM"))


def _blank(blank: model.Blank, width: float, label: float) -> list[Flowable]:
    rest = width - label
    filled: list[Flowable] = list(_choices(blank.choices, rest))
    if not filled:
        filled = [Spacer(1, _LINE - 1), drawn.Rule(rest, palette.MUTED, 0.5)]
    if not label:
        return filled
    named: list[Flowable] = [text.paragraph(blank.label, _STYLE)]
    bottom = ("VALIGN", (0, 0), (-1, -1), "TOP" if blank.choices else "BOTTOM")
    return [tables.side_by_side([named, filled], [label, rest], bottom)]


def _choices(choices: Iterable[str], width: float) -> Iterable[Flowable]:
    """The choices beside each other, in as many lines as they take."""
    line: list[list[Flowable]] = []
    widths: list[float] = []
    for choice in choices:
        needed = min(_AFTER_BOX + _width(choice) + _BETWEEN, width)
        if line and sum(widths) + needed > width + _BETWEEN:
            yield tables.side_by_side(line, widths)
            line, widths = [], []
        line += [[drawn.Box(_BOX, _STYLE.fontSize)], [text.paragraph(choice, _STYLE)]]
        widths += [_AFTER_BOX, needed - _AFTER_BOX]
    if line:
        yield tables.side_by_side(line, widths)


def _width(words: str) -> float:
    return fonts.width(fonts.printable(words), fonts.REGULAR, _STYLE.fontSize)
