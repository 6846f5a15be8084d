"""Telegram's limits, kept whatever happens: in time that the tests move."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from bot.pace import Limits, Pace, PacedLimiter
from tests.botapi import TOKEN, BotApi, refusal


@pytest.fixture(autouse=True)
def _time_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


class Hall:
    """Senders that note when their turn came, in a time that goes on only when all of them wait."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.time = 1000.0
        self.pace = Pace(limits, lambda: self.time)
        self.starts: list[tuple[float, int]] = []
        self.latency: float = 0.0
        self.tasks: list[asyncio.Task[None]] = []

    def send(self, chat: int, *, urgent: bool = False) -> None:
        self.tasks.append(asyncio.create_task(self._send(chat, urgent)))

    async def _send(self, chat: int, urgent: bool) -> None:
        async with self.pace.turn(chat, urgent=urgent):
            self.starts.append((self.time, chat))
            until = self.time + self.latency
            while self.time < until:  # noqa: ASYNC110 (the time is ours)
                await asyncio.sleep(0)

    async def run(self, seconds: float, step: float = 0.01) -> None:
        for _ in range(round(seconds / step)):
            self.time += step
            self.pace._pump()
            for _ in range(3):
                await asyncio.sleep(0)

    def times(self, chat: int | None = None) -> list[float]:
        return [round(at - 1000, 2) for at, name in self.starts if chat in (None, name)]

    def most_in(self, seconds: float, chat: int | None = None) -> int:
        times = [at for at, name in self.starts if chat in (None, name)]
        return max((sum(at <= other < at + seconds for other in times) for at in times), default=0)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    hall = Hall()
    yield hall
    for task in hall.tasks:
        task.cancel()
    await asyncio.gather(*hall.tasks, return_exceptions=True)


async def test_no_more_than_thirty_in_any_sliding_second_and_not_much_less(hall: Hall) -> None:
    for chat in range(1, 301):
        hall.send(chat)
    await hall.run(8)
    assert hall.most_in(1.0) == 30
    assert len(hall.starts) >= 29 * 8


async def test_one_message_a_second_to_a_chat(hall: Hall) -> None:
    for _ in range(5):
        hall.send(1)
    await hall.run(6)
    assert hall.most_in(1.0) == 1
    assert len(hall.starts) == 5


async def test_twenty_a_minute_to_a_group(hall: Hall) -> None:
    for _ in range(50):
        hall.send(-1)
    await hall.run(145, step=0.1)
    assert hall.most_in(60.0) == 20
    assert len(hall.starts) == 50


async def test_limits_are_settings() -> None:
    hall = Hall(Limits(per_second=100, per_chat_second=3, per_group_minute=5))
    for _ in range(9):
        hall.send(1)
        hall.send(-1)
    await hall.run(4)
    assert hall.most_in(1.0, 1) == 3
    assert hall.most_in(60.0, -1) == 5
    await asyncio.gather(*map(_cancelled, hall.tasks))


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_is_on_its_way_counts_until_a_second_after_its_answer(hall: Hall) -> None:
    hall.latency = 0.5
    for chat in range(1, 101):
        hall.send(chat)
    await hall.run(2.9)
    first = [at for at in hall.times() if at < 1.45]
    assert len(first) == 30
    assert hall.most_in(1.5) == 30


async def test_an_answer_that_never_comes_does_not_hold_the_rest_for_ever(hall: Hall) -> None:
    hall.pace.limits = Limits(per_second=2)
    hall.latency = 1e9
    for chat in range(1, 4):
        hall.send(chat)
    await hall.run(1)
    assert len(hall.starts) == 2
    await asyncio.sleep(2.1)  # the one wait on the loop's own clock
    await hall.run(1.1)
    assert len(hall.starts) == 3


async def test_answers_to_people_go_before_bulk(hall: Hall) -> None:
    for chat in range(1, 201):
        hall.send(chat)
    await hall.run(1.5)
    hall.send(999, urgent=True)
    await hall.run(1.0)
    (at,) = hall.times(999)
    assert at <= 1.5 + 0.06


async def test_a_chat_that_waits_does_not_hold_up_others(hall: Hall) -> None:
    for _ in range(20):
        hall.send(1)
    for chat in range(2, 12):
        hall.send(chat)
    await hall.run(1)
    assert {chat for _, chat in hall.starts} == set(range(1, 12))


async def test_a_halted_chat_waits_alone(hall: Hall) -> None:
    hall.pace.halt(5, 1)
    for chat in (1, 2, 3):
        hall.send(chat)
    await hall.run(4.5)
    assert {chat for _, chat in hall.starts} == {2, 3}
    assert hall.pace.wait(1) == pytest.approx(0.5)
    await hall.run(1)
    assert hall.times(1)[0] >= 5


async def test_two_chats_told_to_wait_with_nothing_accepted_between_halt_all(hall: Hall) -> None:
    hall.pace.halt(5, 1)
    hall.pace.halt(5, 2)
    for chat in range(3, 103):
        hall.send(chat)
    await hall.run(4.9)
    assert hall.starts == []
    await hall.run(0.2)
    assert len(hall.starts) >= 1


async def test_single_chats_that_must_wait_do_not_halt_all(hall: Hall) -> None:
    for chat in (1, 2, 3):
        hall.pace.halt(40_000, chat)
        hall.pace.accepted()
    hall.send(4)
    await hall.run(0.1)
    assert len(hall.starts) == 1


async def test_a_mistaken_halt_of_all_ends_within_a_minute(hall: Hall) -> None:
    hall.pace.halt(40_000, 1)
    hall.pace.halt(40_000, 2)
    hall.send(3)
    await hall.run(61, step=0.5)
    assert len(hall.starts) == 1


async def test_nothing_escapes_in_a_burst_after_a_halt(hall: Hall) -> None:
    hall.latency = 0.1
    hall.pace.halt(3)
    for chat in range(1, 201):
        hall.send(chat)
    await hall.run(3.15)
    assert len(hall.starts) <= 2  # one at a time until one is accepted
    hall.pace.accepted()
    await hall.run(4)
    assert hall.most_in(1.0) <= 30
    assert max(hall.times().count(at) for at in hall.times()) <= 2


async def test_giving_up_waiting_costs_nothing(hall: Hall) -> None:
    hall.pace.limits = Limits(per_second=1)
    for chat in range(1, 6):
        hall.send(chat)
    await hall.run(0.1)
    for task in hall.tasks[1:4]:
        task.cancel()
    await hall.run(2.2)
    assert [chat for _, chat in hall.starts] == [1, 5]


async def test_patience_ends(hall: Hall) -> None:
    hall.pace.halt(100, 1)
    with pytest.raises(TimeoutError):
        async with hall.pace.turn(1, patience=0.01):
            raise AssertionError
    hall.send(2)
    await hall.run(0.1)
    assert len(hall.starts) == 1


async def test_quiet_chats_are_forgotten(hall: Hall) -> None:
    for chat in range(1, 101):
        hall.send(chat)
    await hall.run(5)
    await hall.run(70, step=1)
    hall.send(500)
    await hall.run(0.1)
    assert len(hall.pace._rooms) <= 2


async def test_replies_of_the_library_take_turns_and_wait_out_a_429() -> None:
    pace = Pace(Limits(per_second=1000, per_chat_second=1000))
    async with BotApi(answers={1: [refusal(429, "Too Many Requests: retry after 1", retry_after=1)]}) as api:
        async with ExtBot(TOKEN, base_url=api.url, rate_limiter=PacedLimiter(pace)) as bot:
            await asyncio.gather(bot.send_message(1, "a"), bot.send_message(2, "b"))
        assert api.texts(2) == ["b"]
        assert api.texts(1) == ["a"]
        assert api.asked == 3


async def test_a_reply_that_would_wait_for_hours_fails_at_once() -> None:
    pace, wait = Pace(), refusal(429, "Too Many Requests: retry after 40000", retry_after=40_000)
    async with (
        BotApi(answers={1: [wait]}) as api,
        ExtBot(TOKEN, base_url=api.url, rate_limiter=PacedLimiter(pace)) as bot,
    ):
        with pytest.raises(RetryAfter):
            await bot.send_message(1, "a")
    assert pace.wait(1) > 39_000
    assert pace.wait(2) == 0


async def test_taps_and_edits_are_answered_at_once() -> None:
    pace = Pace()
    async with (
        BotApi() as api,
        ExtBot(TOKEN, base_url=api.url, rate_limiter=PacedLimiter(pace)) as bot,
    ):
        await bot.send_message(1, "a")
        async with asyncio.timeout(0.5):
            await bot.edit_message_text("b", 1, 1)
            await bot.edit_message_text("c", 1, 1)
    assert api.edits == ["b", "c"]


async def test_a_call_under_a_turn_that_its_task_holds_passes() -> None:
    pace = Pace()
    async with BotApi() as api, ExtBot(TOKEN, base_url=api.url, rate_limiter=PacedLimiter(pace)) as bot:
        async with asyncio.timeout(0.9), pace.turn(1):
            await bot.send_message(1, "a")
        assert api.texts(1) == ["a"]
