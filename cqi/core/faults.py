"""A fault of ours in the log: of what kind it is and where it happened, without a value.

What an exception says often repeats what it could not read or find, and values are people's.
"""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Iterator


def reference() -> str:
    """Such as "3F9A-07C1": all that a person is shown of a fault; the log has the same."""
    digits = secrets.token_hex(4).upper()
    return f"{digits[:4]}-{digits[4:]}"


def told(error: BaseException) -> str:
    """The lines of our code that an error passed through, what it led from first."""
    return "\n".join(_told(each) for each in reversed(list(_chain(error))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        before = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or before


def _told(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return "".join([*traceback.format_tb(error.__traceback__), kind])
