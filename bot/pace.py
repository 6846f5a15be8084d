"""Telegram's limits, kept for everything that is sent.

    async with pace.turn(chat_id):                  # bulk
    async with pace.turn(chat_id, urgent=True):     # an answer to a person goes before bulk

A turn counts from its start until a second after its end: the message is accepted somewhere in between, so that
what Telegram sees is within the limits however long the way there takes. One turn at a time a chat.
"""

import asyncio
import contextlib
import heapq
import itertools
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

SECOND = 1.002  # a little more, for clocks that are read in milliseconds
MINUTE = 60.1
UNANSWERED = 2.0  # seconds after which a turn counts as ended, whatever becomes of its answer
ALL_CHATS = 60.0  # seconds; no suspicion halts every chat for longer
CHECK = 1.0  # seconds between looks at the clock while somebody waits

Chat = int | str  # an id, or a channel's @name
Result = bool | dict[str, Any] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Limits:
    per_second: int = 30  # over all chats; a paid broadcast allows 1,000
    per_chat_second: int = 1
    per_group_minute: int = 20


@dataclass(slots=True)
class _Room:
    """What one chat was sent of late."""

    ends: deque[float] = field(default_factory=deque)
    busy: bool = False
    halted_until: float = 0.0
    behind: list["_Waiter"] = field(default_factory=list)  # those that wait for the turn in hand


@dataclass(order=True, slots=True)
class _Waiter:
    bulk: bool  # False comes first
    number: int
    chat: Chat = field(compare=False)
    start: asyncio.Future[None] = field(compare=False)


class Pace:
    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits or Limits()
        self.halted_until = 0.0  # all chats
        self._clock = clock
        self._numbers = itertools.count()
        self._rooms: dict[Chat, _Room] = {}
        self._later: list[tuple[float, _Waiter]] = []  # heap: those whose chat is not ready before a time
        self._ready: list[_Waiter] = []  # heap: those that only wait for the limit over all chats
        self._running = 0
        self._ends: deque[float] = deque()
        self._bulk_at = 0.0  # no bulk before: spread out, so that an answer finds room
        self._suspect: tuple[Chat, float] | None = None  # the chat halted last, and until when, with nothing sent since
        self._forget_at = 0.0
        self._probing = False  # after a halt of all, one at a time until one is through
        self._holders: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    @contextlib.asynccontextmanager
    async def turn(self, chat: Chat, *, urgent: bool = False, patience: float | None = None) -> AsyncIterator[None]:
        """Waits for this chat's turn; TimeoutError after `patience` seconds. Giving up costs nothing."""
        waiter = _Waiter(not urgent, next(self._numbers), chat, asyncio.get_running_loop().create_future())
        self._line_up(waiter)
        self._pump()
        try:
            async with asyncio.timeout(patience):
                await waiter.start
        except (asyncio.CancelledError, TimeoutError):
            if waiter.start.done() and not waiter.start.cancelled():
                self._end(chat)
            raise
        overdue = asyncio.get_running_loop().call_later(UNANSWERED, self._free)
        task = asyncio.current_task()
        assert task is not None
        self._holders.add(task)
        try:
            yield
        finally:
            self._holders.discard(task)
            if overdue.when() > asyncio.get_running_loop().time():
                overdue.cancel()
                self._free()
            self._end(chat, counted=False)

    def holds(self) -> bool:
        """The running task has a turn."""
        return asyncio.current_task() in self._holders

    def wait(self, chat: Chat) -> float:
        """Seconds until the chat could be sent to, were there no others; 0 when it could be now."""
        return max(0.0, self._ready_at(chat) - self._clock(), self.halted_until - self._clock())

    def halt(self, seconds: float, chat: Chat | None = None) -> None:
        """Telegram's retry_after: of one chat; of all when chat is None, or when a second chat is told to wait
        and nothing was accepted in between."""
        until = self._clock() + seconds
        if chat is None:
            self._halt_all(until)
            return
        room = self._rooms.setdefault(chat, _Room())
        room.halted_until = max(room.halted_until, until)
        other = self._suspect
        if other is not None and other[0] != chat and other[1] > self._clock():
            self._halt_all(min(until, other[1], self._clock() + ALL_CHATS))
        self._suspect = (chat, until)

    def accepted(self) -> None:
        """Telegram took a message, or refused it for itself: it halts no more than single chats."""
        self._suspect = None
        self._probing = False
        self._pump()

    def _halt_all(self, until: float) -> None:
        self.halted_until = max(self.halted_until, until)
        self._probing = True

    def _line_up(self, waiter: _Waiter) -> None:
        room = self._rooms.setdefault(waiter.chat, _Room())
        if room.busy:
            room.behind.append(waiter)
        else:
            heapq.heappush(self._later, (self._ready_at(waiter.chat), waiter))

    def _ready_at(self, chat: Chat) -> float:
        """When the chat's own limits allow the next one."""
        room = self._rooms.get(chat)
        if room is None:
            return 0.0
        at = room.halted_until
        if len(room.ends) >= self.limits.per_chat_second:
            at = max(at, room.ends[-self.limits.per_chat_second] + SECOND)
        if _is_group(chat) and len(room.ends) >= self.limits.per_group_minute:
            at = max(at, room.ends[-self.limits.per_group_minute] + MINUTE)
        return at

    def _pump(self) -> None:
        """Start whoever may start now, and come again when the next one may."""
        now = self._clock()
        while self._later and self._later[0][0] <= now:
            heapq.heappush(self._ready, heapq.heappop(self._later)[1])
        while self._ready and self._room_at(self._ready[0].bulk) <= now:
            self._start(heapq.heappop(self._ready), now)
        self._come_again(now)

    def _room_at(self, bulk: bool) -> float:
        """When the limits over all chats allow the next one; infinity: when a turn ends."""
        now = self._clock()
        while self._ends and self._ends[0] + SECOND <= now:
            self._ends.popleft()
        if self._running >= (1 if self._probing else self.limits.per_second):
            return math.inf
        spare = self.limits.per_second - self._running
        full_until = self._ends[-spare] + SECOND if len(self._ends) >= spare else 0.0
        return max(self.halted_until, full_until, self._bulk_at if bulk else 0.0)

    def _start(self, waiter: _Waiter, now: float) -> None:
        if waiter.start.done():  # cancelled
            return
        room = self._rooms.setdefault(waiter.chat, _Room())
        if room.busy or self._ready_at(waiter.chat) > now:
            self._line_up(waiter)
            return
        room.busy = True
        self._running += 1
        if waiter.bulk:
            self._bulk_at = now + 0.9 / self.limits.per_second
        waiter.start.set_result(None)

    def _free(self) -> None:
        self._running -= 1
        self._ends.append(self._clock())

    def _end(self, chat: Chat, counted: bool = True) -> None:
        if counted:
            self._free()
        room = self._rooms[chat]
        room.busy = False
        room.ends.append(self._clock())
        while len(room.ends) > max(self.limits.per_group_minute, self.limits.per_chat_second):
            room.ends.popleft()
        behind, room.behind = room.behind, []
        for waiter in behind:
            self._line_up(waiter)
        self._forget_quiet_chats()
        self._pump()

    def _forget_quiet_chats(self) -> None:
        now = self._clock()
        if now < self._forget_at:
            return
        self._forget_at = now + MINUTE
        awaited = {waiter.chat for waiter in self._ready} | {waiter.chat for _, waiter in self._later}
        for chat, room in list(self._rooms.items()):
            recent = room.busy or room.halted_until > now or (room.ends and room.ends[-1] + MINUTE > now)
            if not recent and chat not in awaited:
                del self._rooms[chat]

    def _come_again(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        times = [self._later[0][0]] if self._later else []
        times += [self._room_at(self._ready[0].bulk)] if self._ready else []
        if times:
            delay = min(max(0.0, min(times) - now), CHECK)
            self._timer = asyncio.get_running_loop().call_later(delay, self._pump)


def _is_group(chat: Chat) -> bool:
    """Groups, supergroups and channels have ids below zero."""
    return isinstance(chat, str) or chat < 0


def seconds_of(error: RetryAfter) -> float:
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


class PacedLimiter(BaseRateLimiter[str]):
    """What an Application's bot sends takes turns, before bulk; edits and answers to taps only wait when told to.

    A call under a turn that its task already holds passes: its maker waits and tries again by itself.
    """

    LONGEST = 60.0  # seconds; a longer retry_after is raised at once
    TRIES = 3

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Result:
        chat = data.get("chat_id")
        if chat is None or self.pace.holds():
            return await callback(*args, **kwargs)
        paced = endpoint.startswith(("send", "copy", "forward")) and endpoint != "sendChatAction"
        tries = 0
        while True:
            try:
                async with self.pace.turn(chat, urgent=True) if paced else contextlib.nullcontext():
                    result = await callback(*args, **kwargs)
            except RetryAfter as error:
                tries += 1
                self.pace.halt(seconds_of(error), chat)
                if tries == self.TRIES or seconds_of(error) > self.LONGEST:
                    raise
                if not paced:
                    await asyncio.sleep(seconds_of(error))
            else:
                self.pace.accepted()
                return result
