"""Messages changed, removed and pinned, and presses answered."""


import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.error import (
    BadRequest,
)

from bot.playground import Playground


async def test_a_button_is_pressed_and_the_message_edited_in_place(
    playground: Playground, bot: Bot, reader: int
) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more:1")]])
    sent = await bot.send_message(reader, "One line", reply_markup=keyboard)
    query = playground.press(playground.reader, sent.message_id, "More")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "more:1"
    assert playground.unanswered() == [query]
    await update.callback_query.answer("Here it is")
    await update.callback_query.edit_message_text("Two lines")
    assert (await playground.answer_to(query))["text"] == "Here it is"
    assert playground.unanswered() == []
    (message,) = playground.sent(reader)
    assert (message.text, message.labels, message.history) == ("Two lines", [], ["One line"])


async def test_a_button_that_is_not_there_cannot_be_pressed(playground: Playground, bot: Bot, reader: int) -> None:
    sent = await bot.send_message(reader, "No buttons")
    with pytest.raises(LookupError, match="no button 'More'"):
        playground.press(playground.reader, sent.message_id, "More")


async def test_a_stale_query_is_refused_in_telegrams_words(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query("unknown")


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, reader: int) -> None:
    sent = await bot.send_message(reader, "Same")
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text("Same", reader, sent.message_id)


async def test_what_another_wrote_cannot_be_edited(playground: Playground, bot: Bot, reader: int) -> None:
    theirs = playground.say(playground.reader, "mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", reader, theirs.id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("yours", reader, 999_999)


async def test_messages_are_deleted_pinned_forwarded_and_copied(playground: Playground, bot: Bot, reader: int) -> None:
    first = await bot.send_message(reader, "First", link_preview_options=LinkPreviewOptions(url="https://a.example/"))
    await bot.pin_chat_message(reader, first.message_id)
    pinned = (await bot.get_chat(reader)).pinned_message
    assert pinned is not None
    assert pinned.message_id == first.message_id
    await bot.forward_message(playground.admin.id, reader, first.message_id)
    await bot.copy_message(playground.admin.id, reader, first.message_id)
    assert [m.text for m in playground.sent(playground.admin)] == ["First", "First"]
    await bot.delete_message(reader, first.message_id)
    assert playground.sent(reader) == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(reader, first.message_id)
