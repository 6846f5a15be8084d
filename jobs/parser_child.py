"""The process that reads what strangers wrote. It has a memory limit, no secrets, and is replaced when it dies.

On stdin: a job as a line of JSON, then `size` bytes. On stdout: a line of JSON with an "error", or with the head of the
answer and how many more "lines" follow.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO

from jobs.errors import Malformed, SourceError, UnsafeMarkup
from jobs.parse import Feed, parse

Lines = Iterator[object]


def _parse(job: dict[str, Any], body: bytes) -> Lines:
    feed = parse(
        body,
        url=job["url"],
        content_type=job["content_type"],
        charset=job["charset"],
        known=job["known"],
        now=datetime.fromisoformat(job["now"]),
        language=job["language"],
    )
    yield {"lines": len(feed.entries), **_head(feed)}
    for entry in feed.entries:
        yield asdict(entry)


def _head(feed: Feed) -> dict[str, Any]:
    return {
        "title": feed.title,
        "language": feed.language,
        "kind": feed.kind,
        "listed": sorted(feed.listed),
        "ttl_minutes": feed.ttl_minutes,
        "site_url": feed.site_url,
    }


def _extract(job: dict[str, Any], body: bytes) -> Lines:
    from jobs.extract import extract  # costs half a second and 60 MB: paid only where articles are read

    limit_memory(job["memory"])
    yield {"lines": 0, "text": extract(body, job["url"])}


JOBS: dict[str, Callable[[dict[str, Any], bytes], Lines]] = {"parse": _parse, "extract": _extract}


def limit_memory(more: int) -> None:
    """From here on this process may grow by `more` bytes. Without effect where the system has no such limit."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as status:
            size = int(status.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size + more, hard))


def answer(line: bytes, inbox: BinaryIO) -> list[bytes]:
    """One job done, as lines to send. Whatever goes wrong is an error of this one source."""
    job = json.loads(line)
    body = inbox.read(job["size"])
    try:
        return [json.dumps(part, default=datetime.isoformat).encode() for part in JOBS[job["job"]](job, body)]
    except SourceError as error:
        said = error
    except MemoryError:
        said = UnsafeMarkup(job["url"], "needs more memory to be read than a feed may")
    except RecursionError:
        said = UnsafeMarkup(job["url"], "nests deeper than any feed does")
    except Exception as error:  # feedparser and lxml raise of all kinds on what strangers write
        said = Malformed(job["url"], "cannot be read ({fault})", fault=type(error).__name__)
    return [json.dumps({"error": said.kind, "template": said.template, "values": said.values}).encode()]


def main() -> None:
    limit_memory(int(sys.argv[1]))
    inbox, outbox = sys.stdin.buffer, sys.stdout.buffer
    while line := inbox.readline():
        outbox.write(b"\n".join(answer(line, inbox)) + b"\n")
        outbox.flush()


if __name__ == "__main__":
    main()
