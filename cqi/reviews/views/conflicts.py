"""Two people wrote at one place: both texts beside each other, combining chosen at first."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import definition
from cqi.reviews import forms, queries, rules
from cqi.reviews.views import frames, links, routes, shown
from cqi.ui import comparing


def told(public_id: uuid.UUID, item: definition.Item) -> ResponseReturnValue:
    """What the script says at the field; its button sends the form here to be asked."""
    current.abandon()
    return (
        flask.jsonify(
            message="Somebody else changed this text too. Yours is kept here, theirs is saved.",
            conflict_url=flask.url_for(
                "reviews.settle_conflict", public_id=public_id, code=item.code
            ),
        ),
        409,
    )


_WORDS = {"yes": "Yes", "no": "No", "na": "NA"}


def overtaken(conflict: errors.Conflict) -> str:
    """What is said where somebody else answered first: one answer stands, there is no text."""
    answer = _WORDS.get(conflict.saved, conflict.saved or "no answer")
    return (
        f"Somebody else chose “{answer}” since you opened this page, and that stands."
        " Choose again if it should be otherwise."
    )


def asked(
    review: queries.CaseReview, item: definition.Item, conflict: errors.Conflict
) -> ResponseReturnValue:
    """The page that asks, after a plain post. What else the post changed is committed first."""
    public_id = review.public_id
    current.finish(200)
    return _page(public_id, item.code, conflict.sent), 409


@routes.blueprint.post("/reviews/<uuid:public_id>/items/<code>/conflict")
@guard.requires(Permission.REVIEW_SCORE)
def settle_conflict(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Ask which text should stand, or save the answer."""
    sent = flask.request.form
    if "choice" not in sent:
        return _page(public_id, code, shown.plain(sent.get(f"{code}-{forms.NARRATIVE}")))
    form, mine = forms.ConflictForm(sent), shown.plain(sent.get("mine"))
    if not form.validate():
        return _page(public_id, code, mine, form), 422
    return _settle(public_id, code, _chosen(form, mine), shown.number(sent.get("revision", "")))


def _chosen(form: forms.ConflictForm, mine: str) -> list[str | None]:
    """The texts to save, the one that stands last: what is not chosen stays in the history.

    None is the text that was saved by the other.
    """
    combined = shown.plain(form.combined.data)
    chosen: dict[str, list[str | None]] = {
        "combine": [mine, combined],
        "mine": [mine],
        "theirs": [mine, None],
    }
    return chosen[form.choice.data]


def _settle(
    public_id: uuid.UUID, code: str, texts: list[str | None], revision: int
) -> ResponseReturnValue:
    review = routes.found(public_id)
    sheet = queries.sheet(current.session(), review)
    saved = sheet.narratives.get(code)
    theirs = saved.value if saved else ""
    for chosen in texts:
        text = theirs if chosen is None else chosen
        change = rules.narrative(code, text, revision)
        done = routes.record(review, [change])
        if done.conflicts:  # a third text came meanwhile
            current.abandon()
            return _page(public_id, code, text), 409
        revision = done.revisions.get(code, revision)
    return flask.redirect(links.item(public_id, sheet.instrument, code), code=303)


def _page(
    public_id: uuid.UUID, code: str, mine: str, form: forms.ConflictForm | None = None
) -> str:
    opened = routes.opened(public_id)
    item = routes.item(opened.sheet.instrument, code)
    saved = opened.sheet.narratives.get(code)
    compared = comparing.compare(mine, saved.value if saved else "")
    return flask.render_template(
        "reviews/settle_conflict.html",
        case=frames.of(opened, item.component),
        item=item,
        rated=opened.sheet.rating.items[code],
        compared=compared,
        mine=mine,
        revision=saved.revision if saved else 0,
        theirs_by=saved.by if saved else "",
        theirs_at=routes.time_of(saved.at) if saved else "",
        form=form or forms.ConflictForm(combined=compared.combined),
        component_title=opened.sheet.instrument.component(item.component).short_title,
        back=links.item(public_id, opened.sheet.instrument, code),
        has_errors=form is not None,
    )
