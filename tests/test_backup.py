"""Backups while the bot runs, and restores that send nothing twice."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from db.backup import Exists, InUse, NewerBackup, NoBackup, NotSqlite, NotWritten, backup, restore
from db.deliveries import Sent, claim, heads, ledger, settle
from db.engine import Database, open_database
from db.tables import Edition, Kept, Subscription
from tests.ledger import NOW, owe_chats, owe_parts, part, subscribe

LATER = NOW + timedelta(hours=3)
TOMORROW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def next_due(subscription: Subscription, zone: str, now: datetime) -> datetime | None:
    return TOMORROW


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/triptych.db"


@pytest.fixture
def saved(tmp_path: Path, url: str) -> Path:
    """A backup of two chats: one was sent its brief, one not yet, and a third is due without an edition."""
    database = open_database(url)
    database.write_now(fill)
    backup(url, tmp_path / "saved.db")
    database.close()
    return tmp_path / "saved.db"


def fill(session: Session) -> None:
    owe_chats(session, [1, 2])
    claim(session, [head.id for head in heads(session, NOW, 1)], NOW)
    settle(session, [Sent(1, 77, NOW)])
    later = session.get_one(Subscription, subscribe(session, 3))
    later.due_at = NOW + timedelta(hours=1)
    owe_parts(session, subscribe(session, 4), [part("tomorrow")], at=TOMORROW)


def rows(database: Database) -> int:
    return len(database.read_now(lambda session: session.exec(select(Kept.name)).all()))


async def test_a_backup_made_while_rows_are_written_is_whole(tmp_path: Path, url: str) -> None:
    database = open_database(url)
    stop = asyncio.Event()

    def write_pair(session: Session, number: int) -> None:
        for name in (f"{number}-a", f"{number}-b"):
            session.add(Kept(name=name, value=b"x" * 500, at=NOW))

    async def write() -> int:
        written = 0
        while not stop.is_set():
            await database.write(write_pair, written)
            written += 1
        return written

    writer = asyncio.create_task(write())
    for number in range(5):
        await asyncio.sleep(0.05)
        await asyncio.to_thread(backup, url, tmp_path / f"{number}.db")
    stop.set()
    assert await writer > 5
    database.close()
    counts = []
    for number in range(5):
        copy = open_database(f"sqlite:///{tmp_path}/{number}.db")
        counts.append(rows(copy))
        copy.close()
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def test_a_backup_is_one_file_for_its_owner(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in saved.parent.iterdir() if path.name.startswith("saved")] == ["saved.db"]


def test_a_backup_overwrites_only_when_told_to(url: str, saved: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(Exists, match=r"saved\.db exists"):
        backup(url, saved)
    assert saved.read_bytes() == before
    backup(url, saved, overwrite=True)


def test_a_restore_overwrites_only_when_told_to(tmp_path: Path, url: str, saved: Path) -> None:
    before = (tmp_path / "triptych.db").read_bytes()
    with pytest.raises(Exists, match="overwritten"):
        restore(url, saved, LATER, next_due)
    assert (tmp_path / "triptych.db").read_bytes() == before
    restore(url, saved, LATER, next_due, overwrite=True)
    assert (tmp_path / "triptych.db.replaced").exists()


def test_a_restore_closes_what_was_due_and_says_which(tmp_path: Path, saved: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/triptych.db"
    shut = restore(url, saved, LATER, next_due)
    assert [(one.chat_id, one.local_date, one.slot) for one in shut] == [(2, date(2026, 11, 24), 480), (3, None, None)]
    database = open_database(url)
    assert database.read_now(heads, LATER, 10) == []
    assert database.read_now(ledger) == {"sent": 1, "dropped": 1, "owed": 1}
    assert [head.chat_id for head in database.read_now(heads, TOMORROW, 10)] == [4]
    assert (
        database.read_now(lambda s: s.exec(select(Subscription.due_at).where(Subscription.id == 3)).one()) == TOMORROW
    )
    closed = database.read_now(lambda s: s.exec(select(Edition.id).where(Edition.closed)).all())
    assert closed == [2]
    database.close()


def test_a_restore_sends_what_was_due_when_told_to(tmp_path: Path, saved: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/triptych.db"
    assert restore(url, saved, LATER, next_due, send_due=True) == []
    database = open_database(url)
    assert [head.chat_id for head in database.read_now(heads, LATER, 10)] == [2]
    database.close()


def test_a_restore_waits_for_no_running_process(url: str, saved: Path) -> None:
    database = open_database(url)
    assert rows(database) == 0
    with pytest.raises(InUse, match="stop the running process"):
        restore(url, saved, LATER, next_due, overwrite=True)
    assert database.read_now(ledger)["sent"] == 1
    database.close()


def test_what_is_no_backup_is_refused(tmp_path: Path, url: str) -> None:
    for name, content in {"text": b"not a database at all" * 100, "empty": b""}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NoBackup, match="is no backup"):
            restore(url, tmp_path / name, LATER, next_due)
    with pytest.raises(NoBackup, match="does not exist"):
        restore(url, tmp_path / "nothing", LATER, next_due)
    with pytest.raises(NoBackup, match="nothing to back up"):
        backup(url, tmp_path / "copy.db")
    assert not (tmp_path / "triptych.db").exists()


def test_a_damaged_backup_is_refused(url: str, saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\xff" * (len(content) // 2 - len(content) // 3)
    saved.write_bytes(content)
    with pytest.raises(NoBackup):
        restore(url, saved, LATER, next_due, overwrite=True)


def test_a_backup_of_a_newer_version_is_refused(url: str, saved: Path) -> None:
    with closing(sqlite3.connect(saved)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(NewerBackup):
        restore(url, saved, LATER, next_due, overwrite=True)


def test_a_damaged_database_can_be_replaced(tmp_path: Path, url: str, saved: Path) -> None:
    (tmp_path / "triptych.db").write_bytes(b"nonsense" * 1000)
    restore(url, saved, LATER, next_due, overwrite=True)
    database = open_database(url)
    assert database.read_now(ledger)["sent"] == 1
    database.close()


def test_other_databases_have_their_own_tools(tmp_path: Path) -> None:
    with pytest.raises(NotSqlite, match="pg_dump"):
        backup("postgresql://db/news", tmp_path / "copy.db")


def test_a_folder_that_may_not_be_written_is_named(url: str, saved: Path) -> None:
    with pytest.raises(NotWritten, match=r"copy\.db could not be written"):
        backup(url, Path("/proc/nowhere/copy.db"))
