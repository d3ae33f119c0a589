"""Invented files to hand in as evidence: good ones, and one of each kind that is refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pypdf
import xlsxwriter
from PIL import Image
from pypdf import generic
from pypdf.annotations import Link

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def pdf(change: Callable[[pypdf.PdfWriter], object] | None = None) -> bytes:
    """One page; `change` may add what a PDF should not have."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    if change:
        change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_action(name: str, **more: generic.PdfObject) -> bytes:
    """A PDF that does something when it is opened."""

    def change(writer: pypdf.PdfWriter) -> None:
        action = generic.DictionaryObject({generic.NameObject("/S"): generic.NameObject(name)})
        action.update({generic.NameObject(f"/{key}"): value for key, value in more.items()})
        writer.root_object[generic.NameObject("/OpenAction")] = writer._add_object(action)

    return pdf(change)


def with_web_link() -> bytes:
    """A PDF with a link that a reader may click."""

    def change(writer: pypdf.PdfWriter) -> None:
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://www.example.org/"))

    return pdf(change)


def disguised(content: bytes) -> bytes:
    """The same PDF with its names written so that no search for words sees them."""
    return content.replace(b"/JavaScript", b"/Java#53cript").replace(b"/Launch", b"/L#61unch")


def packed(hidden: bytes) -> bytes:
    """A PDF with an object in a compressed stream, where no search for words sees it."""
    stream = zlib.compress(b"6 0 " + hidden)
    pack = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(stream)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        pack + stream + b"\nendstream",
    ]
    out, places = b"%PDF-1.5\n", [b"\0" * 6]
    for number, part in enumerate(parts, 1):
        places.append(b"\1" + len(out).to_bytes(4) + b"\0")
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    places += [b"\1" + len(out).to_bytes(4) + b"\0", b"\2" + (4).to_bytes(4) + b"\0"]
    table = b"".join(places)
    head = b"<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    end = b"startxref\n%d\n%%%%EOF" % len(out)
    return out + b"5 0 obj\n" + head + table + b"\nendstream\nendobj\n" + end


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 10)) -> bytes:
    out = io.BytesIO()
    Image.new("L", size, 200).save(out, kind)
    return out.getvalue()


def archive(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(body: str = "<w:t>Minutes</w:t>", **more: str | bytes) -> bytes:
    """A Word document; in `more`, two underscores stand for a slash and "_dot_" for a dot."""
    named = {key.replace("_dot_", ".").replace("__", "/"): value for key, value in more.items()}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": f'<w:document xmlns:w="{_WORDS}">{body}</w:document>',
    }
    return archive(members | named)


def relation(kind: str, target: str) -> str:
    """A part of a document that points out of it."""
    one = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return f'<Relationships xmlns="{_RELS}">{one}</Relationships>'


def xlsx() -> bytes:
    """A workbook as Excel would save it, with settings of a page."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet().write(0, 0, "Logs")
    book.close()
    return out.getvalue()
