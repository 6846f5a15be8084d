"""What composing the briefs of one hour costs: `python -m tests.bench.editions`.

50,000 chats in 20 kinds of subscription are due at eight, on two days with 300 stories each; on the second day each
kind was told other things before. CPU and memory are of this process, with what SQLite does.
"""

import argparse
import asyncio
import resource
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from sqlmodel import Session, col, func, insert, select, update

from bot.editions import compose_due, lateness
from db.engine import Database
from db.filing import file_articles
from db.records import PANELS, New
from db.tables import Delivery, Rendered, Source, Subscriber, Subscription
from tests.desk import a_database, add_article, bullet, condense

EIGHT = datetime(2026, 11, 24, 8, tzinfo=UTC)
STORIES, OUTLETS, KINDS = 300, 30, 20
SUBJECTS = ("bridge", "strike", "harvest", "election", "ferry", "tariff", "museum", "drought", "border", "stadium")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chats", type=int, default=50_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(a_database(Path(folder)), options.chats))


async def measure(database: Database, chats: int) -> None:
    await database.write(add_outlets)
    await database.write(add_chats, chats)
    late = await database.read(lateness, 8 * 60, "UTC", EIGHT - timedelta(hours=1), 30)
    print(f"the last of {chats} would come {late} late at 30 messages a second")
    watch = Watch(database)
    for day in range(2):
        now = EIGHT + timedelta(days=day)
        await database.write(add_stories, now - timedelta(hours=1), day)
        watch.start()
        made = await compose_due(database, now)
        watch.report(made, day)
        print(f"  {await database.read(rendered)} messages rendered so far")
        await database.write(mark_sent, now)
    database.close()


class Watch:
    """The longest write in CPU seconds of its thread, and what was used since `start`."""

    def __init__(self, database: Database) -> None:
        self.longest = self.first = self._started = self.cpu = 0.0
        self.memory = 0
        self._began: dict[int, float] = {}  # by thread
        event.listen(database.engine, "begin", self._begin)
        event.listen(database.engine, "commit", self._commit)

    def _begin(self, _: object) -> None:
        self._began[threading.get_ident()] = time.thread_time()

    def _commit(self, _: object) -> None:
        self.longest = max(self.longest, time.thread_time() - self._began[threading.get_ident()])
        self.first = self.first or time.perf_counter() - self._started

    def start(self) -> None:
        self.longest, self.first, self._started = 0.0, 0.0, time.perf_counter()
        self.cpu, self.memory = time.process_time(), memory()

    def report(self, made: int, day: int) -> None:
        print(f"day {day + 1}: {made} editions, {time.process_time() - self.cpu:.1f} CPU s")
        print(f"  first deliveries owed after {self.first:.2f} s")
        print(
            f"  longest write {self.longest * 1000:.0f} ms CPU, memory grew by {memory() - self.memory} MB at its peak"
        )


def memory() -> int:
    """Highest so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def rendered(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Rendered)).one()


def mark_sent(session: Session, now: datetime) -> None:
    session.execute(update(Delivery).where(col(Delivery.state) == "owed").values(state="sent", sent_at=now))


def add_outlets(session: Session) -> None:
    for n in range(OUTLETS):
        site, publisher = f"https://outlet{n}.example", f"outlet{n}.example"
        session.add(
            Source(
                url=f"{site}/feed",
                title=f"Outlet {n}",
                site_url=site,
                section=("world", "city", "sport")[n % 3],
                publisher=publisher,
                next_fetch_at=EIGHT,
                created_at=EIGHT,
            )
        )


def add_stories(session: Session, now: datetime, day: int) -> None:
    """Of three articles and three bullets each."""
    for n in range(STORIES):
        at = now - timedelta(minutes=2 * n)
        title = f"{SUBJECTS[n % len(SUBJECTS)].title()} number {day * STORIES + n} is decided"
        articles = [add_article(session, (n + k) % OUTLETS + 1, f"{title}, says {k}", at) for k in range(3)]
        (story,) = file_articles(session, [New(str(id), f"s{articles[0]}") for id in articles], at)
        bullets = [bullet(articles[k % 3], f"{title}: {panel}", 100 * k, panel) for k, panel in enumerate(PANELS)]
        condense(session, story, title, bullets, at)


def add_chats(session: Session, chats: int) -> None:
    readers = [
        {"chat_id": 1000 + n, "kind": "private", "zone": "UTC", "reads": [], "created_at": EIGHT} | length(n)
        for n in range(chats)
    ]
    session.execute(insert(Subscriber), readers)
    ids = session.exec(select(Subscriber.id).order_by(col(Subscriber.id)))
    session.execute(insert(Subscription), [subscription(id or 0, n) for n, id in enumerate(ids)])


def length(n: int) -> dict[str, str]:
    return {"length": ("short", "full", "headlines")[n % KINDS % 3]}


def subscription(subscriber_id: int, n: int) -> dict[str, object]:
    """Everything for half of the kinds, one subject for the others."""
    number = n % KINDS
    topics = [{"kind": "words", "value": SUBJECTS[number % 10]}] if number % 2 else []
    return {
        "subscriber_id": subscriber_id,
        "topics": topics,
        "exclude": [SUBJECTS[(number + 3) % 10]],
        "hours": [480],
        "weekdays": [],
        "due_at": EIGHT,
        "created_at": EIGHT,
    }


if __name__ == "__main__":
    main()
