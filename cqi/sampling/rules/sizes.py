"""How large a sample has to be, before it is drawn. Only here a finite population correction."""

from __future__ import annotations

import math

from cqi.core.intervals import Z

_HALF = 0.25  # p(1-p) at one half, where a share is known least


def half_width(number: int, size: int) -> float:
    """How far a share near one half may be off (a share, 95%), for `number` of `size` cases.

    Normal approximation with the finite population correction (Cochran 1977, 4.2): for planning.
    Raises ValueError unless 1 <= number <= size.
    """
    if not 1 <= number <= size:
        raise ValueError(f"{number} of {size} is no sample")
    if size == 1:
        return 0.0
    return Z * math.sqrt(_HALF / number * (size - number) / (size - 1))


def cases_needed(width: float, size: int) -> int:
    """The fewest cases of `size` whose half width is at most `width` (a share above 0)."""
    if width <= 0 or size < 1:
        raise ValueError(f"no sample of {size} cases is within {width}")
    endless = Z * Z * _HALF / (width * width)
    number = math.ceil(endless * size / (size - 1 + endless))
    number = max(1, min(number, size))
    while number > 1 and half_width(number - 1, size) <= width:
        number -= 1
    while number < size and half_width(number, size) > width:
        number += 1
    return number
