"""A case review told again from its events alone, as far as codes and digests tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cqi.core.events import Event, digest
from tests.reviews.workflow_model import Model

SETTLED = {"note_opened": False, "note_resolved": True, "note_reopened": False}


@dataclass
class Retold:
    """What stands by the events; of texts the digests."""

    state: str = "assigned"
    values: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    ratings: dict[str, str | None] = field(default_factory=dict)
    counted: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    heard: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, bool] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)
    reviewers: set[int] = field(default_factory=set)
    alerts: dict[str, str] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take the next event in."""
        group, _, what = event.kind.partition(".")
        if group == "safety_alert":
            self._of_alert(str(event.stream_id), what, event.payload)
        elif what.startswith("note_"):
            note = event.payload["note"]
            self.notes[note] = SETTLED.get(what, self.notes.get(note, False))
        else:
            self._of_review(what, event.payload)

    def _of_alert(self, alert: str, what: str, said: dict[str, Any]) -> None:
        self.alerts[alert] = "raised" if what == "raised" else said.get("to", self.alerts[alert])

    def _of_review(self, what: str, said: dict[str, Any]) -> None:
        if said.get("step") == "start":
            self.state = "in_progress"
        self.state = said.get("to", self.state)
        for name, value in said.get("facts", {}).items():
            self.values[f".{name}"] = value
        self.values |= said.get("answers", {})
        self.texts |= said.get("texts", {})
        self.ratings |= said.get("ratings", {})
        self._sources_and_people(what, said)
        self._overrides(what, said)

    def _sources_and_people(self, what: str, said: dict[str, Any]) -> None:
        if what == "evidence_added":
            self.sources |= {key: item for item, _, key in said["added"]}
        self.sources.pop(said.get("evidence", ""), None)
        for one, fields in said.get("interviews", {}).items():
            self.heard.setdefault(one, {}).update(fields)
        self.reviewers |= set(said.get("reviewers", ()))
        if what == "reviewer_added":
            self.reviewers.add(said["person"])
        if what == "reviewer_removed":
            self.reviewers.remove(said["person"])

    def _overrides(self, what: str, said: dict[str, Any]) -> None:
        if what == "rating_overridden":
            self.overrides[said["item"]] = said["override"]
        gone = [said["item"]] if what == "override_withdrawn" else said.get("overrides_withdrawn")
        for item in gone or ():
            del self.overrides[item]
        self.counted = said.get("counted", {} if gone else self.counted)


def compare(retold: Retold, model: Model, people: dict[str, int]) -> Iterator[tuple[str, Any, Any]]:
    """(what, as the events tell it, as the model has it)."""
    content = model.content
    values = {".".join(place): value for place, value in content.values.items() if place[1]}
    texts = {item: value for (item, name), value in content.values.items() if item and not name}
    texts |= {".".join(place): reason for place, reason in content.reasons.items()}
    alerts = {str(key): alert.state for key, alert in model.alerts.items()}
    yield "state", retold.state, model.state
    yield "values", retold.values, values
    yield "texts", retold.texts, {place: digest(text) for place, text in texts.items()}
    yield "sources", retold.sources, {str(key): item for key, item in model.sources.items()}
    yield "notes", retold.notes, {str(key): note.resolved for key, note in model.notes.items()}
    overrides = {item: str(key) for item, (key, _) in model.overrides.items()}
    yield "overrides", retold.overrides, overrides
    yield "reviewers", retold.reviewers, {people[name] for name in model.reviewers}
    yield "alerts", retold.alerts, alerts
    computed, counted = model.ratings(counted=False), model.ratings(counted=True)
    told = {code: computed[code] for code in retold.ratings}
    yield "ratings", retold.ratings, told
    changed = {code: one for code, one in counted.items() if one != computed[code]}
    yield "what counts", retold.counted, changed
    yield from _people(retold, model)


def _people(retold: Retold, model: Model) -> Iterator[tuple[str, Any, Any]]:
    """How somebody is called who was listed by hand stands in no event, until it is changed."""
    for one, person in model.heard.items():
        told = retold.heard.get(str(one), {})
        hidden = {name: digest(person.fields.get(name, "")) for name in ("label", "notes")}
        expected = {name: value for name, value in (person.fields | hidden).items() if name in told}
        lacking = {name for name in person.fields if name not in told} - {"label"}
        said = {name: value for name, value in told.items() if name != "role"}
        yield "an interview", (said, lacking), (expected, set())
