"""The ledger of reviewers: what somebody has done and may do, and what a round requires."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cqi.ui import dates

SOON = 60  # days: what lapses within them is told ahead


class LedgerKind(enum.StrEnum):
    """What an entry says of a reviewer."""

    TRAINED = "trained"
    SHADOWED = "shadowed"
    LED = "led"
    CERTIFIED = "certified"


LEDGER_WORDS = {
    LedgerKind.TRAINED: "Trained",
    LedgerKind.SHADOWED: "Shadowed a review",
    LedgerKind.LED: "Led a review",
    LedgerKind.CERTIFIED: "Certified",
}
REQUIRABLE = (LedgerKind.TRAINED, LedgerKind.CERTIFIED)


@dataclass(frozen=True)
class Entry:
    """One entry that stands. `until_on` is the last day on which it counts, None without an end;
    `instrument` is an instrument's id, empty for any."""

    kind: LedgerKind
    from_on: dt.date
    until_on: dt.date | None = None
    instrument: str = ""

    def is_for(self, instrument: str) -> bool:
        """Whether it counts for an instrument."""
        return self.instrument in ("", instrument)

    def counts(self, day: dt.date) -> bool:
        """Whether it counts on a day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def lapses(self, today: dt.date) -> Lapse | None:
        """How near its end is; None where that is far, or never comes."""
        if self.until_on is None or (self.until_on - today).days > SOON:
            return None
        return Lapse.LAPSED if self.until_on < today else Lapse.SOON


class Lapse(enum.StrEnum):
    """How near the end of something is."""

    LAPSED = "lapsed"
    SOON = "soon"


def required(values: Collection[str] | None) -> tuple[LedgerKind, ...]:
    """What a round requires, as it is kept, in the order of `REQUIRABLE`."""
    return tuple(kind for kind in REQUIRABLE if kind in (values or ()))


def in_words(requires: Collection[LedgerKind]) -> str:
    """ "trained and certified"; "nothing"."""
    return " and ".join(LEDGER_WORDS[kind].lower() for kind in requires) or "nothing"


def held(entries: Iterable[Entry], kind: LedgerKind, instrument: str, day: dt.date) -> Entry | None:
    """The entry of a kind that counts on a day for an instrument, of several the last to end."""
    found = [e for e in entries if e.kind is kind and e.is_for(instrument) and e.counts(day)]
    return max(found, key=lambda entry: entry.until_on or dt.date.max, default=None)


def lacking(
    requires: Iterable[LedgerKind], entries: Iterable[Entry], instrument: str, day: dt.date
) -> Mapping[LedgerKind, str]:
    """What somebody lacks on a day, in words that go on from their name."""
    known = list(entries)
    return {
        kind: _why(kind, known, instrument, day)
        for kind in requires
        if held(known, kind, instrument, day) is None
    }


def _why(kind: LedgerKind, entries: list[Entry], instrument: str, day: dt.date) -> str:
    word, of_kind = LEDGER_WORDS[kind].lower(), [each for each in entries if each.kind is kind]
    here = [entry for entry in of_kind if entry.is_for(instrument)]
    to_come = [entry.from_on for entry in here if entry.from_on > day]
    ended = [entry.until_on for entry in here if entry.until_on and entry.until_on < day]
    if to_come:
        return f"is {word} only from {dates.full_day(min(to_come))} on"
    if ended:
        return f"has not been {word} since {dates.full_day(max(ended) + dt.timedelta(days=1))}"
    if of_kind:
        return f"is {word} for another instrument only"
    return f"is not {word}: the register of reviewers has no entry"


def lapsing(entries: Iterable[Entry], today: dt.date) -> list[tuple[Entry, Lapse]]:
    """What lapsed or lapses soon, the first to end first; one that a later one stands in for needs
    nobody."""
    ends = {entry: entry.until_on for entry in entries if entry.until_on}
    found = [
        (entry, lapse)
        for entry, end in ends.items()
        if (lapse := entry.lapses(today))
        and not any(ends[other] > end and other.is_for(entry.instrument) for other in ends)
    ]
    return sorted(found, key=lambda each: ends[each[0]])
