"""What a setting says on a date: the agency's value, else the default."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.settings.models import SettingValue
from cqi.settings.registry import Setting

Value = int | float | bool | str


def value(session: orm.Session, setting: Setting, on: dt.date) -> Value:
    """The newest value in force on a date."""
    query = (
        sa.select(SettingValue.value)
        .where(SettingValue.key == setting.key, SettingValue.from_on <= on)
        .order_by(SettingValue.from_on.desc(), SettingValue.id.desc())
        .limit(1)
    )
    found: Value | None = session.scalar(query)
    return setting.default if found is None else found
