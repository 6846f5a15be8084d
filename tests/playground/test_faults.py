"""Faults on purpose, and the limits on sending."""

from datetime import timedelta

import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.playground import Playground
from bot.playground.faults import bad_gateway, delay, drop, refuse, silence
from bot.playground.rate import RateLimit
from bot.playground.refusals import bad_request, forbidden
from tests.playground.conftest import bot_at


async def test_faults_are_spent_on_sending_requests_in_order(playground: Playground, bot: Bot, reader: int) -> None:
    playground.faults.extend(
        [
            refuse(forbidden("bot was blocked by the user")),
            drop(accepted=False),
            drop(accepted=True),
            bad_gateway(),
            delay(0.01),
        ]
    )
    with pytest.raises(Forbidden):
        await bot.send_message(reader, "refused")
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(reader, "lost before")
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(reader, "lost after")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(reader, "bad gateway")
    await bot.send_message(reader, "late")
    assert [m.text for m in playground.sent(reader)] == ["lost after", "late"]


async def test_an_answer_that_never_comes_is_a_time_out_although_accepted(
    playground: Playground, address: str, reader: int
) -> None:
    playground.faults.append(silence(accepted=True))
    async with bot_at(address, playground.token, seconds=0.2) as impatient:
        with pytest.raises(TimedOut):
            await impatient.send_message(reader, "did it come?")
    assert [m.text for m in playground.sent(reader)] == ["did it come?"]


async def test_a_callable_decides_for_every_request(playground: Playground, bot: Bot, reader: int) -> None:
    playground.fault_for = lambda call: refuse(bad_request("no")) if "secret" in call.text("text") else None
    await bot.send_message(reader, "open")
    with pytest.raises(BadRequest):
        await bot.send_message(reader, "secret")
    asked = [(call.method, call.refusal is None) for call in playground.calls]
    assert asked[-2:] == [("sendMessage", True), ("sendMessage", False)]


async def test_the_31st_message_in_a_second_is_refused(
    playground: Playground, bot: Bot, reader: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    seconds = [100.0]
    playground.rate = RateLimit(clock=lambda: seconds[0])
    for n in range(30):
        await bot.send_message(reader, str(n))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(reader, "30")
    assert refused.value.retry_after == timedelta(seconds=1)
    seconds[0] += 1
    await bot.send_message(reader, "31")
    rate = playground.rate
    assert (len(rate.accepted), len(rate.refused), rate.most_in_a_second()) == (31, 1, 30)


def test_a_chat_and_a_group_have_limits_of_their_own_when_asked() -> None:
    seconds = [0.0]
    rate = RateLimit(None, chat_per_second=1, group_per_minute=20, clock=lambda: seconds[0])
    assert rate.admit(1) is None
    assert rate.admit(1) is not None
    assert rate.admit(2) is None
    for n in range(20):
        seconds[0] = 10 + n
        assert rate.admit(-3, group=True) is None
    seconds[0] = 31
    refused = rate.admit(-3, group=True)
    assert refused is not None
    assert refused.parameters == {"retry_after": 39}
