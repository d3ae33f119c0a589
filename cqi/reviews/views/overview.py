"""The whole case on one page: what is missing, in lists that jump, and every item as rated."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import flask

from cqi.access import guard
from cqi.access.permissions import Permission
from cqi.instruments import completeness
from cqi.reviews.views import cards, frames, links, routes

_KIND = completeness.Kind
_NAVIGATORS = (
    ("Unanswered questions", "open-questions", (_KIND.FACT, _KIND.SUBJECT, _KIND.ANSWER)),
    (
        "Missing narratives and evidence",
        "open-texts",
        (_KIND.NA_REASON, _KIND.NARRATIVE, _KIND.EVIDENCE),
    ),
    ("Interviews to record", "open-interviews", (_KIND.INTERVIEW,)),
)


@dataclass(frozen=True)
class Part:
    """One component with the heads of its items, each with its address: where there are no answers
    it leads to what became of the item."""

    head: cards.ComponentHead
    url: str
    items: tuple[tuple[cards.ItemHead, str], ...]


@routes.blueprint.get("/reviews/<uuid:public_id>/overview")
@guard.requires(Permission.REVIEW_SEE)
def overview(public_id: uuid.UUID) -> str:
    """All components, items, ratings, and what is missing."""
    opened = routes.opened(public_id)
    return flask.render_template(
        "reviews/overview.html",
        case=frames.of(opened),
        navigators=list(navigators(opened.work)),
        components=list(_parts(opened)),
    )


def navigators(work: routes.Work) -> Iterator[tuple[str, str, int, list[tuple[str, str]]]]:
    """(title, id, how many, (words, address), one line an item): an empty list means done."""
    for title, id_, kinds in _NAVIGATORS:
        gaps = [gap for gap in work.missing if gap.kind in kinds]
        by_item = itertools.groupby(gaps, key=lambda gap: gap.item or gap.name)
        yield title, id_, len(gaps), [_line(work, list(together)) for _, together in by_item]


def _line(work: routes.Work, gaps: list[completeness.Missing]) -> tuple[str, str]:
    instrument, first = work.instrument, gaps[0]
    return links.together(instrument, gaps), links.address(work.public_id, instrument, first)


def _parts(opened: routes.Opened) -> Iterator[Part]:
    work, instrument = opened.work, opened.sheet.instrument
    for component in instrument.components:
        heads = (
            cards.head_of(work, item, editable=opened.editable)
            for item in instrument.items_of(component.code)
        )
        items = [(head, _url(opened, head.code)) for head in heads]
        came = opened.sheet.imported
        url = "" if came else links.component(work.public_id, component.code)
        yield Part(cards.of_rating(work, component), url, tuple(items))


def _url(opened: routes.Opened, code: str) -> str:
    if opened.sheet.imported:
        return flask.url_for("reviews.item_history", public_id=opened.public_id, item=code)
    return links.item(opened.public_id, opened.sheet.instrument, code)
