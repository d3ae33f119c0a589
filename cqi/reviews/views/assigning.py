"""Putting a case into a round, to be scored, for practice or to be read a second time, and
changing who is on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases import queries as cases
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.core import errors
from cqi.reviews import actions, forms, policy, queries
from cqi.reviews.views import routes
from cqi.rounds import queries as rounds
from cqi.ui import dates


@dataclass(frozen=True)
class Purpose:
    """What a case is put into a round for: its action, its cases, and the words of its page."""

    assign: Callable[..., Any]
    cases: Callable[..., list[cases.Case]]
    title: str
    lead: str
    cases_are: str
    button: str
    refused: str
    none_left: str
    done: str
    any_case: bool = True  # an imported case can be taken


_TWICE = " It is to be read twice: give it to a second pair too."
_SCORED = Purpose(
    assign=actions.assign_case,
    cases=queries.cases_to_assign,
    title="Put a case into the round",
    lead="",
    cases_are="Cases of the round's counties that are not in it yet.",
    button="Put it into the round",
    refused="This case was not put into the round",
    none_left="Every case of this round's counties that we know is in the round.",
    done="Case {} is in the round.",
)
_PRACTICE = Purpose(
    assign=actions.assign_for_practice,
    cases=queries.cases_to_practise_on,
    title="Give a practice case",
    lead="For training. It is marked on every page and counts in no figure, no report and no"
    " progress of this round; nobody gets feedback from it. QA may read it. Those whom you choose"
    " work on one review together.",
    cases_are="Cases of the round's counties that nobody practises on yet; also those that others"
    " score in this round.",
    button="Give the practice case",
    refused="This practice case was not given",
    none_left="Every case of this round's counties that we know is a practice case already.",
    done="Case {} is a practice case now. It stands under Practice cases for its reviewers.",
)
_SECOND_READING = Purpose(
    assign=actions.assign_second_reading,
    cases=queries.cases_to_read_twice,
    title="Give a case to a second pair",
    lead="To see how far reviewers agree, some cases are read twice. The two pairs do not know of"
    " each other: neither sees the other’s reading, and no page tells them that the case is read"
    " twice. So tell them nothing either. The second reading counts in no figure and gives no"
    " feedback.",
    cases_are="Cases that are drawn to be read twice and have a first pair.",
    button="Give it to the second pair",
    refused="This case was not given to a second pair",
    none_left="No case waits for a second pair. A case that is drawn to be read twice stands here"
    " once its first pair has it.",
    done="Case {} has its second pair.",
    any_case=False,
)


@routes.blueprint.route("/rounds/<uuid:public_id>/cases", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_ASSIGN)
def assign_case(public_id: uuid.UUID) -> ResponseReturnValue:
    """Put a case into a round by hand, with its reviewers."""
    return _assign(public_id, _SCORED)


@routes.blueprint.route("/rounds/<uuid:public_id>/practice", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_ASSIGN)
def assign_for_practice(public_id: uuid.UUID) -> ResponseReturnValue:
    """Give reviewers of a round a case to practise on."""
    return _assign(public_id, _PRACTICE)


@routes.blueprint.route("/rounds/<uuid:public_id>/second-readings", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_ASSIGN)
def assign_second_reading(public_id: uuid.UUID) -> ResponseReturnValue:
    """Put a second pair on a case that is drawn to be read twice."""
    return _assign(public_id, _SECOND_READING)


def _assign(public_id: uuid.UUID, purpose: Purpose) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    one = rounds.by_public_id(session, actor, public_id)
    free = {str(case.public_id): case for case in purpose.cases(session, actor, one)}
    form = _form(one, purpose, free)
    refused: tuple[errors.Blocker, ...] = ()
    if flask.request.method == "POST" and form.validate():
        case = free[form.case.data]
        try:
            _put(one, purpose, case, form)
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            twice = _TWICE if _read_twice(one, purpose)(case) else ""
            flask.flash(purpose.done.format(case.case_number) + twice)
            return flask.redirect(flask.url_for("reviews.round", public_id=public_id), code=303)
    return _page(one, purpose, form, refused)


def _read_twice(one: queries.Round, purpose: Purpose) -> Callable[[cases.Case], bool]:
    """Whether a case that is put into the round is to be read twice, as far as the actor may know
    of it."""
    lies = rounds.thing(current.session(), one)
    told = purpose is _SCORED and policy.knows_readings(current.actor(), lies)
    return lambda case: told and one.double_reading.due(case.case_number)


def _beside(one: queries.Round, purpose: Purpose) -> Callable[[cases.Case], str]:
    """What stands beside a case to choose."""
    if purpose is _SECOND_READING:
        first = queries.first_pairs(current.session(), one)
        return lambda case: f", first read by {' and '.join(first.get(case.id, ['nobody']))}"
    twice = _read_twice(one, purpose)
    return lambda case: ", to be read twice" if twice(case) else ""


def _form(one: queries.Round, purpose: Purpose, free: Mapping[str, cases.Case]) -> forms.AssignForm:
    session = current.session()
    counties = rounds.county_names(session, one)
    team = queries.team(session, one, current.today())
    beside = _beside(one, purpose)
    return forms.AssignForm(
        flask.request.form,
        about=purpose.cases_are,
        reviewers=_by_load(one, team),
        cases={
            key: f"{case.case_number}, {CASE_TYPE_WORDS[case.case_type].lower()},"
            f" {counties.get(case.county_id, '')}{beside(case)}"
            for key, case in free.items()
        },
    )


def _by_load(one: queries.Round, team: Sequence[Actor]) -> dict[str, str]:
    """Public id -> name with the cases of the round that somebody has, who has fewest first."""
    load = queries.workload(current.session(), one)
    order = sorted(team, key=lambda person: (load.get(person.person_id, 0), person.name))
    return {
        str(person.public_id): f"{person.name}, {_cases(load.get(person.person_id, 0))}"
        for person in order
    }


def _cases(number: int) -> str:
    return dates.counted(number, "case") if number else "no case yet"


def _put(one: queries.Round, purpose: Purpose, case: cases.Case, form: forms.AssignForm) -> None:
    team = queries.team(current.session(), one, current.today())
    purpose.assign(
        current.session(),
        in_round=one,
        case=case,
        reviewers=_chosen(team, form.reviewers.data or []),
        actor=current.actor(),
        now=current.now(),
    )


def _chosen(team: Sequence[Actor], public_ids: Sequence[str]) -> list[Actor]:
    return [person for person in team if str(person.public_id) in public_ids]


def _page(
    one: queries.Round,
    purpose: Purpose,
    form: forms.AssignForm,
    refused: tuple[errors.Blocker, ...],
) -> ResponseReturnValue:
    wrong = bool(refused or form.errors)
    page = flask.render_template(
        "reviews/assign_case.html",
        round=one,
        purpose=purpose,
        url=flask.url_for("reviews.round", public_id=one.public_id),
        form=form,
        may_import=guard.may(Permission.CASES_IMPORT),
        refused=[(each.message, "") for each in refused],
        has_errors=wrong,
    )
    return page, 422 if wrong else 200


@routes.blueprint.route("/reviews/<uuid:public_id>/reviewers", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_ASSIGN)
def change_reviewers(public_id: uuid.UUID) -> ResponseReturnValue:
    """Put one more person on a case review, or take one off."""
    review = routes.found(public_id)
    routes.require(Permission.ROUND_ASSIGN, review, "others assign the reviewers of this case")
    refused: tuple[errors.Blocker, ...] = ()
    if flask.request.method == "POST":
        try:
            _change(review)
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            return flask.redirect(flask.request.path, code=303)
    standing = queries.standing(current.session(), review)
    team = queries.team(current.session(), review.round, current.today())
    page = flask.render_template(
        "reviews/change_reviewers.html",
        review=review,
        second_reading=review.second_reading
        and policy.knows_readings(current.actor(), standing.thing),
        round_url=flask.url_for("reviews.round", public_id=review.round.public_id),
        on_it=[person for person in team if person.person_id in standing.reviewers],
        others=[person for person in team if person.person_id not in standing.reviewers],
        refused=[(each.message, "") for each in refused],
        has_errors=bool(refused),
    )
    return page, 422 if refused else 200


def _change(review: queries.CaseReview) -> None:
    session, actor, sent = current.session(), current.actor(), flask.request.form
    team = queries.team(session, review.round, current.today())
    for person in _chosen(team, sent.getlist("add")):
        actions.add_reviewer(
            session, review=review, reviewer=person, actor=actor, now=current.now()
        )
    for person in _chosen(team, sent.getlist("remove")):
        actions.remove_reviewer(
            session, review=review, person_id=person.person_id, actor=actor, now=current.now()
        )
