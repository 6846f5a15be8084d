"""Feeds and pages are read in processes of their own: off the event loop, with a deadline and a memory limit."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from db.records import Entry
from jobs.errors import ParseError, UnsafeMarkup, parse_error
from jobs.feed import Feed
from jobs.fetch import Fetched

MIB: Final = 1024 * 1024
HEAVY: Final = 2 * MIB  # a process that read more than this at once is replaced, to give its memory back
PACKAGE_HOME: Final = Path(__file__).resolve().parent.parent


Head = dict[str, Any]
Lines = list[dict[str, Any]]
T = TypeVar("T")


class ChildDied(Exception):
    """The process ended in the middle of a job."""


class Child:
    """One process and its pipes. Blocking: to be used from a thread."""

    def __init__(self, memory: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jobs.parser_child", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(PACKAGE_HOME), "PATH": os.defpath, "TZ": "UTC", "MALLOC_ARENA_MAX": "1"},
            start_new_session=True,
        )

    def ask(self, job: dict[str, Any], body: bytes) -> tuple[Head, Lines]:
        """The head of the answer and its lines. Raises ChildDied, after which this object is spent."""
        inbox, outbox = self._process.stdin, self._process.stdout
        if inbox is None or outbox is None:
            raise ChildDied
        try:
            inbox.write(json.dumps(job | {"size": len(body)}).encode() + b"\n")
            inbox.write(body)
            inbox.flush()
            head = json.loads(outbox.readline())
            return head, [json.loads(outbox.readline()) for _ in range(head.get("lines", 0))]
        except (OSError, ValueError) as error:
            self.close()
            raise ChildDied from error

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:  # what was still to be written has no reader any more
                continue


@dataclass(slots=True)
class ParserPool:
    """Use as `async with ParserPool() as pool`. Processes start with the first job, `size` at most."""

    size: int = 1
    deadline: float = 12.0  # seconds for one job
    memory: int = 96 * MIB  # a process may grow by this much over what it is after its imports
    _idle: list[Child] = field(default_factory=list)
    _turns: asyncio.Semaphore = field(init=False)
    _threads: ThreadPoolExecutor = field(init=False)

    async def __aenter__(self) -> Self:
        self._turns = asyncio.Semaphore(self.size)
        self._threads = ThreadPoolExecutor(self.size, thread_name_prefix="parser")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            self._idle.pop().close()
        await asyncio.to_thread(self._threads.shutdown)

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None = None,
        charset: str | None = None,
        known: Mapping[str, str],
        now: datetime,
        language: str | None = None,
    ) -> Feed:
        """`jobs.parse.parse` in a process of its own. What takes too long or too much memory is UnsafeMarkup."""
        job = {
            "job": "parse",
            "url": url,
            "content_type": content_type,
            "charset": charset,
            "known": dict(known),
            "now": now.isoformat(),
            "language": language,
        }
        return await self._done(job, body, _feed)

    async def read(self, fetched: Fetched, *, known: Mapping[str, str], now: datetime) -> Feed:
        """`parse` of what was fetched, with all that its answer says of it."""
        return await self.parse(
            fetched.body,
            url=fetched.content_location or fetched.final_url,
            content_type=fetched.content_type,
            charset=fetched.charset,
            known=known,
            now=now,
            language=fetched.content_language,
        )

    async def extract(self, html: bytes, url: str) -> str | None:
        """`jobs.article.extract` in a process of its own."""
        return await self._done({"job": "extract", "url": url, "memory": self.memory}, html, _text)

    async def _done(self, job: dict[str, Any], body: bytes, build: Callable[[Head, Lines], T]) -> T:
        loop = asyncio.get_running_loop()
        async with self._turns:
            child = self._idle.pop() if self._idle else await loop.run_in_executor(self._threads, Child, self.memory)
            try:
                async with asyncio.timeout(self.deadline):
                    answer = await loop.run_in_executor(self._threads, _answer, child, job, body, build)
            except ParseError:
                self._keep(child, body)
                raise
            except ChildDied as error:
                raise UnsafeMarkup(job["url"], "brought down the process that read it") from error
            except TimeoutError as error:
                self._drop(child)
                raise UnsafeMarkup(job["url"], "takes longer to be read than a feed may") from error
            except BaseException:
                self._drop(child)
                raise
            self._keep(child, body)
            return answer

    def _drop(self, child: Child) -> None:
        """End a process whose answer nobody waits for; its thread may not even have begun."""
        child.kill()
        self._threads.submit(child.close)

    def _keep(self, child: Child, body: bytes) -> None:
        if len(body) > HEAVY:
            child.close()
        else:
            self._idle.append(child)


def _answer(child: Child, job: dict[str, Any], body: bytes, build: Callable[[Head, Lines], T]) -> T:
    head, lines = child.ask(job, body)
    if "error" in head:
        raise parse_error(head["error"], job["url"], head["template"], **head["values"])
    return build(head, lines)


def _feed(head: Head, lines: Lines) -> Feed:
    return Feed(
        title=head["title"],
        language=head["language"],
        kind=head["kind"],
        entries=tuple(_entry(line) for line in lines),
        listed=frozenset(head["listed"]),
        ttl_minutes=head["ttl_minutes"],
        site_url=head["site_url"],
    )


def _entry(line: dict[str, Any]) -> Entry:
    date = line["published_at"]
    return Entry(**line | {"published_at": datetime.fromisoformat(date) if date else None})


def _text(head: Head, _: Lines) -> str | None:
    text = head["text"]
    return text if isinstance(text, str) else None
