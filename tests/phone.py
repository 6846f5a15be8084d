"""A phone's screen with the playground's page on it, and what a thumb does there."""

import io
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.playground.chats import Chat
from bot.playground.tryout import Tryout, tryout
from jobs.settings import load_settings

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
KEEPING = "SCREENSHOTS"  # in the environment: the folder for pictures
README = Path(__file__).parent.parent / "README.md"
WIDTH, HEIGHT = 390, 844
COLOURS = 96  # of a kept picture
SOON = 30_000  # milliseconds, on a loaded machine

Theme = Literal["light", "dark"]


@dataclass
class Phone:
    """`theme` is the phone's; pictures are kept under their name, and the theme's when it is dark."""

    page: Page
    trying: Tryout
    theme: Theme
    pictures: Path

    async def tap(self, label: str, *, last: bool = False) -> None:
        found = self.page.get_by_role("button", name=label, exact=True)
        await (found.last if last else found.first).click()

    async def say(self, words: str) -> None:
        await self.page.get_by_role("textbox").fill(words)
        await self.page.keyboard.press("Escape")  # the list of commands
        await self.page.get_by_role("button", name="Send", exact=True).click()

    async def see(self, words: str) -> Locator:
        found = self.page.get_by_text(words).last
        await expect(found).to_be_visible(timeout=SOON)
        return found

    async def open(self, chat: Chat) -> None:
        await self.back()
        name = self.page.locator("b", has_text=re.compile(f"^{chat.title or 'Triptych'}$"))
        await self.page.locator(".entry").filter(has=name).click()

    async def back(self) -> None:
        back = self.page.get_by_role("button", name="Back to the chats")
        if await back.is_visible():
            await back.click()

    async def be(self, name: str) -> None:
        await self.back()
        await self.page.get_by_role("radio", name=name).click()

    async def keep(self, name: str) -> None:
        """A small picture of the screen as it is, once nothing moves; for the project, if its README shows it."""
        file = f"{name}{'-dark' if self.theme == 'dark' else ''}.png"
        if KEEPING in os.environ and f"docs/{file}" not in README.read_text("utf-8"):
            return
        if KEEPING in os.environ:
            await expect(self.page.locator("#toasts > *")).to_have_count(0, timeout=SOON)
        await self.page.wait_for_timeout(300)
        shown = Image.open(io.BytesIO(await self.page.screenshot()))
        small = shown.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(self.pictures / file, optimize=True)

    async def nothing_is_left(self) -> None:
        """No press without an answer, no message that Telegram would have refused."""
        playground = self.trying.playground
        await playground.until(lambda: None if playground.unanswered() else True, 10, "the answer to a press")
        refused = [str(call.refusal) for call in playground.calls if call.refusal is not None]
        assert [words for words in refused if "not modified" not in words] == []


@asynccontextmanager
async def phone(folder: Path, theme: Theme = "light") -> AsyncIterator[Phone]:
    """The product, tried out; a complaint of the page fails the test."""
    complaints: list[str] = []
    async with (
        tryout(load_settings(), database_url=f"sqlite:///{folder}/playground.db") as trying,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2, timezone_id="UTC", color_scheme=theme
        )
        page.set_default_timeout(SOON)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(trying.address)
        held = Phone(page, trying, theme, Path(os.environ.get(KEEPING, folder)))
        yield held
        await held.nothing_is_left()
        await browser.close()
    assert complaints == []
