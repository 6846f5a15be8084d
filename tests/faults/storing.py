"""A process that stores what a source brings, batch after batch, and says each batch once it is committed."""

import sys
from datetime import UTC, datetime
from itertools import count

from sqlmodel import Session, select

from db.engine import open_database
from db.fetches import Look, settle_looks
from db.records import Entry
from db.sources import add_source, known_entries
from db.tables import Article, Source

BATCH = 5
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def keys(batch: int) -> list[str]:
    return [f"{batch}-{i}" for i in range(BATCH)]


def store(session: Session, batch: int) -> None:
    entries = tuple(Entry(key, "hash", f"Title {key}", "", NOW, "Text " * 50) for key in keys(batch))
    known = known_entries(session, 1)
    listed = frozenset([*known, *keys(batch)])
    look = Look(1, NOW, read=True, known=known, entries=entries, listed=listed)
    settle_looks(session, [look], NOW, 0)


def main(url: str) -> None:
    database = open_database(url)
    source = Source(id=1, url="https://a.example/feed", title="A", publisher="a", next_fetch_at=NOW, created_at=NOW)
    database.write_now(add_source, source)
    stored = database.read_now(lambda session: len(session.exec(select(Article.id)).all()))
    for batch in count(stored // BATCH):
        database.write_now(store, batch)
        print(batch, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
