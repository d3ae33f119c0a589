"""One case review on paper: a page made for print, and the same as PDF.

It names nobody: people of the case stand by their role, reviewers by their number. What rests on
protected evidence (42 CFR Part 2), and the notes of interviews, are left out. QA's notes stand
last, for those who see them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import flask
from flask.typing import ResponseReturnValue
from werkzeug import http

from cqi.access import current, disclosures, guard
from cqi.access.law import Exported
from cqi.access.permissions import Permission
from cqi.documents import html, model, pdf
from cqi.instruments import definition
from cqi.reviews import policy, queries, rules
from cqi.reviews.rules import STATE_WORDS, EntryKind, ReviewState
from cqi.reviews.views import about, cards, lines, routes
from cqi.ui import dates

_KIND = "Case review"
_KEPT = "It rests on evidence that is not printed. Read it in the case review."
_SAID = {
    EntryKind.OPENED: "QA asked",
    EntryKind.REMARK: "QA added",
    EntryKind.REPLY: "The reviewers replied",
    EntryKind.RESOLVED: "QA resolved it",
    EntryKind.REOPENED: "QA reopened it",
}
_ANSWERS = {"yes": "Yes", "no": "No", "na": "NA"}


@routes.blueprint.get("/reviews/<uuid:public_id>/print")
@guard.requires(Permission.REVIEW_SEE)
def print_review(public_id: uuid.UUID) -> ResponseReturnValue:
    """The whole case review as one page to read or print."""
    opened = routes.opened(public_id, purpose="print")
    return flask.render_template(
        "reviews/print_review.html",
        content=html.render(document(opened), level=1, with_contents=False),
        practice=opened.review.purpose is rules.ReviewPurpose.PRACTICE,
        second_reading=opened.told_second_reading,
        imported=about.imported_line(opened),
        case_number=opened.review.case.case_number,
        back=flask.url_for("reviews.case_review", public_id=public_id),
        file=flask.url_for("reviews.print_file", public_id=public_id),
    )


@routes.blueprint.get("/reviews/<uuid:public_id>/print.pdf")
@guard.requires(Permission.REVIEW_SEE, fresh=True)
def print_file(public_id: uuid.UUID) -> ResponseReturnValue:
    """The same as a PDF: a row in the register of disclosures before it is made."""
    opened = routes.opened(public_id, purpose="print")
    purpose = routes.purpose(opened.sheet.standing)
    disclosures.record_export(Exported.CASE_REVIEW, public_id, purpose=purpose)
    name = f"case-review-{opened.review.case.case_number}.pdf"
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": http.dump_options_header("attachment", {"filename": name}),
    }
    return pdf.render(document(opened)), headers


def document(opened: routes.Opened) -> model.Document:
    """Face sheet, interviews, then each component with its items."""
    review, sheet = opened.review, opened.sheet
    components = tuple(_component(opened, each) for each in sheet.instrument.components)
    noted = _qa_notes(opened)
    invented = "Demonstration: nobody exists. " if current.installation().demonstration else ""
    return model.Document(
        title=f"Case review {review.case.case_number}",
        subtitle=_subtitle(opened),
        kind="memo",
        facts=tuple(model.Fact(*line) for line in _facts(opened)),
        sections=(*_answered(opened), *components, *noted),
        running_head=_running_head(opened),
        footer_mark="CONFIDENTIAL",
        footer_text=f"{invented}{marked(opened)}Do not leave it lying about; destroy it after use",
        language=sheet.instrument.language,
        series=_KIND,
        facts_heading="This case",
    )


def _running_head(opened: routes.Opened) -> tuple[str, str]:
    review = opened.review
    where = f"Case {review.case.case_number} · {review.round.name}"
    return f"{marked(opened)}{_KIND}", where


def marked(opened: routes.Opened) -> str:
    """What every page must say of a case review that is for practice, a second reading (but not to
    those who read it), imported, or not final."""
    if opened.review.purpose is rules.ReviewPurpose.PRACTICE:
        return "PRACTICE: counts nowhere · "
    if opened.sheet.imported and opened.review.state is ReviewState.FINAL:
        return "IMPORTED: reviewed elsewhere · "
    if opened.told_second_reading:
        return "SECOND READING: counts nowhere · "
    return "" if opened.review.state is ReviewState.FINAL else "DRAFT: not final · "


def _subtitle(opened: routes.Opened) -> str:
    review = opened.review
    mark = marked(opened).partition(" · ")[0]
    state = f"{STATE_WORDS[review.state]} since {_day(review.state_since)}"
    return f"{mark} · {state}" if mark else state


def _day(instant: dt.datetime) -> str:
    return dates.full_day(routes.local(instant).date())


def _facts(opened: routes.Opened) -> Iterator[tuple[str, str]]:
    yield from about.case_lines(opened)
    instrument = opened.sheet.instrument
    yield "Instrument", f"{instrument.title} {instrument.version}, {instrument.digest[:12]}"
    for what, number, note in lines.counts(opened.sheet):
        yield what, f"{number} {note}"
    yield "Printed", _day(current.now())


def _answered(opened: routes.Opened) -> tuple[model.Section, ...]:
    """Face sheet and interviews; neither is there where ratings came in with a file."""
    return () if opened.sheet.imported else (_face_sheet(opened), _interviews(opened))


def _face_sheet(opened: routes.Opened) -> model.Section:
    sheet = opened.sheet
    facts: list[model.Words] = [
        (f"{fact.question} ", model.Span(_fact(fact, sheet.facts.get(fact.name))))
        for fact in sheet.instrument.facts
        if fact.name != "case_type"
    ]
    return model.Section("facts", "Face sheet", "Facts of the case", (model.Bullets(tuple(facts)),))


def _fact(fact: definition.Fact, entry: queries.sheets.Entry | None) -> str:
    value = entry.value if entry else ""
    labels = {choice.value: choice.label for choice in fact.choices}
    return labels.get(value) or _ANSWERS.get(value, "Not answered")


def _interviews(opened: routes.Opened) -> model.Section:
    rows = []
    for one in opened.sheet.interviews:
        held = f", {dates.full_day(one.held_on)}" if one.outcome == "held" and one.held_on else ""
        rows.append(model.Fact(one.label, f"{one.words}{held}" or "Not recorded yet"))
    blocks = (model.FactList(tuple(rows)),)
    return model.Section("interviews", "Interviews", "Who was heard", blocks, starts_page=False)


def _component(opened: routes.Opened, component: definition.Component) -> model.Section:
    sheet = opened.sheet
    rated = sheet.counted.components[component.code]
    words = _rating(rated.rating, sheet.rating.components[component.code].rating)
    heads = tuple(_item(opened, item) for item in sheet.instrument.items_of(component.code))
    return model.Section(
        component.code.lower(),
        component.title,
        f"Component {component.code}",
        (model.Lead((model.Span(words), f". {cards.bare(rated.reason)}")), model.SideHeads(heads)),
        contents=component.title,
    )


def _rating(counts: definition.Rating | None, computed: definition.Rating | None) -> str:
    """The rating that counts; where QA's is another, with the computed one beside it."""
    words = counts.label if counts else "Not rated yet"
    if counts is computed:
        return words
    return f"{words} (computed: {computed.label.lower() if computed else 'not rated'})"


def _item(opened: routes.Opened, item: definition.Item) -> model.SideHead:
    """One item: rating with its reason, answers, narrative and where it was learned."""
    sheet = opened.sheet
    rated, given = sheet.rating.items[item.code], sheet.overrides.get(item.code)
    words = _rating(sheet.counted.items[item.code].rating, rated.rating)
    blocks: list[model.Block] = [model.Text((model.Span(item.title),))]
    blocks.append(model.Text((model.Span(words), f". {cards.bare(rated.reason)}"), "small"))
    if given and not _protected(opened, item):
        blocks.append(model.Text((model.Span("Set by QA"), f": {given.reason}"), "small"))
    if rated.applies:
        blocks += _answers(opened, item)
        blocks += _why(opened, item)
    return model.SideHead(item.code, tuple(blocks))


def _answers(opened: routes.Opened, item: definition.Item) -> Iterator[model.Block]:
    sheet, protected = opened.sheet, _protected(opened, item)
    labels = {each.id: each.label for found in sheet.subjects.values() for each in found}
    entries: list[model.Words] = []
    for ask in sheet.rating.items[item.code].asks:
        question, name = item.question(ask.question), rules.asked(*ask)
        entry = sheet.answers.get(item.code, {}).get(name)
        value = entry.value if entry else ""
        said = _ANSWERS.get(value) or (question.words(value) if value else "Not answered")
        whose = f" ({labels.get(ask.subject, '')})" if ask.subject else ""
        reason = f" {entry.reason}" if entry and entry.reason and not protected else ""
        entries.append((f"{question.id}. {question.text}{whose} ", model.Span(said), f".{reason}"))
    if entries:
        yield model.Bullets(tuple(entries))


def _protected(opened: routes.Opened, item: definition.Item) -> bool:
    return any(source.protected for source in opened.sheet.evidence.get(item.code, ()))


def _why(opened: routes.Opened, item: definition.Item) -> Iterator[model.Block]:
    """Narrative and sources; both without what is protected."""
    sheet = opened.sheet
    sources = sheet.evidence.get(item.code, ())
    entry = sheet.narratives.get(item.code)
    if _protected(opened, item):
        yield model.Text(_KEPT, "note")
    elif entry and entry.value.strip():
        for paragraph in entry.value.split("\n\n"):
            yield model.Text(paragraph)
    named = [_source(opened, one) for one in sources if not one.protected]
    if named:
        yield model.Text(f"Learned from: {'; '.join(named)}.", "note")


def _source(opened: routes.Opened, source: queries.sheets.Source) -> str:
    words = cards.source_words(opened.sheet, source)
    return f"{words}, {source.detail}" if source.detail else words


def _qa_notes(opened: routes.Opened) -> Iterator[model.Section]:
    sheet = opened.sheet
    if not sheet.notes or not policy.sees_notes(sheet.standing, current.actor()):
        return
    heads = tuple(_noted(opened, note) for note in sheet.notes)
    yield model.Section("notes", "QA notes", "What QA asked", (model.SideHeads(heads),))


def _noted(opened: routes.Opened, note: queries.Note) -> model.SideHead:
    """One thread: who said what, but where its item rests on evidence that is not printed."""
    state = "Resolved" if note.resolved else "Open"
    if not note.item:
        return model.SideHead("Face sheet", (model.Text(note.place), _thread(note)), note=state)
    kept = _protected(opened, opened.sheet.instrument.item(note.item))
    said = model.Text(_KEPT, "note") if kept else _thread(note)
    return model.SideHead(note.place, (said,), note=state)


def _thread(note: queries.Note) -> model.Block:
    said = (
        (model.Span(_SAID[each.kind]), f": {each.text}" if each.text else ".")
        for each in note.entries
    )
    return model.Bullets(tuple(said))
