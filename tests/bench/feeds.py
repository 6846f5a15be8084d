"""What polling many feeds costs, beside the plain way and beside the `reader` library.

    python -m tests.bench.feeds                              1,000 feeds, five runs, median
    python -m tests.bench.feeds --runs 1 --scale             also 250 and 4,000 feeds
    python -m tests.bench.feeds --reader PYTHON              PYTHON is an interpreter that has `reader`

Each contender runs in a process of its own; so does the server, which is not counted. Phases: first fetch, nothing
changed, one feed in ten with one new item. CPU seconds count all processes of the contender, after its imports.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PHASES = ("first", "unchanged", "changed")
LIMITS = {"unchanged": 0.5, "changed": 1.2}  # CPU seconds per 1,000 feeds
PEAK_AT_MOST = 150  # MB, of all processes together


# The processes


def main() -> None:
    options = parsed()
    if options.contender:
        CONTENDERS[options.contender](options.feeds, options.port, Path(options.folder))
        return
    names = ["triptych"] if options.only else ["triptych", "plain", "reader"]
    results = {name: median([run(name, options.feeds, options) for _ in range(options.runs)]) for name in names}
    report(results, options.feeds)
    report_watched(median([run("watched", options.feeds, options) for _ in range(options.runs)]))
    if options.scale:
        sizes = {feeds: median([run("triptych", feeds, options) for _ in range(options.runs)]) for feeds in (250, 4000)}
        report_scale(sizes[250], results["triptych"], sizes[4000], options.feeds)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", action="store_true", help="also 250 and 4,000 feeds")
    parser.add_argument("--only", action="store_true", help="without the others beside it")
    parser.add_argument("--reader", default=sys.executable, help="an interpreter that has the reader library")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def server(*given: str) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.web_of_feeds", *given]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def run(name: str, feeds: int, options: argparse.Namespace) -> dict[str, float]:
    """One contender's figures; nothing when it is not installed."""
    python = options.reader if name == "reader" else sys.executable
    with server() as port, tempfile.TemporaryDirectory() as folder:
        command = [python, __file__ if name == "reader" else "-m", *([] if name == "reader" else ["tests.bench.feeds"])]
        command += ["--contender", name, "--feeds", str(feeds), "--port", str(port), "--folder", folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"TZ": "UTC"})
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout else {}


def median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0] if all(name in run for run in runs)}


def report(results: dict[str, dict[str, float]], feeds: int) -> None:
    per = 1000 / feeds
    print(f"CPU seconds per 1,000 feeds of 30 items ({feeds} feeds)")
    print(f"{'':12}" + "".join(f"{phase:>12}" for phase in PHASES) + f"{'peak MB':>12}")
    for name, found in results.items():
        if not found:
            print(f"{name:12} is not installed here")
            continue
        print(f"{name:12}" + "".join(f"{found[phase] * per:12.2f}" for phase in PHASES) + f"{found['peak']:12.0f}")
    ours, reader = results["triptych"], results.get("reader")
    for phase, limit in LIMITS.items():
        print(f"{phase}: {ours[phase] * per:.2f} of {limit} allowed")
    if reader:
        print("first fetch: {:.2f} of reader's (at most 0.5)".format(ours["first"] / reader["first"]))
    print(f"peak memory: {ours['peak']:.0f} MB of {PEAK_AT_MOST} allowed")
    print(f"articles stored: {ours['articles']:.0f}")


def report_watched(found: dict[str, float]) -> None:
    print(f"longest callback on the event loop: {found['callback'] * 1000:.1f} ms CPU")
    print(f"/latest meanwhile: {found['latest'] * 1000:.0f} ms at the 95th percentile (300 allowed)")


def report_scale(small: dict[str, float], usual: dict[str, float], large: dict[str, float], feeds: int) -> None:
    ratio = large["peak"] / usual["peak"]
    print(f"peak memory at 4,000 feeds: {large['peak']:.0f} MB, {ratio:.2f} of that at {feeds} (at most 1.3)")
    for phase in PHASES:
        ratio = (large[phase] / 4000) / (small[phase] / 250)
        print(f"cost of a feed at 4,000 to that at 250, {phase}: {ratio:.2f} (at most 1.2)")


# What is measured


def processes() -> list[int]:
    """This process and its children."""
    me = os.getpid()
    found = [me]
    for task in Path(f"/proc/{me}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu() -> float:
    """Seconds used so far by this process and its children, dead ones included."""
    tick = os.sysconf("SC_CLK_TCK")
    used = time.process_time() + sum(os.times()[2:4])
    for child in processes()[1:]:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / tick
    return used


def peak() -> float:
    """Highest memory of each process so far, added up, in MB."""
    total = 0
    for process in processes():
        status = Path(f"/proc/{process}/status").read_text()
        total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return total / 1024


def change(port: int) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/change").read()


async def measured(poll: Callable[[int], Awaitable[object]], port: int) -> dict[str, float]:
    """`poll(n)` looks at all feeds the n-th time."""
    found = {}
    for number, phase in enumerate(PHASES):
        if phase == "changed":
            change(port)
        before = cpu()
        await poll(number)
        found[phase] = cpu() - before
    return found | {"peak": peak()}


# The contenders


def triptych(feeds: int, port: int, folder: Path) -> None:
    print(json.dumps(asyncio.run(_triptych(feeds, port, folder))))


async def _triptych(feeds: int, port: int, folder: Path) -> dict[str, float]:
    from db.engine import open_database
    from tests.bench.polled import articles, newsdesk, poll

    database = open_database(f"sqlite:///{folder / 'bench.db'}")
    async with newsdesk(database, feeds, port) as desk:
        found = await measured(lambda number: poll(desk, number), port)
        stored = await database.read(articles)
    database.close()
    return found | {"articles": float(stored)}


def watched(feeds: int, port: int, folder: Path) -> None:
    """How long the event loop is held and an asker waits, in a run of its own."""
    from tests.bench.meanwhile import meanwhile

    print(json.dumps(asyncio.run(meanwhile(feeds, port, folder, change))))


def plain(feeds: int, port: int, folder: Path) -> None:
    print(json.dumps(asyncio.run(_plain(feeds, port, folder))))


async def _plain(feeds: int, port: int, folder: Path) -> dict[str, float]:
    """aiohttp, feedparser and SQLite put together in the obvious way."""
    import io
    import sqlite3

    import aiohttp
    import feedparser

    db = sqlite3.connect(folder / "plain.db")
    db.execute("CREATE TABLE entry (feed, id, title, link, text, PRIMARY KEY (feed, id))")
    etags: dict[int, str] = {}
    turns = asyncio.Semaphore(2)

    async def look(session: aiohttp.ClientSession, feed: int) -> None:
        headers = {"If-None-Match": etags[feed]} if feed in etags else {}
        async with turns, session.get(f"http://127.0.0.1:{port}/feed/{feed}", headers=headers) as answer:
            if answer.status == 304:
                return
            found = feedparser.parse(io.BytesIO(await answer.read()))
            etags[feed] = answer.headers["ETag"]
        rows = [(feed, e.get("id"), e.get("title"), e.get("link"), e.get("summary")) for e in found.entries]
        db.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)", rows)
        db.commit()

    async with aiohttp.ClientSession() as session:

        async def poll(_: int) -> None:
            await asyncio.gather(*(look(session, feed) for feed in range(feeds)))

        found = await measured(poll, port)
    db.close()
    return found


def reader(feeds: int, port: int, folder: Path) -> None:
    from reader import make_reader  # type: ignore[import-not-found]  # another interpreter has it

    library = make_reader(str(folder / "reader.db"))
    for feed in range(feeds):
        library.add_feed(f"http://127.0.0.1:{port}/feed/{feed}")

    async def poll(_: int) -> None:
        library.update_feeds(scheduled=False)

    print(json.dumps(asyncio.run(measured(poll, port))))


CONTENDERS: dict[str, Callable[[int, int, Path], None]] = {
    "triptych": triptych,
    "watched": watched,
    "plain": plain,
    "reader": reader,
}

if __name__ == "__main__":
    main()
