"""The sample of a round: what was drawn and by which rule, where each case stands, eliminations."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import actions, queries
from cqi.reviews.rules import STATE_WORDS
from cqi.reviews.views import routes
from cqi.rounds import queries as rounds
from cqi.sampling import actions as sampling_actions
from cqi.sampling import forms
from cqi.sampling import queries as sampling
from cqi.sampling.rules import drawing
from cqi.sampling.rules.eliminating import ELIMINATION_WORDS, STANDING_WORDS, EliminationReason
from cqi.ui import dates


@routes.blueprint.get("/rounds/<uuid:public_id>/sample")
@guard.requires(Permission.ROUND_ASSIGN)
def sample(public_id: uuid.UUID) -> ResponseReturnValue:
    """The newest draw with how far its cases are, older draws, the register of eliminations."""
    return _page(sampling.for_sampling(current.session(), current.actor(), public_id))


def _page(
    in_round: queries.Round,
    refused: Sequence[errors.Blocker] = (),
    kept: Mapping[uuid.UUID, str] | None = None,
) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    draws = sampling.draws(session, in_round)
    register = sampling.register(session, in_round)
    counts = Counter(one.reason for one in register if one.approved)
    lies = rounds.thing(session, in_round)
    page = flask.render_template(
        "reviews/sample.html",
        round=in_round,
        rule=drawing.RULE,
        draw=draws[0] if draws else None,
        part=_parts(draws),
        draws=[_draw(each) for each in draws],
        wrong=sampling.differences(session, draws[0]) if draws else [],
        lines=queries.sample_lines(session, actor, draws[0]) if draws else [],
        beside=queries.beside_sample(session, in_round),
        waiting=[one for one in register if one.approved is None],
        register=register,
        counts={ELIMINATION_WORDS[one]: counts[one] for one in EliminationReason if counts[one]},
        words=ELIMINATION_WORDS,
        standing=STANDING_WORDS,
        states=STATE_WORDS,
        when=_when,
        me=actor.person_id,
        may_draw=actor.may(Permission.SAMPLE_DRAW, lies),
        may_decide=actor.may(Permission.SAMPLE_ELIMINATE, lies),
        kept=kept or {},
        refused=[(each.message, "#waiting") for each in refused],
        has_errors=bool(refused),
    )
    return page, 422 if refused else 200


def _parts(draws: Sequence[sampling.Draw]) -> dict[str, str]:
    names = {name for each in draws for name, *_ in each.strata}
    return sampling.stratum_words(current.session(), names)


def _draw(one: sampling.Draw) -> dict[str, object]:
    """What a draw's card says."""
    return {
        "made": one,
        "when": _when(one.drawn_at),
        "strata": [
            (name, size, len(drawn), len(reserve), size / len(drawn) if drawn else None)
            for name, size, drawn, reserve in one.strata
        ],
    }


def _when(at: dt.datetime) -> str:
    local = routes.local(at)
    return f"{dates.full_day(local.date())}, {dates.clock(local)}"


@routes.blueprint.route("/rounds/<uuid:public_id>/sample/eliminate", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_ASSIGN)
def propose_elimination(public_id: uuid.UUID) -> ResponseReturnValue:
    """Propose that a case of the sample is not reviewed, with the reason and what shows it."""
    session, actor = current.session(), current.actor()
    in_round = sampling.for_sampling(session, actor, public_id)
    cases = _in_sample(in_round)
    form = forms.EliminationForm(flask.request.form, cases=cases)
    if flask.request.method == "GET" or not form.validate():
        return _propose_page(in_round, form, cases)
    new = sampling_actions.NewElimination(
        EliminationReason(form.reason.data), form.evidence.data or ""
    )
    case = sampling.standing_case(session, in_round, form.case.data)
    try:
        actions.propose_elimination(session, case=case, new=new, actor=actor, now=current.now())
    except errors.Blocked as blocked:
        return _propose_page(in_round, form, cases, blocked.blockers)
    flask.flash(f"Proposed: case {case.case_number} waits for the site leader's decision.")
    return flask.redirect(flask.url_for("reviews.sample", public_id=public_id), code=303)


def _in_sample(in_round: queries.Round) -> dict[str, str]:
    numbers = sampling.in_sample(current.session(), [in_round.id]).get(in_round.id, frozenset())
    return {number: number for number in sorted(numbers)}


def _propose_page(
    in_round: queries.Round,
    form: forms.EliminationForm,
    cases: Mapping[str, str],
    refused: Sequence[errors.Blocker] = (),
) -> ResponseReturnValue:
    wrong = bool(refused or form.errors)
    page = flask.render_template(
        "reviews/propose_elimination.html",
        round=in_round,
        form=form,
        cases=cases,
        refused=[(each.message, f"#{each.place or 'case'}") for each in refused],
        has_errors=wrong,
    )
    return page, 422 if wrong else 200


@routes.blueprint.post("/rounds/<uuid:public_id>/sample/decide")
@guard.requires(Permission.SAMPLE_ELIMINATE)
def decide_elimination(public_id: uuid.UUID) -> ResponseReturnValue:
    """Yes or no to an elimination; with a yes the next case of the reserve steps in."""
    session, actor = current.session(), current.actor()
    in_round = sampling.for_sampling(session, actor, public_id)
    form = forms.DecisionForm(flask.request.form)
    elimination = sampling.elimination(session, in_round, _uuid(form.elimination.data))
    approve = form.decision.data == "yes"
    if not form.validate():
        found = [errors.Blocker("reason", " ".join(form.reason.errors), "waiting")]
        return _page(in_round, found, {elimination.public_id: form.reason.data or ""})
    decision = sampling_actions.Decision(approve, form.reason.data or "")
    try:
        instead = actions.decide_elimination(
            session, elimination=elimination, decision=decision, actor=actor, now=current.now()
        )
    except errors.Blocked as blocked:
        return _page(in_round, blocked.blockers, {elimination.public_id: form.reason.data or ""})
    flask.flash(_decided(approve, elimination.drawn_case.case_number, instead))
    return flask.redirect(flask.url_for("reviews.sample", public_id=public_id), code=303)


def _decided(approve: bool, case_number: str, instead: str | None) -> str:
    if not approve:
        return f"Case {case_number} stays in the sample."
    if instead is None:
        return f"Case {case_number} is eliminated. No reserve case of its part is left."
    return (
        f"Case {case_number} is eliminated. Case {instead} steps in: put it into reviewers' hands."
    )


def _uuid(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError as error:
        raise errors.NotFound("there is no such elimination") from error
