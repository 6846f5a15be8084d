"""Backups of a SQLite database, made while it is used, and restored without sending anything twice.

BackupError              it was not done; nothing was changed; says why and what to do
├── NotSqlite            another kind of database has tools of its own
├── Exists               a file of that name is there
├── NoBackup             there is no such file, or it is no backup of ours
├── NewerBackup          a newer version of the program made it
├── InUse                a process works with the database
└── NotWritten           the disk is full, or the folder may not be written
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from db.closing import NextDue, Shut, shut_due
from db.engine import DatabaseError, open_database
from db.migrations import newest

ASIDE = ".replaced"  # added to the name of the database that a restore replaced


class BackupError(Exception):
    """It was not done; nothing was changed."""


class NotSqlite(BackupError):
    def __init__(self) -> None:
        super().__init__("DATABASE_URL is not a SQLite file; use the tools of that database (pg_dump, pg_restore).")


class Exists(BackupError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists; name another file, or say that it may be overwritten.")


class NoBackup(BackupError):
    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} {why}.")


class NewerBackup(BackupError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was made by a newer version; install that version, then restore.")


class InUse(BackupError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is in use; stop the running process first.")


class NotWritten(BackupError):
    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} could not be written ({why}).")


def database_file(url: str) -> Path:
    parsed = make_url(url)
    if not parsed.drivername.startswith("sqlite") or parsed.database in (None, "", ":memory:"):
        raise NotSqlite
    return Path(str(parsed.database))


def backup(url: str, file: Path, *, overwrite: bool = False) -> None:
    """A consistent copy as one file, for its owner only; writers of the database need not stop. Raises BackupError."""
    source = database_file(url)
    if not source.is_file():
        raise NoBackup(source, "does not exist; there is nothing to back up")
    if file.exists() and not overwrite:
        raise Exists(file)
    with _beside(file) as new:
        _copy(source, new)
        os.replace(new, file)
        _sync_folder(file.parent)


def restore(
    url: str, file: Path, now: datetime, next_due: NextDue, *, overwrite: bool = False, send_due: bool = False
) -> list[Shut]:
    """Puts the backup in the database's place, brought to the newest schema. Raises BackupError.

    What was due before now may have been sent since the backup was made: it is closed and returned, unless `send_due`.
    The database that was there is kept beside, as NAME.replaced.
    """
    target = database_file(url)
    _check(file)
    if target.exists() and not overwrite:
        raise Exists(target)
    with _beside(target) as new:
        _copy(file, new)
        shut = [] if send_due else _shut(new, now, next_due)
        _settle_journal(new)
        _set_aside(target)
        os.replace(new, target)
        _sync_folder(target.parent)
    return shut


def _check(file: Path) -> None:
    if not file.is_file():
        raise NoBackup(file, "does not exist")
    try:
        with closing(sqlite3.connect(f"file:{_quoted(file)}?mode=ro", uri=True)) as connection:
            (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            connection.execute("SELECT 1 FROM delivery LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise NoBackup(file, "is no backup of a Triptych database") from error
    if sound != "ok" or row is None:
        raise NoBackup(file, "is damaged")
    if row[0] > newest():
        raise NewerBackup(file)


def _quoted(file: Path) -> str:
    return str(file.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A new file in the same folder, gone at the end unless it was renamed."""
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield new
    except OSError as error:
        raise NotWritten(file, error.strerror or str(error)) from error
    except (sqlite3.Error, DatabaseError) as error:
        raise NotWritten(file, str(error)) from error
    finally:
        for name in (new, Path(f"{new}-wal"), Path(f"{new}-shm"), Path(f"{new}-journal")):
            name.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """All pages in one step: a reader of the write-ahead log holds up nobody, and sees one moment."""
    with (
        closing(sqlite3.connect(f"file:{_quoted(source)}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _shut(file: Path, now: datetime, next_due: NextDue) -> list[Shut]:
    database = open_database(f"sqlite:///{file.absolute()}")
    try:
        return database.write_now(shut_due, now, next_due)
    finally:
        database.close()


def _settle_journal(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _set_aside(target: Path) -> None:
    """The old database under another name, its write-ahead log taken in; refused while anybody has it open."""
    if not target.exists():
        return
    with closing(sqlite3.connect(target, isolation_level=None, timeout=0.5)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise InUse(target) from error  # else it is damaged: a reason to restore, not to refuse
    for name in (Path(f"{target}-wal"), Path(f"{target}-shm")):
        name.unlink(missing_ok=True)
    os.replace(target, target.with_name(target.name + ASIDE))


def _sync_folder(folder: Path) -> None:
    """Makes a rename last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
