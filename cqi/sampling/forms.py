"""What people send to bring in a frame, to draw, and to propose and decide eliminations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms

from cqi.cases.rules.lists import COLUMNS, REQUIRED
from cqi.core.errors import Blocker
from cqi.sampling.rules.drawing import Slice
from cqi.sampling.rules.eliminating import ELIMINATION_WORDS
from cqi.ui import fields, widgets

_NOT_ON_THE_LIST = "Not on the list"
COLUMN_WORDS = {
    "case_number": "Case number",
    "county_fips": "County (FIPS code)",
    "case_type": "Kind of case",
    "unit": "Unit",
    "caseworker_id": "Staff number of the caseworker",
    "supervisor_id": "Staff number of the supervisor",
    "opened_on": "Opened on",
    "closed_on": "Closed on",
    "entered_care_on": "Entered care on",
    "discharged_on": "Discharged on",
    "child_initial": "Initial of the child",
    "child_birth_year": "Year of birth of the child",
    "family_id": "Number of the family",
    "hold": "Hold",
}


class FrameForm(wtforms.Form):
    """A case list to make a frame of; with its columns where they have other names than ours."""

    file = wtforms.FileField(
        "Case list (CSV or XLSX)",
        description="With a header row. It is all of it or nothing, and you see who is left out.",
        widget=widgets.FileInput(),
    )
    with_holds = fields.CheckboxField("Cases with a fatality or litigation hold can be drawn too")
    dry_run = fields.CheckboxField("Only check the list; keep nothing")

    def __init__(self, *args: Any, header: Sequence[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.header = list(header)

    @staticmethod
    def asking(header: Sequence[str]) -> type[FrameForm]:
        """A form with one more field for each of our columns: which one of the file's it is."""
        found = {name: name for name in header if name}
        made: dict[str, Any] = {
            name: fields.ChoiceField(
                COLUMN_WORDS[name],
                choices={"": _NOT_ON_THE_LIST, **found},
                default=name if name in found else "",
                validate_choice=False,  # the file that comes with it is read anew
            )
            for name in COLUMNS
        }
        return type("ColumnsForm", (FrameForm,), made)

    @property
    def names(self) -> dict[str, str] | None:
        """Ours -> theirs, as chosen; None where nobody was asked."""
        if REQUIRED[0] not in self:
            return None
        return {name: self[name].data for name in COLUMNS if self[name].data}


_EMPTY = wtforms.validators.Optional()


def _not_asked(form: DrawForm, field: wtforms.Field) -> None:
    """Where each part has a number of its own, no total is asked for."""
    if form.rule.data == "fixed":
        _EMPTY(form, field)


_NOT_BELOW_0 = wtforms.validators.NumberRange(0, message="Write 0 or more.")
STRATA = {
    "": "None: every case has the same chance",
    Slice.CASE_TYPE.value: "Kind of case: foster care, in-home",
    Slice.COUNTY.value: "County",
    f"{Slice.COUNTY.value}|{Slice.CASE_TYPE.value}": "County and kind of case",
}


class StrataForm(wtforms.Form):
    """How to divide the frame; asked first, as the numbers depend on it."""

    strata = fields.ChoiceField("Divide the frame by", choices=STRATA, default="case_type")

    @property
    def chosen(self) -> tuple[Slice, ...]:
        """The parts, in order."""
        return tuple(Slice(name) for name in (self.strata.data or "").split("|") if name)


class DrawForm(StrataForm):
    """How many cases; a number for each stratum comes with `asking`."""

    rule = fields.TilesField(
        "How many cases",
        [fields.required("Choose how the numbers are made.")],
        choices={
            "proportional": "Share out a total, by how many cases each part has",
            "fixed": "A number for each part",
        },
        default="proportional",
    )
    seen = wtforms.HiddenField()  # the frame that the page showed
    total = fields.NumberField(
        "Total to share out", [_not_asked], description="Cases to draw in all."
    )
    at_least = fields.NumberField("At least of each part", [_EMPTY, _NOT_BELOW_0], default=0)
    reserve = fields.NumberField(
        "Reserve, in percent of what is drawn",
        [_EMPTY, wtforms.validators.NumberRange(0, 1000, "Write a percentage from 0 to 1000.")],
        default=50,
        description="Cases that stand by in order, for those that cannot be reviewed.",
    )  # fmt: skip
    reason = fields.TextAreaField(
        "Why another draw?",
        [_EMPTY, fields.at_most(1000)],
        description="It stands beside the first one for ever, with your name. Name no case.",
    )

    @staticmethod
    def asking(sizes: Mapping[str, int], words: Mapping[str, str]) -> type[DrawForm]:
        """A form with a number for each stratum."""
        made = {
            f"stratum-{place}": fields.NumberField(
                words.get(name, name),
                [_EMPTY, _NOT_BELOW_0],
                description=f"Of {size} in the frame.",
            )
            for place, (name, size) in enumerate(sizes.items())
        }
        return type("StratumForm", (DrawForm,), made)

    def validate_total(self, field: wtforms.Field) -> None:
        """A number where a total is shared out. Raises ValidationError."""
        if self.rule.data == "proportional" and not field.errors and (field.data or 0) < 1:
            raise wtforms.ValidationError("Write how many cases to draw in all: 1 or more.")

    def allocation(self, sizes: Mapping[str, int]) -> dict[str, int]:
        """The numbers of the strata; 0 where a field is empty."""
        return {name: self[f"stratum-{place}"].data or 0 for place, name in enumerate(sizes)}

    def place(self, blocker: Blocker) -> str:
        """Where on the page the remedy of a refusal lies."""
        places = {"allocation": "stratum-0", "frame": "rule"}
        place = places.get(blocker.place, blocker.place)
        return f"#{place}" if place in self else "#rule"


class EliminationForm(wtforms.Form):
    """A case of the sample that cannot be reviewed."""

    case = fields.ChoiceField("Case", [fields.required("Choose the case.")])
    reason = fields.TilesField(
        "Why can it not be reviewed?",
        [fields.required("Choose the reason. What is none of these is no reason.")],
        choices={reason.value: words for reason, words in ELIMINATION_WORDS.items()},
    )
    evidence = fields.TextAreaField(
        "What shows it?",
        [
            fields.required("Write what shows it: who was asked and when, or where it stands."),
            fields.at_most(4000),
        ],
        description="Who was asked and when, or where it stands in the record. Name nobody.",
    )

    def __init__(self, *args: Any, cases: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.case.choices = fields.choices_of({"": "Choose a case", **cases})


class DecisionForm(wtforms.Form):
    """Yes or no to an elimination."""

    elimination = wtforms.HiddenField()
    decision = wtforms.HiddenField()
    reason = fields.TextAreaField(
        "Why it stays in the sample",
        [fields.at_most(2000)],
        description="Needed with a no.",
    )
