"""What happens to the bot in a chat: it is added, removed, blocked, a topic closes, a group becomes a supergroup."""

from collections.abc import Awaitable, Callable

from telegram import Chat, ChatMember, Update

from bot import channels
from bot.context import Bot, Desk
from bot.groups import greet
from db.deliveries import Away, come_back, migrate_chat, settle
from db.subscribers import turn_topic

Happening = Callable[[Desk, Bot, Update], Awaitable[None]]

GONE = (ChatMember.LEFT, ChatMember.BANNED)


async def changed(desk: Desk, bot: Bot, update: Update) -> None:
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
