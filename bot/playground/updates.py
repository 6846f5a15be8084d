"""Updates on their way to the bot: one queue, handed out by polling or pushed to a webhook."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.playground.chats import Json
from bot.playground.refusals import other_poller, webhook_is_set

ON_REQUEST_ONLY = ("chat_member", "message_reaction", "message_reaction_count")
LONGEST_WAIT_SECONDS = 50
MOST_AT_ONCE = 100


@dataclass
class Webhook:
    url: str
    secret: str = ""
    last_error: str = ""
    last_error_at: datetime | None = None


@dataclass
class UpdateQueue:
    """An update waits until a poll with a higher offset, or the webhook's 2xx, confirms it."""

    waiting: deque[Json] = field(default_factory=deque)
    last_id: int = 0
    allowed: tuple[str, ...] = ()  # empty: everything that needs no asking for
    webhook: Webhook | None = None
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _poller: "asyncio.Future[None] | None" = None

    def push(self, update: Json) -> int:
        """Queue {"message": ...} or another kind; its update_id, or 0 when the bot asked not to get this kind."""
        kind = next(iter(update))
        wanted = kind in self.allowed if self.allowed else kind not in ON_REQUEST_ONLY
        if not wanted:
            return 0
        self.last_id += 1
        self.waiting.append({"update_id": self.last_id} | update)
        self._arrived.set()
        return self.last_id

    def confirm(self, offset: int) -> None:
        """Forget what is below the offset; a negative one keeps that many of the newest."""
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        while self.waiting and offset > 0 and self.waiting[0]["update_id"] < offset:
            self.waiting.popleft()
        if not self.waiting:
            self._arrived.clear()

    async def poll(self, offset: int, limit: int, seconds: float, allowed: list[str] | None) -> list[Json]:
        """As getUpdates answers. A newer poll ends an older one that still waits."""
        if self.webhook:
            raise webhook_is_set()
        if allowed is not None:
            self.allowed = tuple(allowed)
        if self._poller and not self._poller.done():
            self._poller.set_exception(other_poller())
        self.confirm(offset)
        if not self.waiting and seconds > 0:
            await self._wait(min(seconds, LONGEST_WAIT_SECONDS))
        return list(self.waiting)[: max(1, min(limit, MOST_AT_ONCE))]

    async def _wait(self, seconds: float) -> None:
        """Until an update is there, the time is up, or another poller comes (then its Refused is raised)."""
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        arrived = asyncio.ensure_future(self._arrived.wait())
        either: set[asyncio.Future[Any]] = {poller, arrived}
        try:
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrived.cancel()
        if poller.done():
            poller.result()
        poller.cancel()

    async def next(self) -> Json:
        """The oldest update, for the webhook; it stays until it is confirmed."""
        while not (self.waiting and self.webhook):
            self._arrived.clear()
            await self._arrived.wait()
        return self.waiting[0]

    def wake(self) -> None:
        """Have the webhook look again."""
        self._arrived.set()

    def close(self) -> None:
        """Let a poll that waits go, with nothing."""
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
