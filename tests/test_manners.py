import asyncio

from bot.manners import BURST, PER_SECOND, Manners, shown_while_waiting


class Time:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_who_floods_is_told_once_and_then_ignored_while_others_are_answered() -> None:
    manners = Manners(Time())
    said = [manners.heard(1) for _ in range(BURST + 10)]
    assert said == ["answer"] * BURST + ["warn"] + ["ignore"] * 9
    assert manners.heard(2) == "answer"


def test_who_waits_is_answered_again() -> None:
    time = Time()
    manners = Manners(time)
    for _ in range(BURST + 5):
        manners.heard(1)
    time.at += 3 / PER_SECOND
    assert [manners.heard(1) for _ in range(4)] == ["answer"] * 3 + ["ignore"]
    time.at += 3600
    assert [manners.heard(1) for _ in range(BURST + 2)] == ["answer"] * BURST + ["warn", "ignore"]


def test_people_who_are_quiet_are_forgotten() -> None:
    time = Time()
    manners = Manners(time)
    for person in range(5000):
        time.at += 1
        manners.heard(person)
    assert len(manners.buckets) < 1100


async def test_a_long_wait_is_shown_and_a_short_one_is_not() -> None:
    shown = []

    async def show() -> None:
        shown.append(1)

    async with shown_while_waiting(show):
        await asyncio.sleep(0.01)
    assert shown == []
    async with shown_while_waiting(show):
        await asyncio.sleep(1.0)
    assert shown == [1]
