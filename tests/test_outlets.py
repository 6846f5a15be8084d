"""The sample outlets: what a first run reads instead of the open web."""

import calendar
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import feedparser
import pytest
import trafilatura
from aiohttp import web

from bot.playground.newsprint import FURNITURE, PHOTO, RELATED
from bot.playground.newsroom import OUTLETS, Article, Outlet, first_start, read_articles, with_weekdays
from bot.playground.outlets import outlet_routes

OPENED = datetime(2026, 3, 3, 18, 25, tzinfo=UTC)  # a Tuesday
START = first_start(OPENED)


class Newsstand:
    """The outlets on a loopback port, with a clock that tests move."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.now = OPENED
        self.http = http
        self.origin = ""

    async def get(self, path: str, **headers: str) -> tuple[int, str, str]:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.get(f"{self.origin}/outlets/{path}", headers=names) as answer:
            return answer.status, await answer.text(), answer.headers.get("ETag", "")


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    async with aiohttp.ClientSession() as http:
        stand = Newsstand(http)
        app = web.Application()
        app.add_routes(outlet_routes(lambda: stand.now, START))
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        stand.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield stand
        await runner.cleanup()


def events() -> dict[str, list[Article]]:
    told = defaultdict(list)
    for article in read_articles(START):
        told[article.slug.rsplit("-", 1)[0]].append(article)
    return told


def test_six_events_and_more_are_told_by_several_outlets() -> None:
    several = [name for name, articles in events().items() if len({a.outlet for a in articles}) > 1]
    assert len(several) >= 8
    assert {a.language for a in events()["invitation"]} == {"en", "uk"}
    assert {a.language for a in events()["recall"]} == {"en", "de"}


def test_articles_have_the_length_of_news() -> None:
    articles = read_articles(START)
    assert len(articles) >= 20
    for article in articles:
        assert 300 <= len(" ".join(article.paragraphs).split()) <= 700, article.slug
        assert article.title
        assert article.author
        assert article.summary


def test_most_news_lies_in_the_twenty_hours_before_the_opening_and_more_comes_on_the_next_days() -> None:
    ages = [OPENED - article.published_at for article in read_articles(START)]
    assert sum(timedelta(0) <= age <= timedelta(hours=20, minutes=59) for age in ages) >= 16
    assert sum(-timedelta(hours=24) <= age < timedelta(0) for age in ages) >= 4
    assert sum(-timedelta(hours=72) <= age < -timedelta(hours=24) for age in ages) >= 1


def test_weekdays_are_those_of_the_days_meant() -> None:
    assert with_weekdays("on {day+0}, after {day-1}", "en", OPENED) == "on Tuesday, after Monday"
    assert with_weekdays("у {day+1}", "uk", OPENED) == "у середу"
    assert with_weekdays("am {day+3}", "de", OPENED) == "am Freitag"
    for article in read_articles(START):
        assert not re.search(r"[{}]", " ".join((article.title, article.summary, *article.paragraphs))), article.slug


def test_outlets_agree_on_the_words_that_were_said() -> None:
    """What two outlets in one language quote of one speaker is the same to the letter."""
    shared = {
        "invitation": "This proposal is unacceptable, and its author knows it",
        "recall": "We should have moved sooner, and I am sorry that we did not",
        "rate": "Inflation has come down faster than we expected, and there is no prize for waiting",
        "court": "A state that looks everyone in the face in order to find one face has its proportions wrong",
        "lake": "We did not find a leak. We found a habit",
        "handball": "They have moved a goal after we scored",
        "ferries": "This offer undervalues the company and the people who built it",
    }
    for event, words in shared.items():
        texts = [" ".join(a.paragraphs) for a in events()[event] if a.language == "en"]
        assert len([text for text in texts if words in text]) >= 2, event


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.name)
async def test_feed_lists_what_is_out_and_nothing_else(stand: Newsstand, outlet: Outlet) -> None:
    name = outlet.name
    _, body, _ = await stand.get(f"{name}/feed.xml")
    first = feedparser.parse(body.encode())
    assert not first.bozo
    due = [a for a in read_articles(START) if a.outlet == name and a.published_at <= stand.now]
    assert [entry.title for entry in first.entries] == [article.title for article in due]
    assert all(calendar.timegm(entry.published_parsed) <= stand.now.timestamp() for entry in first.entries)
    stand.now += timedelta(days=3)
    later = feedparser.parse((await stand.get(f"{name}/feed.xml"))[1].encode())
    known = {entry.id for entry in first.entries}
    assert known <= {entry.id for entry in later.entries}
    assert len(later.entries) == len([a for a in read_articles(START) if a.outlet == name])


async def test_one_outlet_gives_whole_texts_one_stubs_and_one_is_atom(stand: Newsstand) -> None:
    feeds = {o.name: feedparser.parse((await stand.get(f"{o.name}/feed.xml"))[1].encode()) for o in OUTLETS}
    assert feeds["harbour"].version == feeds["meridian"].version == "rss20"
    assert feeds["kontinent"].version == "atom10"
    assert all(len(entry.content[0].value) > 1500 for entry in feeds["harbour"].entries)
    assert all("content" not in entry and len(entry.summary) < 300 for entry in feeds["meridian"].entries)
    languages = {entry.title_detail.language for entry in feeds["kontinent"].entries}
    assert languages == {"en", "uk", "de"}


async def test_known_feed_is_answered_with_304_until_news_comes(stand: Newsstand) -> None:
    status, _, etag = await stand.get("meridian/feed.xml")
    assert (status, bool(etag)) == (200, True)
    assert (await stand.get("meridian/feed.xml", If_None_Match=etag))[:2] == (304, "")
    stand.now += timedelta(days=1)
    assert (await stand.get("meridian/feed.xml", If_None_Match=etag))[0] == 200


async def test_home_page_names_its_feed(stand: Newsstand) -> None:
    for outlet in OUTLETS:
        _, page, _ = await stand.get(f"{outlet.name}/")
        assert f'href="{stand.origin}/outlets/{outlet.name}/feed.xml"' in page
        assert 'rel="alternate"' in page


async def test_article_page_gives_its_text_up_without_its_furniture(stand: Newsstand) -> None:
    stand.now += timedelta(days=3)
    for article in read_articles(START):
        status, page, _ = await stand.get(f"{article.outlet}/{article.slug}")
        assert status == 200
        furniture = FURNITURE[article.language]
        assert furniture.cookies in page
        read = trafilatura.extract(page, fast=True, include_comments=False) or ""
        told = [p for p in article.paragraphs if not p.startswith(PHOTO + RELATED)]
        assert [p for p in told if p not in read] == [], article.slug
        assert not [words for words in (furniture.cookies, *furniture.comments) if words in read], article.slug


async def test_article_is_not_at_its_address_before_its_hour(stand: Newsstand) -> None:
    assert (await stand.get("meridian/ferries-meridian"))[0] == 404
    stand.now += timedelta(days=1)
    assert (await stand.get("meridian/ferries-meridian"))[0] == 200
    assert (await stand.get("harbour/ferries-meridian"))[0] == 404
    assert (await stand.get("nobody/feed.xml"))[0] == 404
