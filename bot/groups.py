"""What is said to the bot in a group: it greets, answers a mention or a reply to it, and is silent otherwise."""

from telegram import Chat, ChatMemberUpdated

from bot.context import Bot, Desk, Talk, known, send
from bot.speech import speech, spoken


def asked_of_the_bot(talk: Talk) -> str | None:
    """The question put to the bot, without its name; None where the message is not for it."""
    message, name = talk.message, f"@{talk.bot.username}"
    if message is None or message.text is None:
        return None
    mentions = message.parse_entities(["mention"])
    mine = [entity for entity, text in mentions.items() if text.lower() == name.lower()]
    if mine:
        return " ".join(talk.words.replace(message.parse_entity(mine[0]), " ").split())
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == talk.bot.id:
        return talk.words
    return None


async def greet(desk: Desk, bot: Bot, change: ChatMemberUpdated) -> None:
    """Asks the administrators what to bring, in the language of who added the bot; not where that is known."""
    if change.chat.type not in (Chat.GROUP, Chat.SUPERGROUP):
        return
    facts = await desk.database.read(known, change.chat.id, change.from_user.id)
    if facts.subscriber_id is None:
        say = speech(facts.language or spoken(change.from_user.language_code))
        asked = say("I bring news in three panels. An administrator chooses what, with /start.")
        if change.chat.is_forum:
            asked = say("I bring news in three panels. An administrator chooses what, with /start, in each topic.")
        await send(bot, change.chat.id, asked)
