"""A memo as a Document, for paper: the same words as on its page, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cqi.documents import model
from cqi.feedback import rules
from cqi.feedback.queries import memos
from cqi.instruments.definition import Rating
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
    entries = [entry for point in points for entry in _strength(point)]
    return [model.Findings(tuple(entries))] if entries else []


def _strength(point: rules.Point) -> Iterator[model.Marked]:
    """A strength, followed by its parts, each with its own mark."""
    yield _marked(point, point.code)
    for part in point.parts:
        yield _marked(part, f"{part.code}, part of {point.code}")


def _marked(point: rules.Point, code: str) -> model.Marked:
    head = (model.Span(point.title), " ", model.Span(code, "muted"))
    set_by_qa = point.computed and point.rating is Rating.STRENGTH
    words = f"{_seen(point)} (Rated so because {point.why}.)" if set_by_qa else _seen(point)
    return model.Marked(point.rating.value, head, words.lstrip())


def _seen(point: rules.Point) -> str:
    return _WITHHELD if point.withheld else point.seen


def _needs(memo: rules.Memo) -> model.Section:
    closing = model.Text(_CLOSING, "note")
    if not memo.needs:
        nothing = model.Text("Nothing: every item that applied is a strength.")
        return _section("work_on", "What to work on", (nothing, closing))
    heads = model.SideHeads(tuple(_need(point) for point in memo.needs))
    return _section("work_on", "What to work on", (heads, closing))


def _need(point: rules.Point) -> model.SideHead:
    """A need; where parts of it need improvement, each says for itself what good looks like."""
    needs = [part for part in point.parts if part.rating is point.rating]
    words = _seen(point)
    blocks: list[model.Block] = [model.Text(words)] if words else []
    blocks += [_why(point)] if needs else [_why(point), _good(point)]
    for part in point.parts:
        blocks.append(model.Findings((_marked(part, part.code),)))
        blocks += [_why(part), _good(part)] if part in needs else []
    return model.SideHead(f"{point.title} {point.code}", tuple(blocks), point.rating.value)


def _why(point: rules.Point) -> model.Text:
    return model.Text(f"Rated so because {point.why}", "note")


def _good(point: rules.Point) -> model.Text:
    return model.Text((model.Span("What good looks like. "), point.good_looks_like))


def _section(key: str, title: str, blocks: Sequence[model.Block]) -> model.Section:
    return model.Section(key, title, "", tuple(blocks), starts_page=False)
