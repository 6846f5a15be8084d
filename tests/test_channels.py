"""A channel is bound and set up from the private chat, by those who administer it, and by nobody else."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.playground.chats import Message
from db.subscribers import channels_of, subscription_in
from db.tables import Subscriber, Subscription
from tests.product import Product, product
from tests.test_subscriber import told


async def bound(day: Product) -> Message:
    """The message that asks what to bring there."""
    admin, channel = day.playground.admin, day.playground.channel
    day.playground.join(channel)
    await day.ask(admin, f"/channel @{channel.username}")

    def asked() -> Message | None:
        return next((one for one in day.playground.sent(admin) if one.text.startswith(f"{channel.title}\n")), None)

    return await day.playground.until(asked, 10)


async def set_up(day: Product) -> Message:
    asked = await bound(day)
    for button in ("Everything", "8:00 AM", "Short"):
        label = next((one for one in asked.labels if one.replace("\u202f", " ") == button), button)
        await day.press(day.playground.admin, asked, label)
        if "What time is it" in asked.text:
            zone = next(b["callback_data"] for b in asked.buttons if b["callback_data"].endswith("Europe/Berlin"))
            await day.press(day.playground.admin, asked, zone)
    await day.playground.until(lambda: "Unbind" in asked.labels or None, 10)
    return asked


async def stored(day: Product) -> tuple[Subscriber, Subscription]:
    found = await day.database.read(subscription_in, day.playground.channel.id)
    assert found is not None
    return found


async def test_a_channel_is_bound_in_four_steps_and_its_briefs_are_posted_there(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        page = await set_up(day)
        subscriber, subscription = await stored(day)
        assert (subscriber.kind, subscriber.title) == ("channel", "Morning in three panels")
        assert (subscription.hours, subscriber.zone, subscriber.length) == ([480], "Europe/Berlin", "short")
        assert page.text.startswith("Morning in three panels")
        assert "Next brief:" in page.text
        assert day.playground.sent(day.playground.channel) == []
        answer = await day.press(day.playground.admin, page, "Post a brief now")
        assert answer["text"] == "It is being posted."
        assert "bridge" in (await day.playground.next_message(day.playground.channel, 10)).text.lower()
        day.clock.at += timedelta(hours=25)
        await day.bot.tick()
        answer = await day.press(day.playground.admin, page, "Post a brief now")
        assert answer["text"] == "There is nothing new to post."
        assert len(day.playground.sent(day.playground.channel)) == 1


async def test_without_a_channel_it_is_explained_and_one_can_be_shared_or_forwarded(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, channel = day.playground.admin, day.playground.channel
        explained = await day.ask(admin, "/channel")
        assert "Make me an administrator" in explained.text
        assert explained.labels == ["Choose a channel"]
        day.playground.share(admin, channel, 1)
        await day.playground.next_message(admin)
        assert "is bound" in (await day.playground.next_message(admin, 10)).text
        assert "What should I bring" in (await day.playground.next_message(admin, 10)).text
        other = day.playground.add_chat("channel", "Evening", {admin.id: "creator"})
        day.playground.join(other)
        listed = await day.ask(admin, "/channel")
        await day.press(admin, listed, "Another channel")
        post = day.playground.add_message(other, None, text="Good evening")
        before = len(day.playground.sent(admin))
        day.playground.say(admin, "Good evening", forwarded_from=post)
        await day.playground.until(lambda: len(day.playground.sent(admin)) >= before + 2 or None, 10)
        assert [one.title for one in await day.database.read(channels_of, admin.id)] == [channel.title, "Evening"]


async def test_only_an_administrator_binds_and_only_where_the_bot_may_post(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader, admin, channel = day.playground.reader, day.playground.admin, day.playground.channel
        assert "cannot see that channel" in (await day.ask(admin, "/channel @nobody_has_this")).text
        assert "I may not post" in (await day.ask(admin, "/channel @morning_panels")).text
        day.playground.join(channel)
        assert "Only an administrator" in (await day.ask(reader, "/channel https://t.me/morning_panels")).text
        assert "such as @my_channel" in (await day.ask(reader, "/channel ???")).text
        assert await day.database.read(subscription_in, channel.id) is None


async def test_its_settings_are_changed_from_the_private_chat_pressed_and_typed(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        page = await set_up(day)
        for data in ("set:silent:on", "set:length:full", "set:days:6", "set:language:uk", "set"):
            marked = f"@{day.playground.channel.id}:{data}"
            await day.playground.answer_to(day.playground.press_data(admin, page, marked), 10)
        subscriber, subscription = await stored(day)
        assert (subscriber.silent, subscriber.length, subscriber.language) == (True, "full", "uk")
        assert subscription.weekdays == [0, 1, 2, 3, 4, 5]
        assert "Next brief" in page.text
        assert "7:30" in (await day.ask(admin, "/channel 1 hours 7:30 19:00")).text.replace("\u202f", " ")
        assert (await stored(day))[1].hours == [450, 1140]
        page = await day.ask(admin, "/channel 1 exclude")
        await day.press(admin, page, "Type it")
        assert "chess" in (await day.ask(admin, "chess")).text
        assert (await stored(day))[1].exclude == ["chess"]
        assert await day.database.read(subscription_in, admin.id) is None


async def test_nobody_else_changes_a_channel(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        page, reader = await set_up(day), day.playground.reader
        await day.ask(reader, "/start")
        channel = day.playground.channel.id
        for data in ("set:silent:on", "topic-all", "hour:600", "brief", "deleteme-yes", "afresh", "stop"):
            query = day.playground.press_data(reader, page, f"@{channel}:{data}")
            assert (await day.playground.answer_to(query, 10))["text"], data
        for data in (f"channel-drop:{channel}:yes", f"channel:{channel}", "channel:x", "channel-drop:-1"):
            query = day.playground.press_data(reader, page, data)
            assert (await day.playground.answer_to(query, 10))["text"], data
        subscriber, subscription = await stored(day)
        assert (subscriber.silent, subscription.hours) == (False, [480])


async def test_removed_from_its_channel_the_bot_says_so_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await set_up(day)
        admin, channel = day.playground.admin, day.playground.channel
        said = len(day.playground.sent(admin))
        day.playground.leave(channel)
        await day.playground.until(lambda: len(day.playground.sent(admin)) > said or None, 10)
        told_so = day.playground.sent(admin)[-1]
        assert "paused, because the bot was removed" in told_so.text
        assert ((await stored(day))[0].state, (await stored(day))[0].reason) == ("away", "the bot was removed from it")
        await day.press(admin, told_so, "Open")
        assert "Make me an administrator there again" in told_so.text
        day.playground.join(channel)
        await day.playground.until(lambda: len(day.playground.sent(admin)) > said + 1 or None, 10)
        assert "the briefs go on" in day.playground.sent(admin)[-1].text
        assert (await stored(day))[0].state == "active"


async def test_a_channel_is_unbound_after_a_question_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        page, admin = await set_up(day), day.playground.admin
        await day.press(admin, page, "Unbind")
        assert "forgotten" in page.text
        await day.press(admin, page, "Keep it")
        assert "Next brief" in page.text
        await day.press(admin, page, "Unbind")
        await day.press(admin, page, "Unbind")
        assert "unbound" in page.text
        assert await day.database.read(subscription_in, day.playground.channel.id) is None


async def test_what_a_channel_posts_is_never_answered(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        channel, admin = day.playground.channel, day.playground.admin
        day.playground.join(channel)
        day.playground.updates.allowed = ()  # as for a bot that asked for every kind
        for words in ("/start", "/settings silent on", f"@{day.bot.app.bot.username} bridge", "Hello"):
            day.playground.say(admin, words, chat=channel)
        await day.ask(admin, "/help")
        await asyncio.sleep(0.2)
        assert day.playground.sent(channel) == []
        assert await day.database.read(subscription_in, channel.id) is None


async def test_a_story_below_a_post_opens_in_the_readers_own_chat_and_the_post_stays(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        page, reader = await set_up(day), day.playground.add_person("Passer-by")
        await day.press(day.playground.admin, page, "Post a brief now")
        post = await day.playground.next_message(day.playground.channel, 10)
        before = post.text
        answer = await day.press(reader, post, "1")
        assert answer["url"].endswith("?start=story-1")
        answer = await day.playground.answer_to(day.playground.press_data(reader, post, "mute:1"), 10)
        assert answer["text"]
        assert post.text == before
        opened = await day.ask(reader, "/start story-1")
        assert opened.text.startswith("Old Bridge closed to lorries")
        assert "Follow" in opened.labels
        assert await day.database.read(subscription_in, reader.id) is None


async def test_who_bound_it_hears_when_telegram_refuses_a_brief(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await set_up(day)
        admin, channel = day.playground.admin, day.playground.channel
        channel.standings[day.playground.bot.id] = "member"  # and the bot was not told
        await day.database.write(told, day.clock.at)
        said = len(day.playground.sent(admin))
        day.clock.at += timedelta(hours=2)
        await day.bot.tick()
        await day.playground.until(lambda: len(day.playground.sent(admin)) > said or None, 10)
        assert "the briefs are paused, because the bot may not write there" in day.playground.sent(admin)[-1].text


async def test_a_question_is_answered_while_a_channel_is_waited_for(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        await day.ask(day.playground.admin, "/channel")
        assert "Old Bridge" in (await day.ask(day.playground.admin, "old bridge")).text
        await day.ask(day.playground.admin, "/channel")
        assert "cannot see that channel" in (await day.ask(day.playground.admin, "@no_such_channel")).text
