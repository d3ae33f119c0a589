"""What stands inside files that people hand in, looked at before anything is stored.

Each `..._refusal` says why a content is not taken and what to do, empty where it is. A content that
a library cannot read to its end is refused: what nobody can look into nobody can vouch for.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import Any
from xml.etree import ElementTree

import pypdf
from PIL import Image
from pypdf import generic

MOST_OBJECTS = 50_000  # of a PDF
MOST_MEMBERS = 2_000  # of an Office file
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARSED = 20 * 1024 * 1024  # of a part that is read as XML
MOST_DOTS = 40_000_000  # of a picture; a telephone takes 12 million

# ---- text

# each part takes time in proportion to the text, whatever stands in it
_MARKUP = re.compile(
    r"<\s*+/?\s*+(!doctype|\?xml|!\[cdata|html|head|body|script|svg|iframe|frame|object|embed|applet"
    r"|form|input|img|image|link|meta|style|base|math|template|video|audio|a\s++href)\b"
    r"|<[a-z][^<>]{0,500}?\bon[a-z]{3,20}\s{0,20}=|javascript\s{0,20}:",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x9f]")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SEPARATORS = ",;\t"  # which of them a spreadsheet takes depends on its language
# what a spreadsheet calculates; a number may have its sign, and a sign alone is none
_FORMULA = re.compile(r"\s*+(?:[=@]|[+-](?![\d.% ()]*+\s*+(?:$|[,;\t])))")


def is_text(content: bytes) -> bool:
    """True for UTF-8 without control characters."""
    try:
        return not _UNSEEN.search(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return False


def text_refusal(content: bytes) -> str:
    """No HTML, no SVG, no script."""
    if _MARKUP.search(content.decode("utf-8-sig", "replace")):
        return "it holds HTML, SVG or a script. Save it as plain text, or as a PDF."
    return ""


def is_other_text(content: bytes) -> bool:
    """True for text in another encoding than UTF-8, as older editors save it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return not _CONTROL.search(content)
    return False


def table_refusal(content: bytes) -> str:
    """No cell that a spreadsheet would calculate, whichever sign it takes to divide cells."""
    text = content.decode("utf-8-sig", "replace")
    try:
        found = list(chain.from_iterable(_formulas(text, each) for each in _SEPARATORS))
    except csv.Error:
        return "it cannot be read as a table. Save it as a PDF, and choose that."
    if not found:
        return ""
    line, cell = min(found)
    return (
        f"row {line}, cell {cell} begins with =, +, - or @: a spreadsheet takes that for a formula."
        " Write the value itself, or save it as a PDF."
    )


def _formulas(text: str, separator: str) -> Iterator[tuple[int, int]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for line, row in enumerate(rows, 1):
        yield from ((line, at) for at, cell in enumerate(row, 1) if _FORMULA.match(cell))


# ---- pictures


def picture_refusal(content: bytes) -> str:
    """A whole picture of a sensible size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            width, height = _picture(content).size
            if width * height > MOST_DOTS:
                return "the picture has too many dots. Save it smaller, and choose it again."
            _picture(content).verify()
            _picture(content).load()
    except Exception:  # the library has dozens, and any of them means the same
        return "the picture is damaged. Save it again as PNG or JPEG."
    return ""


def _picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["PNG", "JPEG"])


# ---- PDF

_SAVE_PDF = 'Print it to a new PDF ("Save as PDF"), and choose that.'
_ACTS = {
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/Launch": "a command that starts programs",
    "/EmbeddedFile": "other files",
    "/EmbeddedFiles": "other files",
    "/FileAttachment": "other files",
    "/RichMedia": "a film or a program",
    "/Rendition": "a film or a program",
    "/XFA": "a form with scripts",
    "/ImportData": "a command that reads files",
    "/SubmitForm": "a form that sends itself",
    "/GoToR": "a command that opens other files",
    "/GoToE": "a command that opens other files",
}
# beside what the library finds: what it may not follow, in names long enough not to occur by chance
_RAW = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|Encrypt)(?![A-Za-z0-9])"
)
_HEXED = re.compile(rb"#([0-9A-Fa-f]{2})")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\Z")
_END_WITHIN = 64  # bytes


def pdf_refusal(content: bytes) -> str:
    """No password, no script, nothing that starts or holds something else or follows its end."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), xref_stream_maximum_entries=MOST_OBJECTS)
        if reader.is_encrypted:
            return f"it is locked with a password or rights. {_SAVE_PDF}"
        if what := _what_acts(reader, content):
            return f"it holds {what}. {_SAVE_PDF}"
        if not len(reader.pages):
            return f"it has no page. {_SAVE_PDF}"
    except Exception:  # a damaged PDF raises nearly anything
        return f"it cannot be read to its end. {_SAVE_PDF}"
    if not _END.search(content.rstrip(b"\x00\t\n\x0c\r ")[-_END_WITHIN:]):
        return f"more follows after its end. {_SAVE_PDF}"
    return ""


def _what_acts(reader: pypdf.PdfReader, content: bytes) -> str:
    for each in _objects(reader):
        for name in _names(each):
            if name in _ACTS:
                return _ACTS[name]
    plain = _HEXED.sub(lambda found: bytes([int(found[1], 16)]), content)
    if found := _RAW.search(plain):
        return _ACTS.get(f"/{found[1].decode()}", "a lock")
    return ""


def _objects(reader: pypdf.PdfReader) -> Iterator[Any]:
    """The trailer and every object that the file lists, whether a page uses it or not."""
    plain = {(number, version) for version, listed in reader.xref.items() for number in listed}
    packed = {(number, 0) for number in reader.xref_objStm}
    if len(plain | packed) > MOST_OBJECTS:
        raise ValueError("too many objects")
    yield reader.trailer
    for number, version in plain | packed:
        yield reader.get_object(generic.IndirectObject(number, version, reader))


def _names(top: Any) -> Iterator[str]:
    """Every name in an object; what it points to is an object of its own."""
    waiting = [top]
    while waiting:
        each = waiting.pop()
        if isinstance(each, generic.NameObject):
            yield str(each)
        elif isinstance(each, dict):
            yield from (str(key) for key in each)
            waiting += [each.raw_get(key) for key in each]  # type: ignore[attr-defined]  # dicts of the library
        elif isinstance(each, list):
            waiting += list(list.__iter__(each))


# ---- Word and Excel

_SAVE_OFFICE = "Save it as a PDF, and choose that."
_BODIES = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_PARTS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|embeddings/|oleobject|externallinks/|ddelink"
    r"|customui/|connections\.xml$|querytables/|\.(bin|exe|dll|js|vbs|html?|svg)$"
)
_PRINTER = re.compile(r"printersettings\d*\.bin$")  # Excel's own, without any code
_ACTIVE_TYPES = re.compile(rb"macroEnabled|vbaProject|activeX|oleObject", re.IGNORECASE)
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_FIELDS = re.compile(rb"instrText|fldSimple")
_FETCHES = re.compile(r"\b(DDE(AUTO)?|INCLUDE(PICTURE|TEXT)|IMPORT|LINK)\b", re.IGNORECASE)


def office_kind(content: bytes) -> str:
    """ "docx" or "xlsx" by the parts of the archive; empty for any other."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except Exception:  # archives break in many ways
        return ""
    found = [kind for body, kind in _BODIES.items() if body in names]
    return found[0] if len(found) == 1 and "[Content_Types].xml" in names else ""


def office_refusal(content: bytes) -> str:
    """No macro, nothing embedded or fetched from elsewhere, no archive that swells."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        return _swells(members) or _acting_part(members) or _parts_refusal(archive, members)
    except Exception:  # the same
        return f"it cannot be read to its end. {_SAVE_OFFICE}"


def _swells(members: list[zipfile.ZipInfo]) -> str:
    if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > MOST_UNPACKED:
        return f"it is too large once it is unpacked. {_SAVE_OFFICE}"
    if any(each.flag_bits & 1 for each in members):
        return f"it is locked with a password. {_SAVE_OFFICE}"
    if len({each.filename.lower() for each in members}) < len(members):
        return f"it holds one part twice. {_SAVE_OFFICE}"
    return ""


def _acting_part(members: list[zipfile.ZipInfo]) -> str:
    names = [each.filename.lower().replace("\\", "/") for each in members]
    if any(_PARTS.search(name) and not _PRINTER.search(name) for name in names):
        return f"it holds macros, or parts of other programs or files. {_SAVE_OFFICE}"
    return ""


def _parts_refusal(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str:
    """Every part is unpacked: no more comes out than was declared, and its checksum is right."""
    for each in members:
        part = archive.read(each)
        name = each.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        if b"\0" in part or _DECLARES.search(part):
            return f"it cannot be read to its end. {_SAVE_OFFICE}"
        if name == "[content_types].xml" and _ACTIVE_TYPES.search(part):
            return f"it holds macros, or parts of other programs or files. {_SAVE_OFFICE}"
        if _reaches_out(name, part):
            return f"it fetches something from elsewhere. {_SAVE_OFFICE}"
    return ""


def _reaches_out(name: str, part: bytes) -> bool:
    """Links that a reader clicks are no harm; pictures, templates and objects of elsewhere are."""
    if len(part) > MOST_PARSED:
        raise ValueError("too much to look into")
    if name.endswith(".rels"):
        return any(
            each.get("TargetMode", "").lower() == "external"
            and not each.get("Type", "").endswith("/hyperlink")
            for each in ElementTree.fromstring(part).iter()  # noqa: S314 - declares no entity, see above
        )
    if not name.startswith("word/") or not _FIELDS.search(part):
        return False
    parts = list(ElementTree.fromstring(part).iter())  # noqa: S314 - the same
    said = "".join(each.text or "" for each in parts if each.tag.endswith("}instrText"))
    short = (value for each in parts for key, value in each.items() if key.endswith("}instr"))
    return bool(_FETCHES.search(" ".join([said, *short])))
