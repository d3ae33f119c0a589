"""Reports of a whole state: 13 regions, 82 counties, two rounds of 65 case reviews each."""

from __future__ import annotations

import datetime as dt
import io
import random
import resource
import tempfile
from collections.abc import Iterator
from html import escape as html_escape

import xlsxwriter
from pypdf import PdfReader
from reportlab.graphics import renderPDF
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table
from sqlalchemy import orm

from cqi.core import configuration, database, schema
from cqi.documents import html, model, outlines, pdf, table_files
from cqi.documents.pdf import styles
from cqi.instruments.definition import Rating
from cqi.places.models import Place
from cqi.reporting import queries
from cqi.reporting.queries import states
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.bench.__main__ import Row
from tests.bench.bench_measures import milliseconds
from tests.measures import stored
from tests.reporting import invented

DAY = dt.date(2027, 3, 20)
REGIONS, REVIEWS, SHEET = 13, 65, 100_000


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        settings = configuration.from_environment({"CQI_DATA_DIR": folder})
        opened = database.create_database(settings)
        schema.upgrade(settings, opened.keys)
        with opened.writing() as session:
            counties = whole_state(session)
        with opened.reading() as session:
            yield from of_state(session)
            yield from of_county(session, counties)
        opened.dispose()
    yield from sheets()


def of_state(session: orm.Session) -> Iterator[Row]:
    made: list[states.StateReport] = []
    read = milliseconds(lambda: made.append(states.report(session, states.Wanted(DAY)))) / 1000
    documents: list[model.Document] = []
    drawn = milliseconds(lambda: documents.append(queries.document_of(made[0]))) / 1000
    written = milliseconds(lambda: pdf.render(documents[0])) / 1000
    figures = sum(isinstance(one, model.Figure) for one in documents[0].blocks())
    yield "state report, read", read, "s", "", None
    yield "state report, figures and tables", drawn, "s", "", None
    yield (
        f"state report of {figures} figures, from query to PDF",
        read + drawn + written,
        "s",
        "the aim",
        5.0,
    )
    page = milliseconds(lambda: html.render(documents[0])) / 1000
    yield "state report, page", page, "s", "", None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "memory at most", peak, "MB", "the aim", 300.0


def of_county(session: orm.Session, counties: list[tuple[Round, str]]) -> Iterator[Row]:
    one, code = counties[0]
    wanted = queries.Wanted(session.get_one(Round, one.id), DAY, county=code)
    times = sorted(
        milliseconds(lambda: pdf.render(queries.region_report(session, wanted))) for _ in range(3)
    )
    yield "county report, from query to PDF", times[1], "ms", "60 s / 82", 60_000 / 82
    region = queries.Wanted(wanted.round, DAY)
    document = queries.region_report(session, region)
    content = pdf.render(document)
    bare = milliseconds(lambda: again(document))
    ours = milliseconds(lambda: pdf.render(document))
    yield (
        f"region report, PDF of {len(PdfReader(io.BytesIO(content)).pages)} pages",
        ours,
        "ms",
        "2.5 x bare",
        2.5 * bare,
    )


def again(document: model.Document) -> bytes:
    """The same texts, tables and drawings, as ReportLab lays them out by itself: one face, one
    size, no page of its own for anything, and nothing tried twice."""
    face = styles.BODY.fontName
    style = ParagraphStyle("bare", fontName=face, fontSize=9, leading=12)
    story: list[Flowable] = []
    for section in document.sections:
        for block in section.blocks:
            for inner in model.with_inner(block):
                story += _bare(inner, style)
    target = io.BytesIO()
    SimpleDocTemplate(target, leftMargin=35, rightMargin=35, pageCompression=1).build(story)
    return target.getvalue()


def _bare(block: model.Block, style: ParagraphStyle) -> Iterator[Flowable]:
    table = block.table if isinstance(block, model.Figure) else block
    if isinstance(block, model.Figure):
        yield renderPDF.GraphicsFlowable(block.drawing)
    if not isinstance(table, model.Table):
        yield from (Paragraph(html_escape(text), style) for text in model.texts(block))
    elif table.rows:
        rows = [_cells(table, row, style) for row in table.rows]
        yield Table(rows, style=[("FONT", (0, 0), (-1, -1), style.fontName, 8)])


def _cells(table: model.Table, row: model.Row, style: ParagraphStyle) -> list[Paragraph | str]:
    """Words must wrap, as they do on the page; numbers need not."""
    pairs = zip(table.columns, map(model.shown, row.cells), strict=True)
    return [
        said if column.kind == "number" else Paragraph(html_escape(said), style)
        for column, said in pairs
    ]


def sheets() -> Iterator[Row]:
    columns = tuple(model.Column(name) for name in ("a", "b", "c", "d", "e"))
    rows = tuple(
        model.Row((f"Case {n}", "strength", n, f"{n % 100}%", "28001")) for n in range(SHEET)
    )
    table = model.Table("rows", "Rows", columns, rows)
    section = model.Section("rows", "Rows", "", (table,))
    document = model.Document("Rows", "", "memo", (), (section,))
    bare = milliseconds(lambda: bare_sheet(rows)) / 1000
    ours = milliseconds(lambda: table_files.xlsx(document)) / 1000
    yield f"XLSX of {SHEET:,} rows", ours, "s", "1.3 x bare", 1.3 * bare


def bare_sheet(rows: tuple[model.Row, ...]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row.cells):
                sheet.write(number, column, cell)
    return target.getvalue()


def whole_state(session: orm.Session) -> list[tuple[Round, str]]:
    """Every county of the map in one of 13 regions; a baseline and a follow-up in each."""
    state = build.state(session)
    regions = [build.region(session, f"Region {n + 1:02}", above=state) for n in range(REGIONS)]
    placed: dict[int, list[Place]] = {}
    for number, outline in enumerate(sorted(outlines.fitting("28", 300, 500).counties)):
        region = regions[number % REGIONS]
        county = build.county(session, region, f"County {outline}")
        county.code = outline
        placed.setdefault(region.id, []).append(county)
    session.flush()
    draw = random.Random(3)  # noqa: S311 - invented data, not secrets
    found = []
    for region in regions:
        counties = placed[region.id]
        before = _round(session, region, counties, 2025, None)
        after = _round(session, region, counties, 2026, before)
        for one in (before, after):
            _fill(session, draw, one, counties)
        found += [(after, county.code) for county in counties]
    return found


def _round(
    session: orm.Session, region: Place, counties: list[Place], year: int, before: Round | None
) -> Round:
    kind = RoundKind.FOLLOW_UP if before else RoundKind.BASELINE
    made = build.round(session, region, counties, kind=kind, compares_with=before)
    made.on_site_from, made.on_site_to = dt.date(year, 5, 4), dt.date(year, 5, 8)
    made.pur_from = dt.date(year - 1, 1, 1)
    session.flush()
    return made


def _fill(session: orm.Session, draw: random.Random, one: Round, counties: list[Place]) -> None:
    for number in range(REVIEWS):
        chance = {c.code: draw.uniform(0.5, 0.95) for c in invented.instrument().components}
        found = invented.ratings(draw, chance).items()
        ratings = {code: Rating(value) for code, value in found if value}
        wanted = stored.Review(f"{one.id}-{number}", ratings)
        stored.review(session, one, counties[number % len(counties)], wanted)
