"""The shape of a list of cases that people send: a CSV text or the first sheet of a workbook, to
rows by column. What the values mean is read elsewhere."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import python_calamine

from cqi.core import errors
from cqi.core.errors import BadRow

COLUMNS = (
    "case_number",
    "case_type",
    "county_fips",
    "unit",
    "caseworker_id",
    "supervisor_id",
    "opened_on",
    "closed_on",
    "entered_care_on",
    "discharged_on",
    "child_initial",
    "child_birth_year",
    "family_id",
    "hold",
)
REQUIRED = ("case_number", "case_type", "county_fips")
_LINE_END = re.compile(r"\r\n|\r|\n")
_WORKBOOK = b"PK\x03\x04"  # XLSX is a zip archive
_UNPACKED = 5  # times the bytes that a list may have
_FIPS_DIGITS = 5


@dataclass(frozen=True)
class Limits:
    """How much is looked into; a full row is about 200 bytes."""

    megabytes: int
    rows: int


@dataclass(frozen=True)
class Columns:
    """The columns that a list may have, and those that it must."""

    known: tuple[str, ...]
    required: tuple[str, ...]


CASE_LIST = Limits(5, 20_000)
CASE_COLUMNS = Columns(COLUMNS, REQUIRED)


@dataclass(frozen=True, slots=True)
class Line:
    """One data row of a file: where it begins, and its values by column, without blanks around."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Listing:
    """A file as it was read. `header` are the names of its columns, in lower case; `columns` those
    of ours that it has. With problems of the shape there may be no lines."""

    header: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset()
    lines: tuple[Line, ...] = ()
    problems: tuple[BadRow, ...] = ()


def read_list(
    content: bytes | str,
    limits: Limits = CASE_LIST,
    names: Mapping[str, str] | None = None,
    columns: Columns = CASE_COLUMNS,
) -> Listing:
    """The rows of a list and what is wrong with its shape; lines that begin with # are skipped.

    `names` (ours -> theirs) says which of the file's columns are meant: all others are passed
    over. Without it a column that we do not know is a problem. Raises BadInput: see `text_of`.
    """
    text = content if isinstance(content, str) else text_of(content, limits)
    rows = _numbered(text)
    try:
        first, cells = next(rows, (1, []))
        header = [" ".join(name.split()).lower() for name in cells]
        known = header if names is None else _renamed(header, names)
        found = tuple(_header_problems(first, known, columns, named=names is not None))
        if found:
            return Listing(tuple(header), problems=found)
        lines, problems = _data(known, rows, limits)
    except csv.Error as error:
        problem = BadRow(1, "", f"this is no CSV file ({error}): save the list as CSV, UTF-8")
        return Listing(problems=(problem,))
    return Listing(tuple(header), frozenset(known) - {""}, tuple(lines), tuple(problems))


def text_of(content: bytes, limits: Limits = CASE_LIST) -> str:
    """A file as CSV text: the first sheet of a workbook line by line, else what `decoded` says.

    Raises BadInput where it is neither, or larger than the limits, before it is looked into.
    """
    if not content.startswith(_WORKBOOK):
        return decoded(content, limits)
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(_sheet(content, limits))
    return target.getvalue()


def decoded(content: bytes, limits: Limits = CASE_LIST) -> str:
    """A file's text: by its byte order mark, else as UTF-8, else as Windows wrote it (cp1252).

    Raises BadInput; a file that is too large is not even looked into.
    """
    _require_size(len(content), limits.megabytes)
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16")):
        if content.startswith(mark):
            return _decode(content, (encoding,))
    return _decode(content, ("utf-8", "cp1252"))


def _require_size(size: int, megabytes: int) -> None:
    if size > megabytes * 1_000_000:
        message = f"this file is larger than {megabytes} MB: split it in two or more"
        raise errors.BadInput(message)


def _decode(content: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise errors.BadInput("this is no text file: save the list as CSV, UTF-8")


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, each with the line on which it begins."""
    kept = ["" if line.startswith("#") else line for line in _LINE_END.split(text)]
    reader = csv.reader(io.StringIO("\n".join(kept)), strict=True, delimiter=_delimiter(kept))
    begins = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield begins, row
        begins = reader.line_num + 1


def _delimiter(lines: Sequence[str]) -> str:
    """What stands between values: a comma, else what spreadsheets of other settings write."""
    first = next((line for line in lines if line.strip()), "")
    return next((each for each in (",", ";", "\t") if each in first), ",")


def _sheet(content: bytes, limits: Limits) -> Iterator[list[str]]:
    """The first sheet's rows from its first line on; its unpacked size is asked before it is
    read."""
    _require_size(len(content), limits.megabytes)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        _require_size(unpacked, limits.megabytes * _UNPACKED)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        yield from ([] for _ in range(sheet.start[0] if sheet.start else 0))
        yield from ([_cell(value) for value in row] for row in sheet.iter_rows())
    except (zipfile.BadZipFile, python_calamine.CalamineError, OSError) as error:
        raise errors.BadInput(
            "this is no workbook (XLSX): save the list anew, or as CSV"
        ) from error


def _cell(value: object) -> str:
    """What a cell says: dates as YYYY-MM-DD, whole numbers without a point."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())  # a row stays on one line


def _renamed(header: Sequence[str], names: Mapping[str, str]) -> list[str]:
    ours = {theirs.strip().lower(): name for name, theirs in names.items() if theirs.strip()}
    return [ours.get(name, "") for name in header]


def _header_problems(
    line: int, header: list[str], columns: Columns, *, named: bool
) -> Iterator[BadRow]:
    for name in columns.required:
        if name not in header:
            remedy = "say which one it is" if named else "the first line must name it"
            yield BadRow(line, name, f"the column is missing: {remedy}")
    for position, name in enumerate(header):
        if name and name not in columns.known:
            yield BadRow(line, name, "there is no such column: rename or remove it")
        elif name and name in header[:position]:
            yield BadRow(line, name, "the column stands twice: remove one")


def _data(
    header: list[str], rows: Iterator[tuple[int, list[str]]], limits: Limits
) -> tuple[list[Line], list[BadRow]]:
    lines: list[Line] = []
    found: list[BadRow] = []
    for number, row in rows:
        if len(lines) + len(found) == limits.rows:
            message = f"more than {limits.rows:,} rows: split the file in two or more"
            return [], [BadRow(number, "", message)]
        cells = [cell.strip() for cell in row]
        if any(cells[len(header) :]):
            message = f"{len(cells)} values for {len(header)} columns: quote values with commas"
            found.append(BadRow(number, "", message))
            continue
        values = {name: value for name, value in zip(header, cells, strict=False) if name}
        if fips := values.get("county_fips", ""):  # a spreadsheet drops the zero in front
            values["county_fips"] = fips.zfill(_FIPS_DIGITS) if fips.isdecimal() else fips
        lines.append(Line(number, values))
    return lines, found
