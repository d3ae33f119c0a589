"""A report that is being worked on: its page, its steps, what is said of it; and what is due."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import html
from cqi.reporting import actions, forms, policy, queries
from cqi.reporting.queries import drawing, records, sheets, subjects
from cqi.reporting.rules.reports import OPEN, Level, ReportState
from cqi.reporting.views import routes
from cqi.reporting.workflow import Step
from cqi.reviews.views import shown
from cqi.ui import dates

blueprint = routes.blueprint
_REFUSED = 422


@blueprint.get("/due")
@guard.requires(Permission.REPORT_DUE)
def due() -> str:
    """Which reports are due, which are late, and with whom they are."""
    lines = sheets.due_lines(current.session(), current.actor(), current.today())
    late = sum(line.due.late > 0 for line in lines)
    return flask.render_template("reporting/due.html", lines=lines, late=late, dates=dates)


@blueprint.post("/rounds/<uuid:public_id>/begin")
@guard.requires(Permission.REPORT_WRITE)
def begin_report(public_id: uuid.UUID) -> ResponseReturnValue:
    """Begin the report of a region's round; where there is one already, go there."""
    round_ = queries.round_of(current.session(), current.actor(), public_id)
    return _begun(subjects.of_region(round_))


@blueprint.post("/rounds/<uuid:public_id>/counties/<uuid:county>/begin")
@guard.requires(Permission.REPORT_WRITE)
def begin_county_report(public_id: uuid.UUID, county: uuid.UUID) -> ResponseReturnValue:
    """The same of a county's part in a round."""
    session = current.session()
    found = queries.county_of(session, current.actor(), public_id, county)
    return _begun(subjects.of_county(session, *found))


@blueprint.post("/state/begin")
@guard.requires(Permission.REPORT_WRITE)
def begin_state_report() -> ResponseReturnValue:
    """The same of the state, as of the day that its page showed."""
    if not current.actor().reach(Permission.REPORT_WRITE).everywhere:
        raise errors.Forbidden("The state's report is for those whose access reaches the state.")
    as_of = routes.day_of(flask.request.form.get("as_of", ""))
    return _begun(subjects.of_state(current.session(), as_of))


def _begun(subject: subjects.Subject) -> ResponseReturnValue:
    session = current.session()
    going_on = subjects.open_for(session, subject)
    if going_on and going_on.as_of_on != subject.day:
        day = dates.full_day(going_on.as_of_on)
        flask.flash(f"One as of {day} is being worked on: publish it or set it aside first.")
    made = going_on or actions.begin(
        session,
        subject=subject,
        actor=current.actor(),
        now=current.now(),
        today=current.today(),
    )
    return flask.redirect(flask.url_for("reporting.report", public_id=made.public_id), code=303)


@blueprint.get("/<uuid:public_id>")
@guard.requires(Permission.REPORT_DISCUSS)
def report(public_id: uuid.UUID) -> ResponseReturnValue:
    """One report: how it stands, what is written, what is said, what one can do about it."""
    return _page(public_id)


@blueprint.get("/<uuid:public_id>/document")
@guard.requires(Permission.REPORT_DISCUSS)
def report_document(public_id: uuid.UUID) -> str:
    """The report as a document: as it stands inside the agency, or `?as=published`."""
    row = records.report(current.session(), current.actor(), public_id)
    published = flask.request.args.get("as") == "published"
    document = drawing.made(current.session(), row, asking(published=published)).document()
    return flask.render_template(
        "reporting/report_document.html",
        row=row,
        title=sheets.title(row),
        document=document,
        content=html.render(document, level=1, with_contents=False),
        contents=html.contents(document),
        published=published,
        forms=[(words, ending) for ending, (_, _, words) in drawing.FORMS.items()],
    )


@blueprint.get("/<uuid:public_id>/document.<ending>")
@guard.requires(Permission.REPORT_DISCUSS)
def report_document_file(public_id: uuid.UUID, ending: str) -> ResponseReturnValue:
    """The same as a file."""
    if ending not in drawing.FORMS:
        raise errors.NotFound(f"there is no report as {ending}")
    row = records.report(current.session(), current.actor(), public_id)
    published = flask.request.args.get("as") == "published"
    document = drawing.made(current.session(), row, asking(published=published)).document()
    write, content_type, _ = drawing.FORMS[ending]
    return routes.download(write(document), content_type, f"draft-report-{public_id}.{ending}")


@blueprint.post("/<uuid:public_id>/comments")
@guard.requires(Permission.REPORT_DISCUSS)
def comment(public_id: uuid.UUID) -> ResponseReturnValue:
    """Say what should be looked at."""
    form = forms.CommentForm(prefix="comment-")
    row = records.report(current.session(), current.actor(), public_id)
    form.section.choices = _sections(row)

    def say() -> None:
        actions.comment(
            current.session(),
            report=row,
            text=form.text.data or "",
            section=form.section.data or "",
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash("Your comment stands with the report.")

    return _done(public_id, "comment", form, say)


@blueprint.post("/<uuid:public_id>/send-for-review")
@guard.requires(Permission.REPORT_WRITE)
def send_for_review(public_id: uuid.UUID) -> ResponseReturnValue:
    """Hand a draft to those who comment and approve."""
    form = forms.SendForReviewForm(prefix="send_for_review-")

    def send() -> None:
        row = records.report(current.session(), current.actor(), public_id)
        actions.send_for_review(
            current.session(),
            report=row,
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )
        flask.flash("Sent for review. Those who reach this place can comment on it now.")

    return _done(public_id, "send_for_review", form, send)


@blueprint.post("/<uuid:public_id>/send-back")
@guard.requires(Permission.REPORT_APPROVE)
def send_back(public_id: uuid.UUID) -> ResponseReturnValue:
    """Give it back to its writers."""
    form = forms.SendBackForm(prefix="send_back-")

    def send() -> None:
        row = records.report(current.session(), current.actor(), public_id)
        actions.send_back(
            current.session(),
            report=row,
            reason=form.reason.data or "",
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash("Sent back to its writers, with your words.")

    return _done(public_id, "send_back", form, send)


@blueprint.post("/<uuid:public_id>/set-aside")
@guard.requires(Permission.REPORT_DISCUSS)
def set_aside(public_id: uuid.UUID) -> ResponseReturnValue:
    """Nobody goes on with it; another one may be begun."""
    form = forms.SetAsideForm(prefix="set_aside-")

    def end() -> None:
        actions.set_aside(
            current.session(),
            report=records.report(current.session(), current.actor(), public_id),
            reason=form.reason.data or "",
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash("Set aside. It stays here to be read; another one may be begun.")

    return _done(public_id, "set_aside", form, end)


@blueprint.post("/<uuid:public_id>/approve")
@guard.requires(Permission.REPORT_APPROVE)
def approve(public_id: uuid.UUID) -> ResponseReturnValue:
    """Approve the figures that the page showed."""
    form = forms.ApproveForm(prefix="approve-")

    def allow() -> None:
        row = records.report(current.session(), current.actor(), public_id)
        actions.approve(
            current.session(),
            report=row,
            shown=actions.Shown(
                form.run.data or "", asking(published=True), shown.number(form.revision.data or "")
            ),
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash("Approved. Its figures are frozen, and none but they can be published.")

    return _done(public_id, "approve", form, allow)


@blueprint.post("/<uuid:public_id>/publish")
@guard.requires(Permission.REPORT_APPROVE)
def publish(public_id: uuid.UUID) -> ResponseReturnValue:
    """Publish what was approved. It is drawn first, outside the transaction that stores it."""
    form = forms.PublishForm(prefix="publish-")
    drawn = _drawn(public_id, form.reason.data or "")
    published: list[uuid.UUID] = []

    def store() -> None:
        row = records.report(current.session(), current.actor(), public_id)
        made = actions.publish(
            current.session(), report=row, drawn=drawn, actor=current.actor(), now=current.now()
        )
        published.append(made.public_id)
        flask.flash("Published. These files never change.")

    answer = _done(public_id, "publish", form, store)
    if not published:
        return answer
    there = flask.url_for("reporting.publication", public_id=published[0])
    return flask.redirect(there, code=303)


def _drawn(public_id: uuid.UUID, reason: str) -> actions.Drawn:
    """The report and its files as they would be published; no file where it cannot be."""
    asked = asking(published=True)
    with current.database().reading() as session:
        row = records.report(session, current.actor(), public_id)
        policy.authorise(Permission.REPORT_APPROVE, records.standing(session, row), current.actor())
        made = drawing.made(session, row, asked)
        shown = actions.Shown(made.run, asked, row.revision)
        if row.state is not ReportState.APPROVED or made.run != row.approved_run:
            return actions.Drawn(shown, "", {}, reason)
        document = made.document()
    title = f"{document.title}, {document.subtitle}"
    return actions.Drawn(shown, title, drawing.files(document), reason)


def asking(*, published: bool = False) -> drawing.Asking:
    """How a report is drawn in this request."""
    demonstration = current.installation().demonstration
    return drawing.Asking(current.today(), demonstration, published)


def _done(
    public_id: uuid.UUID, name: str, form: flask_wtf.FlaskForm, do: Callable[[], None]
) -> ResponseReturnValue:
    """Do it where the form is right, and go to the report; else its page with what is wrong."""
    if form.validate_on_submit():
        try:
            do()
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
        else:
            there = flask.url_for("reporting.report", public_id=public_id)
            return flask.redirect(there, code=303)
    current.abandon()
    return _page(public_id, {name: form}), _REFUSED


@dataclass(frozen=True)
class _Deciding:
    """What stands at the figures that somebody decides on: their digest, what is in the way, what
    changed since the approval, and the publication whose place they would take."""

    run: str = ""
    in_the_way: tuple[errors.Blocker, ...] = ()
    since: str = ""
    earlier: str = ""
    forms: dict[str, flask_wtf.FlaskForm] = field(default_factory=dict)


def _page(public_id: uuid.UUID, sent: dict[str, flask_wtf.FlaskForm] | None = None) -> str:
    """The page with empty forms, but for the one that was refused."""
    session, actor = current.session(), current.actor()
    row = records.report(session, actor, public_id)
    found = sheets.sheet(session, actor, row, current.today())
    deciding = _deciding(row, found)
    offered = {**deciding.forms, **_plain_forms(row, found), **(sent or {})}
    if "approve" in offered:  # what was refused showed older figures, or older words
        offered["approve"]["run"].data = deciding.run
        offered["approve"]["revision"].data = str(row.revision)
    publication = row.publication.public_id if row.publication else None
    return flask.render_template(
        "reporting/report.html",
        sheet=found,
        row=row,
        deciding=deciding,
        forms=offered,
        refused=next(iter((sent or {}).values()), None),
        publication=publication,
        round_id=row.round.public_id if row.round else None,
        moment=routes.moment,
        dates=dates,
    )


def _plain_forms(row: records.ReportRow, found: sheets.Sheet) -> dict[str, flask_wtf.FlaskForm]:
    """The forms that need no figures."""
    made: dict[str, flask_wtf.FlaskForm] = {}
    if found.comments_now:
        made["comment"] = forms.CommentForm(formdata=None, prefix="comment-")
        made["comment"].section.choices = _sections(row)
    if Step.SEND_FOR_REVIEW in found.may:
        made["send_for_review"] = forms.SendForReviewForm(formdata=None, prefix="send_for_review-")
    if Step.SEND_BACK in found.may:
        made["send_back"] = forms.SendBackForm(formdata=None, prefix="send_back-")
    if found.sets_aside:
        made["set_aside"] = forms.SetAsideForm(formdata=None, prefix="set_aside-")
    return made


def _sections(row: records.ReportRow) -> list[tuple[str, str]]:
    written = records.definition_of(row).narratives
    return [("", "The whole report"), *((s.text("id"), s.text("title")) for s in written)]


def _deciding(row: records.ReportRow, found: sheets.Sheet) -> _Deciding:
    """The figures as they are now, while somebody may approve or publish them."""
    if row.state not in OPEN or row.set_aside_at:
        return _Deciding()
    session, actor = current.session(), current.actor()
    if row.state is ReportState.DRAFT:
        return _small_draft(row) if row.level is Level.COUNTY else _Deciding()
    made = drawing.made(session, row, asking(published=True))
    figures = drawing.figures(session, row, made, made.run)
    standing = records.standing(session, row)
    step = Step.PUBLISH if row.state is ReportState.APPROVED else Step.APPROVE
    offered: dict[str, flask_wtf.FlaskForm] = {}
    if Step.APPROVE in found.may and figures.run != figures.approved:
        offered["approve"] = forms.ApproveForm(
            formdata=None, prefix="approve-", data={"run": made.run, "revision": row.revision}
        )
    if Step.PUBLISH in found.may:
        offered["publish"] = forms.PublishForm(formdata=None, prefix="publish-")
    earlier = records.published_before(session, row)
    return _Deciding(
        run=made.run,
        in_the_way=tuple(policy.blockers(step, standing, actor, figures=figures))
        if step in found.may
        else (),
        since=figures.since,
        earlier=earlier.publication.title if earlier and earlier.publication else "",
        forms=offered,
    )


def _small_draft(row: records.ReportRow) -> _Deciding:
    """Before anybody writes a county's story: whether its cases are enough to be published."""
    made = drawing.made(current.session(), row, asking(published=True))
    return _Deciding(in_the_way=tuple(policy.enough_blockers(policy.Figures(enough=made.enough))))
