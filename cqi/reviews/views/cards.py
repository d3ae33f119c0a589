"""The card of one item: its questions left, why it is rated so right, all as the page shows it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import flask
import wtforms

from cqi.core import errors
from cqi.instruments import (
    completeness,
    conditions,
    definition,
    rating,
    wording,
    worked_cases,
)
from cqi.reviews import forms, queries, rules
from cqi.reviews.rules import SOURCE_WORDS
from cqi.reviews.views import links, notes, routes, shown

Kind = completeness.Kind
Rated = rating.ItemRating | rating.ComponentRating


@dataclass(frozen=True)
class QuestionEntry:
    """One question with its fields; `missing` is why it waits, `not_asked` why it is not asked,
    `why_missing` what is to be said where it does not apply.

    `whose` is the label of the subject that it is asked of, where it is repeated.
    """

    question: definition.Question
    whose: str
    field: wtforms.Field
    why: wtforms.Field | None
    asked: bool
    missing: str | bool
    why_missing: str
    not_asked: str
    threads: tuple[notes.Thread, ...]


@dataclass(frozen=True)
class SourceChip:
    """One evidence source; `kind` chooses its picture, `url` opens what is masked."""

    id: str
    words: str
    kind: str
    url: str = ""


@dataclass(frozen=True)
class ItemHead:
    """An item's first line and its marker: the rating, why, and what is left to do; `computed`
    where QA set another rating than the answers come to."""

    code: str
    title: str
    rating: str | None
    because: str
    todo: str
    waits: bool
    narrative_missing: str
    evidence_missing: str
    computed: str | None


@dataclass(frozen=True)
class ItemCard:
    """What the macro `card` of reviews/parts.html shows."""

    code: str
    head: ItemHead
    purpose: str
    applies: bool
    unfolded: bool
    frozen: bool
    two_texts: bool
    url: str
    face_sheet: str
    questions: tuple[QuestionEntry, ...]
    narrative: wtforms.Field
    prompts: tuple[str, ...]
    saved_at: str
    sources: tuple[SourceChip, ...]
    source_form: forms.SourceForm
    worked_cases: tuple[worked_cases.WorkedCase, ...]
    revisions: tuple[tuple[str, str], ...]
    threads: tuple[notes.Thread, ...]
    asks_notes: bool
    new_notes: Mapping[str, notes.Refused]
    override_url: str

    @property
    def sent_along(self) -> str:
        """The controls that every save of this item sends beside what was changed."""
        return " ".join(name for name, _ in self.revisions)


@dataclass(frozen=True)
class Sent:
    """An item of which not all could be saved: shown again as it was sent, with the errors.

    `source_form` is None where its source was added; `overtaken` are questions that somebody else
    answered first, shown as they stand now; `two_texts`: its narrative was; `revisions` are the
    hidden controls of what is not saved: what was changed meanwhile is still not overwritten.
    """

    form: wtforms.Form
    source_form: forms.SourceForm | None
    overtaken: tuple[str, ...]
    two_texts: bool
    revisions: Mapping[str, str]


def of_component(
    opened: routes.Scored, code: str, sent: Mapping[str, Sent], noted: notes.Noted
) -> tuple[ItemCard, ...]:
    """The cards of a component's items, in order; `sent` by item code."""
    items = opened.sheet.instrument.items_of(code)
    return tuple(of_item(opened, item, sent.get(item.code), noted) for item in items)


def of_item(
    opened: routes.Scored,
    item: definition.Item,
    sent: Sent | None = None,
    noted: notes.Noted = notes.NONE,
) -> ItemCard:
    """The card of one item."""
    sheet, code, editable = opened.sheet, item.code, opened.editable
    head = head_of(opened.work, item, editable=editable)
    gaps = [gap for gap in sheet.missing if gap.item == code]
    form = _form(sheet, item, sent)
    narrative = sheet.narratives.get(code)
    questions = tuple(_questions(opened, item, form, gaps, noted))
    threads = noted.elsewhere(code, {rules.place(each.field.id)[1] for each in questions})
    noted_here = [*threads, *(thread for each in questions for thread in each.threads)]
    return ItemCard(
        code=code,
        head=head,
        purpose=item.purpose,
        applies=bool(sent) or sheet.rating.items[code].applies is not False,
        unfolded=bool(sent)
        or head.waits
        or any(not thread.resolved or thread.refused for thread in noted_here)
        or any(key.partition("-")[0] == code for key in noted.new)
        or "all" in flask.request.args,
        frozen=not editable,
        two_texts=bool(sent and sent.two_texts),
        url=flask.url_for("reviews.score_item", public_id=opened.public_id, code=code),
        face_sheet=links.face_sheet(opened.public_id),
        questions=questions,
        narrative=form[forms.NARRATIVE],
        prompts=item.evidence.prompts,
        saved_at=routes.time_of(narrative.at) if narrative and not form.errors else "",
        sources=tuple(_chips(opened, code)),
        source_form=(sent and sent.source_form)
        or forms.SourceForm(prefix=f"{code}-", people=sheet.interviews),
        worked_cases=opened.worked_cases.get(code, ()),
        revisions=_revisions(sheet, item, sent),
        threads=threads,
        asks_notes=noted.asks,
        new_notes=noted.new,
        override_url=links.override(opened.public_id, code)
        if noted.asks and not item.parts
        else "",
    )


def head_of(work: routes.Work, item: definition.Item, *, editable: bool = True) -> ItemHead:
    """The head of an item's card."""
    gaps = [gap for gap in work.missing if gap.item == item.code] if editable else []
    rated = work.rating.items[item.code]
    return ItemHead(
        code=item.code,
        title=item.title,
        rating=rated.rating,
        because=f"{_set_by(work, item)}{_because(rated, gaps)}{_mark(work, rated, item.confirm)}",
        todo=_todo(gaps),
        waits=editable and (bool(gaps) or rated.rating is None),
        narrative_missing=_first(gaps, Kind.NARRATIVE),
        evidence_missing=_first(gaps, Kind.EVIDENCE),
        computed=_computed(work, item),
    )


def _computed(work: routes.Work, item: definition.Item) -> str | None:
    """What the answers come to, where something else counts."""
    if work.computed is None:
        return None
    computed = work.computed.items[item.code].rating
    return computed if computed is not work.rating.items[item.code].rating else None


def _set_by(work: routes.Work, item: definition.Item) -> str:
    """Who set the rating and why; the words for the computed one follow."""
    given = work.overrides.get(item.code)
    if given is None:
        return ""
    return f"{given.reason} ({given.by}, {routes.time_of(given.at)}). From the answers: "


def _form(sheet: queries.ScoredSheet, item: definition.Item, sent: Sent | None) -> wtforms.Form:
    data = _data(sheet, item.code)
    if sent is None:
        return forms.item_form(sheet.instrument, item, shown.ids(sheet), data=data)
    for question in sent.overtaken:
        sent.form[question].data = data.get(question)
        why = question + forms.WHY
        if why in sent.form and not sent.form[why].errors:
            sent.form[why].data = data.get(why, "")
    return sent.form


def _revisions(
    sheet: queries.ScoredSheet, item: definition.Item, sent: Sent | None
) -> tuple[tuple[str, str], ...]:
    now = dict(shown.of_item(sheet, item))
    return tuple({**now, **(sent.revisions if sent else {})}.items())


def _data(sheet: queries.ScoredSheet, code: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for question, entry in sheet.answers.get(code, {}).items():
        found[question], found[question + forms.WHY] = entry.value, entry.reason
    narrative = sheet.narratives.get(code)
    found[forms.NARRATIVE] = narrative.value if narrative else ""
    return found


def _questions(
    opened: routes.Scored,
    item: definition.Item,
    form: wtforms.Form,
    gaps: list[completeness.Missing],
    noted: notes.Noted,
) -> Iterator[QuestionEntry]:
    sheet, rated = opened.sheet, opened.sheet.rating.items[item.code]
    begun = bool(sheet.answers.get(item.code))
    answers = (gap for gap in gaps if gap.kind is Kind.ANSWER)
    waiting = {
        rules.asked(gap.name, gap.subject): _says(begun, item.question(gap.name).scored)
        for gap in answers
    }
    asked = {rules.asked(*ask) for ask in rated.asks}
    labels = {each.id: each.label for listed in sheet.subjects.values() for each in listed}
    for name, question in forms.asks(item, shown.ids(sheet)):
        yield QuestionEntry(
            question=question,
            whose=labels.get(rules.ask(name)[1] or "", ""),
            field=form[name],
            why=form[name + forms.WHY] if definition.NA in question.values else None,
            asked=name in asked,
            missing=waiting.get(name, "") if opened.editable else "",
            why_missing=links.why_missing(gaps, item.code, name) if opened.editable else "",
            not_asked="" if name in asked else _why_not_asked(sheet, item, name),
            threads=noted.under(item.code, name),
        )


def _because(rated: rating.ItemRating, gaps: list[completeness.Missing]) -> str:
    """The reason beside the rating, without the rating's own words; "to do" stands for answers."""
    if rated.rating is None and any(gap.kind is Kind.ANSWER for gap in gaps):
        return ""
    return bare(rated.reason)


def bare(reason: str) -> str:
    """A reason that stands beside its rating: without the rating's own words before it."""
    for words in ("Not applicable: ", "Not rated yet: "):
        if reason.startswith(words):
            return wording.sentence(reason.removeprefix(words).rstrip("."))
    return reason


def _mark(work: routes.Work, rated: Rated, marked: bool = False) -> str:
    """What stands beside a rating whose rule the agency has yet to confirm, for a whole item that
    is `marked` so or for the row that gave the rating."""
    if rated.rating is None or not (marked or rated.confirm):
        return ""
    return f" Rule: {wording.to_confirm(work.instrument)}."


def _says(begun: bool, scored: bool) -> str | bool:
    """What stands at a question that waits; an item that nobody has begun is marked only."""
    if begun and not scored:
        return "It is asked before submission, and changes no rating."
    return "The item is rated when this is answered." if begun else True


def _why_not_asked(sheet: queries.ScoredSheet, item: definition.Item, name: str) -> str:
    asked, subject = rules.ask(name)
    question = item.question(asked)
    if question.asked_when is None:
        return "the item does not apply"
    values = {name: entry.value for name, entry in sheet.facts.items()}
    for other, entry in sheet.answers.get(item.code, {}).items():
        earlier, whose = rules.ask(other)
        if whose in (None, subject):
            values[earlier] = entry.value
    unknown = conditions.unknown_names(question.asked_when, values)
    if any(each in item.question_ids for each in unknown):
        return f"{conditions.in_words(unknown)} comes first"
    if unknown:
        return "the face sheet does not say yet whether it applies"
    return conditions.says_outcome(question.asked_when, values, sheet.instrument.facts_by_name)


def _todo(gaps: list[completeness.Missing]) -> str:
    """ "To do: answer c, add evidence", after the reason."""
    if not gaps:
        return ""
    answers = [gap.name for gap in gaps if gap.kind is Kind.ANSWER]
    reasons = [gap.name for gap in gaps if gap.kind is Kind.NA_REASON]
    parts = [f"answer {conditions.in_words(answers)}"] if answers else []
    parts += [f"say why {conditions.in_words(reasons)} does not apply"] if reasons else []
    parts += ["write why"] if any(gap.kind is Kind.NARRATIVE for gap in gaps) else []
    parts += ["name sources"] if any(gap.kind is Kind.EVIDENCE for gap in gaps) else []
    return f"To do: {', '.join(parts)}."


def _first(gaps: list[completeness.Missing], kind: completeness.Kind) -> str:
    message = next((gap.message for gap in gaps if gap.kind is kind), "")
    if kind is Kind.NARRATIVE and message:
        return "Say what you saw and heard, in your own words."
    return message.partition(": ")[2]


def source_words(sheet: queries.ScoredSheet, source: queries.sheets.Source) -> str:
    """The record that it is, or whose interview; without its detail."""
    heard = (one.label for one in sheet.interviews if one.id == source.interview)
    label = next(heard, "") if source.interview else ""
    return f"Interview: {label}" if label else SOURCE_WORDS[source.source]


def source_line(sheet: queries.ScoredSheet, source: queries.sheets.Source) -> str:
    """The same with its detail, which stays masked where it is protected."""
    words = source_words(sheet, source)
    if source.protected:
        return f"{words}, protected treatment record"
    return f"{words}: {source.detail}" if source.detail else words


def _chips(opened: routes.Scored, code: str) -> Iterator[SourceChip]:
    for source in opened.sheet.evidence.get(code, ()):
        key, said = str(source.public_id), source_line(opened.sheet, source)
        opens = source.protected and opened.opens_protected
        url = links.evidence(opened.public_id, source.public_id) if opens else ""
        kind = "locked" if source.protected else source.kind.value
        yield SourceChip(key, said, kind, url)


@dataclass(frozen=True)
class ComponentHead:
    """A component with its rating and why; `computed` where overrides make it another one."""

    code: str
    title: str
    short_title: str
    rating: str | None
    reason: str
    rated: bool
    computed: str | None


def of_rating(work: routes.Work, component: definition.Component) -> ComponentHead:
    """The head of a component's page."""
    rated, code = work.rating.components[component.code], component.code
    before = work.computed.components[code].rating if work.computed else None
    return ComponentHead(
        code,
        component.title,
        component.short_title,
        rated.rating,
        rated.reason + _mark(work, rated),
        work.instrument.whole,
        before if before is not rated.rating else None,
    )


def key(public_id: str) -> uuid.UUID:
    """A chip's id as the action takes it. Raises NotFound for anything else."""
    try:
        return uuid.UUID(public_id)
    except ValueError:
        raise errors.NotFound("there is no such evidence") from None
