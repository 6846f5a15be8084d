"""Who floods is slowed, without harm to others; who waits long sees that something is being done."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from telegram.error import TelegramError

BURST = 40  # things said or pressed at once
PER_SECOND = 2.0
REMEMBERED = 1000  # people, before those who are quiet are forgotten
WAIT = 0.8  # seconds until typing shows
AGAIN = 4.5  # Telegram shows it for five

Verdict = Literal["answer", "warn", "ignore"]


@dataclass(slots=True)
class Bucket:
    left: float
    at: float
    warned: bool = False


@dataclass(slots=True)
class Manners:
    """A token bucket for each person; in memory only."""

    clock: Callable[[], float] = time.monotonic
    buckets: dict[int, Bucket] = field(default_factory=dict)

    def heard(self, person: int) -> Verdict:
        """What to do with what this person says now: one warning, then silence until there is room again."""
        now = self.clock()
        bucket = self.buckets.setdefault(person, Bucket(BURST, now))
        bucket.left = min(BURST, bucket.left + (now - bucket.at) * PER_SECOND)
        bucket.at = now
        if len(self.buckets) > REMEMBERED:
            self._forget_the_quiet(now)
        if bucket.left >= 1:
            bucket.left -= 1
            bucket.warned = bucket.warned and bucket.left < BURST / 2
            return "answer"
        if bucket.warned:
            return "ignore"
        bucket.warned = True
        return "warn"

    def _forget_the_quiet(self, now: float) -> None:
        full = BURST / PER_SECOND
        self.buckets = {person: bucket for person, bucket in self.buckets.items() if now - bucket.at < full}


@asynccontextmanager
async def shown_while_waiting(show: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Calls `show` once the block has taken long, and again for as long as it takes."""

    async def remind() -> None:
        await asyncio.sleep(WAIT)
        while True:
            with suppress(TelegramError):
                await show()
            await asyncio.sleep(AGAIN)

    reminder = asyncio.create_task(remind())
    try:
        yield
    finally:
        reminder.cancel()
        with suppress(asyncio.CancelledError):
            await reminder
