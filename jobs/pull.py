"""News in: this is the path of an article, in travel order.

    Source   --fetch-------------->  Fetched | None     None: not modified
    Fetched  --parse-------------->  Feed               only the entries that are new or edited
    Entry    --settle_looks------->  Article            in the database, with the source's health
    Article  --read_full---------->  Article            full text, where the feed gave a stub
    Article  --group-------------->  Filing             Join, New, Merge or Split
    Filing   --file_articles------>  Story              the stories that changed
    Story    --condense----------->  Brief              three panels of bullets
    Brief    --save_briefs-------->  Story with bullets

Each step asks the tables what there is to do, so a step that was lost is done by the next tick.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlmodel import Session

from db.articles import save_page, texts_of_story, unfiled_texts, wanted_pages
from db.briefs import claim_uncondensed, save_briefs
from db.engine import Database, DatabaseError
from db.fetches import Look, settle_looks
from db.filing import file_articles
from db.records import Brief, Entry, Text
from db.search import index_articles
from db.sources import claim_due_sources, known_entries
from db.tables import Source
from jobs.article import Robots, read_full
from jobs.errors import Gone, Refused, SourceError
from jobs.fetch import Fetched, Http, Request, fetch
from jobs.finding import index_stories
from jobs.group import Grouper
from jobs.health import LONGEST_PAUSE, pause
from jobs.lookup import index_terms
from jobs.memory import give_back
from jobs.parser_pool import ParserPool
from jobs.window import HELD, WINDOW, build_grouper, hold_told

T = TypeVar("T")

LEASE = timedelta(minutes=5)
CLAIMED = 256  # sources claimed at a time
LOOKS = 32  # under way at a time: so many bodies wait for the parser at most
WRITTEN = 32  # looks or pages with something in them written in one transaction
EMPTY = 1 / 8  # what a look that brought nothing counts for
DAILY = timedelta(hours=24)  # the whole feed is asked for this often, whatever its validators say
STUB_CHARS = 700  # an entry with less text is no article yet
HOLD_EVERY = timedelta(hours=1)  # how often the stories that were told are kept in the window
PAGES = 200  # read in one tick
PAGE_TRIES = 2  # then the feed's own text has to do
FILED = 2000  # articles grouped in one tick
FILED_AT_ONCE = 100  # articles written in one transaction
CONDENSED = 50  # stories claimed and condensed at a time
SAVED_AT_ONCE = 25  # stories written in one transaction

Condense = Callable[[Sequence[Text]], Brief]


@dataclass(slots=True)
class Newsdesk:
    """What the steps work with. One grouper at a time: `grouping` is held while it works."""

    database: Database
    http: Http
    parser: ParserPool
    condense: Condense
    pull_every: timedelta
    pages_per_minute: int
    robots: Robots = field(init=False)
    grouper: Grouper | None = None  # None: not built since the start, or out of step with the tables
    held_at: datetime | None = None  # when the stories that were told were kept last; None: not since the start
    grouping: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.robots = Robots(self.http)


async def pull(desk: Newsdesk, now: datetime, *, pages: bool = True) -> int:
    """One tick of the whole path; how many articles were new. What came whole does not wait for pages.

    Without `pages` those are left to the next tick: their hosts are asked slowly, and somebody waits.
    """
    new = await look_at_sources(desk, now)
    await tell_stories(desk, now)
    if pages and await read_pages(desk, now):
        await tell_stories(desk, now)
    return new


async def tell_stories(desk: Newsdesk, now: datetime) -> None:
    while await file_new(desk, now):
        await condense_changed(desk, now)
    await condense_changed(desk, now)
    await asyncio.to_thread(give_back)


async def look_at_sources(desk: Newsdesk, now: datetime) -> int:
    new = 0
    turns = asyncio.Semaphore(LOOKS)

    async def look(source: Source) -> Look:
        async with turns:
            return await look_at(desk, source, now)

    while sources := await desk.database.write(claim_due_sources, now, LEASE, CLAIMED):
        async for looks in _as_completed([look(source) for source in sources], WRITTEN, _weight):
            new += await _write_down(desk, looks, now)
    return new


def _weight(look: Look) -> float:
    return 1 if look.read else EMPTY


async def _write_down(desk: Newsdesk, looks: Sequence[Look], now: datetime) -> int:
    """How many articles were new. A look that cannot be written down does not stop the others."""
    try:
        return len(await desk.database.write(settle_looks, looks, now, STUB_CHARS))
    except DatabaseError:
        raise
    except Exception:
        if len(looks) > 1:
            return sum([await _write_down(desk, [look], now) for look in looks])
        structlog.get_logger().exception("what a source brought could not be stored", source=looks[0].source_id)
        wrong = Look(looks[0].source_id, now + LONGEST_PAUSE, "unexpected", "It brought what cannot be stored.")
        await desk.database.write(settle_looks, [wrong], now, STUB_CHARS)
        return 0


async def look_at(desk: Newsdesk, source: Source, now: datetime) -> Look:
    """One look at one source; whatever goes wrong is in the Look."""
    source_id = source.id or 0
    usual = now + desk.pull_every
    try:
        fetched = await fetch(desk.http, _request(source, now), now=now)
        if fetched is None:
            return Look(source_id, usual)
        known = await desk.database.read(known_entries, source_id) if source.full_fetch_at else {}
        return await _read(desk, source_id, fetched, known, now)
    except SourceError as error:
        rest = _pause(desk, source.failures + 1, error)
        return Look(source_id, now + rest, error.kind, str(error), ended=isinstance(error, Gone))
    except Exception:
        structlog.get_logger().exception("a source could not be looked at", url=source.url)
        rest = _pause(desk, source.failures + 1)
        return Look(source_id, now + rest, "unexpected", f"{source.url} met a fault of Triptych's; see the log.")


def _request(source: Source, now: datetime) -> Request:
    if source.full_fetch_at is None or now - source.full_fetch_at >= DAILY:
        return Request(source.url)
    return Request(source.url, source.etag, source.last_modified, source.body_hash)


async def _read(desk: Newsdesk, source_id: int, fetched: Fetched, known: Mapping[str, str], now: datetime) -> Look:
    feed = await desk.parser.read(fetched, known=known, now=now)
    hint = timedelta(seconds=fetched.max_age or 0, minutes=feed.ttl_minutes or 0)
    return Look(
        source_id,
        now + max(desk.pull_every, min(hint, timedelta(hours=1))),
        read=True,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=fetched.body_hash,
        permanent_url=fetched.permanent_url,
        language=feed.language,
        site_url=feed.site_url,
        entries=feed.entries,
        known=known,
        listed=feed.listed,
        stubs=_stubs(feed.entries),
    )


def _stubs(entries: Sequence[Entry]) -> float | None:
    return sum(len(entry.text) < STUB_CHARS for entry in entries) / len(entries) if entries else None


def _pause(desk: Newsdesk, failures: int, error: SourceError | None = None) -> timedelta:
    asked = timedelta(seconds=error.retry_after or 0) if isinstance(error, Refused) else timedelta()
    return pause(desk.pull_every, failures, asked)


async def read_pages(desk: Newsdesk, now: datetime) -> int:
    """Reads the pages of stubs, of one host no more than its minute allows; how many it tried."""
    per_host: dict[str, int] = defaultdict(int)
    wanted = []
    for article_id, url in await desk.database.read(wanted_pages, now - WINDOW, PAGES):
        host = url.split("/")[2]
        per_host[host] += 1
        if per_host[host] <= desk.pages_per_minute:
            wanted.append(_read_page(desk, article_id, url))
    async for pages in _as_completed(wanted, WRITTEN):
        await desk.database.write(_save_pages, pages)
    return len(wanted)


async def _read_page(desk: Newsdesk, article_id: int, url: str) -> tuple[int, str | None]:
    return article_id, await read_full(
        desk.http, url, pool=desk.parser, robots=desk.robots, pages_per_minute=desk.pages_per_minute
    )


def _save_pages(session: Session, pages: Sequence[tuple[int, str | None]]) -> None:
    for article_id, text in pages:
        save_page(session, article_id, text, tries=PAGE_TRIES)


async def file_new(desk: Newsdesk, now: datetime) -> list[int]:
    """Files what no story has yet; the ids of the stories that changed."""
    async with desk.grouping:
        texts = await desk.database.read(unfiled_texts, now - WINDOW, FILED)
        if not texts:
            return []
        grouper = desk.grouper or await build_grouper(desk.database, now)
        desk.grouper = None  # until the tables have what it decided, it is ahead of them
        if desk.held_at is None or now - desk.held_at >= HOLD_EVERY:
            await hold_told(grouper, desk.database, now - HELD)
            desk.held_at = now
        filings = await asyncio.to_thread(grouper.group, texts)
        terms = await asyncio.to_thread(_terms, texts)
        for some_terms in _parts(terms, FILED_AT_ONCE):
            await desk.database.write(index_articles, some_terms)
        changed = []
        for some in _parts(filings, FILED_AT_ONCE):
            changed += await desk.database.write(file_articles, some, now)
        desk.grouper = grouper
        return changed


def _terms(texts: Sequence[Text]) -> list[tuple[int, str]]:
    return [(int(text.article), index_terms(text)) for text in texts]


async def condense_changed(desk: Newsdesk, now: datetime) -> None:
    while ids := await desk.database.write(claim_uncondensed, now, LEASE, CONDENSED):
        texts = {story_id: await desk.database.read(texts_of_story, story_id) for story_id in ids}
        briefs = await asyncio.to_thread(_condense_all, desk.condense, texts)
        for some in _parts(list(briefs.items()), SAVED_AT_ONCE):
            await desk.database.write(_save_briefs, dict(some), now)


def _condense_all(condense: Condense, texts: dict[int, list[Text]]) -> dict[int, Brief]:
    return {story_id: _condensed(condense, story_id, articles) for story_id, articles in texts.items()}


def _condensed(condense: Condense, story_id: int, articles: Sequence[Text]) -> Brief:
    """One story that cannot be condensed never stops the others: it keeps its headline."""
    try:
        return condense(articles)
    except Exception:
        structlog.get_logger().exception("a story could not be condensed", story=story_id)
        return Brief(articles[0].title if articles else "")


def _save_briefs(session: Session, briefs: dict[int, Brief], now: datetime) -> None:
    save_briefs(session, briefs, read_at=now, now=now)
    index_stories(session, list(briefs))


def _parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Written one by one, so that an answer waits for the end of none for long."""
    return (whole[at : at + size] for at in range(0, len(whole), size))


async def _as_completed(
    work: Sequence[Coroutine[Any, Any, T]], size: float, weight: Callable[[T], float] = lambda _: 1
) -> AsyncIterator[list[T]]:
    """Results as they come, so many at a time."""
    done: list[T] = []
    weighs = 0.0
    for result in asyncio.as_completed(work):
        done.append(await result)
        weighs += weight(done[-1])
        if weighs >= size:
            yield done
            done, weighs = [], 0.0
    if done:
        yield done
