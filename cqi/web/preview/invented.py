"""The one case of a preview: what its author answers, in the memory of this process alone.

It outlives changes of the definition: what the version at hand does not take is kept aside, and
stands again when the change is taken back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cqi.instruments import definition, inputs
from cqi.reviews import queries, rules
from cqi.reviews.queries.sheets import Entry, Source, Subject
from cqi.reviews.rules import Change, ChangeKind
from cqi.web.preview import filling

Entries = dict[str, Entry]


@dataclass
class InventedCase:
    """Facts by name; subjects by kind; answers by item code and question (`rules.asked`);
    narratives and evidence by item code."""

    facts: Entries = field(default_factory=dict)
    subjects: dict[str, list[Subject]] = field(default_factory=dict)
    answers: dict[str, Entries] = field(default_factory=dict)
    narratives: Entries = field(default_factory=dict)
    evidence: dict[str, list[Source]] = field(default_factory=dict)

    def record(self, changes: Iterable[Change], now: dt.datetime) -> None:
        """Take in what was answered or written; an empty value takes it back."""
        for change in changes:
            entries, name = self._place(change)
            before = entries.pop(name, None)
            if change.value:
                entries[name] = _entry(change, before, now)

    def _place(self, change: Change) -> tuple[Entries, str]:
        if change.kind is ChangeKind.FACT:
            return self.facts, change.name
        if change.kind is ChangeKind.NARRATIVE:
            return self.narratives, change.item
        return self.answers.setdefault(change.item, {}), change.name

    def listed(self, kind: definition.SubjectKind) -> list[Subject]:
        """The subjects of a kind; two are invented to begin with."""
        if kind.kind not in self.subjects:
            self.subjects[kind.kind] = [_subject(f"{kind.label} {number}") for number in (1, 2)]
        return self.subjects[kind.kind]

    def list_subject(self, kind: str, label: str) -> None:
        """List one more."""
        self.subjects.setdefault(kind, []).append(_subject(label))

    def rename(self, kind: str, subject: str, label: str) -> None:
        """Give a subject another label."""
        self.subjects[kind] = [
            Subject(one.id, label, one.revision + 1) if one.id == subject else one
            for one in self.subjects[kind]
        ]

    def take_off(self, kind: str, subject: str) -> None:
        """Take a subject off the list; what it answered no longer stands."""
        self.subjects[kind] = [one for one in self.subjects[kind] if one.id != subject]

    def add_evidence(self, new: rules.NewEvidence, now: dt.datetime) -> None:
        """Name a source."""
        kind, detail = rules.kind_of(new.source), new.detail
        one = Source(uuid.uuid4(), new.item, kind, new.source, detail, new.protected, "", now)
        self.evidence.setdefault(new.item, []).append(one)

    def remove_evidence(self, item: str, public_id: str) -> None:
        """Take a source away again."""
        there = self.evidence.get(item, [])
        self.evidence[item] = [one for one in there if str(one.public_id) != public_id]

    def fill(self, filled: filling.Filling, now: dt.datetime) -> None:
        """Answer items as a worked case does; the lists of its kinds of subjects become its own."""
        self.record((rules.fact(name, value) for name, value in filled.facts.items()), now)
        ids = {kind: self._list(kind, names) for kind, names in filled.subjects.items()}
        by_name = {name: one for several in ids.values() for name, one in several.items()}
        for code, answers in filled.answers.items():
            self.answers[code] = {}
            changes = (rules.answer(code, *given) for given in _given(answers, by_name))
            self.record(changes, now)

    def _list(self, kind: str, names: Iterable[str]) -> dict[str, str]:
        """The ids of subjects so named, who are the only ones of their kind from now on."""
        there = {one.label: one for one in self.subjects.get(kind, ())}
        labels = {name: _label(name) for name in names}
        now = {name: there.get(label) or _subject(label) for name, label in labels.items()}
        self.subjects[kind] = list(now.values())
        return {name: one.id for name, one in now.items()}

    def sheet(self, instrument: definition.Instrument) -> queries.ScoredSheet:
        """What stands, as far as the version at hand takes it, rated."""
        subjects = {kind.kind: tuple(self.listed(kind)) for kind in instrument.subjects}
        facts = {
            fact.name: self.facts[fact.name]
            for fact in instrument.facts
            if fact.name in self.facts and self.facts[fact.name].value in fact.values
        }
        answers = {item.code: dict(self._answered(item, subjects)) for item in instrument.items}
        codes = instrument.items_by_code
        narratives = {code: text for code, text in self.narratives.items() if code in codes}
        evidence = {code: tuple(self.evidence.get(code, ())) for code in codes}
        content = _content(facts, subjects, answers)
        content.narratives = {code: text.value for code, text in narratives.items()}
        content.sources = {code: len(sources) for code, sources in evidence.items()}
        found = queries.assess(instrument, content)
        return queries.ScoredSheet(
            instrument=instrument,
            facts=facts,
            subjects=subjects,
            answers=answers,
            narratives=narratives,
            evidence=evidence,
            interviews=(),
            rating=found.rating,
            missing=found.missing,
            progress=found.progress,
        )

    def _answered(
        self, item: definition.Item, subjects: Mapping[str, tuple[Subject, ...]]
    ) -> Iterator[tuple[str, Entry]]:
        for name, entry in self.answers.get(item.code, {}).items():
            asked, subject = rules.ask(name)
            if asked not in item.question_ids:
                continue
            question = item.question(asked)
            listed = {one.id for one in subjects.get(question.for_each, ())}
            fits = subject in listed if question.for_each else subject is None
            if fits and question.allows(entry.value):
                yield name, entry


def _content(
    facts: Entries, subjects: Mapping[str, tuple[Subject, ...]], answers: Mapping[str, Entries]
) -> queries.Content:
    content = queries.Content(facts={name: entry.value for name, entry in facts.items()})
    for kind, listed in subjects.items():
        for one in listed:
            content.list_subject(kind, one.id, one.label)
    for code, entries in answers.items():
        for name, entry in entries.items():
            content.answer(code, rules.ask(name), entry.value, entry.reason)
    return content


def _entry(change: Change, before: Entry | None, now: dt.datetime) -> Entry:
    kept = before.reason if before and change.reason is None else change.reason or ""
    reason = kept if change.value == definition.NA else ""
    return Entry(change.value, before.revision + 1 if before else 1, "", 0, now, reason)


def _given(answers: inputs.ItemAnswers, ids: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(name on the page, value) of each answer of an item; `ids` of subjects by their name."""
    for question, given in answers.items():
        if isinstance(given, Mapping):
            for name, value in given.items():
                yield rules.asked(question, ids[name]), str(value)
        else:
            yield question, str(given)


def _subject(label: str) -> Subject:
    return Subject(str(uuid.uuid4()), label, 1)


def _label(name: str) -> str:
    """ "Target child" of "target_child"."""
    words = name.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}"[: rules.LONGEST_LABEL]
