"""A memo as a Document, for paper: the same words as on its page, in the same order."""

from __future__ import annotations

from collections.abc import Sequence

from cqi.documents import model
from cqi.feedback import rules
from cqi.feedback.queries import memos
from cqi.ui import dates

_KIND = "Case feedback memo"
_THANKS = (
    "Thank you for your work with this family and for the time that you gave to the review."
    " A review looks at practice in one case; it is not an evaluation of a person."
)
_WITHHELD = "The words on this item stay in the case review."
_CLOSING = (
    "Assembled from the final review. Reviewers write without names and do not quote"
    " interviews; tell the CQI office where it happened all the same."
)


def document(sheet: memos.MemoSheet, *, demonstration: bool = False) -> model.Document:
    """The whole memo: strengths, needs with what good looks like, then the other strengths."""
    row, memo = sheet.row, sheet.memo
    invented = "Demonstration: nobody exists. " if demonstration else ""
    return model.Document(
        title="What worked in this case, and what to build next",
        subtitle=_KIND,
        kind="memo",
        facts=tuple(_facts(sheet)),
        sections=(_strengths(memo), _needs(memo), *_more_strengths(memo)),
        running_head=(_KIND, f"Case {row.case_number} · {row.round}"),
        footer_mark="CONFIDENTIAL",
        footer_text=f"{invented}For the caseworker and the supervisor · Do not forward",
        series=_KIND,
    )


def _facts(sheet: memos.MemoSheet) -> list[model.Fact]:
    row = sheet.row
    until = f" to {dates.full_day(row.pur_to)}" if row.pur_to else ""
    return [
        model.Fact("To", f"Caseworker and supervisor, {row.unit}, {row.county}"),
        model.Fact("Case", f"{row.case_number}, {row.case_type.lower()}"),
        model.Fact("Review", f"Final {dates.full_day(row.final_on)}, {row.round}"),
        model.Fact("Period", f"{dates.full_day(row.pur_from)}{until}"),
        model.Fact("Instrument", sheet.instrument),
        model.Fact("Read by", dates.full_day(row.due.on)),
    ]


def _strengths(memo: rules.Memo) -> model.Section:
    count = f"{memo.strength_count} of {memo.applicable} items that applied are strengths."
    if memo.more_strengths:
        count += " Those that are not listed here stand at the end of this memo."
    blocks = (model.Lead(_THANKS), *_list(memo.strengths), model.Text(count, "note"))
    return _section("worked", "What worked", blocks)


def _more_strengths(memo: rules.Memo) -> list[model.Section]:
    listed = _list(memo.more_strengths)
    return [_section("more", "The other strengths of this case", listed)] if listed else []


def _list(points: Sequence[rules.Point]) -> list[model.Block]:
    return [model.Findings(tuple(_strength(point) for point in points))] if points else []


def _strength(point: rules.Point) -> model.Marked:
    head = (model.Span(point.title), " ", model.Span(point.code, "muted"))
    return model.Marked("strength", head, point.seen or _WITHHELD)


def _needs(memo: rules.Memo) -> model.Section:
    closing = model.Text(_CLOSING, "note")
    if not memo.needs:
        nothing = model.Text("Nothing: every item that applied is a strength.")
        return _section("work_on", "What to work on", (nothing, closing))
    heads = model.SideHeads(tuple(_need(point) for point in memo.needs))
    return _section("work_on", "What to work on", (heads, closing))


def _need(point: rules.Point) -> model.SideHead:
    blocks = (
        model.Text(point.seen or _WITHHELD),
        model.Text(f"Rated so because {point.why}", "note"),
        model.Text((model.Span("What good looks like. "), point.good_looks_like)),
    )
    return model.SideHead(f"{point.title} {point.code}", blocks, "area_needing_improvement")


def _section(key: str, title: str, blocks: Sequence[model.Block]) -> model.Section:
    return model.Section(key, title, "", tuple(blocks), starts_page=False)
