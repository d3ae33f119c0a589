"""What people type in about reviewers: an entry of the ledger, and what a round requires."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import wtforms

from cqi.rounds.rules import ledger
from cqi.rounds.rules.ledger import LEDGER_WORDS, REQUIRABLE, LedgerKind
from cqi.ui import fields

_LONGEST = 500


class EntryForm(wtforms.Form):
    """An entry about a reviewer. `people` map public id to name, `instruments` id to title."""

    person = fields.ChoiceField("Reviewer", [fields.required("Choose the reviewer.")])
    kind = fields.TilesField(
        "What is it?",
        [fields.required("Choose what it is.")],
        choices={kind.value: words for kind, words in LEDGER_WORDS.items()},
    )
    from_on = fields.DateField(
        "On which day",
        [fields.required("Say on which day.")],
        description="For a certification: the first on which it counts.",
    )
    until_on = fields.DateField(
        "Certified until", description="The last day on which it counts. Only for a certification."
    )
    instrument = fields.ChoiceField("Instrument", description="Where it is for one only.")
    note = fields.TextAreaField(
        "Note",
        [fields.at_most(_LONGEST)],
        description="Such as the course or the number of the certificate. Name nobody.",
    )

    def __init__(
        self,
        *args: Any,
        people: Mapping[str, str],
        instruments: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.person.choices = fields.choices_of({"": "Choose a reviewer", **people})
        self.instrument.choices = fields.choices_of({"": "Any instrument", **instruments})


class WithdrawEntryForm(wtforms.Form):
    """Why an entry counts no more."""

    reason = fields.TextAreaField(
        "Why does it count no more?",
        [fields.required("Say why the entry counts no more."), fields.at_most(_LONGEST)],
        description="The entry stays in the register, with your words and your name. Name nobody.",
    )


def requires_field() -> fields.SeveralField:
    """What the reviewers of a round need."""
    return fields.SeveralField(
        "What its reviewers need",
        choices={kind.value: LEDGER_WORDS[kind] for kind in REQUIRABLE},
        description="On the day on which a case is given to them, by the register of reviewers."
        " Tick nothing, and everybody on the team may be given a case.",
    )


class RequirementForm(wtforms.Form):
    """What a round requires of its reviewers; `seen` is what the page showed."""

    seen = wtforms.HiddenField()
    requires = requires_field()

    @property
    def seen_kinds(self) -> tuple[LedgerKind, ...]:
        """What the page showed."""
        return ledger.required((self.seen.data or "").split())

    def offer(self, stands: Collection[LedgerKind]) -> None:
        """What stands now: whoever sends it again has read it."""
        self.seen.data = " ".join(stands)
