"""The settings of a chat: what is pressed and what is typed do the same, and each says what it did."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot.choices import SETTINGS, Unfit, read_clock, read_date, set_days, set_pause, set_quiet
from bot.editions import plan
from db.subscribers import mute, subscribe, subscriber_in, subscription_for, subscription_in
from db.tables import Source, Subscriber, Subscription
from tests.product import MORNING, Product, product
from tests.test_day import BRIDGE
from tests.test_subscriber import told

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # a Tuesday


def pair() -> tuple[Subscriber, Subscription]:
    subscriber = Subscriber(chat_id=1, zone="Europe/Kyiv", created_at=NOW)
    return subscriber, Subscription(subscriber_id=1, hours=[450], created_at=NOW)


async def stored(day: Product, chat_id: int) -> tuple[Subscriber, Subscription]:
    found = await day.database.read(subscription_in, chat_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("7", 420), ("7:30", 450), ("07.30", 450), ("7:30 pm", 1170), ("12 am", 0), ("12 pm", 720), ("0:00", 0)],
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, minute: int) -> None:
    assert read_clock(typed) == minute


@pytest.mark.parametrize("typed", ["", "25", "7:60", "noon", "-1", "7:30:00", "٧", "7:3x", "777"])
def test_what_is_no_time_of_day_is_not_read_as_one(typed: str) -> None:
    assert read_clock(typed) is None


@pytest.mark.parametrize(
    ("typed", "days"),
    [("mon-fri", [0, 1, 2, 3, 4]), ("sat sun", [5, 6]), ("fri-mon", [0, 4, 5, 6]), ("all", []), ("1,3", [0, 2])],
)
def test_days_are_read_by_name_number_and_range(typed: str, days: list[int]) -> None:
    subscriber, subscription = pair()
    set_days(subscriber, subscription, typed, NOW)
    assert subscription.weekdays == days


def test_days_are_read_in_other_languages() -> None:
    subscriber, subscription = pair()
    set_days(subscriber, subscription, "понеділок, Mittwoch, п’ятниця", NOW)
    assert subscription.weekdays == [0, 2, 4]


def test_quiet_hours_may_run_across_midnight() -> None:
    subscriber, subscription = pair()
    set_quiet(subscriber, subscription, "22:00-7:00", NOW)
    assert (subscriber.quiet_from, subscriber.quiet_to) == (1320, 420)
    set_quiet(subscriber, subscription, "off", NOW)
    assert (subscriber.quiet_from, subscriber.quiet_to) == (None, None)


def test_a_pause_ends_on_its_day_with_the_first_brief_of_it() -> None:
    subscriber, subscription = pair()
    set_pause(subscriber, subscription, "2026-12-01", NOW)
    plan(subscription, subscriber.zone, NOW)
    assert subscription.due_at == datetime(2026, 12, 1, 5, 30, tzinfo=UTC)
    set_pause(subscriber, subscription, "off", NOW)
    plan(subscription, subscriber.zone, NOW)
    assert subscription.due_at == datetime(2026, 11, 25, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2026-11-24", "2020-01-01", "2031-01-01", "31.2.", "0", "soon"])
def test_a_pause_needs_a_day_within_a_year(typed: str) -> None:
    with pytest.raises(Unfit):
        set_pause(*pair(), typed, NOW)


def test_a_date_without_a_year_is_the_next_one() -> None:
    today = date(2026, 11, 24)
    assert read_date("15.1.", today) == date(2027, 1, 15)
    assert read_date("1.12", today) == date(2026, 12, 1)
    for typed in ("3", "3 days", "3 Tage", "3 дні", "3d"):
        assert read_date(typed.lower(), today) == date(2026, 11, 27)
    assert read_date("3 weeks", today) is None


@given(st.sampled_from(SETTINGS), st.text(max_size=80), st.booleans())
def test_whatever_is_typed_is_set_rightly_or_refused(setting: object, words: str, toggled: bool) -> None:
    one = next(s for s in SETTINGS if s is setting)
    subscriber, subscription = pair()
    try:
        (one.toggle if toggled and one.toggle else one.change)(subscriber, subscription, words, NOW)
    except Unfit:
        return
    plan(subscription, subscriber.zone, NOW)
    assert subscription.hours == sorted(set(subscription.hours))
    assert all(0 <= minute < 1440 for minute in subscription.hours)
    assert set(subscription.weekdays) <= set(range(7))


async def settled(day: Product) -> None:
    """The reader gets everything, at eight, in Berlin."""
    reader = day.playground.reader
    reader.started = True

    def settle(session: Session) -> None:
        subscriber = subscribe(session, reader.id, "private", "en", "Europe/Berlin", MORNING)
        subscriber.zone_chosen = True
        subscription = subscription_for(session, subscriber, 0, MORNING)
        subscription.hours = [480]
        plan(subscription, subscriber.zone, MORNING)

    await day.database.write(settle)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hours 7:30 19:00", "Next brief: Tuesday 7:30"),
        ("days sat", "Next brief: Saturday 8:00"),
        ("zone Kyiv", "Kyiv"),
        ("length full", "Full: up to eight"),
        ("pictures on", "with a picture"),
        ("silent on", "without a sound"),
        ("language en", "English"),
        ("reads uk de", "Ukrainian and German"),
        ("quiet 22:00 7:00", "Quiet from 10:00"),
        ("exclude football, horoscope", "“football” and “horoscope”"),
        ("pause 2026-12-01", "December 1"),
    ],
)
async def test_every_setting_can_be_typed_and_says_what_it_does(tmp_path: Path, typed: str, said: str) -> None:
    async with product(tmp_path) as day:
        await settled(day)
        answer = await day.ask(day.playground.reader, f"/settings {typed}")
        assert said in answer.text.split("\n")[0].replace("\u202f", " ")


async def test_one_message_edits_itself_through_all_settings(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await settled(day)
        page = await day.ask(reader, "/settings")
        count = len(day.playground.sent(reader))
        for data in (
            "set:hours", "set:hours:18:00", "set:days", "set:days:5", "set:days:6", "set", "set:length",
            "set:length:headlines", "set:pictures:on", "set:silent:on", "set:quiet:22:00 7:00", "set:pause:7",
            "set:pause:off", "set:reads:uk", "set:zone:Europe/Kyiv", "set:language", "set:exclude", "set:unmute", "set",
        ):  # fmt: skip
            await day.playground.answer_to(day.playground.press_data(reader, page, data), 10)
        assert len(day.playground.sent(reader)) == count
        subscriber, subscription = await stored(day, reader.id)
        assert subscription.hours == [480, 1080]
        assert subscription.weekdays == [0, 1, 2, 3, 4]
        assert (subscriber.length, subscriber.pictures, subscriber.silent) == ("headlines", True, True)
        assert (subscriber.quiet_from, subscriber.quiet_to, subscriber.zone) == (1320, 420, "Europe/Kyiv")
        assert subscriber.reads == ["en", "uk"]
        assert (subscription.state, subscription.paused_until) == ("active", None)
        assert "Next brief: Tuesday" in page.text


async def test_words_to_leave_out_are_asked_for_and_brought_back(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await settled(day)
        page = await day.ask(reader, "/settings exclude")
        await day.press(reader, page, "Type it")
        assert "football" in page.text
        assert "Left out: stories with “chess”" in (await day.ask(reader, "chess")).text
        page = await day.ask(reader, "/settings exclude")
        await day.press(reader, page, "Bring back “chess”")
        assert (await stored(day, reader.id))[1].exclude == []


async def test_what_was_muted_is_listed_and_comes_again(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader, admin = day.playground.reader, day.playground.admin
        day.paper.publish("Old Bridge closed to lorries", BRIDGE)
        await day.press(admin, await day.ask(admin, f"/addsource {day.paper.address}"), "Add it")
        await settled(day)
        subscriber = await day.database.read(subscriber_in, reader.id)
        assert subscriber is not None
        await day.database.write(mute, subscriber.id or 0, "source", 1, MORNING)
        page = await day.ask(reader, "/settings unmute")
        assert "source 1: The Lantern" in page.text
        await day.press(reader, page, "The Lantern")
        assert "1 of them comes again" in page.text
        assert "Nothing is muted" in (await day.ask(reader, "/settings unmute")).text


async def test_a_wrong_value_or_an_old_button_is_answered_with_what_to_do(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        assert "/start" in (await day.ask(reader, "/settings")).text
        await settled(day)
        assert "such as 7:30" in (await day.ask(reader, "/settings hours noon")).text
        assert "There are:" in (await day.ask(reader, "/settings colour blue")).text
        page = await day.ask(reader, "/settings")
        for data in ("set:days:9", "set:length:huge", "set:zone:Mars/Base", "set:nothing", "set:reads:xx"):
            answer = await day.playground.answer_to(day.playground.press_data(reader, page, data), 10)
            assert answer["text"], data


async def test_only_administrators_change_the_settings_of_a_group(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, group = day.playground.admin, day.playground.group
        day.playground.join(group)
        await day.playground.next_message(group, 10)  # it greets
        day.clock.at += timedelta(minutes=1)
        await day.ask(admin, "/start", chat=group)
        refused = await day.ask(day.playground.reader, "/settings silent on", chat=group)
        assert "administrator" in refused.text
        day.clock.at += timedelta(minutes=1)
        assert "without a sound" in (await day.ask(admin, "/settings silent on", chat=group)).text


async def test_an_outlet_is_muted_below_its_story_and_comes_back_there_too(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await day.database.write(told, day.clock.at)
        await day.database.write(rename, "Salt & Light")
        await settled(day)
        answer = await day.ask(reader, "/latest bridge")
        await day.press(reader, answer, "1")
        answer = day.playground.sent(reader)[-1]
        await day.press(reader, answer, "Sources")
        pressed = await day.press(reader, answer, "Mute Salt & Light")
        assert pressed["text"] == "Muted: what only Salt & Light tells does not come."
        assert "source 1: Salt & Light" in (await day.ask(reader, "/settings unmute")).text
        await day.press(reader, answer, "Unmute Salt & Light")
        assert "Nothing is muted" in (await day.ask(reader, "/settings unmute")).text
        old = await day.playground.answer_to(day.playground.press_data(reader, answer, "mute-source:1:99"), 10)
        assert "too old" in old["text"]


def rename(session: Session, title: str) -> None:
    session.get_one(Source, 1).title = title
