"""What may be handed in as evidence of a step: a file is what its content is, not its name.

A file is refused with a reason that says what to do. Nothing here raises, whatever it is given.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib import parse

from cqi.core.errors import Blocker
from cqi.plans.rules import file_contents

MOST_FILES = 5
LONGEST_NAME = 120
LONGEST_LINK = 500


class FileKind(enum.StrEnum):
    """What a file is."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    DOCX = "docx"
    XLSX = "xlsx"
    TEXT = "text"


KIND_WORDS = {
    FileKind.PDF: "PDF",
    FileKind.PNG: "PNG picture",
    FileKind.JPEG: "JPEG picture",
    FileKind.DOCX: "Word document",
    FileKind.XLSX: "Excel workbook",
    FileKind.TEXT: "text file",
}
ENDINGS = {
    FileKind.PDF: (".pdf",),
    FileKind.PNG: (".png",),
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.DOCX: (".docx",),
    FileKind.XLSX: (".xlsx",),
    FileKind.TEXT: (".txt", ".csv"),
}
MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.TEXT: "text/plain; charset=utf-8",
}
NOTHING_HANDED_IN = Blocker(
    "no_file_or_link",
    "Add a file or a link that proves it. A photo or a scan of a paper will do.",
    "files",
)
ACCEPTED = "PDF, PNG, JPEG, Word (.docx), Excel (.xlsx), plain text (.txt) or CSV (.csv)"


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Accepted:
    """A file that may be stored; `judge` alone makes them."""

    name: str
    kind: FileKind
    content: bytes


@dataclass(frozen=True)
class Judged:
    """What came of the files that were sent: all accepted, or why not."""

    files: tuple[Accepted, ...]
    blockers: tuple[Blocker, ...]


def judge(uploads: Iterable[Upload], megabytes: int) -> Judged:
    """Look at every file; the reasons of all that are refused, each with the file's name."""
    sent = list(uploads)
    if too_many := _number_blockers(len(sent)):
        return Judged((), tuple(too_many))
    found = [(one, refusal(one, megabytes)) for one in sent]
    blockers = tuple(
        Blocker("file_refused", f"{shown(one.name)}: {why}", "files") for one, why in found if why
    )
    if blockers:
        return Judged((), blockers)
    return Judged(tuple(_accepted(one) for one in sent), ())


def refusal(upload: Upload, megabytes: int) -> str:
    """Why one file cannot be handed in, and what to do; empty where it can."""
    for look in (_name_refusal, _size_refusal(megabytes), _kind_refusal, _content_refusal):
        if why := look(upload):
            return why
    return ""


def room_blockers(files: Iterable[Accepted], megabytes: int) -> list[Blocker]:
    """Whether accepted files still fit: what was looked at before may have had another limit."""
    kept = list(files)
    look = _size_refusal(megabytes)
    reasons = [(one.name, look(Upload(one.name, one.content))) for one in kept]
    large = [Blocker("file_refused", f"{name}: {why}", "files") for name, why in reasons if why]
    return [*_number_blockers(len(kept)), *large]


def kind_of(content: bytes) -> FileKind | None:
    """What a content is; None for everything that is not taken."""
    for magic, kind in _MAGIC.items():
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        named = file_contents.office_kind(content)
        return FileKind(named) if named else None
    return FileKind.TEXT if file_contents.is_text(content) else None


def link_blockers(link: str) -> list[Blocker]:
    """Why a link cannot be kept: it must be a whole address that begins with https."""
    if not link:
        return []
    if len(link) <= LONGEST_LINK and _is_address(link):
        return []
    message = (
        f"Give a whole address that begins with https://, of {LONGEST_LINK} characters at most,"
        " without a name and password in it."
    )
    return [Blocker("link_refused", message, "link")]


def download_name(step: str, key: str, kind: FileKind, name: str) -> str:
    """ "evidence-1.1.2-9fd148.pdf": what a file is called outside the product. Its own name may
    name people, and stays inside; `key` tells the files of a step apart."""
    ending = next((each for each in ENDINGS[kind] if name.lower().endswith(each)), ENDINGS[kind][0])
    return f"evidence-{step}-{key}{ending}"


def shown(name: str) -> str:
    """A name that was refused, as a page may show it: short, and without what cannot be seen."""
    kept = "".join("?" if _is_odd(each) else each for each in name)
    return kept if len(kept) <= LONGEST_NAME else f"{kept[:LONGEST_NAME]}..."


_MAGIC = {
    b"%PDF-": FileKind.PDF,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
    b"\xff\xd8\xff": FileKind.JPEG,
}
_LOOKS: dict[FileKind, Callable[[bytes], str]] = {
    FileKind.PDF: file_contents.pdf_refusal,
    FileKind.PNG: file_contents.picture_refusal,
    FileKind.JPEG: file_contents.picture_refusal,
    FileKind.DOCX: file_contents.office_refusal,
    FileKind.XLSX: file_contents.office_refusal,
    FileKind.TEXT: file_contents.text_refusal,
}


def _number_blockers(number: int) -> list[Blocker]:
    if number <= MOST_FILES:
        return []
    message = f"Hand in {MOST_FILES} files at most, not {number}. Put some of them together."
    return [Blocker("too_many_files", message, "files")]


def _accepted(upload: Upload) -> Accepted:
    kind = kind_of(upload.content)
    if kind is None:
        raise ValueError("judge looks first")
    return Accepted(unicodedata.normalize("NFC", upload.name), kind, upload.content)


def _name_refusal(upload: Upload) -> str:
    name = upload.name
    if any(each in name for each in "/\\"):
        return "its name holds a path. Rename it without / and \\, and choose it again."
    if any(_is_odd(each) for each in name):
        return "its name holds signs that cannot be seen. Rename it, and choose it again."
    if not name.strip() or name.startswith("."):
        return "its name begins with a dot or is empty. Rename it, and choose it again."
    if len(name) > LONGEST_NAME:
        return f"its name is longer than {LONGEST_NAME} characters. Shorten it."
    return ""


def _size_refusal(megabytes: int) -> Callable[[Upload], str]:
    def look(upload: Upload) -> str:
        if not upload.content.strip():
            return "it is empty. Choose the file that holds the evidence."
        if len(upload.content) > megabytes * 1024 * 1024:
            return (
                f"it is larger than {megabytes} MB. Make it smaller, or split it;"
                " or put it where its readers can open it, and give the link."
            )
        return ""

    return look


def _kind_refusal(upload: Upload) -> str:
    content = upload.content
    kind = kind_of(content)
    if kind is None and _is_named(upload, FileKind.TEXT) and file_contents.is_other_text(content):
        return "its text is not in UTF-8. Save it again as UTF-8 (in Excel: CSV UTF-8)."
    if kind is None:
        return f"it is not a file that can be taken. Save it as {ACCEPTED}."
    if _is_named(upload, kind):
        return ""
    right = " or ".join(ENDINGS[kind])
    return (
        f"by its content it is a {KIND_WORDS[kind]}, and its name does not end in {right}."
        " Save it again under its right ending."
    )


def _is_named(upload: Upload, kind: FileKind) -> bool:
    return upload.name.lower().endswith(ENDINGS[kind])


def _content_refusal(upload: Upload) -> str:
    kind = kind_of(upload.content)
    why = _LOOKS[kind](upload.content) if kind else ""
    if not why and upload.name.lower().endswith(".csv"):
        return file_contents.table_refusal(upload.content)
    return why


def _is_odd(sign: str) -> bool:
    """Control characters, and those that turn the direction of reading or have no width."""
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _is_address(link: str) -> bool:
    if any(each.isspace() or _is_odd(each) or each in '"<>\\^`{|}' for each in link):
        return False
    try:
        parts = parse.urlsplit(link)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and "." in host.strip(".") and "@" not in parts.netloc
