"""The database: one function, one transaction; errors that name it."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import Session, SQLModel, select

from db.engine import Busy, Database, ReadOnly, Unreadable, connect, open_database
from db.tables import Kept

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path}/new/triptych.db")


def keep(session: Session, name: str) -> None:
    session.add(Kept(name=name, value=b"", at=NOW))


def keep_and_fail(session: Session, name: str) -> None:
    keep(session, name)
    session.flush()
    raise ValueError(name)


def kept(session: Session) -> list[str]:
    return list(session.exec(select(Kept.name).order_by(Kept.name)))


async def test_what_a_function_wrote_is_there_when_it_returns(database: Database) -> None:
    await database.write(keep, "a")
    assert await database.read(kept) == ["a"]


async def test_a_function_that_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ValueError, match="half"):
        await database.write(keep_and_fail, "half")
    assert await database.read(kept) == []


async def test_a_read_cannot_write(database: Database) -> None:
    await database.read(keep, "a")
    assert await database.read(kept) == []


async def test_fifty_writers_at_once_all_succeed(database: Database) -> None:
    await asyncio.gather(*(database.write(keep, f"{i:02}") for i in range(50)))
    assert len(await database.read(kept)) == 50


def test_sqlite_keeps_what_was_committed_through_a_power_cut(database: Database) -> None:
    with database.engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


def test_times_come_back_aware(database: Database) -> None:
    database.write_now(keep, "a")
    assert database.read_now(lambda session: session.exec(select(Kept.at)).one()) == NOW


def test_migrations_make_the_tables_that_the_code_has(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = [d for d in compare_metadata(context, SQLModel.metadata) if "search" not in str(d)]
    assert differences == []


def test_a_second_start_finds_everything_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/triptych.db"
    first = open_database(url)
    first.write_now(keep, "a")
    first.close()
    assert open_database(url).read_now(kept) == ["a"]


def test_a_corrupt_database_is_named_and_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "triptych.db"
    path.write_bytes(b"this is not a database, it is a letter" * 100)
    before = path.read_bytes()
    with pytest.raises(Unreadable, match=r"triptych\.db is not a database"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(ReadOnly, match="cannot be written"):
        open_database(f"sqlite:///{tmp_path}/data/triptych.db")


def test_a_database_held_by_another_process_is_named(tmp_path: Path) -> None:
    path = tmp_path / "triptych.db"
    open_database(f"sqlite:///{path}").close()
    holder = sqlite3.connect(path)
    holder.execute("BEGIN IMMEDIATE")
    engine = connect(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=10")
    database = Database(engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=10")
    with pytest.raises(Busy, match="held by another process"):
        database.write_now(keep, "a")
    holder.close()
