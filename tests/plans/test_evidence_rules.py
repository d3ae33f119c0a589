"""What may be handed in as evidence, by its content; everything else is refused with a remedy."""

from __future__ import annotations

import io
import time
import zipfile

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import generic

from cqi.plans.rules import evidence, file_contents
from cqi.plans.rules.evidence import FileKind, Upload
from tests.plans import files

MEGABYTES = 1
TEXT = generic.TextStringObject("app.alert(1)")
GOOD = {
    "minutes.pdf": (files.pdf(), FileKind.PDF),
    "packed.pdf": (files.packed(b"<< /S /URI >>"), FileKind.PDF),
    "linked.PDF": (files.with_web_link(), FileKind.PDF),
    "wall.png": (files.picture(), FileKind.PNG),
    "wall.jpg": (files.picture("JPEG"), FileKind.JPEG),
    "wall.jpeg": (files.picture("JPEG"), FileKind.JPEG),
    "minutes.docx": (files.docx(), FileKind.DOCX),
    "logs.xlsx": (files.xlsx(), FileKind.XLSX),
    "notes.txt": ("\ufeffTwo logs, 3 < 4; “both”\r\n".encode(), FileKind.TEXT),
    "logs.csv": (b"unit;read\nA;2\n", FileKind.TEXT),
    "Protokoll für März.txt": (b"x", FileKind.TEXT),
}


def refusal(name: str, content: bytes) -> str:
    return evidence.refusal(Upload(name, content), MEGABYTES)


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_a_kind_that_is_taken_is_accepted_as_what_it_is(name: str) -> None:
    content, kind = GOOD[name]
    judged = evidence.judge([Upload(name, content)], MEGABYTES)
    assert judged.blockers == ()
    assert [(one.kind, one.content) for one in judged.files] == [(kind, content)]


@pytest.mark.parametrize("ending", [".pdf", ".png", ".jpg", ".docx", ".xlsx", ".csv", ".exe", ""])
def test_the_ending_has_to_say_what_the_content_is(ending: str) -> None:
    for content, kind in GOOD.values():
        fits = ending in evidence.ENDINGS[kind]
        assert (refusal(f"evidence{ending}", content) == "") is fits, (ending, kind)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03\x00",  # a program
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # an old Office file, or one with a password
        files.archive({"a.txt": "x"}),
        files.archive({"[Content_Types].xml": files.TYPES, "ppt/presentation.xml": "<p/>"}),
        b"GIF89a\x01\x00\x01\x00",
        b"a\x00b",
        b"caf\xe9\x00",
    ],
)
def test_everything_else_is_refused_and_the_reason_names_what_is_taken(content: bytes) -> None:
    for ending in (".pdf", ".png", ".jpg", ".docx", ".xlsx", ".txt", ".csv"):
        assert "Save it as PDF, PNG, JPEG" in refusal(f"evidence{ending}", content)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_text_in_another_encoding_is_asked_for_as_utf_8(encoding: str) -> None:
    content = "Grüße".encode(encoding)
    for ending in (".txt", ".csv"):
        assert "Save it again as UTF-8" in refusal(f"evidence{ending}", content)
    assert "Save it as PDF, PNG, JPEG" in refusal("evidence.pdf", content)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", " =cmd|' /C calc'!A0", "@SUM(1)", "-2+3+cmd|' /C calc'!A0", "+A1", '"=HYPERLINK(1)"'],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_with_a_formula_is_refused_and_the_cell_is_named(cell: str, separator: str) -> None:
    table = f"unit{separator}read\nA{separator}{cell}\n".encode()
    assert refusal("logs.csv", table).startswith("row 2, cell 2 begins with =, +, - or @")
    assert refusal("logs.txt", table) == ""


def test_numbers_with_a_sign_and_dashes_are_no_formulas() -> None:
    assert refusal("logs.csv", b"-3,+4.5,-,-12 %,+1 (601) 555,a-b,a=b\n") == ""


def test_a_table_that_cannot_be_read_is_refused() -> None:
    assert "cannot be read as a table" in refusal("logs.csv", b"x" * 200_000)


@pytest.mark.parametrize(
    "after", [b"<script>alert(1)</script>", b"PK\x03\x04", b"\n%%EOF", b"\n" * 80 + b"x"]
)
def test_nothing_may_follow_the_end_of_a_pdf(after: bytes) -> None:
    assert "more follows" in refusal("minutes.pdf", files.pdf() + after)
    assert refusal("minutes.pdf", files.pdf() + b"\r\n\x00 ") == ""


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../../etc/passwd.txt", "holds a path"),
        ("C:\\logs\\one.txt", "holds a path"),
        ("one\x00.txt", "cannot be seen"),
        ("one\r\nX-Header: y.txt", "cannot be seen"),
        ("gnp\u202etxt.exe.txt", "cannot be seen"),
        (".htaccess.txt", "begins with a dot"),
        ("", "is empty"),
        ("x" * 200 + ".txt", "Shorten it"),
    ],
)
def test_a_name_that_could_do_harm_is_refused(name: str, says: str) -> None:
    assert says in refusal(name, b"Two logs")


def test_empty_and_huge_files_are_refused_with_the_limit() -> None:
    assert "it is empty" in refusal("one.txt", b"  \n")
    assert "larger than 1 MB" in refusal("one.txt", b"x" * (1024 * 1024 + 1))
    assert refusal("one.txt", b"x" * 1024 * 1024) == ""


def test_six_files_are_too_many_and_nothing_is_taken_where_one_is_refused() -> None:
    good = Upload("one.txt", b"Two logs")
    assert evidence.judge([good] * 5, MEGABYTES).blockers == ()
    judged = evidence.judge([good] * 6, MEGABYTES)
    assert [one.code for one in judged.blockers] == ["too_many_files"]
    judged = evidence.judge([good, Upload("two.pdf", b"no"), Upload("three.txt", b"")], MEGABYTES)
    assert judged.files == ()
    assert [one.message.partition(":")[0] for one in judged.blockers] == ["two.pdf", "three.txt"]


def _script(writer: pypdf.PdfWriter) -> None:
    """Hidden among the objects, where no page uses it."""
    name = generic.NameObject
    writer._add_object(generic.DictionaryObject({name("/S"): name("/JavaScript")}))


def _locked(writer: pypdf.PdfWriter) -> None:
    writer.encrypt("secret", algorithm="RC4-128")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (files.pdf(_script), "JavaScript"),
        (files.packed(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "JavaScript"),
        (files.with_action("/JavaScript", JS=TEXT), "JavaScript"),
        (files.disguised(files.with_action("/JavaScript")), "JavaScript"),
        (files.with_action("/Launch", F=TEXT), "starts programs"),
        (files.disguised(files.with_action("/Launch", F=TEXT)), "starts programs"),
        (files.pdf(lambda writer: writer.add_attachment("a.exe", b"MZ")), "other files"),
        (files.with_action("/SubmitForm", F=TEXT), "sends itself"),
        (files.pdf(_locked), "locked with a password"),
        (files.pdf() + b"\n/L#61unch", "starts programs"),
        (b"%PDF-1.7 and nothing else", "cannot be read to its end"),
        (files.pdf()[:200], "cannot be read to its end"),
    ],
)
def test_a_pdf_that_does_something_or_cannot_be_read_is_refused(content: bytes, says: str) -> None:
    found = refusal("one.pdf", content)
    assert says in found
    assert "Save as PDF" in found


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_is_cut_or_changed_is_refused(kind: str) -> None:
    whole = files.picture(kind, (300, 300))
    assert refusal(f"one.{kind}", whole) == ""
    assert "damaged" in refusal(f"one.{kind}", whole[: len(whole) // 2])


def test_a_picture_that_swells_is_refused() -> None:
    content = files.picture("PNG", (8000, 6000))
    assert len(content) < 100_000
    assert "too many dots" in refusal("one.png", content)


_TEMPLATE = files.relation("attachedTemplate", "https://www.example.org/t.dotm")
_CLICKED = files.relation("hyperlink", "https://www.example.org/")
_FIELD = "<w:instrText>DDE</w:instrText><w:instrText>AUTO cmd</w:instrText>"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (files.docx(word__vbaProject_dot_bin=b"x"), "macros"),
        (files.docx(word__embeddings__oleObject1_dot_bin=b"x"), "macros"),
        (files.docx(word__activeX__activeX1_dot_xml="<a/>"), "macros"),
        (files.docx(xl__externalLinks__externalLink1_dot_xml="<a/>"), "macros"),
        (files.docx(word___rels__document_dot_xml_dot_rels=_TEMPLATE), "from elsewhere"),
        (files.docx(_FIELD), "from elsewhere"),
        (files.docx('<w:fldSimple w:instr="DDEAUTO cmd"/>'), "from elsewhere"),
        (files.docx('<w:fldSimple w:instr="INCLUDETEXT a"/>'), "from elsewhere"),
        (files.docx(xl__connections_dot_xml="<a/>"), "macros"),
        (files.docx(word__more_dot_xml='<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "cannot be read"),
        (files.docx(word__media__a_dot_txt=b"0" * (101 * 1024 * 1024)), "too large once"),
        (files.docx(**{f"word__{number}_dot_txt": "" for number in range(2000)}), "too large once"),
        (files.docx()[:-30], "not a file that can be taken"),
    ],
)
def test_an_office_file_that_acts_reaches_out_or_swells_is_refused(
    content: bytes, says: str
) -> None:
    found = evidence.refusal(Upload("one.docx", content), 5)
    assert says in found
    assert "Save it as" in found


def test_links_that_a_reader_clicks_are_no_harm_in_an_office_file() -> None:
    content = files.docx(word___rels__document_dot_xml_dot_rels=_CLICKED)
    assert refusal("one.docx", content) == ""


def test_a_part_whose_checksum_is_wrong_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(files.docx())) as archive:
        at = archive.getinfo("word/document.xml").header_offset
    content = bytearray(files.docx())
    content[at + 60] ^= 0xFF
    assert "cannot be read to its end" in refusal("one.docx", bytes(content))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<ScRiPt\nsrc=x>",
        "<!DOCTYPE html><p>x",
        '<?xml version="1.0"?><svg/>',
        "<svg onload=alert(1)>",
        "unit;read\nA;<img src=x onerror=alert(1)>",
        "see javascript:alert(1)",
        "<b onclick = 'x'>",
    ],
)
def test_text_with_html_or_a_script_in_it_is_refused(text: str) -> None:
    assert "HTML, SVG or a script" in refusal("one.txt", text.encode())


@pytest.mark.parametrize("text", ["<" + " " * 500_000, "<" * 500_000, "<a " + "on" * 250_000])
def test_text_that_is_made_to_keep_us_busy_is_looked_through_at_once(text: str) -> None:
    begun = time.process_time()
    assert refusal("one.txt", text.encode()) == ""
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    "link", ["https://www.example.org/a?b=c#d", "https://example.org:8443/minutes", ""]
)
def test_an_address_that_begins_with_https_is_kept(link: str) -> None:
    assert evidence.link_blockers(link) == []


@pytest.mark.parametrize(
    "link",
    [
        "http://www.example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//www.example.org/",
        "www.example.org",
        "https://",
        "https://localhost/",
        "https://user:word@www.example.org/",
        "https://www.example.org/a b",
        'https://www.example.org/"onclick="x',
        "https://www.example.org:port/",
        "https://[::1/",
        "https://www.example.org/" + "x" * 500,
    ],
)
def test_everything_that_is_no_such_address_is_refused(link: str) -> None:
    [blocker] = evidence.link_blockers(link)
    assert (blocker.code, blocker.place) == ("link_refused", "link")
    assert "https://" in blocker.message


@given(st.text(max_size=200), st.sampled_from(FileKind))
def test_what_a_download_is_called_says_nothing_of_the_files_own_name(
    name: str, kind: FileKind
) -> None:
    found = evidence.download_name("1.1.2", "9fd148", kind, name)
    assert found in {f"evidence-1.1.2-9fd148{ending}" for ending in evidence.ENDINGS[kind]}
    csv = evidence.download_name("1.1.2", "9fd148", FileKind.TEXT, "Names.CSV")
    assert csv == "evidence-1.1.2-9fd148.csv"


STARTS = st.sampled_from(
    [b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", b"<svg", b"\xff\xfe"]
)


@given(STARTS, st.binary(max_size=400), st.text(max_size=20), st.sampled_from(list(GOOD)))
def test_random_contents_and_names_never_raise_and_are_never_taken_for_what_they_are_not(
    start: bytes, rest: bytes, name: str, ending: str
) -> None:
    content = start + rest
    named = name + ending[ending.rfind(".") :]
    judged = evidence.judge([Upload(named, content)], MEGABYTES)
    assert bool(judged.files) is not bool(judged.blockers)
    for one in judged.files:
        assert one.kind is FileKind.TEXT, "no random bytes are a whole PDF, picture or document"
        assert named.lower().endswith((".txt", ".csv"))
        assert not set(named) & set("/\\\0")
        assert "<script" not in content.decode("utf-8-sig").lower()


WHOLE = {name: content for name, (content, kind) in GOOD.items() if kind is not FileKind.TEXT}


@given(st.sampled_from(list(WHOLE)), st.data())
def test_a_file_that_was_damaged_anywhere_never_raises_nor_becomes_another_kind(
    name: str, data: st.DataObject
) -> None:
    content = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for damaged in (bytes(content), bytes(content[:cut])):
        judged = evidence.judge([Upload(name, damaged)], MEGABYTES)
        assert {one.kind for one in judged.files} <= {GOOD[name][1]}


@pytest.mark.parametrize("content", [b"", b"\xff", b"PK\x03\x04", b"%PDF-"])
def test_nothing_that_looks_inside_raises(content: bytes) -> None:
    looks = ("pdf_refusal", "picture_refusal", "office_refusal", "text_refusal")
    for look in looks:
        assert isinstance(getattr(file_contents, look)(content), str)
