"""The cells of a list: texts, values of a closed list and dates, each with its remedy."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TypeVar

from cqi.cases.rules.lists import Line
from cqi.core.errors import BadRow

LONGEST = {"case_number": 60, "family_id": 60, "caseworker_id": 40, "supervisor_id": 40}
NO_USE = "this case number cannot be used: check it against the case file, or remove the row"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_CELL = 200
_FORMULA = ("=", "+", "-", "@", "'")  # files would have to change such a number to be safe
_Listed = TypeVar("_Listed", bound=enum.StrEnum)


@dataclass
class Cells:
    """Reads one row of a list, column by column, and keeps what is wrong."""

    line: Line
    today: dt.date
    required: Collection[str] = ()
    problems: list[BadRow] = field(default_factory=list)

    def text(self, column: str) -> str:
        """A value as it stands; missing or too long ones are problems."""
        value = " ".join(self.line.values.get(column, "").split())  # a line break is a blank
        if not value and column in self.required:
            self.wrong(column, "this is required: fill it in")
        longest = LONGEST.get(column, _LONGEST_CELL)
        if column == "case_number" and (len(value) > longest or not value.isprintable()):
            self.wrong(column, NO_USE)
            return ""
        if column == "case_number" and value.startswith(_FORMULA):
            message = f"“{value[0]}” at its beginning makes it a formula in spreadsheets: remove it"
            self.wrong(column, message)
            return ""
        if len(value) > longest:
            self.wrong(column, f"this is longer than {longest} characters: shorten it")
            return ""
        if not value.isprintable():
            self.wrong(column, "this holds an invisible character: type it anew")
            return ""
        return value

    def one_of(self, column: str, values: type[_Listed]) -> _Listed | None:
        """A value of a closed list, or None."""
        text = self.text(column)
        if text and text not in list(values):
            self.wrong(column, f"“{text}” is not known: use {listed(list(values))}")
            return None
        return values(text) if text else None

    def date(self, column: str) -> dt.date | None:
        """A date as YYYY-MM-DD that is not in the future, or None."""
        text = self.text(column)
        if not text:
            return None
        day = _day(text)
        if day is None:
            self.wrong(column, f"“{text}” is no date: write it as YYYY-MM-DD")
        elif day > self.today:
            remedy = "correct it" if column in self.required else "correct it or leave it empty"
            self.wrong(column, f"{text} lies in the future: {remedy}")
        return day

    def wrong(self, column: str, message: str) -> None:
        """Keep that a cell cannot be used, and what to do."""
        self.problems.append(BadRow(self.line.number, column, message))


def listed(values: Collection[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    *before, last = values
    return f"{', '.join(before)} or {last}" if before else last


def _day(text: str) -> dt.date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
