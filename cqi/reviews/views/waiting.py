"""The whole sample that waits, given to pairs at once: a suggestion to change, then all or none."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.cases import queries as cases
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.reviews import actions, queries
from cqi.reviews.rules import ReviewPurpose, suggesting
from cqi.reviews.rules.suggesting import PAIR, Candidate
from cqi.reviews.views import offering, routes
from cqi.rounds import queries as rounds
from cqi.sampling import queries as sampling
from cqi.ui import dates


@dataclass(frozen=True)
class Line:
    """A case that waits; `chosen` are the public ids in its fields, `why` says of those suggested
    what speaks for them."""

    case: cases.Case
    about: str
    team: Sequence[Candidate]
    chosen: Sequence[str]
    why: Sequence[str]


@routes.blueprint.route("/rounds/<uuid:public_id>/cases/waiting", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_ASSIGN)
def assign_waiting(public_id: uuid.UUID) -> ResponseReturnValue:
    """A suggested pair for each case of the sample that waits, to be changed; then all or none."""
    session, actor = current.session(), current.actor()
    one = rounds.by_public_id(session, actor, public_id)
    waiting = queries.cases_to_assign(session, actor, one)
    if sampling.in_sample(session, [one.id]).get(one.id) is None:
        waiting = []  # without a sample every case of the counties would wait
    if flask.request.method == "GET":
        return _page(one, waiting)
    try:
        made = _assign(one, waiting)
    except errors.Blocked as blocked:
        return _page(one, waiting, blocked.blockers)
    said = "is" if made == 1 else "are"
    flask.flash(f"{dates.counted(made, 'case')} of the sample {said} in the round.")
    return flask.redirect(flask.url_for("reviews.round", public_id=public_id), code=303)


def _assign(one: queries.Round, waiting: Sequence[cases.Case]) -> int:
    session, sent = current.session(), flask.request.form
    team = {str(each.public_id): each for each in queries.team(session, one, current.today())}
    given = [
        (case, [team[key] for key in sent.getlist(str(case.public_id)) if key in team])
        for case in waiting
    ]
    chosen = [(case, people) for case, people in given if people]
    if not chosen:
        raise errors.Blocked([Blocker("nobody", "Choose reviewers for one case at least.")])
    actions.assign_cases(
        session, in_round=one, given=chosen, actor=current.actor(), now=current.now()
    )
    return len(chosen)


def _page(
    one: queries.Round, waiting: Sequence[cases.Case], refused: Sequence[Blocker] = ()
) -> ResponseReturnValue:
    session, today = current.session(), current.today()
    scored = ReviewPurpose.SCORED
    teams = queries.candidates_for_cases(session, one, scored, waiting, today)
    pairs = suggesting.spread(teams)
    counties = rounds.county_names(session, one)
    lines = [
        _line(case, counties.get(case.county_id, ""), teams[case.id], pairs[case.id])
        for case in waiting
    ]
    page = flask.render_template(
        "reviews/assign_waiting.html",
        round=one,
        url=flask.url_for("reviews.round", public_id=one.public_id),
        lines=lines,
        loads=_loads(lines),
        said=offering.said,
        refused=[(each.message, f"#{each.place}" if each.place else "") for each in refused],
        has_errors=bool(refused),
    )
    return page, 422 if refused else 200


def _line(
    case: cases.Case, county: str, team: Sequence[Candidate], pair: Sequence[Candidate]
) -> Line:
    """What was sent stands; else who is suggested."""
    chosen = [str(each.public_id) for each in pair]
    if flask.request.method == "POST":
        chosen = flask.request.form.getlist(str(case.public_id))
    about = f"{CASE_TYPE_WORDS[case.case_type]}, {county}"
    why = [f"{each.name}: {offering.said(each)}" for each in pair]
    fields = [*chosen, *[""] * PAIR][:PAIR]
    return Line(case, about, suggesting.in_order(team), fields, why)


def _loads(lines: Sequence[Line]) -> list[tuple[str, int, int]]:
    """(name, open cases now, with those that stand on the page), by name."""
    now: dict[str, Candidate] = {}
    more: Mapping[str, int] = {}
    for line in lines:
        now |= {str(each.public_id): each for each in line.team}
        more = {**more, **{key: more.get(key, 0) + 1 for key in set(line.chosen) if key}}
    found = [(one.name, one.load, one.load + more.get(key, 0)) for key, one in now.items()]
    return sorted(found)
