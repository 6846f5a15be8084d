"""The chat page in a browser, on a phone's screen: what a visitor taps and sees."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    ReplyKeyboardMarkup,
    Update,
)

from bot.playground import Playground
from tests.playground.conftest import NOW

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
BRIEF = """<b>1. Norrland offers Port Alba a shared cod quota</b>
<b>Ingrid Salo, fisheries minister:</b> talks in Stenhamn. <a href="https://harbour.example/cod">Harbour Post</a>
<blockquote expandable>{}</blockquote>"""

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no Chromium here")


@pytest_asyncio.fixture
async def page(playground: Playground, address: str) -> AsyncIterator[Page]:
    """A phone's screen; a complaint of the page or a request to elsewhere fails the test."""
    playground.reader.started = playground.admin.started = False
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        made = await browser.new_page(viewport={"width": 390, "height": 844}, timezone_id="UTC")
        made.set_default_timeout(10_000)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        made.on("request", lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url))
        yield made
        await browser.close()
    assert complaints == []


async def heard(bot: Bot, offset: int = 0) -> Update:
    """The next update; those before it are confirmed."""
    updates = await bot.get_updates(offset=offset, timeout=10)
    return updates[0]


async def test_a_newcomer_starts_reads_presses_and_jumps(
    playground: Playground, bot: Bot, page: Page, address: str
) -> None:
    async def jump() -> datetime:
        playground.now = lambda: NOW + timedelta(hours=24)
        return playground.now()

    playground.jump = jump
    await bot.set_my_description("Each story in three panels")
    await page.goto(f"{address}/?start=topic-cod")
    await expect(page.get_by_text("Each story in three panels")).to_be_visible()
    await page.get_by_role("button", name="Start", exact=True).click()
    started = await heard(bot)
    assert started.message is not None
    assert started.message.text == "/start topic-cod"

    await bot.send_chat_action(playground.reader.id, "typing")
    await expect(page.get_by_label("Triptych is typing")).to_be_visible()
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
    brief = BRIEF.format("Port Alba's prime minister called it a trap. " * 12)
    await bot.send_message(playground.reader.id, brief, parse_mode="HTML", reply_markup=keyboard)
    await expect(page.get_by_label("Triptych is typing")).to_be_hidden()
    await expect(page.get_by_role("link", name="Harbour Post")).to_have_attribute("href", "https://harbour.example/cod")
    await page.get_by_role("button", name="Show more").click()
    await expect(page.get_by_role("button", name="Show less")).to_be_visible()

    await page.get_by_role("button", name="More", exact=True).click()
    pressed = (await heard(bot, started.update_id + 1)).callback_query
    assert pressed is not None
    await pressed.answer("There is no more", show_alert=True)
    await page.get_by_role("button", name="OK").click()
    await pressed.edit_message_text("The whole story")
    await expect(page.get_by_role("log").get_by_text("The whole story")).to_be_visible()
    await expect(page.get_by_role("button", name="More", exact=True)).to_have_count(0)

    await expect(page.get_by_label("The time in the playground")).to_contain_text("07:30")
    await page.get_by_role("button", name="Jump to the next brief").click()
    await expect(page.get_by_label("The time in the playground")).to_contain_text(re.compile("Wed,? 7 May"))


async def test_commands_answers_and_themes_are_a_tap_away(
    playground: Playground, bot: Bot, page: Page, address: str
) -> None:
    await bot.set_my_commands([BotCommand("latest", "The newest"), BotCommand("topics", "What you follow")])
    playground.say(playground.reader, "/start")
    await bot.send_message(playground.reader.id, "When?", reply_markup=ReplyKeyboardMarkup([["07:30", "Other"]]))
    await page.goto(address)
    field = page.get_by_label("Message", exact=True)
    await field.fill("/to")
    await expect(page.get_by_role("button", name="/latest: The newest")).to_have_count(0)
    await field.press("Enter")
    await page.get_by_role("button", name="07:30").click()
    await expect(page.get_by_role("log").get_by_text("07:30").first).to_be_visible()
    said = [u.message.text for u in await bot.get_updates() if u.message]
    assert said == ["/start", "/topics", "07:30"]
    await page.get_by_role("button", name="Switch between light and dark").click()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"


async def test_an_administrator_adds_the_bot_to_a_group_and_asks_there(
    playground: Playground, bot: Bot, page: Page, address: str
) -> None:
    await page.goto(address)
    await page.get_by_role("radio", name="Admin").click()
    await page.get_by_role("button", name="Back to the chats").click()
    await page.get_by_role("button", name="Harbour newsroom").click()
    await page.get_by_role("button", name="Add Triptych").click()
    await page.get_by_role("tab", name="World").click()
    field = page.get_by_label("Message", exact=True)
    await field.fill("/latest@triptych_bot <b>cod</b>")
    await field.press("Enter")
    await expect(page.get_by_role("log").get_by_text("<b>cod</b>")).to_be_visible()
    said = [u.message for u in await bot.get_updates() if u.message and u.message.text]
    world = next(topic for topic in playground.forum.topics.values() if topic.name == "World")
    assert [(m.text, m.message_thread_id) for m in said] == [("/latest@triptych_bot <b>cod</b>", world.id)]


async def test_inline_results_show_as_one_types(playground: Playground, bot: Bot, page: Page, address: str) -> None:
    playground.say(playground.reader, "/start")
    await page.goto(address)
    await page.get_by_label("Message", exact=True).fill("@triptych_bot cod")
    asked = await asyncio.wait_for(_inline_query(bot), 10)
    content = InputTextMessageContent("<b>Cod quota</b>", parse_mode="HTML")
    await bot.answer_inline_query(asked, [InlineQueryResultArticle("1", "Cod quota", content)])
    await page.get_by_role("button", name="Cod quota").click()
    await expect(page.get_by_role("log").get_by_text("via @triptych_bot")).to_be_visible()


async def _inline_query(bot: Bot) -> str:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=5):
            offset = update.update_id + 1
            if update.inline_query:
                return update.inline_query.id
