"""A backup is one file: consistent, encrypted, verified before it counts.

Of the embedded database it is a copy of the encrypted file; of PostgreSQL it is every table as
one transaction sees it, encrypted with a key made from the key file. It is read again after it
was written, and a restore reads it once more before anything counts on it. A backup goes back
to the kind of database that it came from, and needs the key file of its installation: keep both,
apart from each other.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import backup_embedded, backup_postgresql, configuration, errors, events, keys
from cqi.core import database as databases

RESTORED = "audit.restored"


@dataclass(frozen=True)
class Contents:
    """What a backup holds, as counted when it was verified."""

    tables: int
    rows: int
    events: int


def write(settings: configuration.Configuration, secrets: keys.Keys, file: Path) -> Contents:
    """Make a backup. Raises BadInput when the file exists, cannot be written, or does not hold,
    Failed when PostgreSQL does not answer."""
    if file.exists():
        raise errors.BadInput(f"{file} exists already: a backup never overwrites; name a new file")
    half = file.with_name(file.name + ".part")
    half.unlink(missing_ok=True)
    try:
        contents = _write(settings, secrets, half)
        half.replace(file)
    except OSError as error:
        raise errors.BadInput(f"{file} cannot be written: {error.strerror}") from error
    finally:
        half.unlink(missing_ok=True)
    return contents


def _write(settings: configuration.Configuration, secrets: keys.Keys, half: Path) -> Contents:
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if settings.embedded:
        counted = backup_embedded.copy(settings.database_file, half, secrets.database)
        return _verified(
            databases.embedded_engine(half, secrets.database, pooled=False), secrets, counted
        )
    engine = databases.engine_for(settings, secrets, pooled=False)
    database = databases.Database(engine, secrets)
    with databases.answering(), database.reading() as session:
        counted = backup_postgresql.write(session, half, secrets.database)
        contents = _checked(session, counted)
    _compare(counted, backup_postgresql.counts(half, secrets.database))
    engine.dispose()
    return contents


def restore(settings: configuration.Configuration, secrets: keys.Keys, file: Path) -> Contents:
    """Bring a backup back into an empty database, and verify it there.

    Raises BadInput when the database holds rows, or when the file is damaged or of other keys,
    Failed when PostgreSQL does not answer.
    """
    if not file.is_file():
        raise errors.BadInput(f"there is no file {file}")
    if settings.embedded:
        return _restore_embedded(settings, secrets, file)
    engine = databases.engine_for(settings, secrets, pooled=False)
    counted = backup_postgresql.counts(file, secrets.database)
    with databases.answering():
        backup_postgresql.read(settings, secrets, file)
        return _verified(engine, secrets, counted)


def anchor(
    settings: configuration.Configuration,
    secrets: keys.Keys,
    held: Contents,
    *,
    now: dt.datetime,
    today: dt.date,
) -> events.EventSeal | None:
    """Say in the chain that it goes on from a backup, and seal it anew: seals that were kept
    outside after the backup are not in it. None where its last day is today, sealed already."""
    database = databases.Database(databases.engine_for(settings, secrets, pooled=False), secrets)
    with database.writing() as session:
        last = events.newest_seal(session)
        happening = events.Happening(RESTORED, None, now)
        payload = {"events": held.events, "rows": held.rows, "seal": last.hash if last else ""}
        events.record(session, events.INSTALLATION, happening, payload)
        made = events.seal(session, today=today, now=now)
    database.dispose()
    return made


def restored_at(session: orm.Session) -> dt.datetime | None:
    """When the database last came back from a backup, if ever."""
    query = sa.select(sa.func.max(events.Event.at)).where(events.Event.kind == RESTORED)
    return session.scalar(query)


def _restore_embedded(
    settings: configuration.Configuration, secrets: keys.Keys, file: Path
) -> Contents:
    target = settings.database_file
    _refuse_rows(settings, secrets)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + ".part")
    half.unlink(missing_ok=True)
    counted = backup_embedded.copy(file, half, secrets.database)
    contents = _verified(
        databases.embedded_engine(half, secrets.database, pooled=False), secrets, counted
    )
    for left in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
        left.unlink(missing_ok=True)
    half.replace(target)
    return contents


def _refuse_rows(settings: configuration.Configuration, secrets: keys.Keys) -> None:
    if not settings.database_file.exists():
        return
    engine = databases.engine_for(settings, secrets, pooled=False)
    with engine.connect() as connection:
        rows = sum(row_counts(connection).values())
    engine.dispose()
    if rows:
        message = f"{settings.database_file} holds {rows} rows: restore into an empty folder"
        raise errors.BadInput(message)


def row_counts(connection: sa.Connection) -> dict[str, int]:
    """Table -> rows, but for the table that names the revision."""
    return backup_postgresql.count_rows(connection)


def _verified(engine: sa.Engine, secrets: keys.Keys, counted: dict[str, int]) -> Contents:
    database = databases.Database(engine, secrets)
    with database.reading() as session:
        _compare(counted, row_counts(session.connection()))
        contents = _checked(session, counted)
    engine.dispose()
    return contents


def _compare(counted: dict[str, int], found: dict[str, int]) -> None:
    if counted != found:
        wrong = sorted(name for name in counted if counted[name] != found.get(name))
        raise errors.BadInput(f"the copy does not hold: tables {', '.join(wrong)} differ")


def _checked(session: orm.Session, counted: dict[str, int]) -> Contents:
    verification = events.verify(session)
    if verification.problem:
        raise errors.BadInput(f"the event chain does not hold: {verification.problem}")
    return Contents(len(counted), sum(counted.values()), verification.events)
