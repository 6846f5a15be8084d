"""One guarded client for everything that is asked of the web.

A request has one deadline with all its redirects; every hop is checked, every body is capped while it streams.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

import aiohttp

from jobs.errors import (
    N_,
    BadCompression,
    BadResponse,
    BadUrl,
    BlockedAddress,
    FetchError,
    Network,
    RedirectLoop,
    Timeout,
    TooLarge,
    shown,
)
from jobs.guard import BlockedSocket, HostPort, guarded_socket, host_port
from jobs.inflate import FAULTS, BrokenCoding, inflater
from jobs.resolver import Resolver

USER_AGENT: Final = "Triptych/0.1 (news briefer run by its own users; reads feeds)"
ACCEPT: Final = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
MIB: Final = 1024 * 1024
ERROR_PAGE: Final = 64 * 1024  # bytes read of a body that comes with an error status
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
NO_BODY: Final = REDIRECTS | {204, 205, 304}
PERMANENT: Final = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may do. Times in seconds, sizes in bytes."""

    deadline: float = 18.0  # for one request with all its redirects; the wait for the host's turn is not counted
    body: int = 15 * MIB  # as it comes over the wire, and again inflated
    redirects: int = 6
    connections: int = 64
    host_connections: int = 2
    host_pause: float = 1.0  # between two requests to one host
    private_hosts: frozenset[HostPort] = frozenset()  # may be asked although their address is private


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back at the end of the redirects; header names are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    permanent_url: str | None  # where permanent redirects, first of all hops, lead; None: there was none


@dataclass(slots=True)
class _Turn:
    """The queue in front of one host."""

    slots: asyncio.Semaphore
    free_at: float = 0.0  # on the monotonic clock
    waiting: int = 0


@dataclass(slots=True)
class Http:
    """Made by `open_http`. Two sessions: one that refuses private addresses, one for the hosts that are exempt."""

    limits: Limits
    guarded: aiohttp.ClientSession
    exempt: aiohttp.ClientSession
    _turns: dict[str, _Turn] = field(default_factory=dict)

    async def request(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
        deadline: float | None = None,
        limit: int | None = None,
        pause: float | None = None,
    ) -> Answer:
        """Ask and, if it is a GET, follow. Any status is an Answer; what gives none raises FetchError.

        `deadline`, `limit` (bytes) and `pause` (seconds since the last request to this host) default to the client's.
        """
        left = self.limits.deadline if deadline is None else deadline
        rest = self.limits.host_pause if pause is None else pause
        asked, permanent, only_permanent = url, None, True
        for _ in range(self.limits.redirects + 1):
            try:
                place = host_port(asked)
                session = self.exempt if place in self.limits.private_hosts else self.guarded
                async with self._turn(place[0], rest):
                    started = time.monotonic()
                    answer = await _ask(session, method, asked, headers, data, left, limit or self.limits.body)
                    left -= time.monotonic() - started
            except FetchError as error:
                if asked == url:
                    raise
                leads = N_("leads to {address}, which {what}")
                raise type(error)(url, leads, address=shown(asked), what=error.what) from error
            target = answer.headers.get("location", "")
            if method != "GET" or answer.status not in REDIRECTS or not target:
                return Answer(asked, answer.status, answer.headers, answer.body, permanent)
            asked = _next_hop(asked, target)
            only_permanent = only_permanent and answer.status in PERMANENT and asked[:5] in (url[:5], "https")
            permanent = asked if only_permanent else permanent
            rest = 0.0
        raise RedirectLoop(url, "redirects more than {n} times", n=self.limits.redirects)

    @asynccontextmanager
    async def _turn(self, host: str, pause: float) -> AsyncIterator[None]:
        turn = self._turns.setdefault(host, _Turn(asyncio.Semaphore(self.limits.host_connections)))
        turn.waiting += 1
        try:
            async with turn.slots:
                now = time.monotonic()
                start = max(now, turn.free_at) if pause else now
                turn.free_at = max(turn.free_at, start + pause)
                if start > now:
                    await asyncio.sleep(start - now)
                yield
        finally:
            turn.waiting -= 1
            self._forget_quiet_hosts()

    def _forget_quiet_hosts(self) -> None:
        if len(self._turns) > 1000:
            now = time.monotonic()
            self._turns = {host: turn for host, turn in self._turns.items() if turn.waiting or turn.free_at > now}


async def _ask(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    data: bytes | None,
    left: float,
    limit: int,
) -> Answer:
    """One hop, in the `left` seconds."""
    try:
        async with (
            asyncio.timeout(max(left, 0.0)),
            session.request(method, url, headers=headers, data=data, allow_redirects=False) as response,
        ):
            body = b"" if response.status in NO_BODY else await _read(url, response, limit)
            named = {name.lower(): value for name, value in response.headers.items()}
            return Answer(url, response.status, named, body, None)
    except FetchError:
        raise
    except Exception as error:
        raise _as_ours(url, error) from error


def _next_hop(url: str, target: str) -> str:
    try:
        return urljoin(url, target.strip())
    except ValueError as error:
        raise BadUrl(url, "redirects to what is no address") from error


async def _read(url: str, response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The inflated body; TooLarge as soon as either form passes the limit. Of an error page the beginning is enough."""
    if response.status >= 400:
        return (await response.content.read(ERROR_PAGE)) if "Content-Encoding" not in response.headers else b""
    if (response.content_length or 0) > limit:
        raise TooLarge(url, "is larger than {size} MiB", size=f"{limit / MIB:g}")
    body = bytearray()
    wire = 0
    try:
        stream = inflater(response.headers.get("Content-Encoding", ""))
        async for chunk in response.content.iter_any():
            wire += len(chunk)
            for piece in stream.feed(chunk):
                body += piece
                if len(body) > limit or wire > limit:
                    raise TooLarge(url, "is larger than {size} MiB", size=f"{limit / MIB:g}")
        if wire:
            stream.finish()
    except BrokenCoding as error:
        raise BadCompression(url, str(error)) from error
    except FAULTS as error:
        raise BadCompression(url, "is not compressed as it says") from error
    return bytes(body)


def _as_ours(url: str, error: Exception) -> FetchError:
    """What the client library raised, as a kind of ours; anything not known is a bad response of this one source."""
    if isinstance(error, TimeoutError):
        return Timeout(url, "did not answer in time")
    if isinstance(error, aiohttp.InvalidURL):
        return BadUrl(url, "is not an address that can be read")
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, BlockedSocket):
        return BlockedAddress(url, "is on an address that is not public")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Network(url, "names a host that is not known")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return Network(url, "has no valid certificate")
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ServerDisconnectedError | OSError):
        return Network(url, "could not be reached")
    if isinstance(error, UnicodeError | ValueError) and not isinstance(error, aiohttp.ClientError):
        return BadUrl(url, "is not an address that can be asked")
    return BadResponse(url, "answered with what is not valid HTTP")


@asynccontextmanager
async def open_http(limits: Limits | None = None) -> AsyncIterator[Http]:
    """A client for the length of the block; it closes its connections at the end."""
    limits = limits or Limits()
    resolver = Resolver()
    guarded = aiohttp.TCPConnector(limit=limits.connections, resolver=resolver, socket_factory=guarded_socket)
    exempt = aiohttp.TCPConnector(limit=limits.connections, resolver=resolver)
    try:
        async with _session(limits, guarded) as guarded_session, _session(limits, exempt) as exempt_session:
            yield Http(limits, guarded_session, exempt_session)
    finally:
        await resolver.close()


def _session(limits: Limits, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.deadline),
        headers={
            "User-Agent": USER_AGENT,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate, br, zstd",
        },
        max_line_size=16 * 1024,
        max_field_size=16 * 1024,
        max_headers=128,
    )
