"""One database, two engines: an encrypted SQLite file for one office, PostgreSQL for a state.

A session is opened either for reading or for writing, and says so before its first statement:
writers take the lock at once (BEGIN IMMEDIATE), readers can never become writers. Only the two
context managers here commit.
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event, orm, pool
from sqlcipher3 import dbapi2 as sqlcipher

from cqi.core import configuration, encryption, errors, keys, remembering

OLDEST_SQLITE = (3, 51, 3)  # older libraries can corrupt a WAL that several connections write
_BUSY_MILLISECONDS = 10_000
_WRITES = "cqi_writes"  # what a connection was told last
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": _BUSY_MILLISECONDS,
}


class Database:
    """An engine with its keys. `reading()` and `writing()` are the only doors to a session.

    `writer` is the engine of sessions that write, where it is another than the readers'.
    """

    def __init__(
        self, engine: sa.Engine, secrets: keys.Keys, writer: sa.Engine | None = None
    ) -> None:
        self.engine, self.keys = engine, secrets
        self.engines = (engine, writer) if writer else (engine,)
        self.remembered = remembering.Remembered()
        encryption.use(secrets)
        self._reader = engine.execution_options(writes=False)
        self._writer = (writer or engine).execution_options(writes=True)

    def session(self, *, writes: bool) -> orm.Session:
        """A session for the request edge, which commits or rolls back and closes it itself."""
        engine = self._writer if writes else self._reader
        info = {"keys": self.keys, "remembered": self.remembered}
        return orm.Session(engine, autoflush=writes, expire_on_commit=False, info=info)

    def dispose(self) -> None:
        """Close the connections that nobody uses."""
        for engine in self.engines:
            engine.dispose()

    @contextlib.contextmanager
    def reading(self) -> Iterator[orm.Session]:
        """A consistent view that cannot change anything."""
        with self.session(writes=False) as session:
            yield session

    @contextlib.contextmanager
    def looking(self) -> Iterator[sa.Connection]:
        """The same without a session around it, for the one question of every request."""
        with self._reader.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[orm.Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self.session(writes=True) as session, session.begin():
            yield session


def alone(session: orm.Session) -> bool:
    """True on the embedded database, where a session that writes keeps all other writers waiting
    from its first statement on: what it reads needs no lock of its own."""
    return session.get_bind().dialect.name == "sqlite"


def one_at_a_time(session: orm.Session, what: str) -> None:
    """Wait until nobody else does this, until the end of the transaction: for what looks first and
    then writes, such as a job that tells people once. The embedded database has one writer."""
    if not alone(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(what))))


def open_database(settings: configuration.Configuration) -> Database:
    """The installation's database. Raises BadInput when its key file is missing, Failed when a
    server does not answer."""
    secrets = keys.load(settings.key_file)
    engine = engine_for(settings, secrets)
    if settings.embedded:
        writer = embedded_engine(settings.database_file, secrets.database, connections=1)
        return Database(engine, secrets, writer)
    with answering():
        engine.connect().close()
    return Database(engine, secrets)


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Raises Failed, in one line, where a server does not answer, or no longer does."""
    try:
        yield
    except (sa.exc.OperationalError, psycopg.OperationalError) as error:
        cause = error.orig if isinstance(error, sa.exc.OperationalError) else error
        said = " ".join(str(cause).split())
        message = f"the database of CQI_DATABASE_URL does not answer: {said}"
        raise errors.Failed(message) from error


def create_database(settings: configuration.Configuration) -> Database:
    """Make the data folder and the key file where missing, then open.

    Never makes new keys beside an existing database.
    """
    if not settings.key_file.exists():
        if settings.embedded and settings.database_file.exists():
            keys.load(settings.key_file)
        keys.create(settings.key_file)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return open_database(settings)


def engine_for(
    settings: configuration.Configuration, secrets: keys.Keys, *, pooled: bool = True
) -> sa.Engine:
    """The engine of the configured database; `pooled=False` for migrations."""
    if settings.embedded:
        return embedded_engine(settings.database_file, secrets.database, pooled=pooled)
    return postgresql_engine(settings.database_url, pooled=pooled)


def embedded_engine(
    path: Path, key: bytes, *, pooled: bool = True, connections: int = 32
) -> sa.Engine:
    """An encrypted file. The pool is given by name: the dialect's own crashes with 8 threads.

    One connection for all that write: they wait for it in the pool, where none is passed over and
    none sleeps longer and longer as in SQLite, and what it has decrypted of the file stays true.
    """
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        found = ".".join(map(str, sqlcipher.sqlite_version_info))
        raise errors.BadInput(f"SQLite {found} can corrupt data; 3.51.3 or newer is needed")
    sizes: dict[str, Any] = {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": _BUSY_MILLISECONDS / 1000,
        "pool_use_lifo": True,
    }
    engine = sa.create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: _connect(path, key),
        poolclass=pool.QueuePool if pooled else pool.NullPool,
        hide_parameters=True,  # values are people's: they do not belong in logs
        **(sizes if pooled else {}),
    )
    event.listen(engine, "begin", _begin_embedded)
    return engine


def _connect(path: Path, key: bytes) -> Any:
    connection = sqlcipher.connect(str(path), check_same_thread=False, isolation_level=None)
    connection.execute("pragma cipher_log_level = NONE")  # the error that is raised says it
    connection.execute(f"pragma key = \"x'{key.hex()}'\"")
    try:
        prepare(connection)
    except sqlcipher.DatabaseError as error:
        connection.close()
        message = f"{path.name} cannot be opened with this key: restore the key file that made it"
        raise errors.BadInput(message) from error
    return connection


def prepare(connection: Any) -> None:
    """Set what durability rests on, and see that it holds."""
    for name, value in _PRAGMAS.items():
        connection.execute(f"pragma {name} = {value}")
        held = connection.execute(f"pragma {name}").fetchone()[0]
        if held != value:
            raise errors.BadInput(f"the database would not set {name} to {value} (it says {held})")


def _begin_embedded(connection: sa.Connection) -> None:
    """Announce reading or writing before the first statement; readers are held to it."""
    writes = connection.get_execution_options().get("writes", True)
    below: Any = (
        connection.connection.driver_connection
    )  # a cursor of its own costs more than BEGIN
    if connection.info.get(_WRITES) is not writes:
        below.execute(f"pragma query_only = {0 if writes else 1}")
        connection.info[_WRITES] = writes
    below.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def postgresql_engine(url: str, *, pooled: bool = True) -> sa.Engine:
    """PostgreSQL; readers get READ ONLY transactions that see one moment."""
    sizes: dict[str, Any] = {"pool_size": 16, "max_overflow": 16, "pool_pre_ping": True}
    kind = pool.QueuePool if pooled else pool.NullPool
    try:
        engine = sa.create_engine(
            url, poolclass=kind, hide_parameters=True, **(sizes if pooled else {})
        )
    except (sa.exc.ArgumentError, ImportError) as error:
        message = "CQI_DATABASE_URL is not of the form postgresql+psycopg://user@host/database"
        raise errors.BadInput(message) from error
    if engine.dialect.name != "postgresql":
        message = f"CQI_DATABASE_URL names {engine.dialect.name}: use PostgreSQL, or leave it empty"
        raise errors.BadInput(message)
    _require_tls(engine.url)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


_WITH_TLS = ("require", "verify-ca", "verify-full")


def _require_tls(url: sa.URL) -> None:
    """Names and narratives cross a network encrypted or not at all. Raises BadInput."""
    hosts = {url.host or "", *_several(url.query.get("host", ()))}
    if all(_is_this_machine(host) for host in hosts if host) or _mode(url) in _WITH_TLS:
        return
    message = (
        "CQI_DATABASE_URL names another machine without TLS: end it in ?sslmode=verify-full"
        " (with sslrootcert=FILE for an agency's own certificate)"
    )
    raise errors.BadInput(message)


def _several(found: str | Sequence[str]) -> Sequence[str]:
    return found.split(",") if isinstance(found, str) else found


def _mode(url: sa.URL) -> str:
    found = url.query.get("sslmode", "")
    return found if isinstance(found, str) else ""


def _is_this_machine(host: str) -> bool:
    """True of a folder of sockets and of this machine's own addresses."""
    name = host.partition(":")[0] if host.count(":") == 1 else host
    if name.startswith("/") or name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _begin_postgresql(connection: sa.Connection) -> None:
    if not connection.get_execution_options().get("writes", True):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
