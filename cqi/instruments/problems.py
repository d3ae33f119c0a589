"""What can be wrong with a definition or with the input of a rating, so said that it can be mended.

Messages are part of the product: each names the file, the place in it, what is wrong, the remedy.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """The rules of the checker; each has a broken definition among the tests."""

    # structure: one file at a time
    FILE_MISSING = "file_missing"
    NOT_UTF8 = "not_utf8"
    NOT_TOML = "not_toml"
    STRAY_FILE = "stray_file"
    NO_ITEMS = "no_items"
    UNKNOWN_KEY = "unknown_key"
    MISSING_KEY = "missing_key"
    WRONG_KIND = "wrong_kind"
    EMPTY = "empty"
    NOT_IN_LIST = "not_in_list"
    NEGATIVE_NUMBER = "negative_number"
    LARGE_NUMBER = "large_number"
    CONDITION_SHAPE = "condition_shape"
    CONDITION_TEXT = "condition_text"
    CONDITION_COUNTS = "condition_counts"
    COUNT_LIMIT = "count_limit"
    # meaning: names, and how the files hang together
    FOLDER_DIFFERS = "folder_differs"
    NAME_FORM = "name_form"
    RESERVED_NAME = "reserved_name"
    DUPLICATE = "duplicate"
    FACT_PHRASES = "fact_phrases"
    FACT_CHOICES = "fact_choices"
    ITEM_WITHOUT_FILE = "item_without_file"
    ITEM_NOT_LISTED = "item_not_listed"
    UNKNOWN_COMPONENT = "unknown_component"
    UNKNOWN_PART = "unknown_part"
    PART_LISTED = "part_listed"
    PART_NESTS = "part_nests"
    PART_COMPONENT = "part_component"
    POINTS_ORDER = "points_order"
    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_SCALE = "unknown_scale"
    UNKNOWN_SUBJECT = "unknown_subject"
    LEAST_MOST = "least_most"
    NA_TEXT = "na_text"
    NAME_CLASH = "name_clash"
    UNKNOWN_NAME = "unknown_name"
    BARE_NAME = "bare_name"
    UNKNOWN_VALUE = "unknown_value"
    NOT_ITS_PART = "not_its_part"
    UNSCORED_NAMED = "unscored_named"
    NOT_A_NUMBER = "not_a_number"
    NUMBER_WANTED = "number_wanted"
    OUT_OF_RANGE = "out_of_range"
    QUESTION_TOO_LATE = "question_too_late"
    LAST_ROW = "last_row"
    UNREACHABLE_ROW = "unreachable_row"
    COMPONENT_WITHOUT_RATINGS = "component_without_ratings"
    UNKNOWN_ITEM = "unknown_item"
    # beside the definition: worked cases, crosswalks, published versions
    CASE_INPUT = "case_input"
    CASE_RATING = "case_rating"
    CASES_TOO_FEW = "cases_too_few"
    CROSSWALK_CODE = "crosswalk_code"
    CHANGED_AFTER_PUBLISHING = "changed_after_publishing"
    # input of a rating
    INPUT = "input"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what, and what to do about it."""

    rule: Rule
    file: str
    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: {self.message} {self.remedy}".rstrip()


@dataclass(frozen=True)
class Where:
    """A place in a file; problems are made from it, so that none forgets where it is."""

    file: str
    place: str = ""

    def at(self, step: str) -> Where:
        """The place one step further in: a key, or `[name]` of an element in a list."""
        joint = "" if not self.place or step.startswith("[") else "."
        return Where(self.file, f"{self.place}{joint}{step}")

    def problem(self, rule: Rule, message: str, remedy: str = "") -> Problem:
        """A problem at this place."""
        return Problem(rule, self.file, self.place, message, remedy)


class InstrumentError(Exception):
    """Base of the errors of this package: always a list of problems, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DefinitionError(InstrumentError):
    """A definition does not hold together, or a published one was changed."""


class UnknownInstrumentError(InstrumentError):
    """There is no instrument of this id and version."""


class InputError(InstrumentError):
    """Facts or answers that the instrument does not have or does not allow."""


def did_you_mean(name: str, options: Iterable[str]) -> str:
    """A remedy: the nearest option as a question, else all of them."""
    known = sorted({str(option) for option in options})
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"Possible here: {', '.join(known)}." if known else ""
