"""The demonstration's improvement plans, one in every state, made through their actions."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cqi.access.actor import Actor
from cqi.cli.demonstration.rounds import World
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.plans import actions
from cqi.plans.models import Goal, Plan, PlanFinding, Step, Strategy
from cqi.plans.queries import records
from cqi.plans.rules import PlanState, evidence
from cqi.plans.rules.findings import FindingDecision, FindingKind, SystemicFactor
from cqi.plans.workflow import PlanMove, StepMove
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind

_DIRECTOR, _LIAISON = "cqi_director", "cqi_liaison"
_DAY = dt.timedelta(days=1)
_SEEN = "Supervisors and caseworkers named it at the debrief of the round."
_TOGETHER = "Both come from the same visits: one goal changes both."


@functools.cache
def told() -> list[dict[str, Any]]:
    """What plans.toml tells of."""
    text = (Path(__file__).parent / "plans.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["plans"])


@dataclass(frozen=True)
class Making:
    """A plan as the file tells of it. `begun` is the day of its draft."""

    world: World
    told: Mapping[str, Any]
    round: Round
    publication_id: int | None = None

    @property
    def begun(self) -> dt.date:
        """Some days before it was submitted or approved."""
        last = self.told.get("submitted", self.told.get("approved", 0) - 5)
        return self.day(self.told.get("begun", last - 10))

    @property
    def place_id(self) -> int:
        """Of its region."""
        region = places.place(self.world.session, PlaceKind.REGION, self.told["region"])
        return region.id

    def day(self, offset: int) -> dt.date:
        """A working day so many days from the day of the demonstration."""
        return self.world.timeline.workday(offset)

    def doing(self, key: str, day: dt.date, hour: int) -> dict[str, Any]:
        """Who does it and when, as actions take it."""
        actor: Actor = self.world.people.actor(key, day)
        return {"actor": actor, "now": self.world.timeline.at(day, hour)}

    def owner(self, key: str) -> int:
        """Of a step, or who leads a strategy."""
        person_id: int = self.world.people.people[key].id
        return person_id


def begin(world: World, one: Mapping[str, Any], round_id: int) -> None:
    """The plans that rest on a round and not on its report: approved before the follow-up."""
    round_ = world.session.get_one(Round, round_id)
    for plan in told():
        mine = (plan["region"], plan["rests_on"]) == (one["region"], one["kind"])
        if mine and not plan.get("report"):
            _plan(Making(world, plan, round_))


def go_on(world: World) -> Iterator[tuple[Making, Plan]]:
    """The plans that answer a published report, then all of them with what each was made from."""
    for one in told():
        round_ = _round(world, one)
        making = Making(world, one, round_, _report(world, round_) if one.get("report") else None)
        plan = _plan(making) if one.get("report") else _named(world, one["name"])
        _end(making, plan)
        yield making, plan


def _round(world: World, one: Mapping[str, Any]) -> Round:
    region = places.place(world.session, PlaceKind.REGION, one["region"])
    kind = Round.kind == RoundKind(one["rests_on"])
    return world.session.scalars(sa.select(Round).where(Round.region_id == region.id, kind)).one()


def _report(world: World, round_: Round) -> int:
    query = (
        sa.select(Publication.id)
        .join(PublicationRun, PublicationRun.publication_id == Publication.id)
        .join(MeasureRun, MeasureRun.id == PublicationRun.run_id)
        .where(MeasureRun.round_id == round_.id, Publication.level == "region")
    )
    return world.session.scalars(query.order_by(Publication.id)).first() or 0


def _named(world: World, name: str) -> Plan:
    return world.session.scalars(sa.select(Plan).where(Plan.name == name)).one()


def _plan(making: Making) -> Plan:
    """Drafted with findings, goals, strategies and steps, and moved as far as the file says."""
    one, begun = making.told, making.begun
    before = _named(making.world, one["supersedes"]).id if "supersedes" in one else None
    new = actions.NewPlan(
        making.place_id, making.round.id, one["name"], making.publication_id, before
    )
    doing = making.doing(one["lead"], begun, 9)
    plan = actions.begin_plan(making.world.session, new=new, **doing, today=begun)
    _findings(making, plan)
    steps = [pair for goal in one["goals"] for pair in _goal(making, plan, goal)]
    _move(making, plan)
    for said, step in steps:
        _progress(making, said, step)
    return plan


def _findings(making: Making, plan: Plan) -> None:
    """Some are added; those that goals answer are accepted, some merged, the others declined."""
    one, session = making.told, making.world.session
    doing = making.doing(one["lead"], making.begun, 10)
    merged = dict(one.get("merged", {}))
    for said in one.get("systemic", ()):
        new = actions.NewFinding(
            said["title"], said["words"], factor=SystemicFactor(said["factor"])
        )
        actions.add_finding(session, plan=plan, new=new, **doing, today=making.begun)
        merged[said["title"]] = said["into"]
    if "declined" not in one:
        return
    at = {row.code: row.position for row in plan.findings if row.kind is FindingKind.PRACTICE}
    wanted = {goal["item"] for goal in one["goals"]}
    for goal in one["goals"]:
        if goal["item"] not in at:
            new = actions.NewFinding(goal["title"], _SEEN, goal["item"])
            actions.add_finding(session, plan=plan, new=new, **doing, today=making.begun)
    decisions = [
        _decision(row, wanted, at.get(merged.get(row.code or row.title)), one["declined"])
        for row in plan.findings
        if row.kind is not FindingKind.STRENGTH
    ]
    actions.decide_findings(session, plan=plan, decisions=decisions, **doing)


def _decision(
    row: PlanFinding, wanted: Collection[str], into: int | None, reason: str
) -> actions.Decision:
    if row.code in wanted:
        return actions.Decision(row.position, FindingDecision.ACCEPTED, revision=row.revision)
    if into:
        return actions.Decision(
            row.position, FindingDecision.MERGED, _TOGETHER, into, revision=row.revision
        )
    return actions.Decision(row.position, FindingDecision.DECLINED, reason, revision=row.revision)


def _goal(
    making: Making, plan: Plan, said: Mapping[str, Any]
) -> list[tuple[Mapping[str, Any], Step]]:
    session, day = making.world.session, making.begun
    doing = making.doing(making.told["lead"], day, 11)
    accepted = (
        row.position
        for row in plan.findings
        if row.code == said["item"] and row.decision is FindingDecision.ACCEPTED
    )
    wish = actions.GoalWish(
        said["title"], said["item"], next(accepted, None), sample=said.get("sample", "")
    )
    goal = actions.add_measured_goal(session, plan=plan, wish=wish, **doing, today=day)
    made = []
    for way in said.get("strategies", ()):
        strategy = _strategy(making, goal, way)
        made += [(step, _step(making, strategy, step)) for step in way["steps"]]
    if "dropped" in said:
        doing = making.doing(making.told["lead"], day, 13)
        actions.drop_goal(session, goal=goal, reason=said["dropped"], **doing)
    return made


def _strategy(making: Making, goal: Goal, said: Mapping[str, Any]) -> Strategy:
    lead = making.owner(said["lead"]) if "lead" in said else None
    wish = actions.StrategyWish(said["title"], said.get("why", ""), said.get("evidence", ""), lead)
    doing = making.doing(making.told["lead"], making.begun, 11)
    return actions.add_strategy(making.world.session, goal=goal, wish=wish, **doing)


def _step(making: Making, strategy: Strategy, said: Mapping[str, Any]) -> Step:
    new = actions.NewStep(
        said["title"],
        making.owner(said["owner"]),
        making.day(said["starts"]),
        making.day(said["due"]),
        said["evidence"],
        said.get("partner", ""),
        said.get("contact", ""),
    )
    doing = making.doing(making.told["lead"], making.begun, 12)
    return actions.add_step(making.world.session, strategy=strategy, new=new, **doing)


def _move(making: Making, plan: Plan) -> None:
    """Withdrawn, or submitted, returned, approved, begun: as far as its state."""
    one, state = making.told, PlanState(making.told["state"])
    if state is PlanState.DRAFT:
        return
    if state is PlanState.WITHDRAWN:
        _make(
            making,
            plan,
            PlanMove.WITHDRAW,
            one["lead"],
            making.day(one["withdrawn"]),
            one["reason"],
        )
        return
    sent = making.day(one.get("submitted", one.get("approved", 0) - 5))
    _make(making, plan, PlanMove.SUBMIT, one["lead"], sent)
    if state is PlanState.RETURNED:
        day = making.day(one["returned"])
        _make(making, plan, PlanMove.RETURN, _DIRECTOR, day, one["reason"])
    if "approved" in one:
        _make(making, plan, PlanMove.APPROVE, _DIRECTOR, making.day(one["approved"]))
    if "approved" in one and state is not PlanState.APPROVED:
        begun = making.day(one["approved"]) + _DAY
        _make(making, plan, PlanMove.BEGIN, one["lead"], begun)


def _make(
    making: Making, plan: Plan, move: PlanMove, who: str, day: dt.date, words: str = ""
) -> None:
    actions.move_plan(
        making.world.session,
        plan=plan,
        taking=actions.PlanTaking(move, words),
        **making.doing(who, day, 14),
        today=day,
    )


def _progress(making: Making, said: Mapping[str, Any], step: Step) -> None:
    """What came of a step that was claimed."""
    if said["state"] in ("claimed", "sent_back", "verified"):
        _claimed(making, said, step)


def _claimed(making: Making, said: Mapping[str, Any], step: Step) -> None:
    """Claimed four days before it was due; verified or sent back a week later by somebody else."""
    session, claimed = making.world.session, making.day(said["due"] - 4)
    words = said.get("words", "Done as asked; the file shows it.")
    taking = actions.StepTaking(StepMove.CLAIM, words, helped=False, files=_files(said))
    doing = making.doing(said["owner"], claimed, 15)
    actions.move_step(session, step=step, taking=taking, **doing, today=claimed)
    seen = claimed + 7 * _DAY
    who = _DIRECTOR if said["owner"] == _LIAISON or not _monitored(making) else _LIAISON
    doing = making.doing(who, seen, 15)
    if said["state"] == "verified":
        actions.verify_step(session, step=step, words="Seen and complete.", **doing)
    elif said["state"] == "sent_back":
        actions.send_back_step(session, step=step, reason=said["reason"], **doing)


def _files(said: Mapping[str, Any]) -> tuple[evidence.Accepted, ...]:
    """An invented list as a text file, under the name that the file of plans gives."""
    content = f"{said['evidence']}\nInvented for the demonstration.\n".encode()
    upload = evidence.Upload(f"{said.get('file', 'evidence')}.txt", content)
    return evidence.judge([upload], 1).files


def _monitored(making: Making) -> bool:
    """Whether the demonstration's liaison monitors the region."""
    liaison = making.world.people.actor(_LIAISON, making.world.timeline.today)
    return any(making.place_id in grant.places for grant in liaison.grants)


def _end(making: Making, plan: Plan) -> None:
    """Completed or closed, once the follow-up told how its goals went."""
    one, state = making.told, PlanState(making.told["state"])
    if state is PlanState.COMPLETED:
        day = making.day(one.get("closed", -200))
        _make(making, plan, PlanMove.COMPLETE, _DIRECTOR, day)
    if state is PlanState.CLOSED_UNMET:
        day = making.day(one["closed"])
        _make(making, plan, PlanMove.CLOSE_UNMET, _DIRECTOR, day, one["reason"])
    records.hold(making.world.session, plan)
