"""People: the list, one person, and what an administrator changes about them."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import actions, current, guard, legal_bases, people, proposals, queries, set_up
from cqi.access.permissions import (
    PERMISSION_WORDS,
    PERMISSIONS,
    ROLE_WORDS,
    Permission,
    Role,
)
from cqi.access.policy import NewPerson, PersonChange
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.rounds import queries as rounds
from cqi.ui import dates, pages
from cqi.web import people_forms as forms
from cqi.web.pages import set_up as set_up_page

blueprint = flask.Blueprint("people", __name__, url_prefix="/people")
_REFUSED = 422
_OPENS = [
    words[:1].lower() + words[1:]
    for one, words in PERMISSION_WORDS.items()
    if one in PERMISSIONS[Role.STAKEHOLDER]
]


@blueprint.get("", endpoint="people")
@guard.requires(Permission.PEOPLE_MANAGE)
def show_people() -> str:
    """Who there is, with the grants in force."""
    session = current.session()
    form = forms.FilterForm(flask.request.args)
    form.place.choices = [("", "All"), *_place_choices()]
    for field in form:
        field.data = field.data or ""  # what an address leaves out is no mistake
    form.validate()
    page = pages.asked_page()
    found = people.listed(session, _wanted(form), current.today(), page)
    return flask.render_template(
        "web/people/people.html",
        form=form,
        found=found,
        may_do=_may_do(found),
        waiting=proposals.waiting(session, current.now()),
        stretch=pages.Stretch(page, people.PAGE, found.number),
        args={field.name: field.data for field in form if field.data},
        STATE_WORDS=people.STATE_WORDS,
    )


_NAMED = 2  # more reaches of one role than this stand as a number


def _may_do(found: people.Listed) -> dict[int, list[str]]:
    """Person id -> "Reviewer: Round 1, Round 2 and 9 more" for each of their roles."""
    words = reaches([one for line in found.lines for one in line.grants])
    return {line.id: list(_by_role(line, words)) for line in found.lines}


def _by_role(line: people.PersonLine, words: Mapping[uuid.UUID, str]) -> Iterator[str]:
    for role in dict.fromkeys(one.role for one in line.grants):
        theirs = [words[one.public_id] for one in line.grants if one.role is role]
        more = f" and {len(theirs) - _NAMED} more" if len(theirs) > _NAMED else ""
        yield f"{ROLE_WORDS[role]}: {', '.join(theirs[:_NAMED])}{more}"


def _wanted(form: forms.FilterForm) -> people.Wanted:
    """What was sent, but for what is no role, place or state."""
    role, place, state = (
        None if field.errors else field.data for field in (form.role, form.place, form.state)
    )
    return people.Wanted(
        words=form.words.data or "",
        role=Role(role) if role else None,
        place_id=int(place) if place else None,
        state=people.State(state) if state else None,
    )


def _place_choices() -> list[tuple[str, str]]:
    kinds = (PlaceKind.STATE, PlaceKind.REGION, PlaceKind.COUNTY)
    found = (place for kind in kinds for place in places.of_kind(current.session(), kind))
    return [(str(place.id), f"{place.name} ({place.kind})") for place in found]


def reaches(grants: list[people.GrantLine]) -> dict[uuid.UUID, str]:
    """What each grant is for, in words, by its public id."""
    names = rounds.names(current.session()) if any(one.round_id for one in grants) else {}
    return {one.public_id: _reach(one, names) for one in grants}


def _reach(one: people.GrantLine, names: dict[int, str]) -> str:
    if one.round_id is not None:
        return names.get(one.round_id, "")
    if one.place:
        return one.place
    own = one.role in (Role.CASEWORKER, Role.STAKEHOLDER)
    return "what is their own" if own else "the state"


@blueprint.get("/<uuid:public_id>")
@guard.requires(Permission.PEOPLE_MANAGE)
def person(public_id: uuid.UUID) -> str:
    """One person: state, grants with their history."""
    session, today = current.session(), current.today()
    sheet = people.sheet(session, public_id, current.now(), today)
    ids = {one.granted_by_id for one in sheet.line.grants}
    ids |= {one.ended_by_id for one in sheet.line.grants}
    return flask.render_template(
        "web/people/person.html",
        sheet=sheet,
        line=sheet.line,
        reaches=reaches(list(sheet.line.grants)),
        by=queries.people_names(session, {each for each in ids if each is not None}),
        own=sheet.line.id == current.actor().person_id,
        proposal=proposals.of_person(session, sheet.line.id, current.now()),
        me=current.actor().person_id,
        opens=_OPENS,
        bases=legal_bases.of_person(session, sheet.line.id, today),
        STATE_WORDS=people.STATE_WORDS,
        ROLE_WORDS=ROLE_WORDS,
        dates=dates,
        local=current.clock().local,
    )


@blueprint.route("/add", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def add_person() -> ResponseReturnValue:
    """Somebody new, without a password and without a grant."""

    def add(form: forms.PersonForm) -> uuid.UUID:
        new = NewPerson(form.email.data or "", form.name.data or "", form.staff_id.data)
        made = actions.create_person(
            current.session(), new, actor=current.actor(), now=current.now()
        )
        flask.flash(f"{made.name} was added. Now give a role, and hand over a link.")
        return made.public_id

    page = FormPage("Add a person", "Add", "They cannot sign in before you hand them a link.")
    return answer(forms.PersonForm(), page, add)


@blueprint.route("/<uuid:public_id>/change", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def change_person(public_id: uuid.UUID) -> ResponseReturnValue:
    """Name, e-mail address, staff number."""
    somebody = people.person(current.session(), public_id)

    def change(form: forms.PersonForm) -> uuid.UUID:
        seen = _instant(form.seen.data or "")
        new = PersonChange(form.email.data or "", form.name.data or "", form.staff_id.data, seen)
        actions.change_person(
            current.session(), public_id, new, actor=current.actor(), now=current.now()
        )
        flask.flash("Saved.")
        return public_id

    page = FormPage(f"Change {somebody.name}", "Save", "", public_id, somebody.name)
    form = forms.PersonForm(obj=somebody)
    if not form.is_submitted():
        form.seen.data = somebody.updated_at.isoformat() if somebody.updated_at else ""
    return answer(form, page, change)


def _instant(text: str) -> dt.datetime | None:
    """When what the page showed was changed last; what is no instant is none that was."""
    try:
        return dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)


@blueprint.route("/<uuid:public_id>/disable", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def disable_person(public_id: uuid.UUID) -> ResponseReturnValue:
    """Keep somebody out."""
    words = "They are signed out at once and cannot sign in. Their grants and their work stay."
    disable = functools.partial(actions.disable_person, today=current.today())
    return _with_reason(public_id, ("Disable {}", "Disable", words), disable)


@blueprint.route("/<uuid:public_id>/enable", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def enable_person(public_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody in again."""
    words = "They can sign in again, with the grants that are in force."
    return _with_reason(public_id, ("Enable {}", "Enable", words), actions.enable_person)


@blueprint.route("/<uuid:public_id>/sign-out", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def end_all_sign_ins(public_id: uuid.UUID) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    words = "Every browser in which they are signed in asks them to sign in again."
    said = ("Sign {} out everywhere", "Sign out everywhere", words)
    return _with_reason(public_id, said, actions.end_all_sign_ins)


def _with_reason(
    public_id: uuid.UUID, said: tuple[str, str, str], action: Callable[..., object]
) -> ResponseReturnValue:
    somebody = people.person(current.session(), public_id)
    title, button, words = said

    def act(form: forms.ReasonForm) -> uuid.UUID:
        action(
            current.session(),
            public_id,
            reason=form.reason.data or "",
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash("Done.")
        return public_id

    page = FormPage(title.format(somebody.name), button, words, public_id, somebody.name)
    return answer(forms.ReasonForm(), page, act)


@blueprint.route("/<uuid:public_id>/link", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def make_set_up_link(public_id: uuid.UUID) -> ResponseReturnValue:
    """A link to hand over: shown once, on this answer alone."""
    somebody = people.person(current.session(), public_id)
    words = f"It works once, for {set_up_page.lasts()}. A link that was made before stops working."
    page = FormPage(f"A link for {somebody.name}", "Make the link", words, public_id, somebody.name)
    form = flask_wtf.FlaskForm()
    if not form.validate_on_submit():
        return answer(form, page, lambda _form: public_id)
    try:
        secret = set_up.make_link(
            current.session(),
            public_id,
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked as refused:
        return shown(form, page, refused)
    url = flask.url_for("set_up.set_password", secret=secret, _external=True)
    sheet = people.sheet(current.session(), public_id, current.now(), current.today())
    until = current.clock().local(sheet.link_until) if sheet.link_until else None
    return flask.render_template(
        "web/people/link.html", person=somebody, url=url, until=until, dates=dates
    )


@dataclass(frozen=True)
class FormPage:
    """What stands around a form: `person` and `name` are whom it is about, None for a new one."""

    title: str
    button: str
    words: str = ""
    person: uuid.UUID | None = None
    name: str = ""


def answer(
    form: flask_wtf.FlaskForm, page: FormPage, act: Callable[..., uuid.UUID]
) -> ResponseReturnValue:
    """Show a form, or do what it asks and go to the person whom `act` returns."""
    if not form.validate_on_submit():
        return shown(form, page)
    try:
        whom = act(form)
    except errors.Blocked as refused:
        return shown(form, page, refused)
    return flask.redirect(flask.url_for("people.person", public_id=whom), code=303)


def shown(
    form: flask_wtf.FlaskForm, page: FormPage, refused: errors.Blocked | None = None
) -> ResponseReturnValue:
    """The form with what is wrong about it; what was begun is given up."""
    if refused is not None:
        forms.show_blockers(form, refused.blockers)
    wrong = bool(form.errors or form.form_errors)
    back = (
        flask.url_for("people.person", public_id=page.person)
        if page.person
        else flask.url_for("people.people")
    )
    made = flask.render_template(
        "web/people/form.html", form=form, page=page, back=back, has_errors=wrong
    )
    return made, _REFUSED if wrong else 200
