"""Giving and ending roles, and the two people that a further administrator takes."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import flask
from flask.typing import ResponseReturnValue

from cqi.access import actions, current, guard, legal_bases, people, proposals, reach
from cqi.access.law import BasisKind, NewBasis
from cqi.access.permissions import ROLE_WORDS, Permission, Role
from cqi.access.policy import NewGrant
from cqi.core import errors
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.rounds import queries as rounds
from cqi.ui import dates, fields
from cqi.web import people_forms as forms
from cqi.web.pages import people as pages
from cqi.web.pages.people import FormPage

blueprint = flask.Blueprint("grants", __name__, url_prefix="/people")
_NONE = [("", "Choose")]
_REACH_WORDS = {
    reach.Kind.STATE: "the state",
    reach.Kind.REGION: "a region",
    reach.Kind.COUNTY: "a county",
    reach.Kind.UNIT: "a unit of a county",
    reach.Kind.ROUND: "a round",
    reach.Kind.OWN: "what is their own",
}


@blueprint.get("/<uuid:public_id>/roles")
@guard.requires(Permission.PEOPLE_MANAGE)
def choose_role(public_id: uuid.UUID) -> str:
    """The first step: which role, with what each can be given for."""
    somebody = people.person(current.session(), public_id)
    roles = [
        (role.value, words, " or ".join(_REACH_WORDS[kind] for kind in _kinds(role)))
        for role, words in ROLE_WORDS.items()
    ]
    return flask.render_template("web/people/choose_role.html", person=somebody, roles=roles)


def _kinds(role: Role) -> list[reach.Kind]:
    return [kind for kind in reach.Kind if kind in reach.OF_ROLE[role]]


@blueprint.route("/<uuid:public_id>/roles/<role>", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def give_grant(public_id: uuid.UUID, role: str) -> ResponseReturnValue:
    """The second step: for what, from when, why. An administrator is proposed instead."""
    if role not in set(Role):
        raise errors.NotFound(f"there is no role {role}")
    somebody, wanted = people.person(current.session(), public_id), Role(role)
    page = FormPage(
        f"{ROLE_WORDS[wanted]}: {somebody.name}", "Give the role", "", public_id, somebody.name
    )
    if wanted is Role.ADMINISTRATOR:
        return _propose(public_id, page)
    form = _grant_form(wanted)

    def give(form: forms.GrantForm) -> uuid.UUID:
        actions.grant(
            current.session(),
            _wish(somebody.id, wanted, form),
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash(f"{somebody.name} has a further role: {ROLE_WORDS[wanted]}.")
        return public_id

    return pages.answer(form, page, give)


def _grant_form(role: Role) -> forms.GrantForm:
    """The form with the reaches that the role can have."""
    form, kinds = forms.GrantForm(), _kinds(role)
    if not form.is_submitted():
        form.from_on.data = current.today()
    wide = {reach.Kind.STATE: "The whole state", reach.Kind.OWN: "What is their own"}
    offered = [("", wide[kind]) for kind in kinds if kind in wide]
    offered += [each for kind in kinds if kind.value in set(PlaceKind) for each in _places(kind)]
    if reach.Kind.ROUND in kinds:
        form.round.choices = _NONE + [
            (str(key), name) for key, name in rounds.names(current.session()).items()
        ]
        del form.place
    else:
        if offered[0][0] != "":
            offered = _NONE + offered
            fields.require(form.place, "Choose the place.")
        form.place.choices = offered
        del form.round
    return form


def _places(kind: reach.Kind) -> list[tuple[str, str]]:
    if kind is reach.Kind.STATE:
        return []  # no place at all reaches it
    found = places.of_kind(current.session(), PlaceKind(kind.value))
    return [(str(place.id), f"{place.name} ({place.kind})") for place in found]


def _wish(person_id: int, role: Role, form: forms.GrantForm) -> NewGrant:
    place, in_round = form._fields.get("place"), form._fields.get("round")
    return NewGrant(
        person_id=person_id,
        role=role,
        from_on=form.from_on.data or current.today(),
        reason=form.reason.data or "",
        place_id=int(place.data) if place is not None and place.data else None,
        round_id=int(in_round.data) if in_round is not None and in_round.data else None,
        until_on=form.until_on.data,
    )


def _propose(public_id: uuid.UUID, page: FormPage) -> ResponseReturnValue:
    words = "It takes two people. Nothing changes before another administrator confirms."
    asked = FormPage(page.title, "Propose", words, page.person, page.name)

    def propose(form: forms.ReasonForm) -> uuid.UUID:
        session, today = current.session(), current.today()
        made = proposals.propose(
            session,
            public_id,
            reason=form.reason.data or "",
            actor=current.actor(),
            now=current.now(),
            today=today,
        )
        told = proposals.deciders(session, made, today)
        kind = NoticeKind.ADMINISTRATOR_PROPOSED
        notices.tell(session, kind, people=told, subject=public_id, now=current.now())
        flask.flash("Proposed, waits until somebody else confirms.")
        return public_id

    return pages.answer(forms.ReasonForm(), asked, propose)


@blueprint.route("/<uuid:public_id>/grants/<uuid:grant_id>/end", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def end_grant(public_id: uuid.UUID, grant_id: uuid.UUID) -> ResponseReturnValue:
    """End a role at once."""
    session, today = current.session(), current.today()
    sheet = people.sheet(session, public_id, current.now(), today)
    one = next((each for each in sheet.line.grants if each.public_id == grant_id), None)
    if one is None:
        raise errors.NotFound("this person has no such grant")
    what = f"{ROLE_WORDS[one.role]}, {pages.reaches([one])[grant_id]}"
    words = f"{what}. It ends at once. What they did stays."
    page = FormPage("End a role", "End it", words, public_id, sheet.line.name)

    def end(form: forms.ReasonForm) -> uuid.UUID:
        actions.end_grant(
            session,
            grant_id,
            reason=form.reason.data or "",
            actor=current.actor(),
            now=current.now(),
            today=today,
        )
        flask.flash("The role has ended.")
        return public_id

    return pages.answer(forms.ReasonForm(), page, end)


@blueprint.route("/<uuid:public_id>/basis", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def file_basis(public_id: uuid.UUID) -> ResponseReturnValue:
    """The document that lets somebody outside the agency in."""
    somebody = people.person(current.session(), public_id)
    words = (
        "For people outside the agency: their role opens nothing without it, and nothing after its"
        " last day."
    )
    page = FormPage(
        f"Legal basis: {somebody.name}", "Put it on file", words, public_id, somebody.name
    )

    def put(form: forms.BasisForm) -> uuid.UUID:
        new = NewBasis(
            kind=BasisKind(form.kind.data),
            reference=form.reference.data or "",
            document_on=form.document_on.data or current.today(),
            expires_on=form.expires_on.data or current.today(),
        )
        legal_bases.put_on_file(
            current.session(),
            public_id,
            new,
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )
        flask.flash("The legal basis is on file.")
        return public_id

    return pages.answer(forms.BasisForm(), page, put)


@blueprint.route("/<uuid:public_id>/basis/<uuid:basis_id>/end", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def end_basis(public_id: uuid.UUID, basis_id: uuid.UUID) -> ResponseReturnValue:
    """End one before its last day."""
    session = current.session()
    somebody = people.person(session, public_id)
    found = legal_bases.of_person(session, somebody.id, current.today())
    one = next((each for each in found if each.public_id == basis_id), None)
    if one is None:
        raise errors.NotFound("this person has no such legal basis")
    words = f"{one.words}, {one.reference}. Access that rests on it ends at once."
    page = FormPage("End a legal basis", "End it", words, public_id, somebody.name)

    def end(form: forms.ReasonForm) -> uuid.UUID:
        reason = form.reason.data or ""
        legal_bases.end(session, basis_id, reason=reason, actor=current.actor(), now=current.now())
        flask.flash("The legal basis has ended.")
        return public_id

    return pages.answer(forms.ReasonForm(), page, end)


@blueprint.get("/proposals", endpoint="proposals")
@guard.requires(Permission.PEOPLE_MANAGE)
def show_proposals() -> str:
    """Who is to be an administrator, and what became of it."""
    return flask.render_template(
        "web/people/proposals.html",
        found=proposals.listed(current.session(), current.now()),
        me=current.actor().person_id,
        dates=dates,
        local=current.clock().local,
    )


@blueprint.route("/proposals/<uuid:proposal_id>/confirm", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def confirm_proposal(proposal_id: uuid.UUID) -> ResponseReturnValue:
    """The second person's yes."""

    def confirm(reason: str) -> None:
        proposals.confirm(
            current.session(),
            proposal_id,
            reason=reason,
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )

    words = "From then on they manage people, roles and settings."
    return _decided(proposal_id, ("Confirm", words), confirm)


@blueprint.route("/proposals/<uuid:proposal_id>/decline", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def decline_proposal(proposal_id: uuid.UUID) -> ResponseReturnValue:
    """The second person's no."""
    return _decided(proposal_id, ("Decline", ""), _deciding(proposals.decline, proposal_id))


@blueprint.route("/proposals/<uuid:proposal_id>/withdraw", methods=["GET", "POST"])
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def withdraw_proposal(proposal_id: uuid.UUID) -> ResponseReturnValue:
    """Whoever proposed it takes it back."""
    return _decided(proposal_id, ("Take back", ""), _deciding(proposals.withdraw, proposal_id))


def _deciding(action: Callable[..., None], proposal_id: uuid.UUID) -> Callable[[str], None]:
    return lambda reason: action(
        current.session(), proposal_id, reason=reason, actor=current.actor(), now=current.now()
    )


def _decided(
    proposal_id: uuid.UUID, said: tuple[str, str], act: Callable[[str], None]
) -> ResponseReturnValue:
    line = proposals.line(current.session(), proposal_id, current.now())
    button, words = said
    page = FormPage(
        f"{button}: {line.name} as an administrator", button, words, line.person, line.name
    )

    def decide(form: forms.ReasonForm) -> uuid.UUID:
        act(form.reason.data or "")
        notices.mark_subject_seen(
            current.session(), subject=line.person, actor=current.actor(), now=current.now()
        )
        flask.flash("Done.")
        return line.person

    return pages.answer(forms.ReasonForm(), page, decide)
