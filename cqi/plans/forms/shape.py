"""How long what people write may be, fields of a step, and numbers that pages carry along."""

from __future__ import annotations

from cqi.ui import fields

TITLE = 200
WORDS = 4000
_DIGITS = 9


def number(sent: object) -> int:
    """A revision from a hidden field; 0 where somebody wrote anything else into it."""
    text = str(sent or "")
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0


def step_title() -> fields.TextField:
    """What is done."""
    return fields.TextField(
        "Step", validators=[fields.required("Say what is to be done."), fields.at_most(TITLE)]
    )


def evidence_asked() -> fields.TextAreaField:
    """What is agreed on beforehand."""
    return fields.TextAreaField(
        "What will prove that it is done",
        description="Such as: sign-in sheets of all sessions. The owner hands in a file or a link.",
        validators=[fields.required("Say what evidence will prove it."), fields.at_most(WORDS)],
    )
