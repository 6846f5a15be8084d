"""News in, over the real wire."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from db.engine import Database
from db.records import Brief, Bullet, Citation, Text
from db.sources import add_source, set_source
from db.tables import Article, Source, Story
from db.tables import Bullet as BulletRow
from jobs.fetch import open_http
from jobs.parser_pool import ParserPool
from jobs.pull import Newsdesk, pull
from tests.desk import NOW, a_database
from tests.web import Reply, Seen, Web, redirect, reply, serve

LATER = timedelta(hours=1)
LONG = "The city of Arnhaven closed the Old Bridge to lorries after engineers found cracks in two pillars. " * 10


def rss(*items: tuple[str, str, datetime], text: str = LONG) -> bytes:
    """A feed of (identity, title, time)."""
    written = "".join(
        f"<item><guid isPermaLink='false'>{key}</guid><title>{title}</title>"
        f"<pubDate>{format_datetime(at)}</pubDate><description>{text}</description></item>"
        for key, title, at in items
    )
    return f"<rss version='2.0'><channel><title>The Lantern</title>{written}</channel></rss>".encode()


def headline(texts: Sequence[Text]) -> Brief:
    """Condenses to the first article's title as its offer."""
    first = texts[0]
    cited = Citation(first.article, first.source, first.url, (0, 40))
    return Brief(first.title, (Bullet(first.title, None, False, (cited,)),))


class Paper:
    """A desk with sources on one loopback server."""

    def __init__(self, desk: Newsdesk, web: Web) -> None:
        self.desk, self.web = desk, web
        self.database: Database = desk.database

    def add(self, path: str, answer: Reply) -> int:
        self.web.answers[path] = answer
        url = self.web.url(path)
        source = Source(url=url, title=path, publisher=path, next_fetch_at=NOW, created_at=NOW)
        return self.database.write_now(lambda session: add_source(session, source)[0].id or 0)

    async def pull(self, now: datetime = NOW) -> int:
        return await asyncio.wait_for(pull(self.desk, now), 30)

    def source(self, source_id: int) -> Source:
        return self.database.read_now(lambda session: session.get_one(Source, source_id))

    def set_state(self, source_id: int, state: str) -> None:
        self.database.write_now(lambda session: set_source(session, source_id, state=state))

    def titles(self) -> list[str]:
        rows = select(Article.title).order_by(col(Article.id))
        return self.database.read_now(lambda session: list(session.exec(rows)))

    def stories(self) -> list[Story]:
        return self.database.read_now(lambda session: list(session.exec(select(Story)).all()))

    def asked(self, path: str) -> list[Seen]:
        return [seen for seen in self.web.seen if seen.path == path]


@pytest.fixture
async def paper(tmp_path: Path) -> AsyncIterator[Paper]:
    database = a_database(tmp_path)
    async with (
        serve({}) as server,
        open_http(server.limits(deadline=2.0, host_connections=64)) as http,
        ParserPool() as parser,
    ):
        yield Paper(Newsdesk(database, http, parser, headline, timedelta(minutes=15), 600), server)
    database.close()


async def test_article_becomes_a_condensed_story_in_one_tick(paper: Paper) -> None:
    paper.add("/a", reply(rss(("1", "Bridge closed", NOW))))
    assert await paper.pull() == 1
    story = paper.database.read_now(lambda session: session.exec(select(Story)).one())
    assert (story.headline, story.condensed_at) == ("Bridge closed", NOW)


async def test_dead_hostile_and_slow_sources_do_not_stop_the_rest(paper: Paper) -> None:
    async def never(_: Seen, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(20)

    bomb = b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><rss><channel>&b;</channel></rss>"
    dead = paper.add("/dead", reply(status="503 Service Unavailable"))
    hostile = paper.add("/bomb", reply(bomb))
    slow = paper.add("/slow", never)
    paper.add("/good", reply(rss(("1", "Bridge closed", NOW))))
    assert await paper.pull() == 1
    for source_id in (dead, hostile, slow):
        source = paper.source(source_id)
        assert source.failures == 1
        assert source.error
        assert source.claimed_until is None
        assert source.next_fetch_at > NOW


async def test_failing_source_is_asked_less_and_less_often(paper: Paper) -> None:
    source = paper.add("/dead", reply(status="503 Service Unavailable"))
    pauses, now = [], NOW
    for _ in range(4):
        await paper.pull(now)
        pauses.append(paper.source(source).next_fetch_at - now)
        now = paper.source(source).next_fetch_at
    assert pauses == [timedelta(minutes=15 * 2**n) for n in range(4)]


async def test_source_that_is_gone_is_asked_no_more(paper: Paper) -> None:
    source = paper.add("/gone", reply(status="410 Gone"))
    await paper.pull()
    assert paper.source(source).state == "ended"
    await paper.pull(NOW + timedelta(days=3))
    assert len(paper.asked("/gone")) == 1


async def test_source_is_not_asked_before_its_time(paper: Paper) -> None:
    paper.add("/a", reply(rss(("1", "Bridge closed", NOW))))
    await paper.pull()
    await paper.pull(NOW + timedelta(minutes=1))
    assert len(paper.asked("/a")) == 1


async def test_unchanged_feed_is_asked_with_its_validators(paper: Paper) -> None:
    source = paper.add("/a", reply(rss(("1", "Bridge closed", NOW)), headers={"ETag": '"one"'}))
    await paper.pull()
    paper.web.answers["/a"] = reply(status="304 Not Modified")
    assert await paper.pull(NOW + LATER) == 0
    assert paper.asked("/a")[1].headers["if-none-match"] == '"one"'
    assert paper.source(source).last_success_at == NOW + LATER


async def test_only_what_is_new_comes_the_second_time(paper: Paper) -> None:
    paper.add("/a", reply(rss(("1", "Bridge closed", NOW))))
    await paper.pull()
    paper.web.answers["/a"] = reply(rss(("2", "Ferry stopped", NOW + LATER), ("1", "Bridge closed", NOW)))
    assert await paper.pull(NOW + LATER) == 1
    assert paper.titles() == ["Bridge closed", "Ferry stopped"]


async def test_item_in_the_place_of_another_is_new_where_the_feed_gives_no_links(paper: Paper) -> None:
    paper.add("/a", reply(rss(("1", "Bridge closed", NOW))))
    await paper.pull()
    paper.web.answers["/a"] = reply(rss(("2", "Ferry stopped", NOW + LATER)))
    assert await paper.pull(NOW + LATER) == 1
    assert paper.titles() == ["Bridge closed", "Ferry stopped"]


async def test_edit_updates_the_article_and_its_bullet_keeps_its_identity(paper: Paper) -> None:
    paper.add("/a", reply(rss(("1", "Bridge closed", NOW))))
    await paper.pull()
    before = paper.database.read_now(lambda session: session.exec(select(BulletRow)).one())
    paper.web.answers["/a"] = reply(rss(("1", "Bridge closed to lorries", NOW)))
    assert await paper.pull(NOW + LATER) == 0
    assert paper.titles() == ["Bridge closed to lorries"]
    after = paper.database.read_now(lambda session: session.exec(select(BulletRow)).one())
    assert (after.id, after.text) == (before.id, before.text)


async def test_edit_that_changes_no_word_leaves_the_story_alone(paper: Paper) -> None:
    feed = rss(("1", "Bridge closed", NOW))
    paper.add("/a", reply(feed))
    await paper.pull()
    paper.web.answers["/a"] = reply(feed.replace(b"</item>", b"<comments>12</comments></item>"))
    await paper.pull(NOW + LATER)
    (story,) = paper.database.read_now(lambda session: session.exec(select(Story)).all())
    assert story.changed_at == story.condensed_at == NOW


async def test_item_that_was_left_out_for_a_while_does_not_come_as_news(paper: Paper) -> None:
    old, other = ("1", "Bridge closed", NOW), ("2", "Ferry delayed", NOW)
    paper.add("/a", reply(rss(old, other)))
    await paper.pull()
    paper.web.answers["/a"] = reply(rss(other))
    await paper.pull(NOW + LATER)
    paper.web.answers["/a"] = reply(rss(old, other))
    assert await paper.pull(NOW + LATER * 2) == 0


async def test_item_without_words_is_no_article(paper: Paper) -> None:
    feed = rss(("1", "Bridge closed", NOW))
    paper.add("/a", reply(feed.replace(b"</channel>", b"<item><guid isPermaLink='false'>2</guid></item></channel>")))
    assert await paper.pull() == 1


async def test_first_fetch_of_a_long_feed_floods_nobody(paper: Paper) -> None:
    items = [(str(n), f"Event {n}", NOW - timedelta(minutes=n)) for n in range(60)]
    paper.add("/a", reply(rss(*items)))
    assert await paper.pull() == 20
    assert set(paper.titles()) == {f"Event {n}" for n in range(20)}
    paper.web.answers["/a"] = reply(rss(("new", "Event new", NOW), *items))
    assert await paper.pull(NOW + LATER) == 1


async def test_source_that_was_paused_replays_nothing(paper: Paper) -> None:
    source = paper.add("/a", reply(rss(("1", "Bridge closed", NOW))))
    await paper.pull()
    paper.set_state(source, "paused")
    await paper.pull(NOW + timedelta(days=2))
    assert len(paper.asked("/a")) == 1
    paper.set_state(source, "active")
    assert await paper.pull(NOW + timedelta(days=3)) == 0
    assert paper.titles() == ["Bridge closed"]


async def test_moved_source_keeps_its_address_for_a_week(paper: Paper) -> None:
    source = paper.add("/old", redirect("/new", "301 Moved Permanently"))
    paper.web.answers["/new"] = reply(rss(("1", "Bridge closed", NOW)))
    for day in range(7):
        await paper.pull(NOW + timedelta(days=day))
        assert paper.source(source).url == paper.web.url("/old")
    await paper.pull(NOW + timedelta(days=7, minutes=1))
    assert paper.source(source).url == paper.web.url("/new")
    assert paper.titles() == ["Bridge closed"]


async def test_language_of_the_answer_is_the_articles_when_the_feed_declares_none(paper: Paper) -> None:
    source = paper.add("/a", reply(rss(("1", "Brücke gesperrt", NOW)), headers={"Content-Language": "de-DE"}))
    await paper.pull()
    assert paper.source(source).language == "de"


async def test_no_more_than_so_many_sources_are_asked_at_once(paper: Paper) -> None:
    async def leisurely(seen: Seen, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        writer.write(reply(rss((seen.path, f"Event {seen.path}", NOW))))

    for n in range(80):
        paper.add(f"/{n}", leisurely)
    assert await paper.pull() == 80
    assert 8 <= paper.web.open_at_most <= 40  # one that was answered may still be closing


async def test_desk_started_again_goes_on_with_its_stories(paper: Paper) -> None:
    paper.add("/a", reply(rss(("1", "Old Bridge in Arnhaven closed to lorries", NOW))))
    paper.add("/b", reply(rss(("1", "Else", NOW - timedelta(days=9)))))
    await paper.pull()
    paper.desk.grouper = None
    again = rss(("2", "Arnhaven closes Old Bridge to lorries", NOW + LATER), text=LONG[50:])
    paper.web.answers["/b"] = reply(again)
    await paper.pull(NOW + LATER)
    rows = select(Article.story_id).where(col(Article.title).contains("Bridge"))
    assert len(set(paper.database.read_now(lambda session: list(session.exec(rows))))) == 1


def stub(paper: Paper, robots: Reply) -> None:
    url = paper.web.url("/page")
    item = rss(("1", "Bridge closed", NOW), text="Cracks.").replace(b"</guid>", f"</guid><link>{url}</link>".encode())
    lines = "".join(f"<p>{LONG[:300]} Part {n}.</p>" for n in range(5))
    page = f"<html><body><article><h1>Bridge closed</h1>{lines}</article></body></html>"
    paper.web.answers |= {"/page": reply(page.encode(), headers={"Content-Type": "text/html"}), "/robots.txt": robots}
    paper.add("/a", reply(item))


async def test_page_of_a_stub_is_read(paper: Paper) -> None:
    stub(paper, reply(status="404 Not Found"))
    await paper.pull()
    (article,) = paper.database.read_now(lambda session: session.exec(select(Article)).all())
    assert article.page == "read"
    assert len(article.text) > 1000


async def test_an_article_whose_page_is_read_in_the_same_tick_is_condensed_with_its_story(paper: Paper) -> None:
    stub(paper, reply(status="404 Not Found"))
    paper.add("/b", reply(rss(("1", "Bridge closed", NOW), text=LONG)))
    paper.desk.condense = lambda texts: Brief(f"told by {len(texts)}")
    await paper.pull()
    assert [story.headline for story in paper.stories()] == ["told by 2"]


async def test_page_that_robots_may_not_read_is_left_alone(paper: Paper) -> None:
    stub(paper, reply(b"User-agent: *\nDisallow: /page\n", headers={"Content-Type": "text/plain"}))
    for tick in range(3):
        await paper.pull(NOW + timedelta(minutes=tick))
    assert paper.asked("/page") == []
    (article,) = paper.database.read_now(lambda session: session.exec(select(Article)).all())
    assert article.page == "failed"
    assert article.story_id is not None
