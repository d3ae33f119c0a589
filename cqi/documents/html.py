"""A Document as a fragment of HTML: semantic headings, tables with scope, figures as inline SVG.

No styles and no scripts stand in it; the classes `doc-...` carry the look. `page` is the whole
file, with its style in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup, escape

from cqi.documents import markup, model, page_style, palette, svg

_LOOKS = {"strong": "strong", "italic": "em", "muted": "small"}
_GRAMMAR = {"body": "doc-text", "small": "doc-small", "note": "doc-note"}


_PAGE = Markup(
    '<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
    "</body>\n</html>\n"
)


def page(document: model.Document) -> str:
    """The document as a file of its own: nothing is fetched, and no script stands in it."""
    return _PAGE.format(
        language=document.language,
        title=": ".join(part for part in (document.title, document.subtitle) if part),
        style=Markup(page_style.CSS),  # noqa: S704  a constant
        body=render(document, level=1),
    )


def contents(document: model.Document) -> Markup:
    """Links to the sections, for the side of a page."""
    links = (
        markup.element("a", s.name, {"href": f"#{_id(s.key)}", "class": "usa-link"})
        for s in document.listed
    )
    listed = markup.join(markup.element("li", link) for link in links)
    return markup.element("ol", listed, {"class": "doc-contents__list"})


def render(document: model.Document, level: int = 2, *, with_contents: bool = True) -> Markup:
    """The whole document; its title is a heading of `level`, its sections one below.

    Without contents (of a report), the page around it shows them.
    """
    listed = with_contents and document.kind == "report"
    back = _BACK if listed else Markup()
    parts = [_opening(document, level, listed=listed)]
    parts += [_section(section, level + 1, back) for section in document.sections]
    if document.colophon:
        parts.append(_p(document.colophon, "doc-note"))
    parts.append(_p(f"{document.footer_mark} {document.footer_text}".strip(), "doc-footer"))
    attributes = {"class": f"doc doc--{document.kind}", "lang": document.language}
    return markup.element("article", markup.join(parts), attributes)


def render_blocks(blocks: Iterable[model.Block], level: int = 3) -> Markup:
    """Blocks without a document around them, for a page of its own; headings at `level`."""
    return markup.join(_MAKERS[type(block)](block, level) for block in blocks)


def words(value: model.Words) -> Markup:
    """Text with its looks; a line end becomes a break."""
    return markup.join(_span(part) for part in model.spans(value))


def _span(part: str | model.Span) -> Markup:
    text = part.text if isinstance(part, model.Span) else part
    broken = escape(text).replace("\n", Markup("<br>"))
    return markup.element(_LOOKS[part.look], broken) if isinstance(part, model.Span) else broken


def _opening(document: model.Document, level: int, *, listed: bool) -> Markup:
    parts = [
        _p(document.series, "doc-kicker") if document.series else Markup(),
        _heading(document.title, level, "doc-place"),
        _p(document.subtitle, "doc-subtitle") if document.subtitle else Markup(),
    ]
    if document.facts:
        parts.append(_heading(document.facts_heading, level + 1, "doc-heading"))
        parts.append(_facts(document.facts))
    parts.append(render_blocks(document.preface, level + 1))
    if listed:
        parts.append(_contents(document, level + 1))
    return markup.element("header", markup.join(parts), {"class": "doc-opening"})


def _contents(document: model.Document, level: int) -> Markup:
    heading = markup.element(
        f"h{level}", "Contents", {"id": "doc-contents", "class": "doc-heading"}
    )
    attributes = {"class": "doc-contents", "aria-labelledby": "doc-contents"}
    return markup.element("nav", heading + contents(document), attributes)


_BACK = markup.element(
    "p",
    markup.element("a", "Back to the contents", {"href": "#doc-contents"}),
    {"class": "doc-back"},
)


def _section(section: model.Section, level: int, back: Markup) -> Markup:
    kicker = _p(section.kicker, "doc-kicker") if section.kicker else Markup()
    title = _heading(section.title, level, "doc-title")
    content = kicker + title + render_blocks(section.blocks, level + 1) + back
    return markup.element("section", content, {"id": _id(section.key), "class": "doc-section"})


def _text(block: model.Text, _level: int) -> Markup:
    return _p(block.words, _GRAMMAR[block.size])


def _lead(block: model.Lead, _level: int) -> Markup:
    return _p(block.words, "doc-lead")


def _block_heading(block: model.Heading, level: int) -> Markup:
    return _heading(block.text, level, "doc-heading")


def _bullets(block: model.Bullets, _level: int) -> Markup:
    entries = markup.join(markup.element("li", words(entry)) for entry in block.entries)
    return markup.element("ul", entries, {"class": "doc-bullets"})


def _findings(block: model.Findings, _level: int) -> Markup:
    entries = markup.join(markup.element("li", _marked(entry)) for entry in block.entries)
    return markup.element("ul", entries, {"class": "doc-findings"})


def _marked(entry: model.Marked) -> Markup:
    said = markup.element("span", f"{palette.mark(entry.mark).words}: ", {"class": "usa-sr-only"})
    more = _p(entry.more, "doc-text") if entry.more else Markup()
    body = markup.element("div", said + words(entry.words) + more, {"class": "doc-findings__text"})
    return svg.mark(entry.mark) + body


def _fact_list(block: model.FactList, _level: int) -> Markup:
    return _facts(block.facts)


def _facts(facts: Sequence[model.Fact], name: str = "doc-facts") -> Markup:
    pairs = (markup.element("dt", f.name) + markup.element("dd", words(f.words)) for f in facts)
    rows = markup.join(markup.element("div", pair) for pair in pairs)
    return markup.element("dl", rows, {"class": name})


def _glossary(block: model.Glossary, _level: int) -> Markup:
    return _facts(block.entries, "doc-glossary")


def _tiles(block: model.Tiles, _level: int) -> Markup:
    return markup.element(
        "ul", markup.join(_tile(tile) for tile in block.tiles), {"class": "doc-tiles"}
    )


def _tile(tile: model.Tile) -> Markup:
    number = markup.element("span", tile.number, {"class": "doc-tile__number"})
    mark = svg.mark(tile.mark) if tile.mark else Markup()
    text = markup.element("span", mark + words(tile.words), {"class": "doc-tile__words"})
    return markup.element("li", number + Markup(" ") + text, {"class": "doc-tile"})


def _columns(block: model.Columns, level: int) -> Markup:
    sides = (block.left, block.right)
    halves = markup.join(markup.element("div", render_blocks(side, level)) for side in sides)
    return markup.element("div", halves, {"class": "doc-columns"})


def _side_heads(block: model.SideHeads, level: int) -> Markup:
    return markup.join(_side_head(head, level) for head in block.heads)


def _side_head(head: model.SideHead, level: int) -> Markup:
    mark = svg.mark(head.mark) if head.mark else Markup()
    heading = markup.element(f"h{min(level, 6)}", mark + head.heading, {"class": "doc-side__head"})
    note = _p(head.note, "doc-note") if head.note else Markup()
    left = markup.element("div", heading + note)
    body = markup.element("div", render_blocks(head.blocks, level + 1), {"class": "doc-side__body"})
    return markup.element("div", left + body, {"class": "doc-side"})


def _ticks(block: model.Ticks, _level: int) -> Markup:
    entries = markup.join(_tick(entry) for entry in block.entries)
    return markup.element("ul", entries, {"class": "doc-ticks"})


def _tick(entry: model.Words) -> Markup:
    return markup.element("li", _BOX + markup.element("span", words(entry)))


def _blanks(block: model.Blanks, _level: int) -> Markup:
    """Lines without a label say nothing to whoever does not see them."""
    if not any(blank.label or blank.choices for blank in block.entries):
        hidden = {"class": "doc-lines", "aria-hidden": "true"}
        return markup.element("div", markup.join(_LINE for _ in block.entries), hidden)
    entries = markup.join(markup.element("li", _blank(blank)) for blank in block.entries)
    return markup.element("ul", entries, {"class": f"doc-blanks doc-blanks--{block.columns}"})


def _blank(blank: model.Blank) -> Markup:
    label = markup.element("span", blank.label, {"class": "doc-blank__label"})
    choices = markup.join(
        markup.element("span", _BOX + escape(choice), {"class": "doc-blank__choice"}) + Markup(" ")
        for choice in blank.choices
    )
    return (label if blank.label else Markup()) + Markup(" ") + (choices or _LINE)


_BOX = markup.element("span", "", {"class": "doc-box", "aria-hidden": "true"})
_LINE = markup.element("span", "", {"class": "doc-line", "aria-hidden": "true"})


def _signatures(block: model.Signatures, _level: int) -> Markup:
    lines = markup.join(markup.element("li", label) for label in block.labels)
    return markup.element("ul", lines, {"class": "doc-signatures"})


def _page_break(_block: model.PageBreak, _level: int) -> Markup:
    return Markup()


# ---- figures and tables -------------------------------------------------------------------------


def _figure(block: model.Figure, _level: int) -> Markup:
    """Title and measure, the drawing, its notes, and the same rows as a table that unfolds."""
    title = markup.element("span", block.title, {"class": "doc-figure__title"})
    measure = markup.element("span", block.measure, {"class": "doc-figure__measure"})
    key = _id(block.key)
    drawing = svg.write(block.drawing, block.title, block.description, key)
    held = markup.element("div", drawing, _scrolling("doc-figure__drawing", block.title))
    summary = markup.element("summary", "These figures as a table")
    table = replace(block.table, notes=())
    folded = markup.element("details", summary + data_table(table), {"class": "doc-figure__table"})
    caption = markup.element("figcaption", title + Markup(" ") + measure)
    content = caption + held + _notes(block.notes) + folded
    return markup.element("figure", content, {"class": "doc-figure", "id": f"{key}-figure"})


def _table(block: model.Table, _level: int) -> Markup:
    return data_table(block)


def data_table(table: model.Table) -> Markup:
    """A table with caption, heads with scope, and its notes below."""
    caption = markup.element("caption", table.caption) if table.caption else Markup()
    rows = markup.join(_row(row, table.columns) for row in table.rows)
    content = caption + markup.element("thead", _heads(table)) + markup.element("tbody", rows)
    made = markup.element("table", content, {"class": "usa-table usa-table--borderless doc-table"})
    scroller = _scrolling("usa-table-container--scrollable", table.caption or "Table")
    return markup.element("div", made, scroller) + _notes(table.notes)


def _notes(notes: Sequence[str]) -> Markup:
    return markup.join(_p(note, "doc-note") for note in notes)


def _scrolling(name: str, label: str) -> dict[str, str]:
    """What scrolls sideways on a phone can be reached with the keyboard."""
    return {"class": name, "tabindex": "0", "role": "group", "aria-label": label}


def _heads(table: model.Table) -> Markup:
    columns = markup.join(_column_head(column) for column in table.columns)
    if not table.groups:
        return markup.element("tr", columns)
    return markup.element("tr", _group_heads(table)) + markup.element("tr", columns)


def _group_heads(table: model.Table) -> Markup:
    heads, at = [], 0
    for group in sorted(table.groups, key=lambda group: group.first):
        heads += [markup.element("td", "")] * (group.first - at)
        span = str(group.last - group.first + 1)
        attributes = {"scope": "colgroup", "colspan": span, "class": "doc-group"}
        heads.append(markup.element("th", group.heading, attributes))
        at = group.last + 1
    return markup.join([*heads, *[markup.element("td", "")] * (len(table.columns) - at)])


def _column_head(column: model.Column) -> Markup:
    if not column.heading:
        return markup.element("td", "")
    return markup.element("th", column.heading, {"scope": "col", **_aligned(column)})


def _row(row: model.Row, columns: Sequence[model.Column]) -> Markup:
    cells = [
        _cell(value, column, head=not j and column.kind == "text", indent=0 if j else row.indent)
        for j, (value, column) in enumerate(zip(row.cells, columns, strict=True))
    ]
    names = [n for n, on in (("doc-row--strong", row.strong), ("doc-row--ruled", row.ruled)) if on]
    return markup.element("tr", markup.join(cells), {"class": " ".join(names)} if names else {})


def _cell(
    value: model.Cell | str | int, column: model.Column, *, head: bool, indent: int
) -> Markup:
    attributes = _aligned(column)
    if indent:
        attributes["class"] = f"doc-indent-{indent}"
    if head:
        attributes["scope"] = "row"
    return markup.element("th" if head else "td", _cell_content(value), attributes)


def _cell_content(value: model.Cell | str | int) -> Markup:
    text = words(model.shown(value))
    if not isinstance(value, model.Cell) or not value.mark:
        return text
    if value.mark_only:
        text = markup.element("span", text, {"class": "usa-sr-only"})
    return svg.mark(value.mark) + Markup(" ") + text


def _aligned(column: model.Column) -> dict[str, str]:
    return {"class": "doc-number"} if column.kind == "number" else {}


def _heading(text: str, level: int, name: str) -> Markup:
    return markup.element(f"h{min(level, 6)}", text, {"class": name})


def _p(value: model.Words, name: str) -> Markup:
    return markup.element("p", words(value), {"class": name})


def _id(key: str) -> str:
    return f"doc-{key}"


_MAKERS: dict[type, Callable[[Any, int], Markup]] = {
    model.Text: _text,
    model.Lead: _lead,
    model.Heading: _block_heading,
    model.Bullets: _bullets,
    model.Findings: _findings,
    model.FactList: _fact_list,
    model.Glossary: _glossary,
    model.Tiles: _tiles,
    model.Table: _table,
    model.Figure: _figure,
    model.Columns: _columns,
    model.SideHeads: _side_heads,
    model.Ticks: _ticks,
    model.Blanks: _blanks,
    model.Signatures: _signatures,
    model.PageBreak: _page_break,
}
