"""A memo as a Document, for paper: the words of its page, on one or two pages.

Of many strengths and needs the first stand in full, as far as two pages go; the others are named,
and the page has their words.
"""

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
_TITLE = "What worked in this case, and what to build next"
_STRENGTHS, _NEEDS, _LINE, _LEAST = 1200, 1900, 80, 1  # characters that two pages hold
_UNGRADED = 700  # more, where no ratings stand beside them
_WITHHELD = "The words on this item stay in the case review."
_CLOSING = (
    "Assembled from the final review. What people said in interviews is not quoted; tell the CQI"
    " office where it happened all the same."
)


def document(sheet: memos.MemoSheet, *, demonstration: bool = False) -> model.Document:
    """The whole memo: strengths, needs with what good looks like, what happens now; ratings for
    those who see them. `sheet.memo` must be there."""
    assert sheet.memo is not None  # noqa: S101 - the page asks first
    row, memo = sheet.row, sheet.memo
    invented = "Demonstration: nobody exists. " if demonstration else ""
    graded = [_ratings(memo)] if sheet.graded else []
    return model.Document(
        title=_TITLE,
        subtitle=_KIND,
        kind="memo",
        compact=True,
        facts=tuple(_facts(row, memo)),
        sections=(
            _strengths(memo, graded=sheet.graded),
            _needs(memo, graded=sheet.graded),
            *graded,
            _now(row),
        ),
        running_head=(_KIND, f"Case {row.case_number} · {row.round}"),
        footer_mark="CONFIDENTIAL",
        footer_text=f"{invented}For the caseworker and the supervisor · Do not forward",
        series=_KIND,
    )


def _facts(row: memos.MemoRow, memo: rules.Memo) -> list[model.Fact]:
    until = f" to {dates.full_day(row.pur_to)}" if row.pur_to else ""
    return [
        model.Fact("To", f"Caseworker and supervisor, {row.unit}, {row.county}"),
        model.Fact("Case", f"{row.case_number}, {row.case_type.lower()}"),
        model.Fact("Review", f"Final {dates.full_day(row.final_on)}, {row.round}"),
        model.Fact("Period", f"{dates.full_day(row.pur_from)}{until}"),
        model.Fact("Instrument", memo.instrument),
        model.Fact("Released", dates.full_day(row.released_on)),
    ]


def _strengths(memo: rules.Memo, *, graded: bool) -> model.Section:
    blocks: list[model.Block] = [model.Lead(_THANKS)]
    blocks += [model.Text(memo.opening)] if memo.opening else []
    shown, more = _first(memo.all_strengths, _STRENGTHS, graded=graded)
    blocks += [model.Heading("What worked"), *_list(shown, graded=graded)]
    if more:
        blocks.append(model.Text((model.Span("Also worked. "), _named(more)), "note"))
    return model.Section("worked", _TITLE, _KIND, tuple(blocks), starts_page=False)


def _first(
    points: Sequence[rules.Point], characters: int, *, graded: bool
) -> tuple[Sequence[rules.Point], Sequence[rules.Point]]:
    """As many as their words fit, at least one, and the others."""
    for count in range(_LEAST, len(points)):
        if sum(_length(one, graded=graded) for one in points[: count + 1]) > characters:
            return points[:count], points[count:]
    return points, ()


def _length(point: rules.Point, *, graded: bool) -> int:
    """Of its words on paper, in characters; a head counts for a line."""
    good = 0 if point.rating is Rating.STRENGTH else len(point.good_looks_like)
    why = len(point.why) if graded and good else 0
    own = len(_seen(point)) + good + why + _LINE
    return own + sum(_length(part, graded=graded) for part in point.parts)


def _named(points: Sequence[rules.Point]) -> str:
    return ", ".join(f"{point.title} ({point.code})" for point in points) + "."


def _list(points: Sequence[rules.Point], *, graded: bool) -> list[model.Block]:
    entries = [entry for point in points for entry in _strength(point, graded=graded)]
    return [model.Findings(tuple(entries))] if entries else []


def _strength(point: rules.Point, *, graded: bool) -> Iterator[model.Marked]:
    """A strength, followed by its parts, each with its own mark for those who see ratings."""
    yield _marked(point, point.code, graded=graded)
    for part in point.parts:
        yield _marked(part, f"{part.code}, part of {point.code}", graded=graded)


def _marked(point: rules.Point, code: str, *, graded: bool) -> model.Marked:
    head = (model.Span(point.title), " ", model.Span(code, "muted"))
    return model.Marked(point.rating.value if graded else "done", head, _seen(point))


def _seen(point: rules.Point) -> str:
    return _WITHHELD if point.withheld else point.seen


def _needs(memo: rules.Memo, *, graded: bool) -> model.Section:
    blocks: list[model.Block] = []
    if memo.needs:
        shown, more = _first(memo.needs, _NEEDS if graded else _NEEDS + _UNGRADED, graded=graded)
        blocks.append(model.SideHeads(tuple(_need(point, graded=graded) for point in shown)))
        if more:
            blocks.append(model.Text((model.Span("Also to work on. "), _named(more)), "note"))
    else:
        blocks.append(model.Text("Nothing: every item that applied is a strength."))
    blocks += [model.Text(memo.closing)] if memo.closing else []
    return _section("work_on", "What to work on", blocks)


def _need(point: rules.Point, *, graded: bool) -> model.SideHead:
    """A need; where parts of it need improvement, each says for itself what good looks like."""
    needs = [part for part in point.parts if part.rating is point.rating]
    words = _seen(point)
    blocks: list[model.Block] = [model.Text(words)] if words else []
    blocks += _why(point) if graded else []
    blocks += [] if needs else [_good(point)]
    for part in point.parts:
        marked = _marked(part, part.code, graded=graded)
        head = (model.Span(part.title), " ", model.Span(part.code, "muted"), " ")
        unmarked = model.Text((*head, _seen(part)))
        blocks.append(model.Findings((marked,)) if graded else unmarked)
        if part in needs:
            blocks += [*(_why(part) if graded else []), _good(part)]
    heading = f"{point.title} {point.code}"
    mark = point.rating.value if graded else ""
    return model.SideHead(heading, tuple(blocks), mark, point.component)


def _why(point: rules.Point) -> list[model.Block]:
    return [model.Text(f"Rated so because {point.why}", "note")]


def _good(point: rules.Point) -> model.Text:
    return model.Text((model.Span("What good looks like. "), point.good_looks_like))


def _ratings(memo: rules.Memo) -> model.Section:
    """Each component with its rating, and which of its items are what."""
    columns = tuple(map(model.Column, ("Component", "Rating", "Strengths", "To work on")))
    rows = tuple(
        model.Row(
            (
                one.title,
                one.rating.label if one.rating else "Not rated",
                _codes(one, Rating.STRENGTH),
                _codes(one, Rating.AREA_NEEDING_IMPROVEMENT),
            )
        )
        for one in memo.components
    )
    count = f"{memo.strength_count} of {memo.applicable} items that applied are strengths."
    table = model.Table("ratings", "Which items are what", columns, rows, notes=(count,))
    return _section("ratings", "Ratings of this case", [table])


def _codes(one: rules.Graded, wanted: Rating) -> str:
    found = [code.removeprefix(one.code) for code, rating in one.items if rating is wanted]
    return ", ".join(found) or "none"


def _now(row: memos.MemoRow) -> model.Section:
    if not row.stands:
        words = "The review behind this memo was opened again. A new memo will come: read that one."
        return _section(
            "now", "What happens now", [model.Text(words), model.Text(_CLOSING, "note")]
        )
    entries = (
        f"Please say in the system, by {dates.full_day(row.due.on)}, that you have read this.",
        "It means “I have read it”, not “I agree”.",
        "Talk about it in supervision: what made the strengths work, and what would help next.",
    )
    blocks: list[model.Block] = [model.Bullets(entries), model.Text(_CLOSING, "note")]
    return _section("now", "What happens now", blocks)


def _section(key: str, title: str, blocks: Sequence[model.Block]) -> model.Section:
    return model.Section(key, title, "", tuple(blocks), starts_page=False)
