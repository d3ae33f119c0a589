"""A report row as a Document: the one place that knows how each level is made."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.core import errors
from cqi.documents import html, model, pdf, table_files
from cqi.measures import queries as measures
from cqi.measures.queries import pools
from cqi.measures.rules.frozen import LeftOut
from cqi.reporting import policy
from cqi.reporting.models import ReportRow
from cqi.reporting.queries import document, records, region, states
from cqi.reporting.rules import content
from cqi.reporting.rules.reports import Level
from cqi.settings import queries as settings
from cqi.settings import registry

# ending -> (writer, content type, words of the link)
FORMS: dict[str, tuple[Callable[[model.Document], bytes], str, str]] = {
    "html": (lambda one: html.page(one).encode(), "text/html; charset=utf-8", "Page"),
    "pdf": (lambda one: pdf.render(one), "application/pdf", "PDF"),
    "xlsx": (
        table_files.xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "XLSX",
    ),
    "csv": (table_files.csv, "text/csv; charset=utf-8", "CSV"),
    "json": (table_files.json, "application/json", "JSON"),
}


@dataclass(frozen=True)
class Asking:
    """On which day a report is drawn, and whether its people are invented."""

    today: dt.date
    demonstration: bool = False
    published: bool = False


@dataclass(frozen=True)
class Made:
    """A report, read: its Document is made when it is asked for.

    `run` is the run id of its figures, `asked` what a publication freezes. `unfinished` counts
    case reviews that are not final; `enough` is False where a publication would have no row.
    """

    document: Callable[[], model.Document]
    run: str
    asked: measures.Asked | pools.AskedPool
    unfinished: int
    enough: bool


def made(session: orm.Session, row: ReportRow, asking: Asking) -> Made:
    """What a report's Document is made from. Raises BadInput where there is nothing to draw, or its
    definition lacks the words of a publication."""
    draw = _state if row.level is Level.STATE else _of_round
    asked, found = draw(session, row, asking)
    if asking.published and not found.definition.published:
        raise errors.BadInput(f"reports/{row.level}.toml has no [published] words: write them")
    return Made(
        document=lambda: document.document(found),
        run=found.measures.run_id,
        asked=asked,
        unfinished=sum(
            each.why is LeftOut.NOT_FINAL for one in found.rounds_behind for each in one.outside
        ),
        enough=bool(found.components),
    )


def _of_round(
    session: orm.Session, row: ReportRow, asking: Asking
) -> tuple[measures.Asked, content.Report]:
    """A region's report is of one round, a county's of its part in one: both rest on its run."""
    if row.round is None:
        raise errors.BadInput(f"a {row.level}'s report is of a round")
    wanted = region.Wanted(
        round=row.round,
        today=asking.today,
        demonstration=asking.demonstration,
        county=row.place.code if row.level is Level.COUNTY else "",
        narratives=_narratives(session, row),
        smallest=_smallest(session, asking),
    )
    return region.asked_of(session, wanted), region.report(session, wanted)


def _state(
    session: orm.Session, row: ReportRow, asking: Asking
) -> tuple[pools.AskedPool, content.Report]:
    """A state's report is as of a day."""
    wanted = states.Wanted(
        as_of=row.as_of_on,
        demonstration=asking.demonstration,
        narratives=_narratives(session, row),
        smallest=_smallest(session, asking),
    )
    found, asked = states.read(session, wanted)
    return asked, found


def _smallest(session: orm.Session, asking: Asking) -> int:
    """Inside the agency every row stands, and every region is added up."""
    return smallest(session, asking.today) if asking.published else 0


def _narratives(session: orm.Session, row: ReportRow) -> dict[str, str]:
    return {each.section: each.text for each in records.texts(session, row).values()}


def figures(session: orm.Session, row: ReportRow, made_: Made, shown: str) -> policy.Figures:
    """What the policy asks about figures; `shown` is the digest of those that are decided on."""
    return policy.Figures(
        run=made_.run,
        shown=shown,
        approved=row.approved_run or "",
        since=_changed_since(session, row, made_),
        unfinished=made_.unfinished,
        enough=made_.enough,
    )


def _changed_since(session: orm.Session, row: ReportRow, made_: Made) -> str:
    """In words, what changed under the figures that were approved; empty where nothing did, or
    nobody approved yet."""
    if row.approved_run is None or row.approved_run == made_.run:
        return ""
    return pools.changed_since(session, row.approved_run, made_.asked)


def smallest(session: orm.Session, on: dt.date) -> int:
    """How many cases a row of anything published needs, on a date."""
    return settings.number(session, registry.SMALLEST_PUBLISHED_N, on)


def files(one: model.Document) -> dict[str, bytes]:
    """Ending -> the bytes of each form of a Document."""
    return {ending: write(one) for ending, (write, _, _) in FORMS.items()}


def digest(content: bytes) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(content).hexdigest()
