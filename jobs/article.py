"""A page -> the full text of its article, where the feed gave a stub.

url --robots.txt, pace of the host-->  page  --extract, in the parser's process-->  text | None
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from jobs.errors import SourceError
from jobs.extract import extract
from jobs.http import MIB, Http
from jobs.parser_pool import ParserPool

__all__ = ["Robots", "extract", "read_full"]

ROBOT_NAME: Final = "Triptych"
PAGE_AT_MOST: Final = 4 * MIB
ROBOTS_AT_MOST: Final = 128 * 1024  # bytes; what follows is not read
ROBOTS_KEPT: Final = 24 * 3600  # seconds, as RFC 9309 advises
HOSTS_KEPT: Final = 500


@dataclass(slots=True)
class Robots:
    """What sites allow robots, asked once a day for each."""

    http: Http
    _rules: dict[str, tuple[float, RobotFileParser | None]] = field(default_factory=dict)

    async def allow(self, url: str) -> bool:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        until, rules = self._rules.get(origin, (0.0, None))
        if until < time.monotonic():
            rules = await self._ask(origin)
            self._rules[origin] = time.monotonic() + ROBOTS_KEPT, rules
            if len(self._rules) > HOSTS_KEPT:
                del self._rules[next(iter(self._rules))]
        return rules is not None and rules.can_fetch(ROBOT_NAME, url)

    async def _ask(self, origin: str) -> RobotFileParser | None:
        """The site's rules; None, which allows nothing, when its server fails (RFC 9309, 2.3.1.4)."""
        rules = RobotFileParser()
        try:
            answer = await self.http.request(f"{origin}/robots.txt", limit=PAGE_AT_MOST, pause=0.0)
        except SourceError:
            return None
        if answer.status >= 500:
            return None
        text = answer.body[:ROBOTS_AT_MOST].decode("utf-8", "replace") if answer.status == 200 else ""
        await asyncio.to_thread(rules.parse, text.splitlines())
        return rules


async def read_full(http: Http, url: str, *, pool: ParserPool, robots: Robots, pages_per_minute: int = 6) -> str | None:
    """The article's full text; None when the page is out of reach, not allowed, not HTML, or a stub. Raises nothing."""
    try:
        if not await robots.allow(url):
            return None
        answer = await http.request(
            url, headers={"Accept": "text/html, */*;q=0.1"}, limit=PAGE_AT_MOST, pause=60 / pages_per_minute
        )
        media = answer.headers.get("content-type", "text/html")
        if answer.status != 200 or "html" not in media.lower():
            return None
        return await pool.extract(answer.body, answer.url)
    except SourceError:
        return None
