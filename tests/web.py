"""A web server on loopback for one test: `answers` maps a path to what is sent for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from jobs.fetch import Limits


@dataclass
class Seen:
    """What one request asked for."""

    path: str
    headers: dict[str, str]


Script = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]
Reply = bytes | Script


@dataclass
class Web:
    port: int
    answers: dict[str, Reply]
    seen: list[Seen] = field(default_factory=list)
    open_now: int = 0
    open_at_most: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def limits(self, **given: object) -> Limits:
        """Limits that let this server, and no other on a private address, be asked."""
        defaults: dict[str, object] = {"private_hosts": frozenset({("127.0.0.1", self.port)}), "host_pause": 0.0}
        return Limits(**defaults | given)  # type: ignore[arg-type]


def reply(body: bytes = b"", status: str = "200 OK", headers: Mapping[str, str] | None = None) -> bytes:
    """A whole HTTP answer, after which the connection closes."""
    lines = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    return (
        f"HTTP/1.1 {status}\r\n".encode()
        + b"".join(f"{k}: {v}\r\n".encode() for k, v in lines.items())
        + b"\r\n"
        + body
    )


def redirect(target: str, status: str = "302 Found") -> bytes:
    return reply(status=status, headers={"Location": target})


async def _read_request(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    return Seen(head[0].split(" ")[1], {name.lower(): value for name, value in headers.items()})


async def _answer(web: Web, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    web.open_now += 1
    web.open_at_most = max(web.open_at_most, web.open_now)
    try:
        seen = await _read_request(reader)
        web.seen.append(seen)
        answer = web.answers.get(seen.path, reply(status="404 Not Found"))
        if isinstance(answer, bytes):
            writer.write(answer)
        else:
            await answer(seen, writer)
        writer.close()
        await writer.wait_closed()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        web.open_now -= 1
        writer.transport.abort()


@asynccontextmanager
async def serve(answers: Mapping[str, Reply]) -> AsyncIterator[Web]:
    web = Web(0, dict(answers))
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(_answer(web, reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # aborted connections are let go in the next turn of the loop
