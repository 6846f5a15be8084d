"""Our side of tests.bench.feeds: a newsdesk whose sources are the made-up feeds."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, func, insert, select

from db.engine import Database
from db.records import Brief
from db.tables import Article, Source
from jobs.fetch import Limits, open_http
from jobs.parser_pool import ParserPool
from jobs.pull import Newsdesk, look_at_sources

START = datetime(2026, 11, 24, 8, tzinfo=UTC)


@asynccontextmanager
async def newsdesk(database: Database, feeds: int, port: int) -> AsyncIterator[Newsdesk]:
    """A desk whose sources are the feeds at that port, none of them looked at yet."""
    await database.write(add_feeds, feeds, port)
    limits = Limits(host_pause=0.0, private_hosts=frozenset({("127.0.0.1", port)}))
    async with open_http(limits) as http, ParserPool() as parser:
        gc.freeze()  # as the product does when it has started
        yield Newsdesk(database, http, parser, lambda _: Brief(""), timedelta(minutes=15), 6)


def add_feeds(session: Session, feeds: int, port: int) -> None:
    each = {"next_fetch_at": START, "created_at": START}
    rows = [
        each | {"url": f"http://127.0.0.1:{port}/feed/{n}", "title": f"Outlet {n}", "publisher": f"outlet{n}.example"}
        for n in range(feeds)
    ]
    session.execute(insert(Source), rows)


async def poll(desk: Newsdesk, number: int) -> None:
    """Looks at all feeds the n-th time."""
    await look_at_sources(desk, START + timedelta(hours=2 * number))


def articles(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Article)).one()
