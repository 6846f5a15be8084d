"""What it costs to build the grouper's window from the tables after a restart: `python -m tests.bench.window`.

100,000 articles of 72 hours; CPU of this process, its peak of memory, and the longest the event loop had to wait
meanwhile, in CPU time of this process: on a machine that others use too, the clock on the wall says little.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, insert

from db.engine import Database
from db.tables import Article, Source, Story
from jobs.window import build_grouper
from tests.bench.group import START, stream
from tests.desk import a_database

OUTLETS, TELLERS = 300, 4
END = START + timedelta(hours=70)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    with tempfile.TemporaryDirectory() as folder:
        database = a_database(Path(folder))
        database.write_now(fill, parser.parse_args().articles)
        asyncio.run(measure(database))
        database.close()


def fill(session: Session, articles: int) -> None:
    """Every four articles are one story: what a window costs does not depend on which."""
    sources = [
        {"url": f"https://o{n}.example/", "title": f"Outlet {n}", "publisher": f"o{n}", "next_fetch_at": START}
        for n in range(OUTLETS)
    ]
    session.execute(insert(Source), [one | {"created_at": START} for one in sources])
    times = {"first_at": START, "updated_at": START, "changed_at": START, "missing": {}, "dropped": {}}
    stories = [{"id": n + 1, "name": f"s{n}", "headline": "x"} | times for n in range(articles // TELLERS + 1)]
    session.execute(insert(Story), stories)
    batch = []
    for n, text in enumerate(stream(articles, 70)):
        row = {"source_id": n % OUTLETS + 1, "key": text.article, "url": "", "title": text.title, "text": text.text}
        at = {"published_at": text.published_at, "fetched_at": text.published_at, "filed_at": text.published_at}
        batch.append(row | at | {"language": "en", "story_id": n // TELLERS + 1})
        if len(batch) == 5000:
            session.execute(insert(Article), batch)
            batch = []
    if batch:
        session.execute(insert(Article), batch)


async def measure(database: Database) -> None:
    before, cpu, start = memory(), time.process_time(), time.perf_counter()
    waits: list[float] = []
    watching = asyncio.create_task(watch(waits))
    grouper = await build_grouper(database, END)
    watching.cancel()
    print(f"{len(grouper.index.filed)} articles in the window, {len(grouper.stories)} stories")
    cpu, wall = time.process_time() - cpu, time.perf_counter() - start
    print(f"{cpu:.1f} CPU s in {wall:.1f} s; {memory() - before} MB more at most")
    waits.sort()
    print(f"the event loop waited {waits[-1] * 1000:.0f} ms at most, {waits[len(waits) // 2] * 1000:.0f} ms usually")


async def watch(waits: list[float]) -> None:
    while True:
        start = time.process_time()
        await asyncio.sleep(0)
        waits.append(time.process_time() - start)
        await asyncio.sleep(0.005)


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
