"""What was published: the register, a publication with its files, and two runs side by side."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.feedback import queries as feedback
from cqi.measures import queries as measures
from cqi.measures.rules import changes, tabulation
from cqi.reporting import forms, queries
from cqi.reporting.queries import drawing, publications, records, sheets
from cqi.reporting.rules import reports
from cqi.reporting.views import routes
from cqi.rounds import queries as rounds
from cqi.ui import dates

blueprint = routes.blueprint
NOW = "now"
_SHORT = 12


@blueprint.get("/published")
@guard.requires(Permission.PUBLICATION_SEE)
def published() -> str:
    """What was published, the newest first; reports in review for those who may comment."""
    session, actor = current.session(), current.actor()
    discusses = actor.holds(Permission.REPORT_DISCUSS)
    return flask.render_template(
        "reporting/published.html",
        lines=publications.publications(session, actor),
        waiting=[
            (
                row.public_id,
                sheets.title(row),
                sheets.about(row),
                reports.REPORT_STATE_WORDS[row.state],
            )
            for row in (records.reports(session, actor) if discusses else ())
        ],
        discusses=discusses,
        moment=routes.moment,
        dates=dates,
    )


@blueprint.get("/published/<uuid:public_id>")
@guard.requires(Permission.PUBLICATION_SEE)
def publication(public_id: uuid.UUID) -> str:
    """A publication: its files and digests, its runs and what they rest on, who approved it."""
    session, actor = current.session(), current.actor()
    row = publications.publication(session, actor, public_id)
    sheet = publications.sheet(session, row)
    readers = publications.readers(session, row) if _directs() else None
    reading_log.record_opened(public_id, purpose="page")
    return flask.render_template(
        "reporting/publication.html",
        sheet=sheet,
        row=row,
        sums=reports.sums((one.name, one.digest) for one in sheet.files),
        readers=readers,
        sees_runs=sheet.round_id is not None and _sees_round(sheet.round_id),
        moment=routes.moment,
    )


def _directs() -> bool:
    return current.actor().holds(Permission.REPORT_APPROVE)


def _sees_round(round_id: uuid.UUID) -> bool:
    """Whether the actor may open the figures of a round."""
    try:
        queries.round_of(current.session(), current.actor(), round_id)
    except errors.NotFound:
        return False
    return current.actor().holds(Permission.REPORT_SEE)


@blueprint.get("/published/<uuid:public_id>.<ending>")
@guard.requires(Permission.PUBLICATION_SEE)
def publication_file(public_id: uuid.UUID, ending: str) -> ResponseReturnValue:
    """A file of a publication: the very bytes that were published."""
    session = current.session()
    row = publications.publication(session, current.actor(), public_id)
    content = publications.file(session, row, ending)
    reading_log.record_opened(public_id, purpose=ending)
    name = reports.file_name(row.level, public_id, ending)
    give = routes.shown if ending == "html" else routes.download
    return give(content, drawing.FORMS[ending][1], name)


# ---- two runs, figure by figure -----------------------------------------------------------------


@dataclass(frozen=True)
class _Chosen:
    """A run that was chosen, or the figures as they are now."""

    words: str
    measures: tabulation.Measures
    marks: tuple[str, ...] = ()


@blueprint.get("/rounds/<uuid:public_id>/runs")
@guard.requires(Permission.REPORT_SEE)
def runs(public_id: uuid.UUID) -> str:
    """Two frozen runs of a round, or one and the figures as they are now, figure by figure."""
    session = current.session()
    round_ = queries.round_of(session, current.actor(), public_id)
    kept = measures.runs_of(session, round_)
    form = forms.RunsForm(flask.request.args)
    form.first.choices = form.second.choices = [
        (NOW, "As the figures are now"),
        *((one.run_id, _words(one)) for one in kept),
    ]
    asked = {"first": form.first.data, "second": form.second.data}
    chosen = [_chosen(round_, kept, each) for each in asked.values() if each]
    figures = changes.side_by_side(*(c.measures for c in chosen)) if len(chosen) == 2 else ()
    instrument = rounds.instrument_of(round_)
    titles = {each.code: each.title for each in instrument.components}
    titles |= {each.code: each.title for each in instrument.items}
    return flask.render_template(
        "reporting/runs.html",
        round=round_,
        form=form,
        kept=[
            (one, measures.changes_since(session, one), feedback.marks(session, one).words)
            for one in kept
        ],
        moment=routes.moment,
        chosen=chosen,
        differing=[one for one in figures if not one.same],
        same=[one for one in figures if one.same],
        titles=titles,
    )


def _chosen(round_: queries.Round, kept: Sequence[measures.MeasureRun], asked: str) -> _Chosen:
    """Raises NotFound for a run of another round."""
    if asked == NOW:
        wanted = queries.Wanted(round=round_, today=current.today())
        found = measures.measures(current.session(), queries.asked_of(current.session(), wanted))
        return _Chosen("As the figures are now", found)
    for one in kept:
        if one.run_id == asked:
            marks = feedback.marks(current.session(), one).words
            return _Chosen(_words(one), measures.figures_of(one), marks)
    raise errors.NotFound("this round has no such run")


def _words(run: measures.MeasureRun) -> str:
    return f"{run.run_id[:_SHORT]}, frozen {routes.moment(run.created_at)}"
