"""A simulated week of the whole product without its wires: `python -m tests.bench.week [--scale 0.1] [--days 7]`.

300 outlets publish 40,000 articles about made-up events, told by one outlet or by up to sixteen, most of them answered
hours later and some taken back; 500 readers of 40 kinds get their briefs. What is stored is grouped, condensed and
composed once an hour as `run` does it. The ledger is judged in the end: bullets told twice, stories sent again without
anything new, answers to told stories that the next brief left out.
"""

import argparse
import asyncio
import gc
import os
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, or_, select, update

from bot.editions import compose_due
from bot.follow import compose_follows
from db.articles import Listing, save_articles
from db.briefs import same_bullets
from db.engine import Database
from db.records import Brief, Entry, Text
from db.stories import heirs
from db.subscribers import subscribe, subscription_for
from db.tables import Bullet, Delivery, Edition, Rendered, Source, Subscriber, Subscription
from jobs.condense.offline import condense
from jobs.http import Limits, open_http
from jobs.parser_pool import ParserPool
from jobs.pull import Newsdesk, tell_stories
from tests.bench.week_of_news import SUBJECTS, Told, week_of_news
from tests.desk import NOW, a_database, add_outlet

HOUR = timedelta(hours=1)
SECTIONS = ("World", "Region", "Economy")
CONDENSING = "of that condensing"
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Clock:
    """CPU seconds of the process by step."""

    spent: Counter[str] = field(default_factory=Counter)

    async def time(self, step: str, work: Callable[[], object]) -> None:
        start = time.process_time()
        await work()  # type: ignore[misc]
        self.spent[step] += time.process_time() - start  # type: ignore[assignment]

    def total(self) -> float:
        return self.spent.total() - self.spent[CONDENSING]

    def condense(self, texts: Sequence[Text]) -> Brief:
        start = time.thread_time()
        try:
            return condense(texts)
        finally:
            self.spent[CONDENSING] += time.thread_time() - start  # type: ignore[assignment]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0, help="0.1: a tenth of outlets, articles and readers")
    parser.add_argument("--days", type=int, default=7, help="more, to see whether memory stays flat")
    options = parser.parse_args()
    scale, days = options.scale, options.days
    with tempfile.TemporaryDirectory() as folder:
        database = a_database(Path(folder))
        asyncio.run(live(database, round(300 * scale), round(40_000 * scale), max(40, round(500 * scale)), days))
        database.close()


async def live(database: Database, outlets: int, articles: int, readers: int, days: int) -> "Verdict":
    """So many articles a week."""
    print(f"{outlets} outlets, {articles} articles a week, {readers} readers, {days} days")
    await database.write(add_sources, outlets)
    await database.write(add_readers, readers, outlets)
    coming = week_of_news(articles * days // 7, days * 24)
    clock, chance, ledger = Clock(), random.Random(3), Ledger()
    async with open_http(Limits()) as http, ParserPool() as parser:
        desk = Newsdesk(database, http, parser, clock.condense, timedelta(minutes=15), 6)
        for hour in range(days * 24 + 1):
            now = NOW + hour * HOUR
            listings = [listing(told, chance.randint(1, outlets), now) for told in coming.pop(hour, [])]
            await clock.time("storing", partial(database.write, save_articles, listings, now))
            await clock.time("grouping and condensing", partial(tell_stories, desk, now))
            await clock.time("composing", partial(compose, database, now))
            await database.read(ledger.judge)
            await database.write(mark_sent, now)
            if hour % 24 == 0:
                window = len(desk.grouper.index.filed) if desk.grouper else 0
                print(f"day {hour // 24}: {memory()} MB, {window} articles in the window, {clock.total():.0f} CPU s")
    print("; ".join(f"{step} {seconds:.0f} CPU s" for step, seconds in clock.spent.items()))
    print(f"{time.process_time():.0f} CPU s in all")
    print(ledger.verdict)
    return ledger.verdict


async def compose(database: Database, now: datetime) -> None:
    await compose_follows(database, now)
    await compose_due(database, now)


def memory() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE // 2**20


def listing(told: Told, source: int, now: datetime) -> Listing:
    entry = Entry(told.key, told.key, told.title, f"https://paper.example/{told.key}", now, told.text, told.language)
    return Listing(source, [entry], {"": ""}, frozenset())


def add_sources(session: Session, outlets: int) -> None:
    for n in range(outlets):
        session.get_one(Source, add_outlet(session, f"Outlet {n}")).section = SECTIONS[n % len(SECTIONS)]


def add_readers(session: Session, readers: int, outlets: int) -> None:
    """Forty kinds: four of hours, five of wishes, two of lengths."""
    hours = ([480], [480, 1200], [420, 780, 1140], [600])
    for n in range(readers):
        kind = n % 40
        wish = kind // 4 % 5
        reader = subscribe(session, 1000 + n, "private", "en", "UTC", NOW)
        reader.length = ("short", "full", "headlines")[kind // 20 + (kind % 7 == 0)]
        reader.reads = ["en", "de"] if wish == 4 else []
        subscription = subscription_for(session, reader, 0, NOW)
        subscription.hours, subscription.due_at = hours[kind % 4], NOW
        subscription.weekdays = [0, 1, 2, 3, 4] if kind % 9 == 0 else []
        topics: list[list[dict[str, Any]]] = [
            [],
            [{"kind": "words", "value": SUBJECTS[n % len(SUBJECTS)]}],
            [{"kind": "section", "value": SECTIONS[n % len(SECTIONS)]}],
            [{"kind": "source", "value": n % outlets + 1}, {"kind": "words", "value": f"{SUBJECTS[n % 7]}, talks"}],
            [],
        ]
        subscription.topics = topics[wish]
        subscription.exclude = [SUBJECTS[-1]] if wish == 4 else []


def mark_sent(session: Session, now: datetime) -> None:
    session.execute(update(Delivery).where(col(Delivery.state) == "owed").values(state="sent", sent_at=now))


@dataclass
class Verdict:
    editions: int = 0
    twice: int = 0
    without_news: int = 0
    owed: int = 0
    missed: int = 0

    def __str__(self) -> str:
        again = f"{self.twice} bullets told twice, {self.without_news} stories sent again without anything new"
        return f"{self.editions} briefs: {again}, {self.missed} of {self.owed} answers not in the next brief"


@dataclass
class Ledger:
    """What each subscription got so far, and what is said of it.

    Judged hour by hour, before the hour's briefs are marked as sent: merges and splits move stories and bullets later.
    """

    verdict: Verdict = field(default_factory=Verdict)
    bullets: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    stories: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def judge(self, session: Session) -> None:
        owed = _owed(session)
        if not owed:
            return
        heir = heirs(session, set().union(*self.stories.values(), *(stories for _, _, stories in owed)))
        same, answers = same_bullets(session), _answers(session)
        story_of = dict(session.exec(select(Bullet.id, Bullet.story_id)).all())
        for subscription, carried, stories in owed:
            sent = self.bullets[subscription]
            told = sent.union(same[b] for b in sent if b in same)
            known = {heir[story] for story in self.stories[subscription]}
            reads = _reads(session, subscription)
            due = {b for story in known for b, language in answers[story] if b not in told and language in reads}
            news = {story_of[b] for b in carried if b not in told}
            self.verdict.editions += 1
            self.verdict.twice += len(sent & carried)
            self.verdict.without_news += len((known & {heir[story] for story in stories}) - news)
            self.verdict.owed += len(due)
            self.verdict.missed += len(due - carried)
            sent |= carried
            self.stories[subscription] |= stories


def _reads(session: Session, subscription: int) -> list[str]:
    return session.get_one(Subscriber, session.get_one(Subscription, subscription).subscriber_id).reads or ["en"]


def _answers(session: Session) -> dict[int, list[tuple[int, str]]]:
    """Story -> its responses and reversals with their languages, as the last condensing chose them."""
    answers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = select(col(Bullet.story_id), col(Bullet.id), col(Bullet.language)).where(
        col(Bullet.position).is_not(None), or_(col(Bullet.panel) == "responses", col(Bullet.mark).is_not(None))
    )
    for story, *bullet in session.execute(rows):
        answers[story].append((bullet[0], bullet[1]))
    return answers


def _owed(session: Session) -> list[tuple[int, set[int], set[int]]]:
    """Subscription, bullets and stories of each brief that is not sent yet."""
    rows = session.execute(
        select(col(Edition.id), col(Edition.subscription_id), col(Rendered.bullets), col(Rendered.stories))
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .join(Rendered, col(Rendered.id) == Delivery.rendered_id)
        .where(Delivery.state == "owed")
        .order_by(col(Edition.due_at), col(Edition.id))
    )
    briefs: dict[int, tuple[int, set[int], set[int]]] = {}
    for edition, subscription, bullets, stories in rows:
        _, carried, of = briefs.setdefault(edition, (subscription, set(), set()))
        carried.update(bullets)
        of.update(stories)
    return list(briefs.values())


if __name__ == "__main__":
    main()
