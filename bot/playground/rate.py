"""The limits on sending, over all chats, a chat and a group, and a record of what came within and beyond them."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from bot.playground.refusals import Refused, too_many_requests


@dataclass
class RateLimit:
    """None: not limited. Windows slide: the 31st message within any second is refused, and refusals do not count.

    `accepted` and `refused` keep (seconds of the clock, chat id) of every message, in order.
    """

    per_second: int | None = 30
    chat_per_second: int | None = None
    group_per_minute: int | None = None
    clock: Callable[[], float] = monotonic
    accepted: list[tuple[float, int]] = field(default_factory=list)
    refused: list[tuple[float, int]] = field(default_factory=list)
    _windows: dict[tuple[str, int], deque[float]] = field(default_factory=dict)

    def admit(self, chat: int, count: int = 1, *, group: bool = False) -> Refused | None:
        """Count these messages, or say why not; all or none of them."""
        now = self.clock()
        limits = [(("all", 0), self.per_second, 1.0), (("chat", chat), self.chat_per_second, 1.0)]
        if group:
            limits.append((("group", chat), self.group_per_minute, 60.0))
        windows = [
            (self._windows.setdefault(key, deque()), most, seconds) for key, most, seconds in limits if most is not None
        ]
        wait = max((_wait(window, most, seconds, now, count) for window, most, seconds in windows), default=0.0)
        if wait > 0:
            self.refused.append((now, chat))
            return too_many_requests(max(1, math.ceil(wait)))
        for window, _, _ in windows:
            window.extend([now] * count)
        self.accepted.extend([(now, chat)] * count)
        return None

    def most_in_a_second(self) -> int:
        """The fullest sliding second among the accepted."""
        most, first = 0, 0
        for last, (at, _) in enumerate(self.accepted):
            while self.accepted[first][0] <= at - 1:
                first += 1
            most = max(most, last - first + 1)
        return most


def _wait(window: deque[float], most: int, seconds: float, now: float, count: int) -> float:
    """Seconds until `count` more fit; 0 when they do now."""
    while window and window[0] <= now - seconds:
        window.popleft()
    excess = len(window) + count - most
    return window[min(excess, len(window)) - 1] + seconds - now if excess > 0 and window else 0.0
