"""The clocks of feedback, with every value that their settings had."""

from __future__ import annotations

from sqlalchemy import orm

from cqi.feedback.rules import clocks as rules
from cqi.settings import queries as settings
from cqi.settings import registry

_SETTINGS = {
    "memo": registry.MEMO_DAYS,
    "acknowledge": registry.ACKNOWLEDGE_DAYS,
    "reconsider": registry.RECONSIDER_DAYS,
    "decide": registry.RECONSIDER_DECIDE_DAYS,
    "reply": registry.NEED_REPLY_DAYS,
}


def clocks(session: orm.Session, calendar: rules.Calendar) -> rules.Clocks:
    """All of them, for a day."""
    changes = settings.over_time(session, _SETTINGS.values())
    allowed = {
        name: rules.Allowed(
            int(setting.default), tuple((day, int(value)) for day, value in changes[setting.key])
        )
        for name, setting in _SETTINGS.items()
    }
    return rules.Clocks(calendar, **allowed)
