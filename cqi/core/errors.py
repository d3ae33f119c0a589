"""What the product says when it says no: reasons, never a bare False."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Blocker:
    """One reason why something may not be done now.

    `code` is stable and compared by tests; `message` is read by people and says what to do;
    `place` is where on a page the remedy lies (an element id, or empty).
    """

    code: str
    message: str
    place: str = ""


class ProductError(Exception):
    """Root of the errors that people are meant to read."""


class Blocked(ProductError):
    """Refused, with every reason. Nothing was changed."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        self.blockers = tuple(blockers)
        super().__init__("; ".join(blocker.message for blocker in self.blockers))


class Forbidden(ProductError):
    """The person may not do this, though they may see the thing."""


class NotFound(ProductError):
    """It does not exist, or lies outside the person's reach: the two look alike."""


class Conflict(ProductError):
    """Something else was saved first. `saved` is what stands now, `sent` is what was sent; `by_id`
    is who saved it, perhaps the sender in another window, where that is known."""

    def __init__(
        self, *, place: str, saved: str, sent: str, revision: int, by_id: int | None = None
    ) -> None:
        self.place, self.saved, self.sent, self.revision = place, saved, sent, revision
        self.by_id = by_id
        super().__init__(f"{place} was changed by somebody else since it was read")


@dataclass(frozen=True)
class BadRow:
    """One row of an imported file that cannot be used. `line` counts from 1."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.message}"


class BadInput(ProductError):
    """Input that cannot be used; says where and what to do. Nothing was changed."""

    def __init__(self, message: str, rows: Sequence[BadRow] = ()) -> None:
        self.rows = tuple(rows)
        super().__init__(message)


class Failed(ProductError):
    """Asked rightly, and not to be done now: a server that is down. Says what to look at."""


def require(blockers: Sequence[Blocker]) -> None:
    """Raise `Blocked` with all of them unless the list is empty."""
    if blockers:
        raise Blocked(blockers)
