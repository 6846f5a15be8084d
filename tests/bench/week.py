"""A simulated week of the whole product without its wires: `python -m tests.bench.week [--part 10]`.

300 outlets publish 40,000 articles about made-up events, each with an offer and, hours later, an answer; 500 readers of
40 kinds get their briefs. It counts bullets told twice, and answers to told stories that the next brief left out.
"""

import argparse
import asyncio
import random
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select, update

from bot.editions import compose_due
from db.articles import Listing, save_articles
from db.engine import Database
from db.records import Brief, Entry, Text
from db.subscribers import subscribe, subscription_for
from db.tables import Bullet, Delivery, Edition, Rendered, Subscription
from jobs.condense.offline import condense
from jobs.http import Limits, open_http
from jobs.parser_pool import ParserPool
from jobs.pull import Newsdesk, tell_stories
from tests.desk import NOW, a_database, add_outlet

HOUR = timedelta(hours=1)
HOURS = 168
SUBJECTS = ("bridge", "strike", "harvest", "ferry", "tariff", "museum", "drought", "border", "stadium", "hospital")
TELLERS = 4  # articles of an event: three offers, then an answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", type=int, default=1, help="10: a tenth of outlets, articles and readers")
    part = parser.parse_args().part
    with tempfile.TemporaryDirectory() as folder:
        database = a_database(Path(folder))
        asyncio.run(live(database, 300 // part, 40_000 // part, 500 // part))
        database.close()


async def live(database: Database, outlets: int, articles: int, readers: int) -> None:
    start, memories = time.process_time(), []
    sources = await database.write(lambda session: [add_outlet(session, f"Outlet {n}") for n in range(outlets)])
    await database.write(add_readers, readers)
    coming = events(articles // TELLERS, sources)
    async with open_http(Limits()) as http, ParserPool() as parser:
        desk = Newsdesk(database, http, parser, condensed, timedelta(minutes=15), 6)
        for hour in range(HOURS + 1):
            now = NOW + hour * HOUR
            listings = [Listing(source, [entry], {"": ""}, frozenset()) for source, entry in coming.pop(hour, [])]
            await database.write(save_articles, listings, now)
            await tell_stories(desk, now)
            await compose_due(database, now)
            await database.write(mark_sent, now)
            if hour % 24 == 0:
                memories.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    print(f"{time.process_time() - start:.0f} CPU s; peak memory by day, MB: {memories}")
    print(await database.read(judge))


def events(count: int, sources: list[int]) -> dict[int, list[tuple[int, Entry]]]:
    """Hour -> (source, entry) to come then."""
    chance = random.Random(7)
    coming: dict[int, list[tuple[int, Entry]]] = defaultdict(list)
    for number in range(count):
        begins = chance.randrange(HOURS - 24)
        answered = begins + chance.randrange(6, 20)
        for teller, (title, text) in enumerate(told(chance, number)):
            at = answered if teller == TELLERS - 1 else begins
            key = f"{number}-{teller}"
            entry = Entry(key, key, title, f"https://paper.example/{key}", NOW + at * HOUR, text, "en")
            coming[at].append((chance.choice(sources), entry))
    return coming


def told(chance: random.Random, number: int) -> Iterator[tuple[str, str]]:
    """Three articles of one offer, with many words of its own, and one of the answer by whom it was made to."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    city, mayor, union, leader, *own = (_name(chance) for _ in range(50))
    places = f"It is about the {own[0].lower()} of {own[1]}, {own[2]} and {own[3]}, the {own[4].lower()} {own[5]} line."
    places += " " + " ".join(own[8:]) + "."
    for verb in ("invited", "asked", "called"):
        yield (
            f"{city} {verb} {union} to {own[6]} {subject} talks",
            f"Mayor Anna {mayor} of {city} on Monday {verb} {union} to talks over the {subject} in {own[6]}.\n"
            f"{mayor} said the {own[7].lower()} talks could begin “within {number % 50 + 3} days”.\n{places}",
        )
    yield (
        f"{union} rejects {city} {subject} talks in {own[6]}",
        f"{union} rejected the invitation of Mayor Anna {mayor} of {city} to {own[6]} on Tuesday.\n"
        f"{union}’s mayor, Tom {leader}, rejected it, calling the {own[7].lower()} “a stage, not a table”.\n"
        f"{mayor} had invited {union} to talks over the {subject}. {places}",
    )


def condensed(texts: Sequence[Text]) -> Brief:
    """With what the answering article says among the responses, so that the bench is about briefs, not about roles."""
    brief = condense(texts)
    answering = {text.article for text in texts if " rejects " in text.title}
    answers = [one for one in brief.offer if answering.intersection(cited.article for cited in one.citations)]
    offer = tuple(one for one in brief.offer if one not in answers)
    return replace(brief, offer=offer, responses=(*brief.responses, *answers))


def _name(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(4)).title()


def add_readers(session: Session, readers: int) -> None:
    """Kinds differ in hours, length and subject."""
    for n in range(readers):
        kind = n % 40
        reader = subscribe(session, 1000 + n, "private", "en", "UTC", NOW)
        reader.length = ("short", "full")[kind % 2]
        subscription = subscription_for(session, reader, 0, NOW)
        subscription.hours = [[480], [480, 1200], [420, 780, 1140], [600]][kind // 2 % 4]
        subscription.topics = [{"kind": "words", "value": SUBJECTS[kind // 4]}] if kind % 3 else []
        subscription.due_at = NOW + timedelta(minutes=subscription.hours[0] - 480)


def mark_sent(session: Session, now: datetime) -> None:
    session.execute(update(Delivery).where(col(Delivery.state) == "owed").values(state="sent", sent_at=now))


def judge(session: Session) -> str:
    """What the ledger says of the week."""
    twice = expected = missed = editions = 0
    answers: dict[int, list[Bullet]] = defaultdict(list)
    for bullet in session.exec(select(Bullet).where(Bullet.panel == "responses", col(Bullet.position).is_not(None))):
        answers[bullet.story_id].append(bullet)
    for subscription in session.exec(select(Subscription.id)).all():
        told: set[int] = set()
        stories: set[int] = set()
        for due_at, bullets, carried in _sent(session, subscription or 0):
            editions += 1
            owing = [b.id for s in stories for b in answers[s] if b.created_at <= due_at and b.id not in told]
            twice += len(told.intersection(bullets))
            expected += len(owing)
            missed += sum(id not in bullets for id in owing)
            told.update(bullets)
            stories.update(carried)
    late = f"of {expected} answers to told stories {missed} were not in the next brief"
    return f"{editions} briefs; {twice} bullets told twice; {late}"


def _sent(session: Session, subscription: int) -> Iterable[tuple[datetime, list[int], list[int]]]:
    rows = session.exec(
        select(Edition.due_at, Rendered.bullets, Rendered.stories)
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .join(Rendered, col(Rendered.id) == Delivery.rendered_id)
        .where(Edition.subscription_id == subscription)
        .order_by(col(Edition.due_at), col(Delivery.part))
    )
    whole: dict[datetime, tuple[list[int], list[int]]] = {}
    for due_at, bullets, stories in rows:
        there = whole.setdefault(due_at, ([], []))
        there[0].extend(bullets)
        there[1].extend(stories)
    return [(due_at, *both) for due_at, both in whole.items()]


if __name__ == "__main__":
    main()
