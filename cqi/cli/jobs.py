"""`cqi jobs`: what is to be done without anybody asking. Each job is a command of its own too."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass

import click
from sqlalchemy import orm

from cqi.cli import installation
from cqi.core import events, faults, holidays
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.feedback import actions as feedback
from cqi.feedback import queries as feedback_queries
from cqi.feedback.rules.clocks import Calendar, Clocks
from cqi.measures import actions as measures
from cqi.measures.queries import tallies
from cqi.notices import actions as notices
from cqi.notices import queries as notice_queries
from cqi.plans import actions as plans
from cqi.plans import rules as plan_rules
from cqi.plans.queries import clocks as plan_clocks
from cqi.plans.queries import reminding
from cqi.reporting.actions import packs
from cqi.reporting.queries import packs as pack_queries
from cqi.reviews import actions as review_actions
from cqi.reviews import queries as reviews
from cqi.rounds.actions import readiness as round_actions
from cqi.rounds.queries import readiness
from cqi.ui import dates

PAUSE = 5  # seconds from one round of jobs to the next
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Works:
    """What jobs work with."""

    database: Database
    clock: Clock
    post: notices.Post


def _late_alerts(works: Works) -> str:
    """Let safety alerts that are late climb to the CQI director."""
    now = works.clock.now()
    with works.database.reading() as session:
        if not reviews.alerts_to_climb(session, now):
            return ""
    with works.database.writing() as session:
        today = works.clock.today()
        climbed = review_actions.climb_late_alerts(session, now=now, today=today)
    return f"{dates.counted(climbed, 'safety alert')} climbed"


def _late_items(works: Works) -> str:
    """Tell the owners of late items of a planning checklist."""
    today = works.clock.today()
    with works.database.reading() as session:
        if not readiness.late_to_tell(session, today):
            return ""
    with works.database.writing() as session:
        number = round_actions.tell_late_items(session, now=works.clock.now(), today=today)
    return f"{dates.counted(number, 'late item')} told of"


def _feedback_clocks(works: Works) -> str:
    """Tell of feedback memos that wait for their release or for being read, and of late ones."""
    now = works.clock.now()
    with works.database.reading() as session:
        clocks = _clocks(works, session)
        if not any(one.people for one in feedback_queries.to_tell(session, clocks, now)):
            return ""
    with works.database.writing() as session:
        number = feedback.tell_of_memos(session, clocks=clocks, now=now)
    return f"{dates.counted(number, 'memo')} told of"


def _late_reconsiderations(works: Works) -> str:
    """Tell of requests to look at a rating again whose decision is late."""
    now = works.clock.now()
    with works.database.reading() as session:
        clocks = _clocks(works, session)
        if not feedback_queries.late_reconsiderations(session, clocks):
            return ""
    with works.database.writing() as session:
        number = feedback.tell_late(session, clocks=clocks, now=now)
    return f"{dates.counted(number, 'late request')} told of"


def _late_needs(works: Works) -> str:
    """Tell whoever has to reply of systemic needs whose reply is late."""
    now, today = works.clock.now(), works.clock.today()
    with works.database.reading() as session:
        clocks = _clocks(works, session)
        if not feedback_queries.late_needs(session, clocks):
            return ""
    with works.database.writing() as session:
        number = feedback.tell_late_needs(session, clocks=clocks, now=now, today=today)
    return f"{dates.counted(number, 'late systemic need')} told of"


def _plans(works: Works) -> str:
    """Begin approved plans whose first step starts; tell once of plans that are due."""
    now, day = works.clock.now(), works.clock.today()
    today = plan_rules.Today(day, holidays.days(), works.clock.time_zone)
    with works.database.reading() as session:
        if not (plan_clocks.to_begin(session, day) or plan_clocks.to_tell(session, today)):
            return ""
    with works.database.writing() as session:
        begun = plans.begin_started(session, now=now, today=day)
        told = plans.tell_due(session, now=now, today=today)
    said = [dates.counted(begun, "plan") + " begun"] if begun else []
    said += [dates.counted(told, "due plan") + " told of"] if told else []
    return ", ".join(said)


def _plan_deadlines(works: Works) -> str:
    """Tell of deadlines of plans: reminders before them, then up the ladder."""
    today = plan_rules.Today(works.clock.today(), holidays.days(), works.clock.time_zone)
    with works.database.reading() as session:
        if not reminding.to_remind(session, today):
            return ""
    with works.database.writing() as session:
        found = plans.remind(session, today=today, now=works.clock.now())
    return f"{dates.counted(len(found), 'deadline')} told of" if found else ""


def _clocks(works: Works, session: orm.Session) -> Clocks:
    calendar = Calendar(works.clock.today(), works.clock.time_zone, holidays.days())
    return feedback_queries.clocks(session, calendar)


def _keep_counts(works: Works) -> str:
    """Count anew the rounds whose results changed, so that dashboards need not."""
    with works.database.reading() as session:
        stale = tallies.to_keep(session)
    for round_id in stale:
        with works.database.writing() as session:
            measures.keep_counts(session, [round_id], now=works.clock.now())
    return f"{dates.counted(len(stale), 'round')} counted" if stale else ""


def _send_mail(works: Works) -> str:
    """Send the e-mails of notices that are due."""
    sent, failed = notices.send_due(works.database, works.clock, works.post)
    said = [dates.counted(sent, "e-mail") + " sent"] if sent else []
    said += [f"{failed} failed, to be tried again"] if failed else []
    return ", ".join(said)


def _draw_packs(works: Works) -> str:
    """Draw the packs of every county's report that were asked for; delete those of yesterday."""
    drawn = packs.draw(works.database, works.clock)
    with works.database.reading() as session:
        over = pack_queries.old(session, works.clock.now())
    if over:
        with works.database.writing() as session:
            packs.forget(session, now=works.clock.now())
    said = [dates.counted(drawn, "report") + " drawn"] if drawn else []
    said += [dates.counted(len(over), "pack") + " deleted"] if over else []
    return ", ".join(said)


def _daily_seal(works: Works) -> str:
    """Seal the heads of all event chains, once a day."""
    today = works.clock.today()
    with works.database.reading() as session:
        last = events.newest_seal(session)
        if last is not None and last.sealed_on >= today:
            return ""
    with works.database.writing() as session:
        made = events.seal(session, today=today, now=works.clock.now())
    return f"{made.sealed_on} is sealed: {made.hash}" if made else ""


# in the order in which a round takes them: what one tells, the next sends
JOBS: dict[str, Callable[[Works], str]] = {
    "late-alerts": _late_alerts,
    "late-items": _late_items,
    "feedback-clocks": _feedback_clocks,
    "late-reconsiderations": _late_reconsiderations,
    "late-needs": _late_needs,
    "plans": _plans,
    "plan-deadlines": _plan_deadlines,
    "send-mail": _send_mail,
    "keep-counts": _keep_counts,
    "daily-seal": _daily_seal,
    "draw-packs": _draw_packs,
}
SLOW = ("draw-packs",)  # beside a server these have a thread of their own: mail does not wait


def forever(works: Works, stop: threading.Event, names: Collection[str] = tuple(JOBS)) -> None:
    """One round after the other; a job that fails is written to the log and tried again."""
    while not stop.is_set():
        for name in names:
            try:
                JOBS[name](works)
            except Exception as error:
                _logger.error("job %s failed\n%s", name, faults.told(error))
        stop.wait(PAUSE)


def beside(works: Works) -> None:
    """Do the jobs in threads of the server's process: they end with it, however it ends."""
    quick = tuple(name for name in JOBS if name not in SLOW)
    for name, names in (("jobs", quick), ("slow jobs", SLOW)):
        given = (works, threading.Event(), names)
        threading.Thread(target=forever, args=given, name=name, daemon=True).start()


def _works() -> Works:
    settings = installation.settings()
    post = notices.poster(settings)
    return Works(installation.opened(), installation.ticking(), post)


@click.group()
def jobs() -> None:
    """What is done without anybody waiting: late alerts, e-mail, counts, the seal, packs."""


@jobs.command()
@click.option("--once", is_flag=True, help="One round of all jobs, then end: for a timer.")
def run(once: bool) -> None:
    """Do all jobs, again and again. `cqi serve` does so by itself."""
    works = _works()
    if not once:
        forever(works, threading.Event())
    for name, job in JOBS.items():
        click.echo(f"{name}: {job(works) or 'nothing to do'}")


def _command(name: str, job: Callable[[Works], str]) -> None:
    @jobs.command(name, help=job.__doc__)
    def _run() -> None:
        click.echo(job(_works()) or "nothing to do")


for _name, _job in JOBS.items():
    _command(_name, _job)


@jobs.command()
@installation.FORMAT
def waiting(format_: str) -> None:
    """E-mails that are still to be sent, with what was wrong at the last try."""
    clock = installation.ticking()
    with installation.opened().reading() as session:
        daily_at = notice_queries.digest_times(session, clock.time_zone).next(clock.now())
        rows = [
            {
                "notice": str(notice.public_id),
                "kind": notice.kind,
                "at": notice.at.isoformat(),
                "tries": notice.tries,
                "problem": notice.problem,
                "next_try_at": one.next_at(daily_at).isoformat(),
            }
            for one in notice_queries.waiting(session)
            for notice in one.notices
        ]
    if format_ == "json":
        installation.print_json(rows)
        return
    for row in rows:
        problem = row["problem"] or "not tried yet"
        click.echo(f"{row['kind']} {row['notice']}: {row['tries']} tries, {problem}")
