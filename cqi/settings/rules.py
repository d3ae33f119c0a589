"""Reading a setting's value from words, within its limits."""

from __future__ import annotations

import math

from cqi.core.errors import Blocker
from cqi.settings.registry import Setting

Value = int | float | bool | str
NONE = "none"  # what an empty list is written as
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


def parsed(setting: Setting, text: str) -> tuple[Value | None, list[Blocker]]:
    """The typed value of a text, or why it is none. The type is the default's."""
    words = text.strip()
    value: Value | None
    if isinstance(setting.default, bool):
        value = _WORDS.get(words.lower())
    elif setting.among:
        value = _listed(setting, words)
    elif isinstance(setting.default, str):
        value = words or None
    else:
        value = _number(words, whole=isinstance(setting.default, int))
    if value is None:
        return None, [Blocker("value_bad", f"Write {_wanted(setting)}", "value")]
    return value, _beyond(setting, value)


def members(value: Value) -> tuple[str, ...]:
    """The words of a list."""
    return tuple(part for each in str(value).split(",") if (part := each.strip()) and part != NONE)


def _listed(setting: Setting, words: str) -> str | None:
    """A list as it is kept; None where a word is none of those there are, or there is no word."""
    if words.lower() == NONE:
        return NONE
    found = [each.lower().replace(" ", "_") for each in members(words)]
    known = bool(found) and set(found) <= set(setting.among)
    return ", ".join(dict.fromkeys(found)) if known else None


def _number(words: str, *, whole: bool) -> int | float | None:
    try:
        number = int(words) if whole else float(words)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _wanted(setting: Setting) -> str:
    if isinstance(setting.default, bool):
        return "yes or no"
    if setting.among:
        return f"some of {', '.join(setting.among)}, with commas between them, or {NONE}"
    if isinstance(setting.default, str):
        return "a text"
    return "a whole number" if isinstance(setting.default, int) else "a number"


def _beyond(setting: Setting, value: Value) -> list[Blocker]:
    if isinstance(value, bool | str):
        return []
    low = setting.least is not None and value < setting.least
    high = setting.most is not None and value > setting.most
    if not low and not high:
        return []
    message = f"Write a number from {setting.least:g} to {setting.most:g}"
    return [Blocker("value_beyond", message, "value")]


def limits(setting: Setting) -> str:
    """ "From 5 to 30 cases."; empty for a setting without limits."""
    if setting.among:
        return f"Some of {', '.join(setting.among)}; or {NONE}."
    if setting.least is None or setting.most is None:
        return ""
    return f"From {setting.least:g} to {setting.most:g} {setting.unit}."


def words(setting: Setting, value: Value) -> str:
    """A value as a page says it: "25 points", "Yes", a name."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return value
    return f"{value:g} {setting.unit}".strip()
