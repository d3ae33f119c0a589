"""What the matrix expects of reports: drafts, what is done about them, what is published."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core import identifiers
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.places.models import Place
from cqi.reporting.models import PublishedFile, ReportRow
from cqi.reporting.queries import drawing
from cqi.reporting.rules.reports import Level, ReportState
from cqi.rounds.models import Round
from tests.build import NOW
from tests.web.matrix_grids import Row, grid, of, page

R = Role
# A draft is for those who write and approve; from the review on, for all who discuss.
REPORT = grid(
    "report",
    """
                      draft review approved other_draft other_review
    cqi_director      yes   yes    yes      yes         yes
    cqi_liaison       404   yes    yes      404         404
    qa_lead           404   yes    yes      404         404
    analyst           yes   yes    yes      yes         yes
    regional_director 404   yes    yes      404         404
    """,
)
WRITE = grid(
    "report",
    """
                      draft review approved other_draft other_review
    analyst           yes   yes    yes      yes         yes
    """,
)
APPROVE = grid(
    "report",
    """
                      draft review approved other_draft other_review
    cqi_director      yes   yes    yes      yes         yes
    """,
)
SET_ASIDE = grid(
    "report",
    """
                      draft review approved other_draft other_review
    cqi_director      yes   yes    yes      yes         yes
    cqi_liaison       404   403    403      404         404
    qa_lead           404   403    403      404         404
    analyst           yes   yes    yes      yes         yes
    regional_director 404   403    403      404         404
    """,
)
BEGIN = grid(
    "round",
    """
                      own same_region other
    analyst           yes yes         yes
    """,
)
ROUND = grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    analyst           yes yes         yes
    regional_director yes yes         404
    """,
)
# What was published about a region; the stakeholder's access is for a county of it.
PUBLICATION = grid(
    "publication",
    """
                      own county other
    cqi_director      yes yes    yes
    cqi_liaison       yes yes    404
    qa_lead           yes yes    404
    analyst           yes yes    yes
    regional_director yes yes    404
    state_office      yes yes    yes
    stakeholder       404 yes    404
    """,
)
_REGIONS = (R.CQI_DIRECTOR, R.CQI_LIAISON, R.ANALYST, R.REGIONAL_DIRECTOR)
DUE = page(*_REGIONS, R.STATE_OFFICE)
PUBLISHED = page(*_REGIONS, R.QA_LEAD, R.STATE_OFFICE, R.STAKEHOLDER)

ROWS: dict[str, Row] = {
    "reporting.approve": Row(APPROVE),
    "reporting.begin_county_report": Row(replace(BEGIN, things="county")),
    "reporting.begin_report": Row(BEGIN),
    "reporting.begin_state_report": Row(page(R.ANALYST)),
    "reporting.comment": of(REPORT, {"comment-text": "Why?"}),
    "reporting.due": Row(DUE),
    "reporting.publication": Row(PUBLICATION),
    "reporting.publication_file": of(PUBLICATION, ending="csv"),
    "reporting.publish": Row(APPROVE),
    "reporting.published": Row(PUBLISHED),
    "reporting.report": Row(REPORT),
    "reporting.report_document": Row(REPORT),
    "reporting.report_document_file": of(REPORT, ending="csv"),
    "reporting.runs": Row(ROUND),
    "reporting.section_versions": of(REPORT, section="story"),
    "reporting.send_back": of(APPROVE, {"send_back-reason": "More."}),
    "reporting.send_for_review": Row(WRITE),
    "reporting.set_aside": of(SET_ASIDE, {"set_aside-reason": "No."}),
    "reporting.settle_section": of(
        WRITE,
        {"choice": "mine", "mine": "My text.", "revision": "0"},
        section="story",
    ),
    "reporting.write_section": of(WRITE, {"text": "My text.", "revision": "0"}, section="story"),
}

# reach -> place, round, state
REPORTS = {
    "draft": ("one", "own", ReportState.DRAFT),
    "review": ("one", "same_region", ReportState.IN_REVIEW),
    "approved": ("one", "own", ReportState.APPROVED),
    "other_draft": ("two", "other", ReportState.DRAFT),
    "other_review": ("two", "other", ReportState.IN_REVIEW),
}
PUBLICATIONS = {"own": "one", "county": "Juniper", "other": "two"}


def run_of(place: Place) -> str:
    """The run behind what was published about a place."""
    return f"{place.id:064}"


def report(session: orm.Session, place: Place, on: Round, state: ReportState, by: int) -> ReportRow:
    """A report as it stands, without what led there."""
    approved = state is ReportState.APPROVED
    made = ReportRow(
        public_id=identifiers.uuid7(),
        level=Level.REGION,
        place_id=place.id,
        round_id=on.id,
        as_of_on=on.on_site_to,
        language="en-US",
        due_on=on.on_site_to,
        state=state,
        state_since=NOW,
        approved_run=run_of(place) if approved else None,
        approved_at=NOW if approved else None,
        created_at=NOW,
        created_by_id=by,
    )
    session.add(made)
    session.flush()
    return made


def publication(
    session: orm.Session, place: Place, on: Round, by: int, run: MeasureRun | None = None
) -> Publication:
    """One in the register, with a file and the report that it was; of a run, or of nothing."""
    people = partial(dict, approved_by_id=by, published_by_id=by)
    made = Publication(
        public_id=identifiers.uuid7(),
        level="region",
        place_id=place.id,
        title=f"Region {place.name}",
        language="en-US",
        digest="0" * 64,
        approved_at=NOW,
        published_at=NOW,
        **people(),
    )
    run = run or MeasureRun(
        run_id=run_of(place),
        formula_version="1",
        round_id=on.id,
        frozen=_NOTHING,
        created_at=NOW,
    )
    session.add_all((made, run))
    session.flush()
    content = b"a,b\r\n"
    digest = drawing.digest(content)
    session.add_all(
        (
            PublicationRun(publication_id=made.id, run_id=run.id),
            PublishedFile(publication_id=made.id, ending="csv", digest=digest, content=content),
        )
    )
    was = report(session, place, on, ReportState.DRAFT, by)
    was.publication_id, was.state = made.id, ReportState.PUBLISHED
    session.flush()
    return made


_NOTHING = {
    "formula_version": "1",
    "limits": [10, 25.0],
    "named_items": [],
    "parts": [],
    "round": {"name": "", "instrument": ["", "", ""], "cases": [], "outside": []},
    "baseline": None,
}
