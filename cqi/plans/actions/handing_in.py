"""Evidence that comes with a claim, and reading it: each download is an event."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import identifiers
from cqi.core.errors import Blocker
from cqi.plans.actions import recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import StepFile
from cqi.plans.queries import handed_in, records
from cqi.plans.rules import evidence
from cqi.plans.rules.evidence import Accepted
from cqi.settings import queries as settings
from cqi.settings import registry


def blockers(
    session: orm.Session, files: tuple[Accepted, ...], link: str, today: dt.date
) -> list[Blocker]:
    """Why files and a link cannot be kept; what is in the files was looked at before."""
    megabytes = settings.number(session, registry.EVIDENCE_MEGABYTES, today)
    return [*evidence.link_blockers(link), *evidence.room_blockers(files, megabytes)]


def stored(one: Accepted) -> StepFile:
    """A file as a row, name and content encrypted."""
    return StepFile(
        public_id=identifiers.uuid7(),
        name=one.name,
        kind=one.kind.value,
        size=len(one.content),
        digest=hashlib.sha256(one.content).hexdigest(),
        content=one.content,
    )


def read_evidence(
    session: orm.Session, *, public_id: uuid.UUID, actor: Actor, now: dt.datetime
) -> Accepted:
    """A file for whoever sees its step, under a name that names nobody, and an event. Raises
    NotFound."""
    found, step = handed_in.file(session, actor, public_id)
    payload = {"file": str(public_id), "step": str(step.public_id), "digest": found.digest}
    plan = step.strategy.goal.plan
    recording.record(session, plan, "evidence_read", Doing(actor, now), payload)
    kind = evidence.FileKind(found.kind)
    number, key = records.number(step), public_id.hex[-6:]
    return Accepted(evidence.download_name(number, key, kind, found.name), kind, found.content)
