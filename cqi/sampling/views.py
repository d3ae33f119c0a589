"""Bringing in the frame of a round, and drawing from it. What came of it is on the sample's page,
in `reviews`, which knows how far its cases are."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, disclosures, guard
from cqi.access.law import Exported
from cqi.access.permissions import Permission
from cqi.cases.rules import lists
from cqi.core import errors, intervals
from cqi.documents import table_files
from cqi.sampling import actions, forms, queries
from cqi.sampling.rules import designs, drawing, sizes
from cqi.sampling.rules.drawing import Design, Proportional
from cqi.ui import dates

blueprint = flask.Blueprint("sampling", __name__, template_folder="templates")
_EMPTY = "This file is empty. Choose the one that has the list."
_SHOWN = 200  # faults of a list, and cases that are left out, on one page


@blueprint.route("/rounds/<uuid:public_id>/sample/frame", methods=["GET", "POST"])
@guard.takes_files(actions.MEGABYTES)
@guard.requires(Permission.SAMPLE_DRAW)
def bring_in_frame(public_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the case list and judge it: kept whole as a frame, or not at all."""
    in_round = queries.for_drawing(current.session(), current.actor(), public_id)
    given = flask.request.form
    header = tuple(given.getlist("header"))
    form = (
        forms.FrameForm.asking(header)(given, header=header) if header else forms.FrameForm(given)
    )
    if flask.request.method == "GET":
        return _frame_page(in_round, form)
    upload = flask.request.files.get("file")
    content = upload.read() if upload else b""
    if not content.strip():
        chosen = bool(upload and upload.filename)
        form.file.errors = [_EMPTY if chosen else "Choose the file first."]
        return _frame_page(in_round, form)
    case_list = actions.CaseList(
        content, form.names, bool(form.with_holds.data), bool(form.dry_run.data)
    )
    try:
        result = _import(in_round, case_list)
    except errors.BadInput as bad:
        form.file.errors = [str(bad)]
        return _frame_page(in_round, form)
    if result.frame is None:
        return _frame_page(in_round, _asking(form, result), result)
    flask.flash(f"The frame is kept: {dates.counted(result.frame.eligible, 'case')} can be drawn.")
    return flask.redirect(flask.url_for("sampling.draw_sample", public_id=public_id), code=303)


def _import(in_round: queries.Round, case_list: actions.CaseList) -> actions.FrameResult:
    return actions.import_frame(
        current.session(),
        in_round=in_round,
        case_list=case_list,
        actor=current.actor(),
        today=current.today(),
        now=current.now(),
    )


def _asking(form: forms.FrameForm, result: actions.FrameResult) -> forms.FrameForm:
    """The form, with the file's columns to choose from where the list does not use our names."""
    columns = [bad for bad in result.problems if bad.line <= 1 and bad.column]
    if not columns or not result.header:
        return form
    asked = forms.FrameForm.asking(result.header)
    return asked(flask.request.form, header=result.header)


def _frame_page(
    in_round: queries.Round, form: forms.FrameForm, result: actions.FrameResult | None = None
) -> ResponseReturnValue:
    wrong = bool(form.errors or (result and result.problems))
    period = queries.period(in_round)
    page = flask.render_template(
        "sampling/bring_in_frame.html",
        round=in_round,
        form=form,
        columns=[form[name] for name in forms.COLUMN_WORDS if name in form],
        required=lists.REQUIRED,
        result=result,
        left_out=_left_out(result) if result else {},
        problems=result.problems[:_SHOWN] if result else (),
        period=dates.span(period.first, period.last),
        rules=queries.rules_of(current.session(), in_round),
        has_errors=wrong,
    )
    return page, 422 if wrong else 200


def _left_out(result: actions.FrameResult) -> dict[str, int]:
    words = {rule.code: rule.words for rule in queries.shipped_rules()}
    return {words[code]: number for code, number in result.sifted.counts.items()}


@blueprint.route("/rounds/<uuid:public_id>/sample/draw", methods=["GET", "POST"])
@guard.requires(Permission.SAMPLE_DRAW)
def draw_sample(public_id: uuid.UUID) -> ResponseReturnValue:
    """The newest frame: who is left out, how many cases to take, and the draw itself."""
    session = current.session()
    in_round = queries.for_drawing(session, current.actor(), public_id)
    found = queries.frames(session, in_round)
    if not found:
        return flask.redirect(flask.url_for("sampling.bring_in_frame", public_id=public_id), 303)
    posted = flask.request.method == "POST"
    chosen = forms.StrataForm(flask.request.form if posted else flask.request.args)
    if not chosen.validate():
        chosen = forms.StrataForm()
    available = drawing.sizes(queries.listed(session, found[0]), chosen.chosen)
    asked = forms.DrawForm.asking(available, queries.stratum_words(session, available))
    form = asked(flask.request.form) if posted else asked(strata=chosen.strata.data)
    shown, form.seen.data = form.seen.data, str(found[0].public_id)
    if not posted or not form.validate():
        return _draw_page(found[0], form, available)
    if shown != form.seen.data:
        return _draw_page(found[0], form, available, (_OTHER_FRAME,))
    new = actions.NewDraw(designs.written(_design(form, available)), reason=form.reason.data or "")
    try:
        actions.draw(session, frame=found[0], new=new, actor=current.actor(), now=current.now())
    except errors.Blocked as blocked:
        return _draw_page(found[0], form, available, blocked.blockers)
    flask.flash("The sample is drawn. Frame, seed and cases are kept as they are.")
    return flask.redirect(flask.url_for("reviews.sample", public_id=public_id), code=303)


_OTHER_FRAME = errors.Blocker(
    "other_frame",
    "Another list was brought in since you opened this page. Look at what stands here now, then"
    " draw.",
    "rule",
)


def _design(form: forms.DrawForm, available: dict[str, int]) -> Design:
    reserve = drawing.percent(form.reserve.data or 0)
    if form.rule.data == "fixed":
        return Design(form.chosen, form.allocation(available), reserve)
    total = max(form.total.data or 0, 0)
    return Design(form.chosen, Proportional(total, max(form.at_least.data or 0, 0)), reserve)


def _draw_page(
    frame: queries.Frame,
    form: forms.DrawForm,
    available: dict[str, int],
    refused: tuple[errors.Blocker, ...] = (),
) -> ResponseReturnValue:
    session, wrong = current.session(), bool(refused or form.errors)
    page = flask.render_template(
        "sampling/draw_sample.html",
        round=frame.round,
        frame=frame,
        form=form,
        numbers=[form[f"stratum-{place}"] for place in range(len(available))],
        counts=queries.left_out_counts(session, frame),
        left_out=queries.left_out(session, frame, number=_SHOWN),
        not_applied={
            queries.words_of(frame)[code]: ", ".join(columns)
            for code, columns in frame.not_applied.items()
        },
        planned=_planned(frame.eligible),
        needed=_needed(frame.eligible),
        again=len(queries.in_sample(session, [frame.round_id]).get(frame.round_id, ())),
        refused=[(each.message, form.place(each)) for each in refused],
        has_errors=wrong,
    )
    return page, 422 if wrong else 200


_PLANNED = (10, 18, 24, 30, 36, 50, 65, 80, 100)


def _planned(size: int) -> list[tuple[int, str, str]]:
    """(cases, how far a share may be off, the smallest change that a follow-up of the same size
    could call improved) for sizes that a frame allows."""
    found = []
    for number in sorted({each for each in _PLANNED if each <= size} | {min(size, 200)}):
        if not number:
            continue
        off = 100 * sizes.half_width(number, size)
        gain = intervals.smallest_gain(number, number)
        change = f"{100 * gain:.0f} points" if gain is not None else "none"
        found.append((number, f"{off:.0f} points", change))
    return found


_WIDTHS = (5, 10, 15, 20)  # points


def _needed(size: int) -> list[tuple[int, int]]:
    """(points, the fewest cases of a frame that know a share within so many)."""
    return [(points, sizes.cases_needed(points / 100, size)) for points in _WIDTHS if size]


@blueprint.get("/rounds/<uuid:public_id>/sample/<name>")
@guard.requires(Permission.ROUND_ASSIGN, fresh=True)
def sample_file(public_id: uuid.UUID, name: str) -> ResponseReturnValue:
    """`frame.csv`: the cases that could be drawn; `sample.csv`: those that were, with reserve. A
    row in the register of disclosures before either is made."""
    session = current.session()
    in_round = queries.for_sampling(session, current.actor(), public_id)
    found = queries.draws(session, in_round)
    if not found or name not in _FILES:
        raise errors.NotFound("there is no such file")
    what, made = _FILES[name]
    disclosures.record_round(what, public_id, purpose="oversight")
    head, rows = made(found[0])
    lines = list(table_files.csv_lines(head, [dict(zip(head, row, strict=True)) for row in rows]))
    if what is Exported.SAMPLE:  # below the table, whose first line stays its head
        lines += [f"# {sentence}\r\n" for sentence in drawing.RULE]
    answer = flask.Response("".join(lines).encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


_Table = tuple[list[str], Sequence[Sequence[object]]]


def _frame_file(one: queries.Draw) -> _Table:
    rows = [
        [each.case_number, each.county_fips, each.case_type.value]
        for each in queries.listed(current.session(), one.frame)
    ]
    return ["case_number", "county_fips", "case_type"], rows


def _sample_file(one: queries.Draw) -> _Table:
    rows = [
        [
            each.case_number, each.place.stratum, each.place.position, each.standing.value,
            f"{float(each.weight):.4f}" if each.weight else "", one.seed, one.frame.digest,
        ]
        for each in queries.sampled(current.session(), one)
    ]  # fmt: skip
    head = ["case_number", "stratum", "position", "standing", "weight", "seed", "frame_digest"]
    return head, rows


_FILES = {
    "frame.csv": (Exported.FRAME, _frame_file),
    "sample.csv": (Exported.SAMPLE, _sample_file),
}
