"""Whether Telegram can be reached: after failures in a row nothing is sent until it answers again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

IN_A_ROW = 5  # where a fifth of all requests fails, that many in a row are rare
FIRST_PAUSE = 1.0  # seconds; each failed look doubles it
LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something an admin should know, once; the text can be shown as it stands."""

    kind: Literal["parked", "away", "moved", "outage", "token", "stuck", "back"]
    text: str
    chat_id: int | None = None  # None: not about one chat
    delivery_id: int | None = None  # of what is parked; None: nothing is


class Outage:
    def __init__(self, say: Callable[[Notice], None], wake: Callable[[], None]) -> None:
        self.pause = FIRST_PAUSE
        self._say, self._wake = say, wake
        self._failures = 0
        self._said: str | None = None  # what an admin was told; None: nothing, all is well
        self._looking: asyncio.Task[None] | None = None

    @property
    def on(self) -> bool:
        """Nothing is to be sent."""
        return self._looking is not None

    @property
    def near(self) -> bool:
        """One at a time, until one is through."""
        return self._failures >= IN_A_ROW - 1

    def answered(self) -> None:
        """Telegram answered a message, whatever it said."""
        self._failures, self.pause = 0, FIRST_PAUSE
        if self._said is not None and not self.on:
            self._said = None
            self._say(Notice("back", "Telegram answers again: what waited is being sent."))

    def failed(self, bot: Bot, error: TelegramError) -> None:
        """It could not be asked, or did not answer."""
        self._failures += 1
        refused = isinstance(error, InvalidToken)
        if self.on or not (refused or self._failures >= IN_A_ROW):
            return
        if refused and self._said != "token":
            self._said = "token"
            text = f"Telegram refuses the bot's token ({error.message}): nothing is sent, and nothing is lost."
            self._say(Notice("token", text))
        elif self._said is None:
            self._said = "outage"
            self._say(Notice("outage", f"Telegram cannot be reached ({error.message}): messages wait."))
        self._looking = asyncio.create_task(self._look(bot))

    async def _look(self, bot: Bot) -> None:
        self._wake()
        while True:
            await asyncio.sleep(self.pause)
            self.pause = min(2 * self.pause, LONGEST_PAUSE)
            try:
                await bot.get_me()
            except TelegramError:
                continue
            break
        self._failures = IN_A_ROW - 1
        self._looking = None
        self._wake()

    def stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
