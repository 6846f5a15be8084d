"""The database: every call runs one function in one transaction, on a thread, off the event loop.

articles = await database.read(newest, 10)              # newest(session, 10)
story_id = await database.write(add_story, headline)    # add_story(session, headline), committed

DatabaseError          the database cannot be used; says which and what to do
├── Unreadable         not a database, or corrupt: it is left untouched
├── ReadOnly           no right to write there
├── Full               the disk is full, or does not take what is written
└── Busy               another process holds it too long
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from db.migrations import upgrade

P = ParamSpec("P")
T = TypeVar("T")

BUSY_SECONDS = 30  # how long SQLite waits for another process to finish writing
READERS = 4


class DatabaseError(Exception):
    """The database cannot be used."""


class Unreadable(DatabaseError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is not a database that can be read; it was left as it is. "
            "Restore a backup (triptych restore FILE), or name another file in DATABASE_URL."
        )


class ReadOnly(DatabaseError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot be written. Give this user the right to write the file and its folder.")


class Full(DatabaseError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot grow: the disk is full or failing. Make room; nothing is lost meanwhile.")


class Busy(DatabaseError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is held by another process. Stop the other one, or wait until it is done.")


class Database:
    """Reads run side by side; writes run one after another, so none waits for a lock inside this process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = engine.url.database or engine.url.render_as_string(hide_password=True)
        self.sqlite = engine.dialect.name == "sqlite"
        self._writes = engine.execution_options(begin="BEGIN IMMEDIATE")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writer = ThreadPoolExecutor(1 if self.sqlite else READERS, thread_name_prefix="write")

    async def read(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """fn(session, *args) in a transaction that is rolled back."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self.read_now(fn, *args, **kwargs))

    async def write(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """fn(session, *args) in a transaction that is committed when fn returns, and rolled back when it raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: self.write_now(fn, *args, **kwargs))

    def read_now(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Like `read`, on the calling thread."""
        with self._named(), Session(self.engine, expire_on_commit=False) as session:
            return fn(session, *args, **kwargs)

    def write_now(self, fn: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Like `write`, on the calling thread."""
        with self._named(), Session(self._writes, expire_on_commit=False) as session, session.begin():
            return fn(session, *args, **kwargs)

    async def empty_log(self) -> None:
        """Cuts off SQLite's write-ahead log, so that what was deleted is in no file any more."""
        if self.sqlite:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._checkpoint)

    def _checkpoint(self) -> None:
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()

    def close(self) -> None:
        """Waits for what is running; nothing can be asked afterwards."""
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()

    def _named(self) -> "_Named":
        return _Named(self.name)


class _Named:
    """Turns a driver's error into one that names the database; others pass."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, DBAPIError):
            said = str(error.orig).lower()
            if "not a database" in said or "malformed" in said:
                raise Unreadable(self.name) from error
            if "readonly" in said or "unable to open" in said:
                raise ReadOnly(self.name) from error
            if "disk is full" in said or "disk i/o error" in said:
                raise Full(self.name) from error
            if "locked" in said:
                raise Busy(self.name) from error


def open_database(url: str) -> Database:
    """The database at `url`, brought to the newest schema; a SQLite file and its folder are made when missing.

    Raises DatabaseError.
    """
    parsed = make_url(url)
    name = parsed.database or url
    if parsed.drivername.startswith("sqlite") and parsed.database not in (None, "", ":memory:"):
        try:
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReadOnly(name) from error
    with _Named(name):
        engine = connect(url)
        upgrade(engine)
    return Database(engine)


def connect(url: str, *, create: bool = True) -> Engine:
    """Without `create`, a SQLite file that is missing stays so and the first use raises."""
    if not create and url.startswith("sqlite:///"):
        url = f"sqlite:///file:{url.removeprefix('sqlite:///')}?mode=rw&uri=true"
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def insert_for(session: Session) -> Callable[..., Any]:
    """The dialect's own insert, which knows what to do on a conflict."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own comes too late for IMMEDIATE
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
