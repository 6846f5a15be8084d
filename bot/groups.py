"""Groups: the bot greets, answers a mention or a reply to it, and is silent otherwise; and what happens to it there."""

from collections.abc import Awaitable, Callable

from telegram import Chat, ChatMember, ChatMemberUpdated, Update

from bot import channels
from bot.context import Bot, Desk, Talk, known
from bot.speech import speech, spoken
from db.deliveries import Away, come_back, migrate_chat, settle
from db.subscribers import turn_topic

Happening = Callable[[Desk, Bot, Update], Awaitable[None]]

GONE = (ChatMember.LEFT, ChatMember.BANNED)


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
        asked = say("I bring news in three panels. An administrator chooses what, with /start, in each topic.")
        await Talk.send(bot, change.chat.id, asked)


async def standing(desk: Desk, bot: Bot, update: Update) -> None:
    """The bot was added, unblocked or removed: briefs go on or pause by themselves; a new group is greeted."""
    change = update.my_chat_member
    if change is None:
        return
    if change.chat.type == Chat.CHANNEL:
        await channels.standing(desk, bot, change)
    elif change.new_chat_member.status in GONE:
        if change.chat.type != Chat.PRIVATE:
            await desk.database.write(settle, [Away(0, change.chat.id, "the bot was removed")])
    elif change.new_chat_member.status in (ChatMember.MEMBER, ChatMember.ADMINISTRATOR):
        await desk.database.write(come_back, change.chat.id)
        if change.old_chat_member.status in GONE:
            await greet(desk, bot, change)


async def topic_changed(desk: Desk, bot: Bot, update: Update) -> None:
    """A forum topic that is closed takes nothing; reopened, its briefs go on."""
    message = update.effective_message
    if message is not None and message.message_thread_id is not None:
        closed = message.forum_topic_closed is not None
        await desk.database.write(turn_topic, message.chat.id, message.message_thread_id, closed)


async def upgraded(desk: Desk, bot: Bot, update: Update) -> None:
    """The group became a supergroup: all that is kept of it moves at once."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id is not None:
        await desk.database.write(migrate_chat, message.chat.id, message.migrate_to_chat_id)
