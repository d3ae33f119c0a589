"""What the people of the demonstration were told: old e-mails went out, some wait."""

from __future__ import annotations

from cqi.cli.demonstration.rounds import World
from cqi.notices import actions as notices
from cqi.notices.rules import MailChoice
from cqi.rounds.actions import readiness

_DAILY = ("analyst", "cqi_director")  # they want one e-mail a day
_SINCE = -1100


def deliver(world: World) -> None:
    """All of an earlier day is sent; what is late since waits for the next daily e-mail."""
    session, timeline = world.session, world.timeline
    for key in _DAILY:
        day = timeline.workday(_SINCE)
        actor, now = world.people.actor(key, day), timeline.at(day, 9)
        notices.choose_mail(session, choice=MailChoice.DAILY, actor=actor, now=now)
    until = timeline.at(timeline.workday(-1), 8)
    while mail := notices.claim(session, now=until, zone=timeline.time_zone):
        notices.record_sent(session, mail, now=mail.at)
    readiness.tell_late_items(session, now=timeline.at(timeline.today, 8), today=timeline.today)
