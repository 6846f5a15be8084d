"""A list of 100,000 sources sent to the bot as a document: read, reported, added.

    python -m tests.bench.lists [OUTLINES]

Prints CPU seconds and wall seconds of both steps, the longest time the event loop was kept from anything else, and the
process's peak memory. Playground and bot share the process, so the playground's work is counted too.
"""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.product import product


def a_list(size: int) -> bytes:
    outlines = "".join(
        f'<outline type="rss" text="Paper {n} &amp; more" title="Paper {n}" '
        f'xmlUrl="https://h{n}.example/feed?a=1&b=2" htmlUrl="https://h{n}.example/"/>\n'
        for n in range(size)
    )
    return f'<opml version="2.0"><head><title>Bench</title></head><body>{outlines}</body></opml>'.encode()


@asynccontextmanager
async def measured(name: str) -> AsyncIterator[None]:
    longest = 0.0

    async def feel() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before - 0.005)

    feeling = asyncio.create_task(feel())
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    feeling.cancel()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:8} {cpu:6.1f} CPU s {wall:6.1f} s, loop held {longest * 1000:5.0f} ms, peak {memory:.0f} MB", flush=True
    )


async def run(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with product(Path(folder)) as day:
            admin, body = day.playground.admin, a_list(size)
            print(f"{size:,} outlines, {len(body) / 1e6:.1f} MB")
            async with measured("read"):
                day.playground.say(admin, "", document=("long.opml", body))
                told = await day.playground.until(lambda: next(iter(day.playground.sent(admin)), None), 600, "it")
            async with measured("add"):
                await day.playground.answer_to(day.playground.press(admin, told, told.labels[0]), 600)
            print(told.text)


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
