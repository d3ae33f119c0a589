"""From what a browser sends to changes, and from a save to the places that it swaps.

With the page's script one control is sent at a time, named by `changed`. Any button of the page
sends the whole form, and what differs from what the page showed counts as changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import flask
import wtforms
from flask.typing import ResponseReturnValue

from cqi.access import current
from cqi.instruments import definition, item_rating
from cqi.reviews import actions, forms, rules
from cqi.reviews.views import cards, frames, links, routes, shown
from cqi.ui import dates

NOBODY = "Not saved: whom this was asked of is not on the face sheet any more."


@dataclass(frozen=True)
class Swap:
    """A new content for the element with this id."""

    id: str
    html: str


def by_script() -> bool:
    """True when the page's script sends one control and wants to know what to swap."""
    return flask.request.headers.get("X-Requested-With") == "fetch"


def refused(message: str) -> ResponseReturnValue:
    """What the script shows at the field that could not be saved."""
    current.abandon()
    return flask.jsonify(message=message), 422


def item_changes(
    item: definition.Item, form: wtforms.Form, sent: Mapping[str, str]
) -> list[rules.Change]:
    """What a request changes on an item."""
    changed = sent.get("changed")
    names = (field.short_name for field in form)
    asked = [
        name
        for name in names
        if rules.ask(name)[0] in item.question_ids and not name.endswith(forms.WHY)
    ]
    found = [change for name in asked for change in _answer(item, name, form, sent)]
    narrative = f"{item.code}-{forms.NARRATIVE}"
    if narrative in sent and changed in (None, narrative):
        text, before = shown.plain(form[forms.NARRATIVE].data), shown.read(sent, narrative)
        if changed or before.differs(text):
            found.append(rules.narrative(item.code, text, before.revision))
    return found


def asked_of_nobody(
    item: definition.Item, form: wtforms.Form, sent: Mapping[str, str]
) -> list[str]:
    """What was sent for subjects that were taken off the face sheet meanwhile."""
    gone = []
    for name, value in sent.items():
        code, _, control = name.partition("-")
        question, subject = rules.ask(control.removesuffix(forms.WHY))
        repeated = question in item.question_ids and item.question(question).for_each
        if code == item.code and repeated and subject and value and control not in form:
            gone += [] if name.endswith(forms.REVISION) else [value]
    return gone


def _answer(
    item: definition.Item, question: str, form: wtforms.Form, sent: Mapping[str, str]
) -> Iterator[rules.Change]:
    name, changed = f"{item.code}-{question}", sent.get("changed")
    why, before = name + forms.WHY, shown.read(sent, name)
    told = why in sent and question + forms.WHY in form
    reason = form[question + forms.WHY].data or "" if told else None
    if changed == why:
        yield rules.answer(item.code, question, definition.NA, before.revision, reason)
    elif (name in sent or reason) and changed in (None, name):
        value = form[question].data or (definition.NA if reason else "")
        kept = reason if value == definition.NA else ""
        if changed or before.differs(f"{value}|{kept}" if value else ""):
            yield rules.answer(item.code, question, value, before.revision, reason)


def fact_changes(
    names: list[str], form: wtforms.Form, sent: Mapping[str, str]
) -> list[rules.Change]:
    """What a request changes on the face sheet."""
    changed, found = sent.get("changed"), []
    for fact in names:
        name = f"fact-{fact}"
        if name in sent and changed in (None, name):
            value, before = form[fact].data or "", shown.read(sent, name)
            if changed or before.differs(value):
                found.append(rules.fact(fact, value, before.revision))
    return found


def first_error(form: wtforms.Form, name: str | None) -> str:
    """Why one control, or any, cannot be taken as it was sent."""
    for field in form:
        if field.errors and (name is None or field.name == name):
            return str(field.errors[0])
    return ""


def answered(swaps: list[Swap], status: str) -> ResponseReturnValue:
    """What the script swaps after a save, and what screen readers hear."""
    return flask.jsonify(
        saved_at=dates.clock(routes.local(current.now())),
        status=status,
        swaps=[vars(swap) for swap in swaps],
    )


def overtaken(message: str, swaps: list[Swap]) -> ResponseReturnValue:
    """What the script shows where somebody else answered first, and what stands now."""
    return flask.jsonify(message=message, swaps=[vars(swap) for swap in swaps]), 409


def question_swaps(opened: routes.Opened, item: definition.Item, place: str) -> list[Swap]:
    """One question as it stands, and the revisions."""
    card, made = cards.of_item(opened, item), parts()
    revisions = Swap(f"{item.code}-revisions", made.revisions(card))
    found = [entry for entry in card.questions if entry.field.id == place]
    return [revisions, *(Swap(place, made.question(card, entry)) for entry in found)]


def asked_anew(
    opened: routes.Scored, item: definition.Item, before: item_rating.ItemRating
) -> list[Swap]:
    """The questions that an answer of the same item switches on or off, where it did: a control
    that was there before stays as it is. `before` is the item's rating until then."""
    were_asked, made = {rules.asked(*ask) for ask in before.asks}, parts()
    return [
        Swap(entry.field.id, made.question(card, entry))
        for card in [cards.of_item(opened, item)]
        for entry in card.questions
        if entry.question.id in item.dependent_ids
        and not (entry.asked and entry.field.short_name in were_asked)
    ]


def item_swaps(work: routes.Work, item: definition.Item) -> list[Swap]:
    """The few places that an item's save may change, of its whole's too; never a control."""
    component, whole = (
        work.instrument.component(item.component),
        work.instrument.whole_of(item.code),
    )
    rating = parts().component_rating(cards.of_rating(work, component))
    return [
        *_head_swaps(work, item),
        *(_head_swaps(work, whole) if whole else ()),
        Swap("component-rating", rating),
        *frame_swaps(work, component.code, (component.code,)),
    ]


def why_swaps(work: routes.Work, item: definition.Item) -> list[Swap]:
    """The mark at the reason of an NA, where an answer or a reason of this item was sent."""
    place = flask.request.form.get("changed", "").removesuffix(forms.WHY)
    code, name = rules.place(place)
    question = rules.ask(name)[0]
    may_not_apply = (
        question in item.question_ids and definition.NA in item.question(question).values
    )
    if code != item.code or not may_not_apply:
        return []
    words = links.why_missing(work.missing, code, name)
    return [Swap(f"{place}{forms.WHY}-missing", parts().why_missing(f"{place}{forms.WHY}", words))]


def _head_swaps(work: routes.Work, item: definition.Item) -> list[Swap]:
    head, made = cards.head_of(work, item), parts()
    return [
        Swap(f"{item.code}-head", made.head(head)),
        Swap(f"{item.code}-marker", made.marker(head)),
        Swap(f"{item.code}-narrative-missing", made.narrative_missing(head)),
        Swap(f"{item.code}-evidence-missing", made.evidence_missing(head)),
    ]


def revision_swaps(saved: actions.Saved) -> list[Swap]:
    """The hidden revisions of what was saved."""
    made = parts()
    return [Swap(name, made.revision(name, value)) for name, value in shown.of_saved(saved)]


def frame_swaps(work: routes.Work, here: str, sides: tuple[str, ...]) -> list[Swap]:
    """Counts at the side and in the bar, and what is missing."""
    frame, made = frames.standing(work, here), parts()
    return [
        *(Swap(f"side-{each.code}", made.side(each)) for each in frame.links if each.code in sides),
        Swap("missing", made.missing(frame)),
        Swap("side-summary", made.summary(frame)),
        Swap("bar-done", made.bar_done(frame)),
        Swap("bar-meter", made.bar_meter(frame)),
        Swap("bar-missing", made.bar_missing(frame)),
    ]


def parts() -> Any:
    """The macros of reviews/parts.html."""
    return macros("reviews/parts.html")


def macros(template: str) -> Any:
    """The macros of a template that is nothing else."""
    return flask.current_app.jinja_env.get_template(template).module
