"""Plans of a large state, 200 with 10,000 steps, on both engines: their pages, and the clock that
tells of deadlines, on its first run and when there is nothing to tell. Beside both: how long this
machine takes now to read every step as an object, which is what the pages leave out."""

from __future__ import annotations

import datetime as dt
import functools
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cli import jobs
from cqi.core import configuration, holidays, identifiers, schema
from cqi.core import database as databases
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.plans.models import Goal, Plan, Step, StepEntry, Strategy
from cqi.plans.queries import reminding
from cqi.plans.rules import PlanState, StepState, TargetKind, Today
from cqi.web import app as web
from tests import build
from tests.bench import bench_dashboards, bench_measures, bench_pages
from tests.bench.__main__ import Row

REGIONS, PLANS, STEPS, REPEATS = 13, 200, 50, 15
AIM, REMIND_AIM = 80.0, 5000.0
CLOCK = Clock(ZoneInfo("America/Chicago"))
_STATES = (StepState.VERIFIED, StepState.ON_SCHEDULE, StepState.CLAIMED, StepState.BEHIND)


@dataclass(frozen=True)
class Place:
    """A filled database, with e-mails of who sees the state and who leads a region."""

    engine: str
    opened: Database
    director: str
    leads: str
    plan: str
    step: str


def measure() -> Iterator[Row]:
    for engine in ("embedded", "postgresql"):
        yield from of(place(engine))


def of(here: Place) -> Iterator[Row]:
    every = bench_measures.milliseconds(lambda: _all_steps(here.opened))
    works = jobs.Works(here.opened, CLOCK, lambda _mail: None)
    _start_anew(here.opened)
    first = bench_measures.milliseconds(lambda: jobs.JOBS["plan-deadlines"](works))
    idle = bench_measures.milliseconds(lambda: jobs.JOBS["plan-deadlines"](works))
    yield f"remind, first run, {here.engine}", first, "ms", "the aim", REMIND_AIM
    yield f"remind, idle, {here.engine}", idle, "ms", "the aim", REMIND_AIM
    app = web.create_app(here.opened, CLOCK)
    for who, email, paths in (
        ("state", here.director, {"plans": "/plans", "home": "/plans/home"}),
        ("region", here.leads, {"home": "/plans/home", "plan": here.plan, "step": here.step}),
        ("state", here.director, {"late plans": "/plans?late=yes&sort=late&down=1"}),
    ):
        client = bench_pages.signed_in(app, here.opened, email, CLOCK)
        browser = bench_dashboards.Place(here.engine, here.opened, client, None)
        for name, path in paths.items():
            taken, worked = _taken(browser, path)
            yield f"{name}, {who}, {here.engine}", taken, "ms", "the aim", AIM
            yield f"{name}, {who}, the processor's, {here.engine}", worked, "ms", "the aim", AIM
            counted = bench_pages.statements(here.opened, client, path)
            yield f"{name}, {who}, queries, {here.engine}", counted, "", "", None
    yield f"plans, every step as an object, {here.engine}", every, "ms", "", None


def _taken(browser: bench_dashboards.Place, path: str) -> tuple[float, float]:
    """On the clock, and of this process at work, which others on the machine do not lengthen."""
    assert browser.client.get(path).status_code == 200
    every = [bench_pages.both_times(lambda: browser.client.get(path)) for _ in range(REPEATS)]
    passed, worked = (statistics.median(times) for times in zip(*every, strict=True))
    return passed, worked


def _all_steps(opened: Database) -> None:
    with opened.reading() as session:
        assert len(session.scalars(sa.select(Step)).all()) == PLANS * STEPS


def _start_anew(opened: Database) -> None:
    """Let the first run be one again, in a later repeat: new due dates start anew."""
    today = Today(CLOCK.today(), holidays.days(), CLOCK.time_zone)
    with opened.reading() as session:
        if reminding.to_remind(session, today):
            return
    with opened.writing() as session:
        rows = session.execute(sa.select(Step.id, Step.due_on, Step.revision)).all()
        moved = [
            {"id": key, "due_on": due + dt.timedelta(days=1), "revision": revision}
            for key, due, revision in rows
        ]
        session.execute(sa.update(Step), moved)


@functools.cache
def place(engine: str) -> Place:
    """Made once a process."""
    folder = tempfile.mkdtemp(prefix="cqi-bench-")
    found = {"CQI_DATA_DIR": folder}
    if engine == "postgresql":
        server = bench_dashboards.server(Path(folder))
        found["CQI_DATABASE_URL"] = bench_dashboards.postgresql.create_database(server)
    settings = configuration.from_environment(found)
    opened = databases.create_database(settings)
    schema.upgrade(settings, opened.keys)
    with opened.writing() as session:
        state = build.state(session)
        director = _somebody(session, Role.CQI_DIRECTOR, state)
        _somebody(session, Role.STATE_OFFICE, state)
        build.password_alone(session)
        leads = [_region(session, state, number) for number in range(REGIONS)]
        _, plan = session.execute(
            sa.select(Plan.id, Plan.public_id).where(Plan.place_id == leads[0][1])
        ).first() or (0, "")
        step = session.scalar(
            sa.select(Step.public_id)
            .join(Step.strategy)
            .join(Strategy.goal)
            .join(Goal.plan)
            .where(Plan.public_id == plan, Step.state == StepState.ON_SCHEDULE)
            .order_by(Step.due_on)
        )
        emails = (director.email, leads[0][0])
    if engine == "postgresql":  # a server does so by itself, after a while
        with opened.writing() as session:
            session.execute(sa.text("analyze"))
    return Place(engine, opened, *emails, f"/plans/{plan}", f"/plans/steps/{step}")


def _somebody(session: orm.Session, role: Role, where: build.Place) -> Person:
    person = build.person(session)
    build.grant(session, person, role, place=where)
    return person


def _region(session: orm.Session, state: build.Place, number: int) -> tuple[str, int]:
    """A region with its share of the plans; (e-mail of who leads them, id of the region)."""
    region = build.region(session, f"Region {number + 1}", above=state)
    county = build.county(session, region, f"County {number + 1}")
    lead = _somebody(session, Role.REGIONAL_DIRECTOR, region)
    _somebody(session, Role.CQI_LIAISON, region)
    owners = [_somebody(session, Role.CQI_LIAISON, county).id for _ in range(6)]
    round_ = build.round(session, region, [county])
    for each in range(number, PLANS, REGIONS):
        _plan(session, region.id, round_.id, f"Plan {each:03}", owners)
    return lead.email, region.id


def _plan(session: orm.Session, place_id: int, round_id: int, name: str, owners: list[int]) -> None:
    now = CLOCK.now()
    plan = Plan(
        place_id=place_id,
        round_id=round_id,
        name=name,
        state=PlanState.ACTIVE,
        state_since=now,
        approved_on=CLOCK.today(),
        created_at=now,
        goals=[_goal(position, name, owners) for position in (1, 2)],
        findings=[],
        entries=[],
    )
    session.add(plan)
    session.flush()


def _goal(position: int, name: str, owners: list[int]) -> Goal:
    ways = [
        Strategy(position=number, title="A way", steps=_steps(number + position, owners))
        for number in range(1, 6)
    ]
    return Goal(
        public_id=identifiers.uuid7(),
        position=position,
        title=f"Goal of {name}",
        component="SRM",
        item="SRM05",
        baseline_achieved=21,
        baseline_applicable=58,
        target_kind=TargetKind.PIP_ARITHMETIC,
        strategies=ways,
    )


def _steps(number: int, owners: list[int]) -> list[Step]:
    today, now = CLOCK.today(), CLOCK.now()
    made = []
    for position in range(1, 6):
        state = _STATES[(number + position) % len(_STATES)]
        due_on = today + dt.timedelta(days=(number * 37 + position * 23) % 300 - 120)
        done = state in (StepState.VERIFIED, StepState.CLAIMED)
        entries = [StepEntry(kind="claimed", words="Logs", by_id=owners[0], at=now, files=[])]
        made.append(
            Step(
                public_id=identifiers.uuid7(),
                position=position,
                title="Supervisors read one assessment a month",
                owner_id=owners[(number + position) % len(owners)],
                starts_on=due_on - dt.timedelta(days=60),
                due_on=due_on,
                evidence_asked="Logs for two months",
                state=state,
                state_since=now,
                entries=entries if done else [],
            )
        )
    return made
