"""Whether Telegram can be reached: after failures in a row nothing is sent until it answers again."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.speech import N_

IN_A_ROW = 5  # where a fifth of all requests fails, that many in a row are rare
FIRST_PAUSE = 1.0  # seconds; each failed look doubles it
LONGEST_PAUSE = 60.0

Kind = Literal["parked", "away", "moved", "outage", "token", "stuck", "back"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something an admin should know, once; the message can be said to them as it stands, with `values`."""

    kind: Kind
    message: str
    chat_id: int | None = None  # None: not about one chat
    delivery_id: int | None = None  # of what is parked; None: nothing is
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """In English, for the log."""
        return self.message.format(**self.values)


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
            self._say(Notice("back", N_("Telegram answers again: what waited is being sent.")))

    def failed(self, bot: Bot, error: TelegramError) -> None:
        """It could not be asked, or did not answer."""
        self._failures += 1
        refused = isinstance(error, InvalidToken)
        if self.on or not (refused or self._failures >= IN_A_ROW):
            return
        if refused and self._said != "token":
            self._said = "token"
            said = N_("Telegram refuses the bot's token ({error}): nothing is sent, and nothing is lost.")
            self._say(Notice("token", said, values={"error": error.message}))
        elif self._said is None:
            self._said = "outage"
            said = N_("Telegram cannot be reached ({error}): messages wait.")
            self._say(Notice("outage", said, values={"error": error.message}))
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
