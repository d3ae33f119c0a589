"""The value of a setting on a date, and everything that the settings page says about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors
from cqi.settings import registry, rules
from cqi.settings.models import SettingValue
from cqi.settings.registry import Setting
from cqi.settings.rules import Value


@dataclass(frozen=True)
class Held:
    """A setting as it stands on a date. `from_on` is None while the default stands."""

    setting: Setting
    value: Value
    from_on: dt.date | None = None
    reason: str = ""
    confirmed: bool = False

    @property
    def words(self) -> str:
        """The value with its unit."""
        return rules.words(self.setting, self.value)

    @property
    def default_words(self) -> str:
        """The default with its unit."""
        return rules.words(self.setting, self.setting.default)

    @property
    def to_confirm(self) -> bool:
        """True while the page must say "agency to confirm"."""
        return self.setting.confirm and not self.confirmed

    @property
    def stated(self) -> str:
        """What stands right at a text that the setting fills: "Setting: 30 days, agency to
        confirm." Another number than the default holds in place of the one in the text."""
        confirm = ", agency to confirm" if self.to_confirm else ""
        said = f"Setting: {self.words}{confirm}."
        if self.value == self.setting.default:
            return said
        return f"{said} It holds in place of the {self.default_words} in the text."


def value(session: orm.Session, setting: Setting, on: dt.date) -> Value:
    """The value in force on a date, else the default."""
    return held(session, setting, on).value


def number(session: orm.Session, setting: Setting, on: dt.date) -> int:
    """The same for a setting that is a whole number."""
    return int(value(session, setting, on))


def listed(session: orm.Session, setting: Setting, on: dt.date) -> tuple[str, ...]:
    """The same for a setting that is a list."""
    return rules.members(value(session, setting, on))


def held(session: orm.Session, setting: Setting, on: dt.date) -> Held:
    """A setting as it stands on a date."""
    row = session.scalar(_newest_first(on).where(SettingValue.key == setting.key).limit(1))
    return Held(setting, setting.default) if row is None else _held(setting, row)


def all_held(session: orm.Session, on: dt.date) -> list[Held]:
    """Every setting as it stands on a date, in the order of the registry."""
    newest: dict[str, SettingValue] = {}
    for row in session.scalars(_newest_first(on)):
        newest.setdefault(row.key, row)
    return [
        _held(setting, newest[setting.key])
        if setting.key in newest
        else Held(setting, setting.default)
        for setting in registry.ALL
    ]


def history(session: orm.Session, setting: Setting) -> list[Held]:
    """Every value that was set, the newest first."""
    order = (SettingValue.from_on.desc(), SettingValue.id.desc())
    query = sa.select(SettingValue).where(SettingValue.key == setting.key).order_by(*order)
    return [_held(setting, row) for row in session.scalars(query)]


def over_time(
    session: orm.Session, settings: Iterable[Setting]
) -> dict[str, tuple[tuple[dt.date, Value], ...]]:
    """Key -> (from which day on, value) of every value that was set, the newest first."""
    found: dict[str, tuple[tuple[dt.date, Value], ...]] = {each.key: () for each in settings}
    order = (SettingValue.from_on.desc(), SettingValue.id.desc())
    query = sa.select(SettingValue).where(SettingValue.key.in_(list(found))).order_by(*order)
    for row in session.scalars(query):
        found[row.key] += ((row.from_on, row.value),)
    return found


def setting(key: str) -> Setting:
    """A declared setting. Raises NotFound."""
    if key not in registry.BY_KEY:
        raise errors.NotFound(f"there is no setting {key}")
    return registry.BY_KEY[key]


def _newest_first(on: dt.date) -> sa.Select[SettingValue]:
    return (
        sa.select(SettingValue)
        .where(SettingValue.from_on <= on)
        .order_by(SettingValue.from_on.desc(), SettingValue.id.desc())
    )


def _held(setting: Setting, row: SettingValue) -> Held:
    return Held(setting, row.value, row.from_on, row.reason, row.confirmed)
