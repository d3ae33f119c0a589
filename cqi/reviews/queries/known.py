"""What stands on a case review, known again by the newest link of its event chain.

Each change of a case review's content adds a link to its chain in the same transaction, and a
link's hash is keyed over itself and all links before it. So one hash is one content: whoever
holds the chain and finds its hash among the remembered ones need not read or rate anything again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import events
from cqi.instruments import definition
from cqi.reviews import rules
from cqi.reviews.models import Answer, CaseReview, FactAnswer, Narrative
from cqi.reviews.queries import contents, visibility
from cqi.reviews.queries.contents import Assessment, Content
from cqi.reviews.rules.interviews import Interview

Place = tuple[
    str, str
]  # item and question (`rules.asked`); ("", a fact); (item, ""), its narrative


@dataclass(frozen=True)
class Row:
    """A saved value with its revision; of a narrative the digest stands for the text."""

    value: str
    revision: int
    reason: str = ""


@dataclass(frozen=True)
class Known:
    """The saved rows of a case review, its subjects, interviews and how many sources its items
    have, and what they come to."""

    rows: Mapping[Place, Row]
    beside: Content
    assessment: Assessment


def known(session: orm.Session, review: CaseReview, head: events.Head) -> Known:
    """What stands on a case review whose chain the caller holds at `head`."""
    found: Known | None = session.info["remembered"].recall(head.hash)
    if found is None:
        found = read(session, review)
        remember(session, head, found)
    return found


def remember(session: orm.Session, head: events.Head, what: Known) -> None:
    """Know it again. Should the transaction fail, then no chain ever has this hash."""
    session.info["remembered"].remember(head.hash, what)


def changed(
    before: Known,
    instrument: definition.Instrument,
    rows: Mapping[Place, Row],
    items: Collection[str],
) -> Known:
    """What stands once `rows` are written; only `items` are rated again, and their components."""
    after = {**before.rows, **rows}
    touched = {*items, *(item for item, name in rows if item and not name)}
    near = {place: row for place, row in after.items() if not place[0] or place[0] in touched}
    content = content_of(near, before.beside)
    assessed = contents.assess_again(instrument, content, before.assessment, touched)
    return Known(after, before.beside, assessed)


def heard(before: Known, instrument: definition.Instrument, recorded: Iterable[Interview]) -> Known:
    """What stands once some interviews are recorded anew; no rating depends on them."""
    found = {one.id: one for one in (*before.beside.interviews, *recorded)}
    beside = dataclasses.replace(before.beside, interviews=list(found.values()))
    content = content_of(before.rows, beside)
    assessed = contents.assess_again(instrument, content, before.assessment, ())
    return Known(before.rows, beside, assessed)


def content_of(rows: Mapping[Place, Row], beside: Content) -> Content:
    """Rows as the rules want them, with the subjects and sources beside them."""
    content = Content(
        subjects=beside.subjects,
        sources=beside.sources,
        interviews=beside.interviews,
        about=beside.about,
    )
    for (item, name), row in rows.items():
        if not item:
            content.facts[name] = row.value
        elif not name:
            content.narratives[item] = row.value
        else:
            content.answer(item, rules.ask(name), row.value, row.reason)
    return content


def digest(text: str) -> str:
    """What stands for a narrative; empty for one without words."""
    return events.digest(text) if text.strip() else ""


def read(session: orm.Session, review: CaseReview) -> Known:
    """What stands, read and rated anew."""
    rows = dict(_rows(session, review))
    beside = contents.beside_answers(session, review.id)
    assessed = contents.assess(visibility.instrument_of(review), content_of(rows, beside))
    return Known(rows, beside, assessed)


def _rows(session: orm.Session, review: CaseReview) -> Iterator[tuple[Place, Row]]:
    def of(model: Any, *columns: Any) -> Iterable[Any]:
        return session.execute(sa.select(*columns).where(model.review_id == review.id))

    fact, answer, text = FactAnswer, Answer, Narrative
    for name, value, revision in of(fact, fact.name, fact.value, fact.revision):
        yield ("", name), Row(value, revision)
    columns = (answer.item, answer.question, answer.subject, answer.value, answer.revision)
    for item, question, subject, value, revision, reason in of(answer, *columns, answer.reason):
        yield (item, rules.asked(question, subject)), Row(value, revision, reason or "")
    for item, words, revision in of(text, text.item, text.text, text.revision):
        yield (item, ""), Row(digest(words), revision)
