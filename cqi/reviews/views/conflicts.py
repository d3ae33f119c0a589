"""Two people, or one in two windows, wrote at one place: both texts, combining chosen at first."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import definition, item_rating
from cqi.reviews import forms, queries, rules
from cqi.reviews.rules import interviews as hearing
from cqi.reviews.views import frames, links, routes, shown
from cqi.ui import comparing


def told(
    public_id: uuid.UUID, item: definition.Item, conflict: errors.Conflict
) -> ResponseReturnValue:
    """What the script says at the field; its button sends the whole page, and that is asked."""
    current.abandon()
    return two_texts_told(links.component(public_id, item.component), conflict)


def two_texts_told(page: str, conflict: errors.Conflict) -> ResponseReturnValue:
    """The same of any text; `page` is the address that a plain post of its page goes to."""
    return flask.jsonify(message=two_texts(conflict), conflict_url=page), 409


def two_texts(conflict: errors.Conflict) -> str:
    """What is said at a text that was changed meanwhile."""
    if own(conflict):
        return "You changed this text in another window too. This one is kept here, that is saved."
    return "Somebody else changed this text too. Yours is kept here, theirs is saved."


def own(conflict: errors.Conflict) -> bool:
    return conflict.by_id == current.actor().person_id


_WORDS: dict[str, str] = {"": "no answer", "yes": "Yes", "no": "No", "na": "NA"}
for _words in (hearing.OUTCOME_WORDS, hearing.HOW_WORDS, hearing.NOT_HELD_WORDS):
    _WORDS |= {str(value): text for value, text in _words.items()}


def overtaken(conflict: errors.Conflict) -> str:
    """What is said where another answer was first: one answer stands, there is no text.

    The words of an NA that the script sent leave the page with its question: they are said back.
    """
    answer, changed = _WORDS.get(conflict.saved), flask.request.form.get("changed", "")
    theirs = f"chose “{answer}”" if answer else f"wrote “{conflict.saved}”"
    mine = flask.request.form.get(changed, "") if changed.endswith(forms.WHY) else ""
    said_back = f" You wrote “{mine}”." if mine else ""
    who, where = ("You", " in another window") if own(conflict) else ("Somebody else", "")
    return (
        f"{who} {theirs}{where} since you opened this page, and that stands.{said_back}"
        " Choose again if it should be otherwise."
    )


@dataclass(frozen=True)
class TwoTexts:
    """Both texts of an item's narrative: what was written here, and what was saved meanwhile."""

    item: definition.Item
    rated: item_rating.ItemRating
    form: forms.ConflictForm
    compared: comparing.Comparison
    theirs_by: str
    theirs_at: str
    own: bool


def asked(
    public_id: uuid.UUID, component: definition.Component, found: Sequence[errors.Conflict]
) -> ResponseReturnValue:
    """The page that asks about each conflict. What else was sent is committed first."""
    current.finish(200)
    return _page(public_id, component, {each.place: each.sent for each in found}), 409


@routes.blueprint.post("/reviews/<uuid:public_id>/components/<code>/conflict")
@guard.requires(Permission.REVIEW_SCORE)
def settle_conflict(public_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Save the text that should stand of each item that was asked about."""
    review = routes.found(public_id)
    instrument = queries.instrument_of(review)
    component = routes.component(instrument, code)
    answers = _answers(component)
    if [item for item, form in answers.items() if not form.validate()]:
        mine = {item: shown.plain(form.mine.data) for item, form in answers.items()}
        return _page(public_id, component, mine, answers), 422
    wanted = {item: own_text(form) for item, form in answers.items()}
    try:
        overtaken = _settle(review, answers)
    except errors.Blocked as blocked:
        current.abandon()
        return _page(public_id, component, wanted, closed=blocked), 422
    if overtaken:
        current.finish(200)
        return _page(public_id, component, {item: wanted[item] for item in overtaken}), 409
    first = next(iter(answers), component.items[0])
    return flask.redirect(links.item(public_id, instrument, first), code=303)


def _answers(component: definition.Component) -> dict[str, forms.ConflictForm]:
    sent = flask.request.form
    asked_about = [item for item in component.items if f"{item}-choice" in sent]
    return {item: forms.ConflictForm(sent, prefix=f"{item}-") for item in asked_about}


def own_text(form: forms.ConflictForm) -> str:
    """What the person would have stand of their own."""
    return shown.plain((form.combined if form.choice.data == "combine" else form.mine).data)


def _settle(review: queries.CaseReview, answers: Mapping[str, forms.ConflictForm]) -> list[str]:
    """Save what was chosen. Returns the items of which a third text came meanwhile."""
    saved = queries.sheet(current.session(), review).narratives
    overtaken = []
    for item, form in answers.items():
        theirs = saved[item].value if item in saved else ""
        revision = shown.number(form.revision.data or "")
        for text in chosen(form, theirs):
            done = routes.record(review, [rules.narrative(item, text, revision)])
            if done.conflicts:
                overtaken.append(item)
                break
            revision = done.revisions[item]
    return overtaken


def chosen(form: forms.ConflictForm, theirs: str) -> list[str]:
    """The texts to save, the one that stands last: what is not chosen stays in the history."""
    mine = shown.plain(form.mine.data)
    chosen = {
        "combine": [mine, shown.plain(form.combined.data)],
        "mine": [mine],
        "theirs": [mine, theirs],
    }
    return chosen[form.choice.data]


def _page(
    public_id: uuid.UUID,
    component: definition.Component,
    mine: Mapping[str, str],
    answers: Mapping[str, forms.ConflictForm] | None = None,
    closed: errors.Blocked | None = None,
) -> str:
    """The page; `mine` are texts by item code, `answers` were refused."""
    opened = routes.opened(public_id)
    first = next(iter(mine), component.items[0])
    return flask.render_template(
        "reviews/settle_conflict.html",
        case=frames.of(opened, component.code),
        component=component,
        conflicts=list(_two_texts(opened, mine, answers or {})),
        problems=[(blocker.message, "") for blocker in (closed.blockers if closed else ())],
        nothing_saved=closed is not None,
        back=links.afresh(links.item(public_id, opened.sheet.instrument, first)),
        has_errors=bool(answers or closed),
    )


def _two_texts(
    opened: routes.Opened, mine: Mapping[str, str], answers: Mapping[str, forms.ConflictForm]
) -> Iterator[TwoTexts]:
    sheet = opened.sheet
    for code, text in mine.items():
        saved = sheet.narratives.get(code)
        compared = comparing.compare(text, saved.value if saved else "")
        data = {"mine": text, "combined": compared.combined}
        data["revision"] = str(saved.revision) if saved else ""
        yield TwoTexts(
            item=sheet.instrument.item(code),
            rated=sheet.rating.items[code],
            form=answers.get(code) or forms.ConflictForm(prefix=f"{code}-", data=data),
            compared=compared,
            theirs_by=saved.by if saved else "",
            own=saved is not None and saved.by_id == current.actor().person_id,
            theirs_at=routes.time_of(saved.at) if saved else "",
        )
