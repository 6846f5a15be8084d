"""The card beneath a message: title, site and description of a page, read only from this machine's own pages."""

from html.parser import HTMLParser
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp

from bot.playground.chats import Json

LARGEST_HEAD = 256 * 1024
SECONDS = 3
_WANTED = {
    "og:title": "title",
    "og:site_name": "site",
    "og:description": "description",
    "description": "description",
}


async def preview_of(url: str) -> Json:
    """{"title", "site", "description"}, as far as the page says; {} for pages elsewhere and for silent ones."""
    if not on_loopback(url):
        return {}
    try:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url, allow_redirects=False) as page:
            if page.status != 200 or page.content_type != "text/html":
                return {}
            head = await page.content.read(LARGEST_HEAD)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return {}
    return read_preview(head.decode("utf-8", "replace"))


def on_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def read_preview(page: str) -> Json:
    reader = _Head()
    reader.feed(page)
    found = reader.found
    title, bar, site = reader.title.strip().rpartition(" | ")
    found.setdefault("title", title if bar else site)
    if bar:
        found.setdefault("site", site)
    return {name: words for name, words in found.items() if words}


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Json = {}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = _WANTED.get(given.get("property") or given.get("name") or "")
        if tag == "meta" and name:
            self.found.setdefault(name, (given.get("content") or "").strip())
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
