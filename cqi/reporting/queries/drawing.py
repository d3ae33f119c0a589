"""A report row as a Document: the one place that knows how each level is made."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.core import errors
from cqi.documents import html, model, pdf, table_files
from cqi.measures import queries as measures
from cqi.measures.rules.frozen import LeftOut
from cqi.reporting import policy
from cqi.reporting.models import ReportRow
from cqi.reporting.queries import document, records, region
from cqi.reporting.rules.reports import LEVEL_WORDS, Level
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

    `run` is the digest of its figures (one run's id, or a digest over several), `asked` is what a
    publication freezes. `unfinished` counts case reviews that are not final; `enough` is False
    where a publication would have no row.
    """

    document: Callable[[], model.Document]
    run: str
    asked: tuple[measures.Asked, ...]
    unfinished: int
    enough: bool


def made(session: orm.Session, row: ReportRow, asking: Asking) -> Made:
    """What a report's Document is made from. Raises BadInput for a level that is not drawn yet."""
    draw = _LEVELS.get(row.level)
    if draw is None:
        words = LEVEL_WORDS[row.level].lower()
        raise errors.BadInput(f"a {words}'s report is not made from here yet: publish the region's")
    return draw(session, row, asking)


def _region(session: orm.Session, row: ReportRow, asking: Asking) -> Made:
    """A region's report is of one round."""
    if row.round is None:
        raise errors.BadInput("a region's report is of a round")
    wanted = region.Wanted(
        round=row.round,
        today=asking.today,
        demonstration=asking.demonstration,
        narratives={each.section: each.text for each in records.texts(session, row).values()},
        smallest=smallest(session, asking.today),
    )
    found = region.report(session, wanted)
    if asking.published and not found.definition.published:
        raise errors.BadInput(f"reports/{row.level}.toml has no [published] words: write them")
    both = (found.measures.frozen.round, found.measures.frozen.baseline)
    printed = found if asking.published else region.as_draft(found)
    return Made(
        document=lambda: document.document(printed),
        run=digest_of_runs([found.measures.run_id]),
        asked=(region.asked_of(session, wanted),),
        unfinished=sum(
            each.why is LeftOut.NOT_FINAL for one in both if one for each in one.outside
        ),
        enough=bool(found.components),
    )


_LEVELS: dict[Level, Callable[[orm.Session, ReportRow, Asking], Made]] = {Level.REGION: _region}


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
    if row.approved_run is None or row.approved_run == made_.run or len(made_.asked) != 1:
        return ""
    kept = measures.stored(session, row.approved_run)
    return measures.changes_since(session, kept, made_.asked[0]).words


def smallest(session: orm.Session, on: dt.date) -> int:
    """How many cases a row of anything published needs, on a date."""
    return settings.number(session, registry.SMALLEST_PUBLISHED_N, on)


def files(one: model.Document) -> dict[str, bytes]:
    """Ending -> the bytes of each form of a Document."""
    return {ending: write(one) for ending, (write, _, _) in FORMS.items()}


def digest_of_runs(run_ids: Iterable[str]) -> str:
    """One run's id, or one digest over several: the SHA-256 of a line each, sorted."""
    found = sorted(run_ids)
    if len(found) == 1:
        return found[0]
    return digest("".join(f"{each}\n" for each in found).encode())


def digest(content: bytes) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(content).hexdigest()
