"""The pages of a preview: those of a case review, over a draft and the one invented case.

They stand at the endpoints of a case review's pages, so that cards, links and templates find
them; an address needs no id here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.core import errors
from cqi.instruments import definition
from cqi.reviews import forms, queries
from cqi.reviews.views import (
    cards,
    examples,
    face_sheet,
    frames,
    links,
    posting,
    routes,
    saving,
    scoring,
    shown,
    subjects,
)
from cqi.web.preview import draft, filling, invented

blueprint = flask.Blueprint(
    "reviews", __name__, template_folder=str(Path(routes.__file__).parents[1] / "templates")
)
_ID = uuid.UUID(int=0)
_NOBODY_KNOWS: frozenset[str] = frozenset()  # no fact comes from a case list here
_BROKEN = "Not taken: the draft does not hold together. Load the page again to see what to mend."
_CHANGED = "Not taken: the draft was changed. Load the page again."


@dataclass
class Preview:
    """What one preview works with."""

    reader: draft.Reader
    case: invented.InventedCase


@dataclass(frozen=True)
class Opened:
    """The invented case as the pages of scoring show it."""

    sheet: queries.ScoredSheet
    public_id: uuid.UUID = _ID
    editable: bool = True
    opens_protected: bool = False

    @property
    def work(self) -> routes.Work:
        return routes.work_of(self.public_id, self.sheet)

    @property
    def worked_cases(self) -> examples.WorkedCases:
        """None in the card's own list: they stand under it, run."""
        return {}


def _preview() -> Preview:
    found: Preview = flask.current_app.extensions["preview"]
    return found


def the_draft() -> draft.Draft:
    """The draft as this request found it."""
    if "draft" not in flask.g:
        flask.g.draft = _preview().reader.now()
    found: draft.Draft = flask.g.draft
    return found


def _instrument() -> definition.Instrument:
    instrument = the_draft().instrument
    assert instrument is not None  # noqa: S101  no view is reached without one
    return instrument


def _opened() -> Opened:
    return Opened(_preview().case.sheet(_instrument()))


def _frame(opened: Opened, here: str) -> frames.CaseFrame:
    instrument = _instrument()
    return frames.CaseFrame(
        **vars(frames.standing(opened.work, here)),
        public_id=opened.public_id,
        case_number=f"{instrument.id} {instrument.version}",
        case_type="",
        county="",
        period="",
        state="",
        state_on=False,
        crumbs=(),
        face_sheet=links.face_sheet(opened.public_id),
        saved_at="",
        decidable="",
        returned=None,
        locked=None,
    )


@blueprint.url_defaults
def _without_id(_endpoint: str, values: dict[str, Any]) -> None:
    values.pop("public_id", None)


@blueprint.before_request
def _hold_together() -> ResponseReturnValue | None:
    """Instead of every page: all that is wrong, where the draft cannot be scored at all."""
    if the_draft().instrument is not None:
        return None
    if saving.by_script():
        return saving.refused(_BROKEN)
    return flask.render_template("web/preview/problems.html", draft=the_draft()), 422


@blueprint.get("/", endpoint="case_review")
@guard.public
def show_preview() -> ResponseReturnValue:
    """Go to where something is missing, else to the face sheet."""
    frame = _frame(_opened(), links.FACTS)
    return flask.redirect(frame.next_missing or frame.face_sheet, code=303)


@blueprint.get("/worked-cases")
@guard.public
def worked_cases() -> str:
    """Every worked case, run, with all that the check says."""
    return flask.render_template(
        "web/preview/worked_cases.html", draft=the_draft(), instrument=_instrument()
    )


@blueprint.get("/facts", endpoint="face_sheet")
@guard.public
def show_face_sheet() -> ResponseReturnValue:
    """All facts, the kind of case among them, and the lists of subjects."""
    opened = _opened()
    return _face_sheet(opened, face_sheet.unsent(opened.sheet, _NOBODY_KNOWS))


def _face_sheet(opened: Opened, form: forms.DefinedForm) -> str:
    page = face_sheet.context(_frame(opened, links.FACTS), opened, form, {})
    return flask.render_template("web/preview/face_sheet.html", **page, draft=the_draft())


@blueprint.post("/facts")
@guard.public
def save_facts() -> ResponseReturnValue:
    """Take in one fact, or the whole face sheet."""
    sent = flask.request.form
    form = forms.facts_form(_instrument(), _NOBODY_KNOWS, formdata=sent)
    form.validate()
    if problem := saving.first_error(form, sent.get("changed")):
        by_script = saving.by_script()
        return saving.refused(problem) if by_script else (_face_sheet(_opened(), form), 422)
    changes = saving.fact_changes(face_sheet.asked(form), form, sent)
    _preview().case.record(changes, current.now())
    if saving.by_script():
        return face_sheet.answered(_opened().work, ()) if changes else saving.refused(_CHANGED)
    if not _save_subjects():
        return _face_sheet(_opened(), form), 422
    where = sent.get("go", links.FACTS)
    place = f"#{sent['list']}" if "list" in sent and where == links.FACTS else ""
    return flask.redirect(_onward(where) + place, code=303)


def _save_subjects() -> bool:
    """False where a label cannot be taken, of which the page tells."""
    case, off, keys = _preview().case, flask.request.form.get(subjects.OFF), []
    for kind in _instrument().subjects:
        for one in case.listed(kind):
            keys.append(one.id)
            if one.id == off:
                case.take_off(kind.kind, one.id)
            elif label := subjects.label_sent(one.id):
                case.rename(kind.kind, one.id, label)
        keys.append(kind.kind)
        if label := subjects.label_sent(kind.kind):
            case.list_subject(kind.kind, label)
    return subjects.taken(keys)


@blueprint.get("/components/<code>")
@guard.public
def score_component(code: str) -> ResponseReturnValue:
    """The items of one component, each with its worked cases, run."""
    return _component_page(routes.component(_instrument(), code), {})


def _component_page(component: definition.Component, sent: Mapping[str, cards.Sent]) -> str:
    opened, made = _opened(), flask.current_app.jinja_env.get_template("web/preview/parts.html")
    outcomes = the_draft().outcomes

    def under(item: cards.ItemCard) -> str:
        ran: str = made.module.under(item.code, outcomes.get(item.code, ()))  # type: ignore[attr-defined]  # a macro
        return ran

    page = scoring.context(_frame(opened, component.code), opened, component, sent)
    template = "web/preview/score_component.html"
    return flask.render_template(template, **page, draft=the_draft(), under=under)


@blueprint.post("/items/<code>")
@guard.public
def score_item(code: str) -> ResponseReturnValue:
    """Take in one control of an item, for the page's script."""
    instrument, sent = _instrument(), flask.request.form
    item = routes.item(instrument, code)
    form = forms.item_form(instrument, item, shown.ids(_opened().sheet), formdata=sent)
    form.validate()
    if problem := saving.first_error(form, sent.get("changed")):
        return saving.refused(problem)
    changes = saving.item_changes(item, form, sent)
    if not changes:
        return saving.refused(_CHANGED)
    before = _opened().sheet.rating.items[code]
    _preview().case.record(changes, current.now())
    opened = _opened()
    return scoring.answered(opened.work, item, saving.asked_anew(opened, item, before))


@blueprint.post("/components/<code>")
@guard.public
def save_component(code: str) -> ResponseReturnValue:
    """Take in everything that the page changes, and do what the button says that was pressed."""
    instrument = _instrument()
    component = routes.component(instrument, code)
    ids = shown.ids(_opened().sheet)
    parts = [posting.part_sent(instrument, item, ids) for item in instrument.items_of(code)]
    for part in parts:
        _take_in(part)
    left = {part.item.code: _left(part) for part in parts if part.refused or part.source.errors}
    if left:
        return _component_page(component, left), 422
    return flask.redirect(_pressed(code), code=303)


def _take_in(part: posting.Part) -> None:
    case, now = _preview().case, current.now()
    case.record(part.changes, now)
    if part.new_source:
        case.add_evidence(part.new_source, now)


def _left(part: posting.Part) -> cards.Sent:
    source = part.source if part.source.errors else None
    return cards.Sent(part.form, source, (), two_texts=False, revisions={})


def _pressed(component: str) -> str:
    """Do what a button asks beside saving; where it leads."""
    sent, page = flask.request.form, links.component(_ID, component)
    if "go" in sent:
        return _onward(sent["go"])
    if "fill" in sent:
        return f"{page}#{_fill(sent['fill'])}"
    item, _, evidence = sent.get("remove", "").partition(":")
    if evidence:
        _preview().case.remove_evidence(item, evidence)
    item = item or sent.get("add", "")
    if item:
        return f"{page}#{item}-evidence"
    return f"{page}#{sent['save']}" if sent.get("save") else page


def _onward(where: str) -> str:
    """The page that a button "Save and go on" names: the face sheet or a component."""
    if where != links.FACTS:
        routes.component(_instrument(), where)
    return links.onward(_ID, where)


def _fill(place: str) -> str:
    """Answer an item as its worked case at "ITEM:NUMBER" does; the item's code."""
    code, _, number = place.partition(":")
    outcomes, instrument = the_draft().outcomes, _instrument()
    item = routes.item(instrument, code)
    there = outcomes.get(code, ())
    by_number = {str(at): outcome for at, outcome in enumerate(there, start=1) if outcome.rated}
    if number not in by_number:
        raise errors.NotFound(f"{code} has no worked case {number} that can be rated")
    outcome = by_number[number]
    filled = filling.of(instrument, outcome, outcomes)
    _preview().case.fill(filled, current.now())
    by_hand = f" No worked case fits of {', '.join(filled.left)}." if filled.left else ""
    flask.flash(f"{item.code} is filled in from “{outcome.case.title}”.{by_hand}")
    return item.code
