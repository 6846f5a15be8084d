"""The chat page's side of the server."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest_asyncio
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)

import bot.playground as playground_package
from bot.playground import Playground
from bot.playground.preview import read_preview
from tests.playground.conftest import NOW

PAGE = Path(playground_package.__file__).parent / "page"


async def ask(http: aiohttp.ClientSession, path: str, **asked: object) -> dict[str, Any]:
    async with http.post(f"/playground/{path}", json=asked) as answer:
        body: dict[str, Any] = await answer.json()
        return body | {"status": answer.status}


@pytest_asyncio.fixture
async def http(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(address) as session:
        yield session


async def test_the_page_asks_nothing_of_other_sites_and_runs_no_inline_script(http: aiohttp.ClientSession) -> None:
    names = ["index.html", "style.css", *(file.name for file in PAGE.glob("*.js"))]
    assert len(names) > 5
    async with http.get("/") as page:
        assert "default-src 'none'; script-src 'self'" in page.headers["Content-Security-Policy"]
    for name in names:
        async with http.get(f"/page/{name}") as file:
            text = await file.text()
        addresses = re.findall(r"https?://[^\s\"'`$]+", text.replace("http://www.w3.org/", ""))
        assert (file.status, addresses, re.findall(r"\son\w+=", text)) == (200, [], [])
    async with http.get("/page/..%2fserver.py") as file:
        assert file.status == 404


async def test_what_a_visitor_does_reaches_the_bot(
    playground: Playground, bot: Bot, http: aiohttp.ClientSession, reader: int
) -> None:
    await ask(http, "say", **{"as": reader}, chat=reader, text="/start")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    sent = await bot.send_message(reader, "One", reply_markup=keyboard)
    pressed = await ask(http, "press", **{"as": reader}, message=sent.message_id, data="more")
    form = aiohttp.FormData({"as": str(reader), "chat": str(reader), "text": "feeds"})
    form.add_field("document", b"<opml/>", filename="feeds.opml")
    async with http.post("/playground/document", data=form) as answer:
        assert answer.status == 200
    said, press, document = await bot.get_updates()
    assert said.message is not None
    assert said.message.text == "/start"
    assert press.callback_query is not None
    assert press.callback_query.id == pressed["query"]
    assert document.message is not None
    assert document.message.document is not None
    async with http.get("/playground/state") as answer:
        chats = {chat["id"]: chat for chat in (await answer.json())["chats"]}
    assert [m["words"] for m in chats[reader]["messages"]] == ["/start", "One", "feeds"]
    assert set(chats) == {1001, 1002, playground.group.id, playground.forum.id, playground.channel.id}


async def test_a_visitor_sees_news_as_it_comes(bot: Bot, http: aiohttp.ClientSession, reader: int) -> None:
    async with http.get("/playground/events") as events:
        assert await events.content.readline() == b": hello\n"
        await bot.send_message(reader, "<b>News</b>", parse_mode="HTML")
        await events.content.readline()
        line = await asyncio.wait_for(events.content.readline(), 5)
    event = json.loads(line.removeprefix(b"data: "))
    assert (event["kind"], event["chat"], event["message"]["words"]) == ("message", reader, "News")


async def test_the_page_is_told_what_was_wrong(
    playground: Playground, http: aiohttp.ClientSession, reader: int
) -> None:
    empty = await ask(http, "say", **{"as": reader}, chat=reader, text=" ")
    assert (empty["status"], "there is no text" in empty["error"]) == (400, True)
    foreign = await ask(http, "say", **{"as": reader}, chat=playground.admin.id, text="x")
    assert (foreign["status"], "cannot write" in foreign["error"]) == (400, True)
    channel = await ask(http, "say", **{"as": reader}, chat=playground.channel.id, text="x")
    assert (channel["status"], "cannot write" in channel["error"]) == (400, True)
    added = await ask(http, "membership", **{"as": reader}, chat=playground.group.id, what="add")
    assert (added["status"], "no administrator" in added["error"]) == (400, True)


async def test_the_clock_jumps_to_the_next_brief(
    playground: Playground, http: aiohttp.ClientSession, reader: int
) -> None:
    assert (await ask(http, "jump", **{"as": reader}))["jumped"] is False

    async def jump() -> datetime:
        playground.now = lambda: NOW + timedelta(hours=23)
        return playground.now()

    playground.jump = jump
    jumped = await ask(http, "jump", **{"as": reader})
    assert (jumped["jumped"], jumped["now"]) == (True, (NOW + timedelta(hours=23)).isoformat())


async def test_a_card_shows_what_a_page_of_this_machine_says(
    playground: Playground, bot: Bot, http: aiohttp.ClientSession, address: str, reader: int
) -> None:
    await bot.send_message(reader, "x", link_preview_options=LinkPreviewOptions(url=f"{address}/"))
    async with http.get("/playground/preview", params={"url": f"{address}/"}) as card:
        assert await card.json() == {"title": "Triptych playground"}
    async with http.get("/playground/preview", params={"url": f"{address}/page/index.html"}) as card:
        assert await card.json() == {}
    page = '<title>Cod &amp; quotas | The Harbour Post</title><meta name="description" content="Talks in Stenhamn">'
    told = {"title": "Cod & quotas", "site": "The Harbour Post", "description": "Talks in Stenhamn"}
    assert read_preview(page) == told


async def test_a_visitor_can_be_greeted_in_another_language(
    playground: Playground, bot: Bot, http: aiohttp.ClientSession, reader: int
) -> None:
    await bot.set_my_description("Новини у трьох частинах", language_code="uk")
    await ask(http, "language", **{"as": reader}, language="uk")
    async with http.get("/playground/state") as answer:
        people = {person["id"]: person for person in (await answer.json())["people"]}
    assert (people[reader]["language"], people[reader]["description"]) == ("uk", "Новини у трьох частинах")
    playground.say(playground.reader, "/start")
    (update,) = await bot.get_updates()
    assert update.effective_user is not None
    assert update.effective_user.language_code == "uk"
    assert (await ask(http, "language", **{"as": reader}, language="<b>"))["status"] == 400
