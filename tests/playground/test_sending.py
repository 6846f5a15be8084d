"""Messages sent: what they may hold, and who does not want them."""

from datetime import timedelta

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
)

from bot.playground import Playground
from tests.playground.conftest import NOW

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4, "big") + (360).to_bytes(4, "big")


async def test_messages_carry_the_moved_time(playground: Playground, bot: Bot, reader: int) -> None:
    playground.now = lambda: NOW + timedelta(days=2)
    assert (await bot.send_message(reader, "Later")).date == NOW + timedelta(days=2)


async def test_every_tag_becomes_its_entity(playground: Playground, bot: Bot, reader: int) -> None:
    html = (
        "<b>1</b> <strong>2</strong> <i>3</i> <em>4</em> <u>5</u> <s>6</s> <code>7</code> <pre>8</pre>"
        '<a href="https://harbour.example/a?b=1&amp;c=2">9</a> <tg-spoiler>10</tg-spoiler>'
        "<blockquote expandable>11</blockquote> <blockquote>12</blockquote> &lt;&gt;&amp;&quot;&#233;&#x1F30A;"
    )
    sent = await bot.send_message(reader, html, parse_mode="HTML")
    assert sent.text == "1 2 3 4 5 6 7 89 1011 12 <>&\"é🌊"
    assert [entity.type for entity in sent.entities] == [
        *("bold", "bold", "italic", "italic", "underline", "strikethrough", "code", "pre"),
        *("text_link", "spoiler", "expandable_blockquote", "blockquote"),
    ]
    assert playground.sent(reader)[0].links() == ["https://harbour.example/a?b=1&c=2"]


async def test_lengths_are_counted_after_the_markup_is_taken_out(bot: Bot, reader: int) -> None:
    await bot.send_message(reader, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(reader, "x" * 4097)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(reader, "🌊" * 2049)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(reader, b"x", caption="x" * 1025, filename="x.txt")


async def test_empty_text_is_refused(bot: Bot, reader: int) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(reader, "")
    with pytest.raises(BadRequest, match="Text must be non-empty"):
        await bot.send_message(reader, " \u200b<b> </b>", parse_mode="HTML")


async def test_entities_beyond_a_hundred_are_dropped_and_counted(
    playground: Playground, bot: Bot, reader: int
) -> None:
    sent = await bot.send_message(reader, " ".join(f"<b>{n}</b>" for n in range(103)), parse_mode="HTML")
    assert len(sent.entities) == 100
    assert playground.sent(reader)[0].dropped_entities == 3


@pytest.mark.parametrize(("data", "fits"), [("x" * 64, True), ("x" * 65, False), ("й" * 33, False)])
async def test_callback_data_is_at_most_64_bytes(bot: Bot, reader: int, data: str, fits: bool) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data=data)]])
    if fits:
        await bot.send_message(reader, "x", reply_markup=keyboard)
    else:
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(reader, "x", reply_markup=keyboard)


async def test_a_blocked_bot_is_told_so_and_heard_again_after(playground: Playground, bot: Bot, reader: int) -> None:
    playground.block(playground.reader)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(reader, "x")
    playground.say(playground.reader, "/start")
    await bot.send_message(reader, "x")
    blocked, unblocked, _ = await bot.get_updates()
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member is not None
    assert unblocked.my_chat_member.new_chat_member.status == "member"


async def test_the_other_refusals_have_telegrams_words(playground: Playground, bot: Bot, reader: int) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(4, "x")
    stranger = playground.add_person("Oksana")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "x")
    playground.reader.deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(reader, "x")
    playground.join(playground.group)
    playground.group.bot_may_write = False
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(playground.group.id, "x")
    playground.leave(playground.group)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(playground.group.id, "x")
    with pytest.raises(Forbidden, match="bot is not a member of the channel chat"):
        await bot.send_message(playground.channel.id, "x")


async def test_a_group_that_was_upgraded_names_its_new_id(playground: Playground, bot: Bot) -> None:
    playground.join(playground.group)
    new = playground.upgrade_to_supergroup(playground.group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(playground.group.id, "x")
    assert moved.value.new_chat_id == new.id
    assert (await bot.send_message(new.id, "x")).chat.type == "supergroup"
    facts = [u.message for u in await bot.get_updates() if u.message]
    assert [m.migrate_to_chat_id for m in facts if m.migrate_to_chat_id] == [new.id]


async def test_topics_of_a_forum_are_kept_apart(playground: Playground, bot: Bot) -> None:
    playground.join(playground.forum, standing="administrator")
    made = await bot.create_forum_topic(playground.forum.id, "Weather")
    sent = await bot.send_message(playground.forum.id, "Rain", message_thread_id=made.message_thread_id)
    assert sent.message_thread_id == made.message_thread_id
    await bot.close_forum_topic(playground.forum.id, made.message_thread_id)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(playground.forum.id, "Rain", message_thread_id=made.message_thread_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(playground.forum.id, "Rain", message_thread_id=999_999)


async def test_in_a_group_the_bot_hears_commands_mentions_and_replies_only(playground: Playground, bot: Bot) -> None:
    group, reader = playground.group, playground.reader
    playground.join(group)
    sent = await bot.send_message(group.id, "Hello")
    for text in ("chatter", "/latest cod", "/latest@other_bot cod", "/latest@triptych_bot cod", "hey @Triptych_Bot"):
        playground.say(reader, text, group)
    playground.say(reader, "and then?", group, reply_to=sent.message_id)
    heard = [u.message.text for u in await bot.get_updates() if u.message and u.message.text]
    assert heard == ["/latest cod", "/latest@triptych_bot cod", "hey @Triptych_Bot", "and then?"]


async def test_a_channel_takes_posts_of_its_administrators(playground: Playground, bot: Bot) -> None:
    playground.join(playground.channel, standing="member")
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await bot.send_message(playground.channel.id, "x")
    playground.join(playground.channel)
    sent = await bot.send_message("@morning_panels", "x")
    assert (sent.from_user, sent.sender_chat) == (None, sent.chat)
    assert await bot.get_chat_member_count(playground.channel.id) == 3
    leaders = await bot.get_chat_administrators(playground.channel.id)
    assert {(m.user.first_name, m.status) for m in leaders} == {("Admin", "creator"), ("Triptych", "administrator")}
    assert (await bot.get_chat_member(playground.channel.id, playground.reader.id)).status == "member"


async def test_a_document_goes_both_ways(playground: Playground, bot: Bot, reader: int) -> None:
    sent = await bot.send_document(reader, b"<opml/>", filename="sources.opml", caption="<i>All</i>", parse_mode="HTML")
    assert sent.document is not None
    assert (sent.document.file_name, sent.caption) == ("sources.opml", "All")
    playground.say(playground.reader, "mine", document=("mine.opml", b"<opml>x</opml>"))
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"<opml>x</opml>"


async def test_a_picture_keeps_its_size_and_an_album_is_one(playground: Playground, bot: Bot, reader: int) -> None:
    sent = await bot.send_photo(reader, PNG, caption="Chart")
    assert (sent.photo[0].width, sent.photo[0].height) == (640, 360)
    album = await bot.send_media_group(reader, [InputMediaDocument(b"one"), InputMediaDocument(b"two", caption="Two")])
    assert album[0].media_group_id == album[1].media_group_id
    assert [m.text for m in playground.sent(reader)] == ["Chart", "", "Two"]
    edited = await bot.edit_message_caption(reader, sent.message_id, caption="Chart of May")
    assert getattr(edited, "caption", "") == "Chart of May"
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", reader, sent.message_id)
