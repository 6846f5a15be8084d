"""Sending the ledger: what Telegram answers, what the network does, and that nothing is lost or repeated."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from telegram import Bot

from bot.outage import Notice
from bot.pace import Limits, Pace
from bot.push import SENT_AGAIN, Pusher
from db.deliveries import claim, come_back, ledger, parked, send_again
from db.engine import Database, open_database
from db.records import Part
from db.tables import Delivery, Rendered, Subscriber, Subscription
from tests.botapi import DROP, HTML_502, SWALLOW, TOKEN, Answer, BotApi, refusal
from tests.ledger import NOW, owe_chats, owe_parts, part, states, subscribe, told


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


class Desk:
    """A pusher with all that it needs, and the double it sends to."""

    def __init__(self, api: BotApi, database: Database, pusher: Pusher, clock: Clock, notices: list[Notice]) -> None:
        self.api, self.database, self.pusher, self.clock, self.notices = api, database, pusher, clock, notices

    def owe(self, *chats: int, parts: int = 1) -> None:
        self.database.write_now(owe_chats, chats, parts)

    def answer(self, chat: int, *answers: Answer) -> None:
        self.api.answers[chat] = list(answers)

    async def rounds(self, number: int, **apart: float) -> None:
        for _ in range(number):
            await self.pusher.step()
            self.clock.forward(**apart)

    def states(self, chat: int) -> list[str]:
        return self.database.read_now(states, chat)

    def plain(self, chat: int) -> list[str]:
        return [text.replace("<b>", "").replace("</b>", "") for text in self.api.texts(chat)]


@pytest.fixture(autouse=True)
def _time_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns of its own RetryAfter


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path}/triptych.db")


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    clock, notices = Clock(), []

    async def tell(notice: Notice) -> None:
        notices.append(notice)

    async with BotApi() as api:
        pace = Pace(Limits(per_second=1000, per_chat_second=1000, per_group_minute=1000))
        pusher = Pusher(await api.bot(), database, pace, clock.now, tell=tell)
        yield Desk(api, database, pusher, clock, notices)
    database.close()


async def test_everything_owed_is_sent_once_and_in_order(desk: Desk) -> None:
    desk.owe(*range(1, 21), parts=3)
    await desk.pusher.step()
    assert all(desk.plain(chat) == [f"{chat}/0", f"{chat}/1", f"{chat}/2"] for chat in range(1, 21))
    assert desk.database.read_now(ledger) == {"sent": 60}
    assert desk.api.busiest == 1


async def test_nothing_is_sent_before_it_is_due(desk: Desk) -> None:
    desk.database.write_now(lambda s: owe_parts(s, subscribe(s, 1), [part("later")], at=NOW + timedelta(minutes=5)))
    await desk.pusher.step()
    assert desk.api.asked == 0
    desk.clock.forward(minutes=5)
    await desk.pusher.step()
    assert desk.plain(1) == ["later"]


async def test_a_message_carries_its_buttons_topic_reply_and_silence(desk: Desk) -> None:
    def owe_full(session: Session) -> None:
        buttons = ((("More", "more:1"), ("Read", "https://outlet.example/a")),)
        owe_parts(session, subscribe(session, -5, 7), [Part("<b>a</b>", "a", buttons, "https://outlet.example/a")])
        row = session.exec(select(Delivery)).one()
        row.reply_to, row.silent = 31, True

    desk.database.write_now(owe_full)
    await desk.pusher.step()
    (message,) = desk.api.accepted
    assert message["message_thread_id"] == "7"
    assert message["disable_notification"] == "True" or message["disable_notification"] == "true"
    assert '"message_id": 31' in message["reply_parameters"]
    assert "more:1" in message["reply_markup"]
    assert "https://outlet.example/a" in message["reply_markup"]
    assert "https://outlet.example/a" in message["link_preview_options"]


async def test_what_was_told_is_what_was_sent(desk: Desk) -> None:
    def owe_two(session: Session) -> int:
        subscription = subscribe(session, 1)
        owe_parts(session, subscription, [part("a", (1, 2), (9,)), part("b", (3,), (9,))])
        return subscription

    subscription = desk.database.write_now(owe_two)
    desk.answer(1, (200, {"ok": True, "result": {"message_id": 5, "date": 0, "chat": {"id": 1, "type": "private"}}}))
    desk.answer(1, refusal(429, "Too Many Requests: retry after 5", retry_after=5))
    desk.api.answers[1] = []
    desk.clock.forward(seconds=2)
    assert desk.database.read_now(told, subscription, NOW).bullets == {}
    assert set(desk.database.read_now(told, subscription, NOW, waiting=True).bullets) == {1, 2, 3}
    await desk.pusher.step()
    assert desk.database.read_now(told, subscription, NOW).bullets == dict.fromkeys((1, 2, 3), NOW)
    assert set(desk.database.read_now(told, subscription, NOW).stories) == {9}


@pytest.mark.parametrize("seconds", [1, 35, 40_000])
async def test_a_chat_told_to_wait_waits_and_the_others_do_not(desk: Desk, seconds: int) -> None:
    desk.owe(1, 2, 3, parts=2)
    desk.answer(1, refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds))
    await desk.pusher.step()
    assert desk.plain(1) == []
    assert [desk.plain(chat) for chat in (2, 3)] == [["2/0", "2/1"], ["3/0", "3/1"]]
    desk.clock.forward(seconds=seconds - 0.5)
    await desk.pusher.step()
    assert desk.plain(1) == []
    desk.pusher.pace = Pace(Limits(1000, 1000, 1000))  # as after a restart: the ledger remembers the pause
    desk.clock.forward(seconds=2)
    await desk.pusher.step()
    assert desk.plain(1) == ["1/0", "1/1"]


AWAY: Sequence[tuple[int, str]] = [
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot was kicked from the supergroup chat"),
    (403, "Forbidden: bot is not a member of the channel chat"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: not enough rights to send text messages to the chat"),
    (400, "Bad Request: need administrator rights in the channel chat"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    (400, "Bad Request: SLOWMODE_WAIT_30"),
]


@pytest.mark.parametrize(("code", "description"), AWAY)
async def test_blocked_chat_does_not_stop_the_rest(desk: Desk, code: int, description: str) -> None:
    desk.owe(1, 2, parts=3)
    desk.answer(1, refusal(code, description))
    await desk.rounds(3, hours=1)
    assert desk.states(1) == ["refused"] * 3
    assert desk.plain(2) == ["2/0", "2/1", "2/2"]
    assert desk.api.asked == 4
    subscriber = desk.database.read_now(lambda s: s.exec(select(Subscriber).where(Subscriber.chat_id == 1)).one())
    assert subscriber.state == "away"
    assert subscriber.reason
    assert [notice.kind for notice in desk.notices] == ["away"]


async def test_a_chat_that_was_away_comes_back(desk: Desk) -> None:
    desk.owe(1)
    desk.answer(1, refusal(403, "Forbidden: bot was blocked by the user"))
    await desk.pusher.step()
    assert desk.database.write_now(come_back, 1)
    assert not desk.database.write_now(come_back, 1)
    desk.database.write_now(lambda s: owe_parts(s, 1, [part("again")], slot=600))
    await desk.pusher.step()
    assert desk.plain(1) == ["again"]


async def test_a_closed_topic_stops_only_that_topic(desk: Desk) -> None:
    def owe_topics(session: Session) -> None:
        for thread in (3, 4):
            owe_parts(session, subscribe(session, -9, thread), [part(f"{thread}/0"), part(f"{thread}/1")])

    desk.database.write_now(owe_topics)
    desk.answer(-9, refusal(400, "Bad Request: TOPIC_CLOSED"))
    await desk.pusher.step()
    assert desk.plain(-9) == ["4/0", "4/1"]
    assert desk.states(-9) == ["refused", "refused", "sent", "sent"]
    rows = desk.database.read_now(lambda s: s.exec(select(Subscription.state).order_by(col(Subscription.id))).all())
    assert rows == ["away", "active"]
    assert desk.database.write_now(come_back, -9)


async def test_a_group_that_became_a_supergroup_is_sent_to_once_under_its_new_id(desk: Desk) -> None:
    desk.owe(-7, parts=2)
    said = "Bad Request: group chat was upgraded to a supergroup chat"
    desk.answer(-7, refusal(400, said, migrate_to_chat_id=-1007))
    await desk.pusher.step()
    assert desk.plain(-7) == []
    assert desk.plain(-1007) == ["-7/0", "-7/1"]
    subscriber = desk.database.read_now(lambda s: s.exec(select(Subscriber)).one())
    assert (subscriber.chat_id, subscriber.kind, subscriber.state) == (-1007, "supergroup", "active")


async def test_refused_markup_is_sent_as_plain_text(desk: Desk) -> None:
    desk.owe(1, 2)
    desk.answer(1, refusal(400, "Bad Request: can't parse entities: Unsupported start tag at byte offset 0"))
    await desk.pusher.step()
    (message,) = [message for message in desk.api.accepted if message["chat_id"] == 1]
    assert message["text"] == "1/0"
    assert "parse_mode" not in message


async def test_what_telegram_never_takes_is_parked_and_shown(desk: Desk) -> None:
    desk.owe(1, 2, parts=2)
    desk.answer(1, *[refusal(400, "Bad Request: message is too long")] * 3)
    await desk.pusher.step()
    assert desk.states(1) == ["parked", "sent"]
    assert desk.plain(2) == ["2/0", "2/1"]
    (row,) = desk.database.read_now(parked)
    assert row.error == "Message is too long"
    assert [(notice.kind, notice.delivery_id) for notice in desk.notices] == [("parked", row.id)]


async def test_a_lost_answer_is_followed_by_one_marked_copy(desk: Desk) -> None:
    desk.owe(1, 2, parts=2)
    desk.answer(1, SWALLOW)
    await desk.pusher.step()
    assert desk.states(1) == ["in_doubt", "owed"]
    await desk.rounds(3, seconds=20)
    first, second, third = desk.api.texts(1)
    assert first == "<b>1/0</b>"
    assert second == f"<i>{SENT_AGAIN}</i>\n\n<b>1/0</b>"
    assert third == "<b>1/1</b>"
    assert desk.states(1) == ["sent", "sent"]


async def test_in_doubt_twice_is_parked_until_an_admin_decides(desk: Desk) -> None:
    desk.owe(1, parts=2)
    desk.answer(1, SWALLOW, DROP)
    await desk.rounds(4, seconds=20)
    assert desk.states(1) == ["parked", "sent"]
    assert desk.plain(1) == ["1/0", "1/1"]
    (row,) = desk.database.read_now(parked)
    assert row.id is not None
    assert [notice.delivery_id for notice in desk.notices if notice.kind == "parked"] == [row.id]
    assert desk.database.write_now(send_again, row.id, desk.clock.time)
    await desk.pusher.step()
    assert desk.plain(1)[-1] == f"<i>{SENT_AGAIN}</i>\n\n1/0"


async def test_a_claim_found_at_start_is_in_doubt_and_a_second_time_parked(desk: Desk) -> None:
    desk.owe(1, 2)

    def die(session: Session) -> None:
        assert claim(session, [1], desk.clock.time)

    desk.database.write_now(die)
    await desk.pusher._recover()
    assert (desk.states(1), desk.states(2)) == (["in_doubt"], ["owed"])
    desk.clock.forward(minutes=1)
    desk.database.write_now(die)
    await desk.pusher._recover()
    assert desk.states(1) == ["parked"]
    await desk.pusher.step()
    assert (desk.plain(1), desk.plain(2)) == ([], ["2/0"])
    assert [notice.kind for notice in desk.notices] == ["parked"]


@pytest.mark.parametrize("fault", [DROP, SWALLOW, HTML_502])
async def test_a_fifth_of_requests_failing_loses_nothing(desk: Desk, fault: str) -> None:
    desk.owe(*range(1, 41), parts=2)
    desk.api.faults = {fault: 0.2}
    await settle_all(desk, lambda: desk.clock.forward(seconds=20))
    counts = desk.database.read_now(ledger)
    assert counts.get("sent", 0) + counts.get("parked", 0) == 80
    assert counts.get("parked", 0) < 20
    stuck = {row.id for row in desk.database.read_now(parked)}
    for chat in range(1, 41):
        texts = desk.plain(chat)
        for number in range(2):
            copies = [text for text in texts if text.endswith(f"{chat}/{number}")]
            assert len(copies) <= 2
            assert copies or stuck
            assert all(SENT_AGAIN in text for text in copies[1:])
            assert fault == SWALLOW or len(copies) <= 1


async def until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 (the double has no event for it)
        await asyncio.sleep(0.01)


async def settle_all(desk: Desk, between: Callable[[], None]) -> None:
    """Rounds until nothing is owed."""
    for _ in range(200):
        await desk.pusher.step()
        between()
        open_states = {"owed", "in_doubt", "sending"} & set(desk.database.read_now(ledger))
        if not open_states:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(desk.database.read_now(ledger))


async def test_a_two_hour_outage_is_said_once_and_costs_nothing(desk: Desk) -> None:
    desk.owe(*range(1, 31), parts=2)
    wire = desk.pusher.bot
    desk.pusher.bot = Bot(TOKEN, base_url="http://127.0.0.1:1/bot")  # nobody listens there
    desk.pusher.outage.pause = 0.01
    await desk.rounds(12, minutes=10)
    await asyncio.sleep(0.05)
    await desk.rounds(1)
    assert desk.database.read_now(ledger) == {"owed": 60}
    assert [notice.kind for notice in desk.notices] == ["outage"]
    desk.pusher.outage.stop()
    desk.pusher.bot, desk.pusher.outage._looking = wire, None
    await settle_all(desk, lambda: desk.clock.forward(seconds=20))
    await desk.pusher.step()
    assert all(desk.plain(chat) == [f"{chat}/0", f"{chat}/1"] for chat in range(1, 31))
    assert [notice.kind for notice in desk.notices] == ["outage", "back"]


async def test_a_database_that_is_held_by_another_process_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.engine.BUSY_SECONDS", 0.1)
    database = open_database(f"sqlite:///{tmp_path}/triptych.db")
    database.write_now(owe_chats, range(1, 31))
    async with BotApi(latency=0.05) as api:
        pace = Pace(Limits(1000, 1000, 1000))
        pusher = Pusher(await api.bot(), database, pace, lambda: NOW, flights=5)
        task = asyncio.create_task(pusher.run())
        await until(lambda: api.asked >= 5)
        other = sqlite3.connect(tmp_path / "triptych.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(1.0)
        sent_meanwhile = len(api.accepted)
        other.execute("COMMIT")
        other.close()
        await until(lambda: len(api.accepted) == 30)
        pusher.stop()
        await task
        assert sent_meanwhile <= 10
        assert [len(api.texts(chat)) for chat in range(1, 31)] == [1] * 30
    assert database.read_now(ledger) == {"sent": 30}
    database.close()


async def test_a_refused_token_stops_sending_and_keeps_everything(desk: Desk) -> None:
    desk.owe(1, 2, 3)
    desk.api.token_refused = True
    await desk.pusher.step()
    await desk.pusher.step()
    assert desk.database.read_now(ledger) == {"owed": 3}
    assert [notice.kind for notice in desk.notices] == ["token"]
    desk.api.token_refused = False
    await settle_all(desk, lambda: desk.clock.forward(seconds=1))
    assert desk.database.read_now(ledger) == {"sent": 3}
    assert [notice.kind for notice in desk.notices] == ["token", "back"]


async def test_a_pusher_that_is_stopped_finishes_the_send_in_hand(desk: Desk) -> None:
    desk.owe(*range(1, 21))
    desk.api.latency = 0.2
    task = asyncio.create_task(desk.pusher.run())
    await until(lambda: desk.api.asked >= 5)
    desk.pusher.stop()
    async with asyncio.timeout(5):
        await task
    counts = desk.database.read_now(ledger)
    assert counts.get("sent") == len(desk.api.accepted)
    assert "sending" not in counts
    assert "in_doubt" not in counts


async def test_a_running_pusher_is_woken_by_new_work(desk: Desk) -> None:
    task = asyncio.create_task(desk.pusher.run())
    await asyncio.sleep(0.1)
    desk.owe(1)
    desk.pusher.wake()
    async with asyncio.timeout(0.8):
        await until(lambda: bool(desk.api.accepted))
    desk.pusher.stop()
    await task


async def test_a_message_that_cannot_be_made_is_parked_alone(desk: Desk) -> None:
    desk.owe(1, 2, parts=2)

    def spoil(session: Session) -> None:
        session.get_one(Rendered, session.get_one(Delivery, 1).rendered_id).buttons = [[["no address"]]]

    desk.database.write_now(spoil)
    await desk.pusher.step()
    assert desk.states(1) == ["parked", "sent"]
    assert desk.plain(2) == ["2/0", "2/1"]
