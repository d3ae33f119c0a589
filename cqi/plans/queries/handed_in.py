"""Files that were handed in as evidence: what a page lists, and one to download."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors
from cqi.plans.models import Goal, Plan, Step, StepEntry, StepFile, Strategy
from cqi.plans.queries import records
from cqi.plans.rules.evidence import KIND_WORDS, FileKind


@dataclass(frozen=True)
class FileRow:
    """One file as a page lists it: "PDF, 12 KB"."""

    public_id: uuid.UUID
    name: str
    words: str


def files_of(session: orm.Session, step: uuid.UUID) -> dict[int, tuple[FileRow, ...]]:
    """The files of a step, by the id of the entry that they came with. Asks for no reach: for a
    step that was found within it."""
    query = (
        sa.select(StepFile)
        .join(StepEntry, StepEntry.id == StepFile.entry_id)
        .join(StepEntry.step)
        .where(Step.public_id == step)
        .order_by(StepFile.id)
    )
    found: dict[int, tuple[FileRow, ...]] = defaultdict(tuple)
    for one in session.scalars(query):
        words = f"{KIND_WORDS[FileKind(one.kind)]}, {size_words(one.size)}"
        found[one.entry_id] += (FileRow(one.public_id, one.name, words),)
    return dict(found)


def file(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> tuple[StepFile, Step]:
    """One file with its step, for whoever sees the step. Raises NotFound."""
    query = (
        sa.select(StepFile, Step)
        .join(StepEntry, StepEntry.id == StepFile.entry_id)
        .join(Step, Step.id == StepEntry.step_id)
        .join(Strategy, Strategy.id == Step.strategy_id)
        .join(Goal, Goal.id == Strategy.goal_id)
        .join(Plan, Plan.id == Goal.plan_id)
        .where(StepFile.public_id == public_id, records.step_visible(actor))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise errors.NotFound("there is no such file")
    return found[0], found[1]


def size_words(size: int) -> str:
    """ "1 KB", "12 KB", "3.4 MB"."""
    if size < 1024 * 1024:
        return f"{max(round(size / 1024), 1)} KB"
    return f"{size / 1024 / 1024:.1f} MB"
