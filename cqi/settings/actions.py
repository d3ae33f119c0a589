"""Setting a value, from a date on."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.settings import queries, rules
from cqi.settings.models import SettingValue


@dataclass(frozen=True)
class Change:
    """A new value, as somebody wrote it."""

    key: str
    text: str
    from_on: dt.date
    reason: str
    confirmed: bool = False


def set_value(
    session: orm.Session, change: Change, *, actor_id: int | None, now: dt.datetime
) -> SettingValue:
    """Add a value; earlier ones stay. Raises NotFound, or Blocked with every reason."""
    setting = queries.setting(change.key)
    value, found = rules.parsed(setting, change.text)
    if not change.reason.strip():
        found.append(Blocker("reason_missing", "Say why, for those who read it later", "reason"))
    errors.require(found)
    row = SettingValue(
        key=setting.key,
        value=value,
        from_on=change.from_on,
        reason=change.reason.strip(),
        confirmed=change.confirmed,
        set_by_id=actor_id,
        set_at=now,
    )
    session.add(row)
    session.flush()
    payload = {
        "value_id": str(row.public_id),
        "key": setting.key,
        "from_on": change.from_on.isoformat(),
        "confirmed": change.confirmed,
    }
    happening = events.Happening("setting.changed", actor_id, now)
    events.record(session, stream_of(setting.key), happening, payload)
    return row


def stream_of(key: str) -> events.Stream:
    """The stream of a setting: its id follows from its key."""
    return events.Stream("setting", uuid.uuid5(uuid.NAMESPACE_URL, f"cqi:setting:{key}"))
