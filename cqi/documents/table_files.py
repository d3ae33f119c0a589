"""A Document's tables as files: CSV, JSON and XLSX.

Values are the numbers behind the print, shares as fractions with four decimals; in a workbook
dates are dates. Text that a spreadsheet would run as a formula is written as text.
"""

from __future__ import annotations

import csv as csv_writer
import io
import json as json_writer
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter

from cqi.documents import model

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed date: the same document is the same file


def csv(document: model.Document, key: str = "") -> bytes:
    """The table or figure called `key` as one plain table; without a key all of them.

    With all, each table stands under a line with its key and title, after what the document rests
    on. UTF-8 with a byte order mark, which spreadsheets need. ValueError: no such table.
    """
    rows: list[Sequence[model.Datum]] = []
    if key:
        rows = _lines(_table(document, key))
    else:
        rows += [(document.title, document.subtitle), *_about(document)]
        for table in document.tables():
            rows += [(), (table.key, table.caption), *_lines(table)]
    target = io.StringIO()
    csv_writer.writer(target).writerows([_safe(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode(errors="replace")


def csv_lines(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Rows without a Document, a line at a time: a header, then each row's values; what is neither
    text nor number as JSON. No cell starts a formula."""
    yield _csv_line(names)
    for row in rows:
        yield _csv_line([_cell(row[name]) for name in names])


def _csv_line(values: Iterable[Any]) -> str:
    target = io.StringIO()
    csv_writer.writer(target).writerow(values)
    return target.getvalue()


def _cell(value: Any) -> model.Datum:
    if isinstance(value, str | int | Decimal | None):
        return _safe(value)
    return json_writer.dumps(value, ensure_ascii=False, sort_keys=True)


def json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One JSON object a line."""
    return (json_writer.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)


def json(document: model.Document) -> bytes:
    """The document's texts and tables as one JSON object."""
    content = {
        "title": document.title,
        "subtitle": document.subtitle,
        "kind": document.kind,
        "language": document.language,
        "footer": f"{document.footer_mark} {document.footer_text}".strip(),
        "facts": [{"name": f.name, "text": model.plain(f.words)} for f in document.facts],
        "sections": [_section(section) for section in document.sections],
        "tables": [_as_object(table) for table in document.tables()],
    }
    text = json_writer.dumps(content, ensure_ascii=False, indent=2, default=_plain)
    return text.encode(errors="replace")


def _plain(value: Any) -> str | float:
    return value.isoformat() if isinstance(value, date) else float(value)


def xlsx(document: model.Document) -> bytes:
    """A workbook: a sheet about the document, then a sheet for each table."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": document.title, "created": _MADE})
        looks = _Looks(
            book.add_format({"bold": True}),
            book.add_format({"num_format": "d mmm yyyy", "align": "left"}),
            book.add_format({"num_format": "0.0%"}),
        )
        tables = document.tables()
        names = _sheet_names(tables)
        about = [(document.title, document.subtitle), *_about(document), ()]
        about += [(name, table.caption) for name, table in zip(names, tables, strict=True)]
        _sheet(book.add_worksheet("About"), about, looks)
        for name, table in zip(names, tables, strict=True):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            _sheet(sheet, _lines(table), looks)
    return target.getvalue()


def data_names(table: model.Table) -> tuple[str, ...]:
    """The names of a table's values, one for each value of its columns, without doubles."""
    names: list[str] = []
    for name in (n for j in range(len(table.columns)) for n in _names(table, j)):
        count = sum(other == name or other.startswith(f"{name}_again_") for other in names)
        names.append(f"{name}_again_{count}" if count else name)
    return tuple(names)


def data_rows(table: model.Table) -> list[tuple[model.Datum, ...]]:
    """Each row's values, in the order of `data_names`."""
    return [
        tuple(
            value
            for j, cell in enumerate(row.cells)
            for value in _values(cell, len(_names(table, j)), table.key)
        )
        for row in table.rows
    ]


def _names(table: model.Table, j: int) -> tuple[str, ...]:
    column = table.columns[j]
    if column.data:
        return column.data
    group = next((g.heading for g in table.groups if g.first <= j <= g.last), "")
    name = re.sub(r"\W+", "_", f"{group} {column.heading}".lower()).strip("_")
    return (name or ("label" if not j else f"column_{j + 1}"),)


def _values(cell: model.Cell | str | int, count: int, key: str) -> tuple[model.Datum, ...]:
    if not isinstance(cell, model.Cell):
        return (cell, *[None] * (count - 1))
    if not cell.values:
        return (cell.text, *[None] * (count - 1))
    if len(cell.values) != count:
        raise ValueError(f"{key}: {cell.text!r} has {len(cell.values)} values for {count} names")
    return cell.values


def _lines(table: model.Table) -> list[Sequence[model.Datum]]:
    return [data_names(table), *data_rows(table)]


def _table(document: model.Document, key: str) -> model.Table:
    for table in document.tables():
        if table.key == key:
            return table
    raise ValueError(f"no table is called {key!r}")


def _about(document: model.Document) -> list[tuple[str, str]]:
    facts = [(fact.name, model.plain(fact.words)) for fact in document.facts]
    return [*facts, (document.footer_mark, document.footer_text)]


def _safe(value: model.Datum) -> model.Datum:
    """Text that a spreadsheet would run begins with an apostrophe instead."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


def _section(section: model.Section) -> dict[str, Any]:
    held = [b for block in section.blocks for b in model.with_inner(block)]
    tables = [b.key for b in held if isinstance(b, model.Table | model.Figure)]
    texts = [text for block in section.blocks for text in model.texts(block)]
    return {"key": section.key, "title": section.title, "texts": texts, "tables": tables}


def _as_object(table: model.Table) -> dict[str, Any]:
    names = data_names(table)
    return {
        "key": table.key,
        "title": table.caption,
        "columns": names,
        "rows": [dict(zip(names, row, strict=True)) for row in data_rows(table)],
        "notes": table.notes,
    }


def _sheet_names(tables: Iterable[model.Table]) -> list[str]:
    """Names as spreadsheets allow them: 31 characters, without doubles."""
    names: list[str] = []
    for number, table in enumerate(tables, 1):
        name = _SHEET_NAME.sub(" ", table.key)[:31].strip() or f"Table {number}"
        taken = {other.lower() for other in [*names, "About", "History"]}
        names.append(f"{name[:26]} ({number})" if name.lower() in taken else name)
    return names


class _Looks(NamedTuple):
    """The formats of a workbook."""

    head: Any
    day: Any
    percent: Any

    def of(self, value: model.Datum) -> Any:
        """How a value below the head is shown; None as it comes."""
        if isinstance(value, date):
            return self.day
        return self.percent if isinstance(value, model.Percent) else None


def _sheet(sheet: Any, rows: Sequence[Sequence[model.Datum]], looks: _Looks) -> None:
    widths: dict[int, int] = {}
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            _write(sheet, (i, j), value, looks.of(value) if i else looks.head)
            widths[j] = max(widths.get(j, 8), len(str(value or "")) + 2)
    for j, width in widths.items():
        sheet.set_column(j, j, min(width, 60))


def _write(sheet: Any, place: tuple[int, int], value: model.Datum, look: Any) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(*place, datetime.combine(value, _MADE.time()), look)
    elif isinstance(value, int | Decimal):
        sheet.write_number(*place, float(value), look)
    else:
        text = value.encode(errors="replace").decode()
        sheet.write_string(*place, text[:32767], look)
