"""What people type in to open a round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import wtforms

from cqi.instruments import definition
from cqi.rounds.forms import ledger
from cqi.rounds.rules import (
    MEMO_RATINGS_WORDS,
    ROUND_KIND_WORDS,
    MemoRatings,
    RoundKind,
    Setting,
    Share,
)
from cqi.ui import fields

_SHARES = {str(share): f"A random share: {share}%" for share in (10, 20, 50)}
# percent -> words
SHARES = {
    Setting.SECOND_LEVEL: {
        "0": "None has to: the first-level QA lead may ask for it",
        **_SHARES,
        "100": "All case reviews",
    },
    Setting.DOUBLE_READING: {"0": "None", **_SHARES, "100": "All cases"},
}


@dataclass(frozen=True)
class Group:
    """A component with its items, as boxes: (value, words) of the whole and of each item."""

    title: str
    whole: tuple[str, str]
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Pages:
    """One version of an instrument, as far as a round chooses from it."""

    title: str
    instrument: definition.Instrument

    @property
    def _named(self) -> str:
        return f"{self.instrument.id}-{self.instrument.version}-"

    @property
    def groups(self) -> Iterator[Group]:
        """Its components with their items; an item that has parts stands for them."""
        wholes = {item.code for item in self.instrument.wholes}
        for each in self.instrument.components:
            items = [i for i in self.instrument.items_of(each.code) if i.code in wholes]
            yield Group(
                each.title,
                (f"{self._named}all-{each.code}", f"All of {each.code}"),
                tuple((self._named + item.code, f"{item.code} {item.title}") for item in items),
            )

    def chosen(self, ticked: Sequence[str]) -> tuple[str, ...]:
        """The codes of the items that are ticked, alone or with their component, in order; none
        where all are: then nothing is left out."""
        values = [(g.whole[0], value) for g in self.groups for value, _ in g.items]
        found = [value for whole, value in values if whole in ticked or value in ticked]
        if len(found) == len(values):
            return ()
        return tuple(value.removeprefix(self._named) for value in found)

    @property
    def boxes(self) -> dict[str, str]:
        """All of them: value -> words."""
        return dict(box for group in self.groups for box in (group.whole, *group.items))


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: value to words; counties by the name of their region; versions
    of instruments with their items."""

    regions: Mapping[str, str]
    counties: Mapping[str, Mapping[str, str]]
    instruments: Mapping[str, Pages]
    rounds: Mapping[str, str]


class RoundForm(wtforms.Form):
    """A regional review to open."""

    name = fields.TextField(
        "Name of the round",
        [fields.required("Give the round a name."), fields.at_most(120)],
        description="As people call it, such as 2027 I-South baseline.",
    )
    kind = fields.TilesField(
        "Kind",
        [fields.required("Choose what kind of round it is.")],
        choices={kind.value: ROUND_KIND_WORDS[kind] for kind in RoundKind},
        description="An interim review, by the same protocol, is for a region that has not"
        " begun, or lies between its scheduled rounds.",
    )
    region = fields.ChoiceField(
        "Region",
        description="Its counties on the first day on site belong to the round.",
    )
    counties = fields.SeveralField(
        "Counties",
        description="For a round of some counties only, leave the region open and tick them.",
    )
    instrument = fields.ChoiceField("Instrument", [fields.required("Choose an instrument.")])
    pur_from = fields.DateField(
        "Start of the period under review",
        [fields.required("Say when the period under review starts.")],
        description="It ends for each case on the day of its first submission.",
    )
    on_site_from = fields.DateField(
        "First day on site", [fields.required("Say when the review begins on site.")]
    )
    on_site_to = fields.DateField(
        "Last day on site", [fields.required("Say when the review ends on site.")]
    )
    sampling_from = fields.DateField(
        "First day of the sampling period",
        description="Cases are sampled from it. Without one: from the start of the period under"
        " review to the day before the first day on site.",
    )
    sampling_to = fields.DateField("Last day of the sampling period")
    items = fields.SeveralField(
        "Items",
        description="A round asks for all items. For a closer look at a few, tick those: nothing"
        " else is asked then, and components are not rated.",
    )
    second_level = fields.ChoiceField(
        "Second-level QA",
        choices=SHARES[Setting.SECOND_LEVEL],
        default="0",
        description="By another QA lead. A share is drawn by a seed, which is kept.",
    )
    double_reading = fields.ChoiceField(
        "Cases that are read twice",
        choices=SHARES[Setting.DOUBLE_READING],
        default="0",
        description="A second pair reads them without knowing of the first, to see how far"
        " reviewers agree. Only the first reading counts. A seed tells which cases.",
    )
    memo_ratings = fields.ChoiceField(
        "Who sees ratings in feedback memos",
        choices={one.value: MEMO_RATINGS_WORDS[one] for one in MemoRatings},
        default=MemoRatings.SUPERVISORS.value,
        description="Everybody reads what worked and what to work on. Default: agency to confirm.",
    )
    requires = ledger.requires_field()
    compares_with = fields.ChoiceField(
        "Compared with", description="For a follow-up: the baseline of the same region."
    )

    def __init__(self, *args: Any, choices: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.region.choices = fields.choices_of({"": "Choose a region", **choices.regions})
        self.by_region = choices.counties
        boxes = [box for each in choices.counties.values() for box in each.items()]
        self.counties.choices = fields.choices_of(dict(boxes))
        self.pages = choices.instruments
        titles = {value: pages.title for value, pages in choices.instruments.items()}
        self.instrument.choices = fields.choices_of(titles)
        boxes = [box for pages in self.pages.values() for box in pages.boxes.items()]
        self.items.choices = fields.choices_of(dict(boxes))
        self.compares_with.choices = fields.choices_of({"": "No other round", **choices.rounds})

    @property
    def chosen_items(self) -> tuple[str, ...]:
        """The only items to ask for, of the chosen instrument; none: all."""
        return self.pages[self.instrument.data].chosen(self.items.data or [])

    def validate_region(self, field: wtforms.Field) -> None:
        """Either a region or some counties. Raises ValidationError."""
        if not field.data and not self.counties.data:
            raise wtforms.ValidationError("Choose a region, or tick counties below.")
        if field.data and self.counties.data:
            message = "Choose either a region or some counties: a region brings its counties."
            raise wtforms.ValidationError(message)

    def validate_items(self, field: wtforms.Field) -> None:
        """Ticked items belong to the instrument that is chosen. Raises ValidationError."""
        pages = self.pages.get(self.instrument.data or "")
        strays = [value for value in field.data or [] if pages and value not in pages.boxes]
        if pages and strays:
            message = (
                f"You ticked items of another instrument than {pages.title}: take them out, or"
                " choose their instrument above."
            )
            raise wtforms.ValidationError(message)


class MemoRatingsForm(wtforms.Form):
    """Who sees ratings in the memos of a round; `seen` is what the page showed."""

    memo_ratings = fields.TilesField(
        "Who sees ratings in feedback memos?",
        [fields.required("Choose who sees them.")],
        choices={one.value: MEMO_RATINGS_WORDS[one] for one in MemoRatings},
    )
    seen = wtforms.HiddenField()


_ASKS = {
    Setting.SECOND_LEVEL: "Which case reviews go to second-level QA?",
    Setting.DOUBLE_READING: "Which cases are read twice?",
}
_READ_BY = {
    Setting.SECOND_LEVEL: "Whoever sees the round reads it, with your name. Name no case.",
    Setting.DOUBLE_READING: "Whoever assigns its cases reads it, with your name. Name no case.",
}


class ShareForm(wtforms.Form):
    """Another share of one setting; `seen` is the one that the page showed."""

    seen = wtforms.HiddenField()
    share = fields.TilesField("", [fields.required("Choose how many.")])
    reason = fields.TextAreaField(
        "Why?",
        [fields.required("Say why: the reason stands on the round's page."), fields.at_most(1000)],
    )

    def __init__(self, *args: Any, setting: Setting, **more: Any) -> None:
        super().__init__(*args, **more)
        self.share.label.text = _ASKS[setting]
        self.share.choices = fields.choices_of(SHARES[setting])
        self.reason.description = _READ_BY[setting]

    def offer(self, now: Share, *, only_grows: bool) -> None:
        """Show what can be chosen now; what was sent is taken before that, so that the rules, not
        the field, say what is in its way."""
        self.seen.data = str(now.share)  # whoever sends it again has read what stands now
        least = now.share if only_grows else -1
        offered = SHARES[now.setting].items()
        choices = {n: words for n, words in offered if least < int(n) != now.share}
        self.share.choices = fields.choices_of(choices)

    def validate_seen(self, field: wtforms.Field) -> None:
        """A number, as the page wrote it. Raises ValidationError."""
        if not (field.data or "").isdecimal():
            raise wtforms.ValidationError("Load the page again.")
