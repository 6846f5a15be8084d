"""What `/latest` costs, from the typed words to the finished message: `python -m tests.bench.search [--million]`.

A made-up archive in the real tables, indexed by the real function: stories told by three outlets, six bullets each, a
vocabulary with the spread of a language. Beside it, in the same run, the plain way: the same words by `ORDER BY rank`.
"""

import argparse
import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session

from bot.found import Ask, Reader, compose
from bot.speech import speech
from db.engine import Database, open_database
from db.records import PANELS, Bullet, Panel, StoryBullet, Text
from db.search import index_articles, index_bullets
from db.tables import Article, Citation, Source, Story
from db.tables import Bullet as BulletRow
from jobs.lookup import bullet_terms, index_terms, query_terms

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
WORDS, TITLE, LEAD, TOLD_BY, OUTLETS = 40_000, 9, 55, 3, 300
DISTINCT = 30_000  # texts; a larger archive repeats them, each with a word of its own
BATCH = 30_000
ROUNDS = 60
OWN = 10_000_000  # a number for each article


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--articles", type=int, default=0)
    options = parser.parse_args()
    size = options.articles or (1_000_000 if options.million else 100_000)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/triptych.db")
        start = time.perf_counter()
        database.write_now(build, size)
        megabytes = sum(file.stat().st_size for file in Path(folder).iterdir()) >> 20
        print(
            f"{size} articles, {size // TOLD_BY} stories, {megabytes} MB, built in {time.perf_counter() - start:.0f} s"
        )
        gc.collect()
        gc.freeze()  # what was built in this process is no part of what is measured
        measure(database, size)
        database.close()
    return 0


def vocabulary() -> list[str]:
    chance = random.Random(7)

    def word() -> str:
        return "".join(
            chance.choice("bcdfghklmnprstvz") + chance.choice("aeiou") for _ in range(chance.choice((2, 3, 4)))
        )

    return list(dict.fromkeys(word() for _ in range(WORDS * 2)))[:WORDS]


def texts() -> Iterator[tuple[str, str]]:
    """(title, lead) without end."""
    chance, words = random.Random(11), vocabulary()
    weights = list(accumulate(1 / (rank + 8) for rank in range(len(words))))
    while True:
        said = chance.choices(words, cum_weights=weights, k=TITLE + LEAD)
        yield " ".join(said[:TITLE]).capitalize(), " ".join(said[TITLE:]).capitalize()


def build(session: Session, size: int) -> None:
    source = {"publisher": "", "next_fetch_at": NOW, "created_at": NOW}
    names = [source | {"url": f"https://o{n}.example/feed", "title": f"Outlet {n}"} for n in range(OUTLETS)]
    session.execute(insert(Source), names)
    made = texts()
    pool = [next(made) for _ in range(min(size, DISTINCT))]
    terms = [index_terms(Text("", "", lead, title, language="en")) for title, lead in pool]
    spoken = [_spoken(one, panel) for one in pool for panel in PANELS[:2]]
    for first in range(0, size, BATCH):
        numbers = range(first, min(first + BATCH, size))
        _add(session, Story, [_story(n, size, pool) for n in numbers if n % TOLD_BY == 0])
        _add(session, Article, [_article(n, size, pool) for n in numbers])
        index_articles(session, ((n + 1, f"{terms[n % len(pool)]} {_marks(n)}") for n in numbers))
        bullets = range(first * 2, (numbers[-1] + 1) * 2)
        _add(session, BulletRow, [_bullet(n, pool) for n in bullets])
        _add(session, Citation, [_citation(n) for n in bullets])
        index_bullets(session, ((n + 1, spoken[n % len(pool) * 2 + n % 2]) for n in bullets))


def _add(session: Session, table: type[Any], rows: list[dict[str, Any]]) -> None:
    session.connection().execute(table.__table__.insert(), rows)


def _marks(n: int) -> str:
    """A word in every second article, one in every other second; in every twentieth; in every thousandth; its own."""
    marks = ["evenx" if n % 2 else "oddx", str(OWN + n)]
    marks += [("tenth", "tenthx")[n % 20]] if n % 20 < 2 else []
    marks += ["seldomx"] if n % 1000 == 0 else []
    return " ".join(marks)


def _at(n: int, size: int) -> datetime:
    return NOW - timedelta(days=30) * ((size - n) / size)


def _story(n: int, size: int, pool: list[tuple[str, str]]) -> dict[str, Any]:
    first, last = _at(n, size), _at(n + TOLD_BY - 1, size)
    story = n // TOLD_BY + 1
    return {"id": story, "name": f"s{story}", "headline": pool[n % len(pool)][0], "first_at": first, "updated_at": last,
            "changed_at": last, "condensed_at": last, "stale": False, "missing": {}, "dropped": {}}  # fmt: skip


def _article(n: int, size: int, pool: list[tuple[str, str]]) -> dict[str, Any]:
    title, lead = pool[n % len(pool)]
    return {"id": n + 1, "source_id": n % OUTLETS + 1, "key": str(n), "url": f"https://o{n % OUTLETS}.example/{n}",
            "title": title, "text": lead * 3, "published_at": _at(n, size), "fetched_at": _at(n, size),
            "story_id": n // TOLD_BY + 1, "filed_at": _at(n, size)}  # fmt: skip


def _bullet(n: int, pool: list[tuple[str, str]]) -> dict[str, Any]:
    story, place = n // (2 * TOLD_BY), n % (2 * TOLD_BY)
    return {"id": n + 1, "story_id": story + 1, "panel": PANELS[place // 2], "position": place % 2,
            "text": pool[n % len(pool)][1][:200], "speaker": f"Minister {pool[n % len(pool)][0][:12]}",
            "created_at": NOW - timedelta(days=1)}  # fmt: skip


def _spoken(text: tuple[str, str], panel: Panel) -> str:
    title, lead = text
    return bullet_terms(title, StoryBullet(0, panel, Bullet(lead[:200], f"Minister {title[:12]}", False, ()), NOW))


def _citation(n: int) -> dict[str, Any]:
    return {"id": n + 1, "bullet_id": n + 1, "article_id": n // 2 + 1, "source": f"Outlet {n % OUTLETS}",
            "url": f"https://o{n % OUTLETS}.example/{n}", "span_from": 0, "span_to": 100}  # fmt: skip


def asked(size: int) -> dict[str, list[str]]:
    """Kinds of words, and what a person types of each."""
    words = vocabulary()
    return {
        "nothing": [""],
        "common": words[:10],
        "common together": [f"{words[n]} {words[n + 1]}" for n in range(5)],
        "four common": [" ".join(words[n : n + 4]) for n in range(5)],
        "middling": words[300:310],
        "rare": words[30_000:30_010],
        "in one article": [str(OWN + n) for n in range(0, size, size // 10)],
        "common and rare": [f"{words[n]} {words[30_000 + n]}" for n in range(10)],
        "common and in one": [f"{words[n]} {OWN + n * size // 10}" for n in range(10)],
        "unknown": ["zzyzx", "qqxqq wwxww"],
        "common and unknown": [f"{words[n]} zzyzx" for n in range(5)],
        "never together": ["evenx oddx"],
        "a twentieth each, never together": ["tenth tenthx"],
        "twelve common": [" ".join(words[:12])],
        "whose words": [f"what did minister {word} answer?" for word in words[:10]],
        "whose words on a topic": [f"what did the minister say about {word}?" for word in words[:10]],
        "hostile": ['" OR *', "NEAR(a b)", "stems:" + words[0], words[0] + "*", "^ - + ( ) : {}", "🙂\x00\u202e",
                    "a " * 90, "' ; DROP TABLE article", " ".join(words[:40])[:200]],
    }  # fmt: skip


def measure(database: Database, size: int) -> None:
    print(f"{'milliseconds':34}{'wall 50th':>10}{'95th':>8}{'CPU 50th':>10}{'95th':>8}{'by rank, CPU 50th':>20}")
    everything: tuple[list[float], list[float]] = [], []
    for kind, typed in asked(size).items():
        wall, cpu = timed(lambda words: database.read_now(latest, words), typed)
        _, rank = timed(lambda words: database.read_now(by_rank, words), typed[:3], rounds=3)
        everything[0].extend(wall)
        everything[1].extend(cpu)
        print(f"{kind:34}{_row(wall)}{_row(cpu, 10)}{statistics.median(rank):20.1f}")
    print(f"{'all':34}{_row(everything[0])}{_row(everything[1], 10)}")


def timed(ask: Callable[[str], object], typed: list[str], rounds: int = ROUNDS) -> tuple[list[float], list[float]]:
    """Milliseconds of (wall time, CPU time of this thread), each of the words in turn."""
    wall, cpu = [], []
    for n in range(rounds):
        started, worked = time.perf_counter(), time.thread_time()
        ask(typed[n % len(typed)])
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.thread_time() - worked) * 1000)
    return wall, cpu


def latest(session: Session, words: str) -> object:
    return compose(session, Ask(words), Reader(speech("en"), NOW))


def by_rank(session: Session, words: str) -> object:
    phrase = " AND ".join("(" + " OR ".join(f'"{stem}"' for stem in stems) + ")" for stems in query_terms(words))
    if not phrase:
        return []
    sql = "SELECT rowid FROM article_search WHERE article_search MATCH :phrase ORDER BY rank LIMIT 200"
    return session.execute(text(sql), {"phrase": phrase}).all()


def _row(times: list[float], width: int = 10) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):{width}.1f}{ordered[int(len(ordered) * 0.95)]:8.1f}"


if __name__ == "__main__":
    sys.exit(main())
