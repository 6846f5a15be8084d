"""The tours of each kind of person in a browser, on a phone's screen; `make screenshots` keeps what they see in docs/.

No tour may end in a dead end, leave a press unanswered, or have Telegram refuse a message: see `phone`.
"""

import re
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, expect

from tests.phone import CHROMIUM, SOON, Phone, Theme, phone

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no Chromium here")
both_themes = pytest.mark.parametrize("theme", ["light", "dark"])


async def three_taps(held: Phone) -> None:
    """From "What should I bring?" on: everything, at eight, in Berlin."""
    await held.see("What should I bring?")
    await held.tap("Everything", last=True)
    await held.page.get_by_role("button", name=re.compile("^8:00.AM")).last.click()
    await held.page.get_by_role("button", name="Berlin").last.click()


async def subscribed(held: Phone) -> None:
    await held.tap("Start")
    await three_taps(held)
    await expect(held.page.get_by_text("Your brief", exact=True)).to_be_visible(timeout=SOON)


async def test_a_newcomer_gets_a_brief_with_three_taps_and_news_the_next_morning(tmp_path: Path) -> None:
    async with phone(tmp_path) as held:
        await held.tap("Start")
        await held.see("What should I bring?")
        await held.keep("welcome")
        await three_taps(held)
        page = held.page
        await expect(page.get_by_text("Your brief", exact=True)).to_be_visible(timeout=SOON)
        for panel in ("Offer", "Responses", "Reactions"):
            await expect(page.get_by_text(panel, exact=True).first).to_be_attached()
        await held.keep("brief")

        await held.tap("1")
        await expect(page.get_by_role("button", name="Why this story?")).to_be_visible()
        await held.keep("story")
        await held.tap("Back to the brief")

        await held.tap("Jump to the next brief")
        await expect(page.get_by_text("Your brief", exact=True)).to_have_count(2, timeout=SOON)
        await expect(page.get_by_text("Since your last brief", exact=True)).to_be_attached()
        await expect(page.get_by_text("New since", exact=False).first).to_be_attached()
        await page.get_by_text("Since your last brief", exact=True).last.scroll_into_view_if_needed()
        await held.keep("next-day")


async def test_an_admin_sees_the_sources_that_a_reader_cannot(tmp_path: Path) -> None:
    async with phone(tmp_path) as held:
        playground = held.trying.playground
        await held.be("Admin")
        playground.say(playground.admin, "/sources")
        await expect(held.page.get_by_text("The Harbour Post").first).to_be_attached(timeout=SOON)
        await held.keep("sources")
        playground.say(playground.reader, "/sources")
        said = await playground.next_message(playground.reader, 10)
        assert "no such command" in said.text


@pytest.mark.long
@both_themes
async def test_a_returning_reader_changes_stops_and_comes_back(tmp_path: Path, theme: Theme) -> None:
    async with phone(tmp_path, theme) as held:
        await subscribed(held)
        await held.keep("brief")
        await held.say("/settings")
        await held.see("No quiet hours")
        await held.keep("settings")
        await held.tap("Hours", last=True)
        await held.page.get_by_role("button", name=re.compile("^6:00.PM")).last.click()
        await held.see("Next brief")
        await held.keep("hours")
        await held.tap("Back", last=True)
        await held.tap("Quiet", last=True)
        await held.tap("Type it", last=True)
        await held.say("22:00 7:00")
        await held.see("only the briefs you set an hour for come")
        await held.say("/stop")
        await held.see("Stopped. Your choices are kept")
        await held.say("/start")
        await held.see("Welcome back")
        await held.keep("welcome-back")
        await held.tap("As before", last=True)
        await held.see("Next brief")


@pytest.mark.long
@both_themes
async def test_an_asker_gets_the_latest_asks_on_and_shares_it_inline(tmp_path: Path, theme: Theme) -> None:
    async with phone(tmp_path, theme) as held:
        await held.tap("Start")
        await held.see("What should I bring?")
        await held.say("/latest tram strike")
        await held.see("Port Alba")
        await held.keep("latest")
        await held.tap("1", last=True)
        await held.tap("Sources", last=True)
        await held.see("The Harbour Post")
        await held.keep("story-sources")
        await held.tap("Back to the story", last=True)
        await held.tap("Why this story?", last=True)
        await held.keep("why")
        await held.say("What did Selvaria answer to Velgor?")
        await held.see("Irena Kovash")
        await held.keep("question")
        await held.say("/latest cheese rolling")
        await held.see("Nothing on")
        await held.keep("nothing-found")
        await held.page.get_by_role("textbox").fill("@triptych_bot tram strike")
        await expect(held.page.locator(".result").first).to_be_visible()
        await held.keep("inline")
        await held.page.locator(".result").first.click()
        await expect(held.page.get_by_text("via @triptych_bot")).to_be_visible()


@pytest.mark.long
@both_themes
async def test_a_group_administrator_gives_each_topic_its_own_briefs(tmp_path: Path, theme: Theme) -> None:
    async with phone(tmp_path, theme) as held:
        forum = held.trying.playground.forum
        await held.be("Admin")
        await held.open(forum)
        await held.tap("Add Triptych")
        await held.see("An administrator chooses what")
        await held.keep("group-greeting")
        await held.page.get_by_role("tab", name="World").click()
        await held.say("/start")
        await three_taps(held)
        await expect(held.page.get_by_text("Your brief", exact=True)).to_be_visible(timeout=SOON)
        await held.keep("topic")
        await held.page.get_by_role("tab", name="Tech").click()
        await held.say("/settings")
        await held.see("There are no briefs here yet")
        await held.say("/start")
        await held.see("What should I bring?")
        await held.be("Reader")
        await held.open(forum)
        await held.page.get_by_role("tab", name="World").click()
        await held.say("/settings silent on")
        await held.see("Only an administrator")
        await held.keep("topic-member")


@pytest.mark.long
@both_themes
async def test_a_channel_owner_binds_it_and_a_reader_opens_a_story_from_it(tmp_path: Path, theme: Theme) -> None:
    async with phone(tmp_path, theme) as held:
        playground = held.trying.playground
        await held.be("Admin")
        await held.page.locator(".entry").first.click()
        await held.tap("Start")
        await held.see("What should I bring?")
        await held.say("/channel")
        await held.see("Share it with the button below")
        await held.keep("channel-how")
        await held.tap("Choose a channel")
        await held.tap("Share Morning in three panels")
        await held.see("is bound")
        await held.page.wait_for_timeout(1500)
        await three_taps(held)
        await held.tap("Short", last=True)
        await held.see("Next brief")
        await held.keep("channel-settings")
        await held.tap("Post a brief now", last=True)
        await held.open(playground.channel)
        await held.see("Your brief")
        await held.be("Reader")
        await held.open(playground.channel)
        await held.keep("channel")
        await held.tap("1", last=True)
        await expect(held.page.get_by_role("button", name="Why this story?")).to_be_visible()


@pytest.mark.long
@both_themes
async def test_an_admin_looks_at_everything_from_one_place(tmp_path: Path, theme: Theme) -> None:
    async with phone(tmp_path, theme) as held:
        await held.be("Admin")
        await held.page.locator(".entry").first.click()
        await held.tap("Start")
        await held.see("What should I bring?")
        await held.say("/admin")
        await held.see("Administration")
        await held.keep("admin")
        await held.say("/sources")
        await held.see("The Harbour Post")
        await held.keep("sources")
        await held.tap("2", last=True)
        await held.see("Two weeks")
        await held.keep("source")
        await held.tap("Check now", last=True)
        await held.see("It answers well.")
        await held.tap("All sources", last=True)
        await held.tap("Ready-made lists", last=True)
        await held.tap("By country and subject", last=True)
        await held.page.get_by_role("button", name="Space").last.click()
        await held.see("Picked: ")
        await held.keep("ready-lists")
        list_of_two = b"https://lantern.example/feed\nhttps://post.example/feed\nhttp://10.0.0.1/feed\n"
        sent = FilePayload(name="mine.txt", mimeType="text/plain", buffer=list_of_two)
        await held.page.locator("#file").set_input_files(sent)
        await held.see("1 is on a private address")
        await held.keep("list-report")
        await held.tap("Add 2 sources", last=True)
        await held.see("Added: 2 sources.")
        await held.say("/stats")
        await expect(held.page.locator("img.picture")).to_be_visible(timeout=SOON)
        await held.keep("stats")
