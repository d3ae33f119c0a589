"""Pages of plans: the first page of who leads them, and one plan with its moves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms, workflow
from cqi.plans.forms import deadlines
from cqi.plans.queries import (
    amendments,
    answering,
    answers,
    ladders,
    lives,
    outcomes,
    owed,
    records,
    sheets,
    standings,
    timeline,
    waiting,
)
from cqi.plans.views import routes
from cqi.plans.workflow import PlanMove
from cqi.settings import registry
from cqi.ui import dates, pages

blueprint = routes.blueprint
_A_PAGE = 50  # steps


@blueprint.get("/home")
@guard.requires(Permission.PLAN_SEE)
def director_home() -> str:
    """What is late and with whom, the next deadlines, and the plans."""
    form = deadlines.AcknowledgeStepsForm(formdata=None)
    return home_page(form, offer(form))


@dataclass(frozen=True)
class Offered:
    """What waits for the answer of whoever looks: late steps, over which it goes, and what they
    were `told` of beside steps."""

    steps: tuple[ladders.Outstanding, ...]
    told: list[answers.Told]

    def __iter__(self) -> Iterator[ladders.Outstanding]:
        """The late steps."""
        return iter(self.steps)


def offer(form: deadlines.AcknowledgeStepsForm) -> Offered:
    """Let the form offer what is late and waits for whoever looks."""
    session, actor = current.session(), current.actor()
    where = records.visible(actor)
    found = ladders.outstanding(session, actor, routes.today(), where, most=standings.SHOWN)
    waiting = ladders.once(found)
    words = {str(each.step_id): f"{each.number} {each.title} ({each.plan})" for each in waiting}
    told = answers.told(session, actor, routes.today())
    words |= answers.labels(each for each in told if not each.answered)
    # who answers for their own steps alone does so on each step's page
    form.steps.choices = list(words.items()) if actor.holds(Permission.PLAN_ACKNOWLEDGE) else []
    return Offered(waiting, told)


def home_page(form: deadlines.AcknowledgeStepsForm, waiting: Offered) -> str:
    """The first page, with the form for late steps as it was sent or empty."""
    session, actor, today = current.session(), current.actor(), routes.today()
    days = routes.number(registry.DEADLINE_HORIZON_DAYS)
    home = standings.director_home(session, actor, today, days)
    return flask.render_template(
        "plans/home.html",
        home=home,
        waits=(*home.waits, *owed.owed(session, actor, today, waiting.told)),
        coming=owed.coming(session, actor, today, days),
        outstanding=waiting.steps,
        form=form,
        ladders=ladders.ladders(session, actor, [one.public_id for one in home.late], today),
        in_short=outcomes.in_short(session, [one for one in home.plans if one.in_force], today.day),
        horizon=days,
        leads=actor.holds(Permission.PLAN_LEAD),
        rolls_up=actor.holds(Permission.FEEDBACK_ROLL_UP),
        today=today,
        dates=dates,
    )


@blueprint.get("/steps/<any(late, coming):which>")
@guard.requires(Permission.PLAN_SEE)
def all_steps(which: str) -> str:
    """Every late step, or every step that falls due soon, where the first page shows the first."""
    session, actor, today = current.session(), current.actor(), routes.today()
    days, page = routes.number(registry.DEADLINE_HORIZON_DAYS), pages.asked_page()
    late = which == "late"
    where = sheets.is_late(today) if late else sheets.falls_due(today, days)
    stretch = pages.Stretch(page, _A_PAGE, records.count(session, actor, *where))
    skip = stretch.first - 1
    found = sheets.steps(session, actor, today, *where, most=_A_PAGE, skip=skip)
    climbed = [one.public_id for one in found] if late else []
    return flask.render_template(
        "plans/all_steps.html",
        which=which,
        steps=found,
        stretch=stretch,
        ladders=ladders.ladders(session, actor, climbed, today),
        horizon=days,
        dates=dates,
    )


@blueprint.get("/<uuid:public_id>")
@guard.requires(Permission.PLAN_SEE)
def plan(public_id: uuid.UUID) -> str:
    """One plan: late first, then whether it worked, then when everything is due."""
    return _plan_page(public_id, forms.MoveForm(formdata=None))


def _plan_page(public_id: uuid.UUID, form: forms.MoveForm) -> str:
    session, actor, today = current.session(), current.actor(), routes.today()
    sheet, life = lives.plan(session, actor, public_id, today)
    horizon = routes.number(registry.DEADLINE_HORIZON_DAYS)
    form.explain(sheet.moves)
    return flask.render_template(
        "plans/plan.html",
        plan=sheet,
        life=life,
        notes=life.notes,
        form=form,
        words=workflow.PLAN_MOVE_WORDS,
        answering=answering.answering(session, actor, sheet, today.day),
        ladders=ladders.ladders(session, actor, [one.public_id for one in sheet.late], today),
        measured=outcomes.outcomes(session, sheet, routes.limits()),
        waits=(*sheets.waits(sheet), *waiting.of_plan(owed.owed(session, actor, today), public_id)),
        outstanding=ladders.once(
            ladders.outstanding(session, actor, today, standings.is_plan(public_id))
        ),
        coming=sheets.coming(sheet.steps, today, horizon),
        owed=waiting.of_plan(owed.coming(session, actor, today, horizon), public_id),
        horizon=horizon,
        asks_target=amendments.may_ask_target(session, actor, public_id, today.day),
        timeline=timeline.bars(sheet, today),
        today=today,
        dates=dates,
    )


@blueprint.post("/<uuid:public_id>/move")
@guard.requires(Permission.PLAN_SEE)
def move_plan(public_id: uuid.UUID) -> ResponseReturnValue:
    """Make one move of the workflow: submit, withdraw, return, approve, begin, complete, close."""
    session, actor = current.session(), current.actor()
    found, form = records.plan(session, actor, public_id), forms.MoveForm()
    move = form.chosen()
    if not form.validate_on_submit():
        return _plan_page(public_id, form), routes.REFUSED
    try:
        actions.move_plan(
            session,
            plan=found,
            taking=actions.PlanTaking(move, form.words.data or ""),
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked as refused:
        forms.show_blockers(form, refused)
        return _plan_page(public_id, form), routes.REFUSED
    flask.flash(_SAYS[move])
    return routes.to_plan(public_id)


_SAYS = {
    PlanMove.SUBMIT: "Submitted. The CQI director reads it and approves or returns it.",
    PlanMove.WITHDRAW: "Withdrawn. It stays readable with your reason, and another can be begun.",
    PlanMove.RETURN: "Returned with your words. Who leads the plan can change it again.",
    PlanMove.APPROVE: "Approved. Its steps can be worked on, and its deadlines count.",
    PlanMove.BEGIN: "Begun. The plan is active.",
    PlanMove.COMPLETE: "Completed. All steps are done and all goals are met.",
    PlanMove.CLOSE_UNMET: "Closed with unmet goals. Your reason stays with the plan.",
}
