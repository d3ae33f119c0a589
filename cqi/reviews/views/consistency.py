"""The same item across the cases of a round, side by side, for a QA lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.instruments import definition
from cqi.instruments.definition import Rating
from cqi.reviews import forms, queries
from cqi.reviews.views import links, routes
from cqi.rounds import queries as rounds


@dataclass(frozen=True)
class Row:
    """One case review's answers to the item; `computed` where something else counts."""

    case_number: str
    url: str
    reviewers: str
    rating: Rating | None
    computed: Rating | None
    answers: tuple[tuple[str, str], ...]
    narrative: str


@routes.blueprint.get("/consistency", endpoint="consistency")
@guard.requires(Permission.REVIEW_APPROVE)
def show_consistency() -> ResponseReturnValue:
    """Choose a round and an item; every case review that was handed in, side by side."""
    session, actor, asked = current.session(), current.actor(), flask.request.args
    seen = rounds.rounds(session, actor)
    one = next((each for each in seen if str(each.public_id) == asked.get("round")), None)
    one = one or next(iter(seen), None)
    if one is None:
        return flask.render_template("reviews/consistency.html", form=None)
    instrument = queries.pinned(one, one.items)  # what the round asks for, nothing else
    codes = [item.code for item in instrument.items]
    item = instrument.item(asked["item"] if asked.get("item") in codes else codes[0])
    found = queries.same_item(session, actor, one, item.code)
    for each in found:
        reading_log.record_read(each.public_id, purpose="qa")
    return flask.render_template(
        "reviews/consistency.html",
        form=_form(seen, one, instrument, item),
        round=one,
        item=item,
        rows=[_row(each, instrument, item) for each in found],
        reviewers=queries.by_reviewer(found),
    )


def _form(
    seen: Sequence[queries.Round],
    one: queries.Round,
    instrument: definition.Instrument,
    item: definition.Item,
) -> forms.ConsistencyForm:
    return forms.ConsistencyForm(
        data={"round": str(one.public_id), "item": item.code},
        rounds={str(each.public_id): each.name for each in seen},
        items={each.code: f"{each.code} {each.title}" for each in instrument.items},
    )


def _row(one: queries.SameItem, instrument: definition.Instrument, item: definition.Item) -> Row:
    answers = (
        (question.id, ", ".join(question.words(v) for v in one.answers.get(question.id, ())))
        for question in item.questions
    )
    return Row(
        case_number=one.case_number,
        url=links.item(one.public_id, instrument, item.code),
        reviewers=", ".join(one.reviewers),
        rating=one.counted,
        computed=one.computed if one.computed is not one.counted else None,
        answers=tuple(answers),
        narrative=one.narrative or "",
    )
