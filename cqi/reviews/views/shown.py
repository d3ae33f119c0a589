"""What a page showed when it was made: a revision and a fingerprint for each value.

They stand in hidden controls and come back with every save. The revision says whether somebody
else changed a text since; the fingerprint says whether the person changed anything at all, so
that a plain post of an old page does not undo what others answered meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cqi.core import events
from cqi.instruments import definition
from cqi.reviews import actions, forms, queries, rules

_DIGITS = 12
_TOO_LONG = 10  # digits of a revision


@dataclass(frozen=True)
class Shown:
    """What one hidden control says; nothing was there where the revision is 0."""

    revision: int = 0
    mark: str = ""

    def differs(self, value: str) -> bool:
        """True when `value` is not what the page showed."""
        return fingerprint(value) != self.mark


def fingerprint(value: str) -> str:
    """A short digest of a value as forms send it; empty for no value.

    Blanks at its end do not count: they are not saved either.
    """
    text = plain(value).rstrip()
    return events.digest(text)[:_DIGITS] if text else ""


def plain(text: str | None) -> str:
    """A text with the line ends of this system, whichever the browser sent."""
    return (text or "").replace("\r\n", "\n")


def of_item(sheet: queries.ScoredSheet, item: definition.Item) -> Iterator[tuple[str, str]]:
    """(name, value) of the hidden controls of an item."""
    for asked, _ in forms.asks(item, ids(sheet)):
        entry = sheet.answers.get(item.code, {}).get(asked)
        name = f"{item.code}-{asked}"
        yield _control(name, entry, f"{entry.value}|{entry.reason}" if entry else "")
    narrative = sheet.narratives.get(item.code)
    name = f"{item.code}-{forms.NARRATIVE}"
    yield _control(name, narrative, narrative.value if narrative else "")


def ids(sheet: queries.ScoredSheet) -> dict[str, list[str]]:
    """Ids of the subjects by kind."""
    return {kind: [each.id for each in found] for kind, found in sheet.subjects.items()}


def as_sent(
    item: definition.Item, sent: Mapping[str, str], settled: Collection[str]
) -> dict[str, str]:
    """The hidden controls of an item as a request sent them, but for those of `settled` anchors."""
    done = {f"{item.code}-{forms.NARRATIVE}" if place == item.code else place for place in settled}
    mine = (name for name in sent if name.startswith(f"{item.code}-"))
    return {
        name: sent[name]
        for name in mine
        if name.endswith(forms.REVISION) and name.removesuffix(forms.REVISION) not in done
    }


def of_facts(sheet: queries.ScoredSheet, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(name, value) of the hidden controls of the face sheet."""
    for fact in names:
        entry = sheet.facts.get(fact)
        yield _control(f"fact-{fact}", entry, entry.value if entry else "")


def of_label(name: str, one: queries.sheets.Subject) -> tuple[str, str]:
    """(name, value) of the hidden control of a subject's label."""
    return name + forms.REVISION, f"{one.revision}:{fingerprint(one.label)}"


def of_saved(saved: actions.Saved) -> Iterator[tuple[str, str]]:
    """(name, value) of the hidden controls of what a save wrote."""
    for anchor, revision in saved.revisions.items():
        item, name = rules.place(anchor)
        row = saved.known.rows[item, name]
        if item and not name:
            mark = row.value[:_DIGITS]  # the digest stands for the text
        elif item and row.value:
            kept = row.reason if row.value == definition.NA else ""
            mark = fingerprint(f"{row.value}|{kept}")
        else:
            mark = fingerprint(row.value)
        control = anchor if name else f"{item}-{forms.NARRATIVE}"
        yield control + forms.REVISION, f"{revision}:{mark}"


def _control(name: str, entry: queries.sheets.Entry | None, value: str) -> tuple[str, str]:
    return control(name, entry.revision if entry else 0, value)


def control(name: str, revision: int, value: str) -> tuple[str, str]:
    """(name, value) of the hidden control of any value."""
    return name + forms.REVISION, f"{revision}:{fingerprint(value)}"


def read(sent: Mapping[str, str], name: str) -> Shown:
    """What a request says that its page showed of a value."""
    revision, _, mark = sent.get(name + forms.REVISION, "").partition(":")
    return Shown(int(revision), mark) if _plausible(revision) else Shown()


def number(revision: str) -> int:
    """A revision as a request sends it; 0, for nothing seen, where it is no revision."""
    return int(revision) if _plausible(revision) else 0


def _plausible(revision: str) -> bool:
    return revision.isascii() and revision.isdigit() and len(revision) < _TOO_LONG
