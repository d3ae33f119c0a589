"""A memo as text that stays as it was released, and back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from cqi.feedback.rules import Answered, Graded, Memo, Point
from cqi.instruments.definition import Rating


def dumps(memo: Memo) -> str:
    """A memo as JSON, keys in the order of the dataclasses."""
    return json.dumps(dataclasses.asdict(memo), ensure_ascii=False)


def loads(text: str) -> Memo:
    """The reverse; the same memo comes back."""
    told = json.loads(text)
    for name in ("strengths", "more_strengths", "needs"):
        told[name] = tuple(map(_point, told[name]))
    told["components"] = tuple(map(_graded, told["components"]))
    return Memo(**told)


def _point(told: dict[str, Any]) -> Point:
    return Point(
        **{
            **told,
            "rating": Rating(told["rating"]),
            "computed": _rating(told["computed"]),
            "questions": tuple(Answered(**each) for each in told["questions"]),
            "parts": tuple(map(_point, told["parts"])),
        }
    )


def _graded(told: dict[str, Any]) -> Graded:
    items = tuple((code, _rating(rating)) for code, rating in told["items"])
    return Graded(**{**told, "rating": _rating(told["rating"]), "items": items})


def _rating(value: str | None) -> Rating | None:
    return Rating(value) if value else None
