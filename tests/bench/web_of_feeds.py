"""A web of made-up feeds on loopback, in a process of its own: python -m tests.bench.web_of_feeds

Prints its port. /feed/N answers with 30 items and an ETag, or 304; /change adds one item to each tenth feed.
Feeds come in four kinds (short RSS, RSS with full texts, Atom, RSS 1.0) and four languages. With --unlike every article
is in words of its own, so that each is a story; with --start the first items are of that time.
"""

import argparse
import asyncio
import gzip
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from aiohttp import web

from tests.bench.search import texts

ITEMS = 30
START = datetime(2026, 11, 20, tzinfo=UTC)
WORDS = {
    "en": "the harbour board of Eastmere said on Tuesday that pier owners will be paid for lost days after fares rose",
    "uk": "рада порту Остмер заявила у вівторок що власники причалів отримають гроші за втрачені дні",
    "ru": "совет порта Остмер заявил во вторник что владельцы причалов получат деньги за те дни из-за цен",
    "de": "der Hafenrat von Ostmeer sagte am Dienstag dass Eigner der Piers für verlorene Tage bezahlt werden",
}
KINDS = ("short", "full", "atom", "rdf")


@dataclass(frozen=True)
class News:
    words: Mapping[str, Sequence[str]]  # by language
    start: datetime = START


def news(*, unlike: bool, start: datetime) -> News:
    if not unlike:
        return News({language: text.split() for language, text in WORDS.items()}, start)
    said = [word for _, (title, lead) in zip(range(2000), texts(), strict=False) for word in f"{title} {lead}".split()]
    return News(dict.fromkeys(WORDS, said), start)


def sentence(dice: random.Random, words: Sequence[str], length: int) -> str:
    return " ".join(dice.choice(words) for _ in range(length)).capitalize() + "."


def body(feed: int, version: int, news: News) -> bytes:
    """Version 0 has items 0 to 29, each further version one new item at the top and one less at the bottom."""
    kind, language = KINDS[feed % 4], list(WORDS)[feed // 4 % 4]
    items = "".join(item(feed, number, kind, language, news) for number in range(version + ITEMS - 1, version - 1, -1))
    return f"<?xml version='1.0' encoding='utf-8'?>\n{frame(feed, kind, language, items)}".encode()


def frame(feed: int, kind: str, language: str, items: str) -> str:
    home = f"https://outlet{feed}.example/"
    if kind == "atom":
        return (
            f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{language}'><title>Outlet {feed}</title>"
            f"<id>{home}</id><link href='{home}'/><updated>2026-11-24T00:00:00Z</updated>{items}</feed>"
        )
    if kind == "rdf":
        return (
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
            f" xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='{home}'><title>Outlet {feed}</title>"
            f"<link>{home}</link><dc:language>{language}</dc:language></channel>{items}</rdf:RDF>"
        )
    return (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        f"<title>Outlet {feed}</title><link>{home}</link><language>{language}</language>{items}</channel></rss>"
    )


def item(feed: int, number: int, kind: str, language: str, news: News) -> str:
    dice = random.Random(f"{feed}/{number}")
    words = news.words[language]
    link = f"https://outlet{feed}.example/{number}"
    title = escape(sentence(dice, words, 9))
    summary = escape(f"<p>{sentence(dice, words, 25)}</p>")
    date = news.start + timedelta(minutes=10 * number)
    if kind == "rdf":
        return (
            f"<item rdf:about='{link}'><title>{title}</title><link>{link}</link><description>{summary}</description>"
            f"<dc:date>{date.isoformat()}</dc:date></item>"
        )
    paragraphs = "".join(f"<p>{sentence(dice, words, 40)} <a href='/x'>{dice.choice(words)}</a></p>" for _ in range(9))
    if kind == "atom":
        return (
            f"<entry><id>{link}</id><title>{title}</title><link href='{link}'/><updated>{date.isoformat()}</updated>"
            f"<author><name>N. Ames</name></author><content type='html'>{escape(paragraphs)}</content></entry>"
        )
    full = f"<content:encoded><![CDATA[{paragraphs}]]></content:encoded>" if kind == "full" else ""
    return (
        f"<item><guid isPermaLink='false'>{feed}-{number}</guid><title>{title}</title><link>{link}</link>"
        f"<pubDate>{date:%a, %d %b %Y %H:%M:%S} GMT</pubDate><description>{summary}</description>{full}</item>"
    )


def app(news: News) -> web.Application:
    state = {"changes": 0}

    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        version = state["changes"] if number % 10 == 0 else 0
        etag = f'"{number}-{version}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        headers = {"ETag": etag, "Content-Type": "application/xml; charset=utf-8", "Content-Encoding": "gzip"}
        return web.Response(body=gzip.compress(body(number, version, news), 1), headers=headers)

    async def change(_: web.Request) -> web.Response:
        state["changes"] += 1
        return web.Response(text=str(state["changes"]))

    served = web.Application()
    served.router.add_get(r"/feed/{number:\d+}", feed)
    served.router.add_get("/change", change)
    return served


async def serve(news: News) -> None:
    runner = web.AppRunner(app(news), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--unlike", action="store_true")
    parser.add_argument("--start", type=datetime.fromisoformat, default=START)
    options = parser.parse_args()
    asyncio.run(serve(news(unlike=options.unlike, start=options.start)))
