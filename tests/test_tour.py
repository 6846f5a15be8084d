"""The first-run tour in a browser, as a newcomer and as an admin; `make screenshots` keeps what they see in docs/."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from bot.playground.tryout import Tryout, tryout
from jobs.settings import load_settings

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no Chromium here")


@pytest_asyncio.fixture
async def trying(tmp_path: Path) -> AsyncIterator[Tryout]:
    async with tryout(load_settings(), database_url=f"sqlite:///{tmp_path}/playground.db") as trying:
        yield trying


@pytest_asyncio.fixture
async def page(trying: Tryout) -> AsyncIterator[Page]:
    """A phone's screen; a complaint of the page fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        made = await browser.new_page(viewport=PHONE, device_scale_factor=2, timezone_id="UTC")  # type: ignore[arg-type]
        made.set_default_timeout(20_000)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        yield made
        await browser.close()
    assert complaints == []


async def keep(page: Page, name: str, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    await page.screenshot(path=folder / f"{name}.png")


async def test_a_newcomer_gets_a_brief_with_three_taps_and_news_the_next_morning(
    trying: Tryout, page: Page, tmp_path: Path
) -> None:
    await page.goto(trying.address)
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.get_by_text("What should I bring?")).to_be_visible()
    await keep(page, "welcome", tmp_path)
    await page.get_by_role("button", name="Everything").click()
    await page.get_by_role("button", name="8:00").first.click()
    await page.get_by_role("button", name="Berlin").click()
    await expect(page.get_by_text("Your brief", exact=True)).to_be_visible(timeout=30_000)
    for panel in ("Offer", "Responses", "Reactions"):
        await expect(page.get_by_text(panel, exact=True).first).to_be_attached()
    await keep(page, "brief", tmp_path)

    await page.get_by_role("button", name="1", exact=True).click()
    await expect(page.get_by_role("button", name="Why this story?")).to_be_visible()
    await keep(page, "story", tmp_path)
    await page.get_by_role("button", name="Back to the brief").click()

    await page.get_by_role("button", name="Jump to the next brief").click()
    await expect(page.get_by_text("Your brief", exact=True)).to_have_count(2, timeout=30_000)
    await expect(page.get_by_text("Since your last brief", exact=True)).to_be_attached()
    await expect(page.get_by_text("New since", exact=False).first).to_be_attached()
    await page.get_by_text("New since", exact=False).last.scroll_into_view_if_needed()
    await keep(page, "next-day", tmp_path)


async def test_an_admin_sees_the_sources_that_a_reader_cannot(trying: Tryout, page: Page, tmp_path: Path) -> None:
    await page.goto(trying.address)
    await page.get_by_role("radio", name="Admin").click()
    trying.playground.say(trying.playground.admin, "/sources")
    await expect(page.get_by_text("The Harbour Post").first).to_be_attached(timeout=30_000)
    await keep(page, "sources", tmp_path)
    trying.playground.say(trying.playground.reader, "/sources")
    said = await trying.playground.next_message(trying.playground.reader, 10)
    assert "no such command" in said.text
