"""What the bot sets about itself."""


import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ReplyKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
)

from bot.playground import Playground


async def test_the_menu_is_the_narrowest_scope_in_the_persons_language(playground: Playground, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "What I do")])
    await bot.set_my_commands([BotCommand("help", "Що я роблю")], language_code="uk")
    await bot.set_my_commands([BotCommand("sources", "Sources")], scope=BotCommandScopeChat(playground.admin.id))

    def menu(person: object) -> list[str]:
        assert person in (playground.reader, playground.admin)
        chosen = playground.reader if person is playground.reader else playground.admin
        return [c["description"] for c in playground.profile.commands_for(chosen, playground.chat(chosen))]

    assert (menu(playground.reader), menu(playground.admin)) == (["What I do"], ["Sources"])
    playground.reader.language = "uk"
    assert menu(playground.reader) == ["Що я роблю"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(playground.admin.id))
    assert menu(playground.admin) == ["What I do"]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Help!", "x")])


async def test_descriptions_and_reply_keyboards_are_kept(playground: Playground, bot: Bot, reader: int) -> None:
    await bot.set_my_description("News in three panels", language_code="en")
    await bot.set_my_short_description("News")
    await bot.set_my_name("Triptych")
    assert (await bot.get_my_description("en")).description == "News in three panels"
    await bot.set_chat_menu_button(reader)
    await bot.send_message(reader, "When?", reply_markup=ReplyKeyboardMarkup([["07:30", "08:00"]]))
    assert playground.sent(reader)[0].labels == ["07:30", "08:00"]
