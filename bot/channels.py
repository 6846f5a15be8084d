"""Channels: bound by one of their administrators from the private chat, and set up from there.

/channel explains it. A channel is shared with a button, named as @name, or a post of it is forwarded. What a channel
posts itself is never answered.
"""

from sqlmodel import Session
from telegram import (
    Chat,
    ChatAdministratorRights,
    ChatFullInfo,
    ChatMemberAdministrator,
    ChatMemberUpdated,
    KeyboardButton,
    KeyboardButtonRequestChat,
    MessageOriginChannel,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from bot.asker import question
from bot.commands import Answer, Button, Command
from bot.context import Bot, Desk, Refusal, Talk, administers, language_of, number_in, rows, send
from bot.deeplinks import STORY
from bot.editions import plan
from bot.messages import Buttons, cut
from bot.outage import Notice
from bot.settings import home, settings
from bot.speech import N_, Html, safe, speech
from bot.wishes import ask_topics, have, listen
from db.deliveries import Away, come_back, settle
from db.engine import Database
from db.privacy import forget_chat
from db.subscribers import channels_of, subscribe, subscriber_in, subscription_for
from db.tables import Subscriber

EXPECTED = "channel"
NOT_THERE = N_("the bot was removed from it")
MAY_NOT_POST = N_("the bot may not post there any more")


async def channel(talk: Talk) -> None:
    """Alone: the channels that are bound, or how to bind one. "@name" binds it; with a setting after it, sets that."""
    if not talk.private:
        raise Refusal(talk.say("Channels are set up in a private chat with me. Send /channel there."))
    name, _, setting = talk.words.partition(" ")
    if not name:
        await overview(talk)
    elif setting:
        await talk.turn_to(await _id_of(talk, name))
        talk.words = setting.strip()
        await settings(talk)
    else:
        await bind(talk, await _id_of(talk, name))


async def overview(talk: Talk) -> None:
    bound = await talk.desk.database.read(channels_of, talk.user_id)
    if not bound:
        await explain(talk)
        return
    lines = [f"{n}. <b>{safe(one.title)}</b>\n{_state(one, talk)}" for n, one in enumerate(bound, 1)]
    hint = talk.say("Tap one to change it, or type its number and a setting: /channel 1 hours 8:00")
    buttons = [(cut(one.title, 40), f"channel:{one.chat_id}") for one in bound]
    more = ((talk.say("Another channel"), "channel-add"),)
    await talk.edit(Html("\n".join([*lines, "", hint])), (*rows(buttons, 1), more))


def _state(one: Subscriber, talk: Talk) -> Html:
    if one.state == "away" and one.reason:
        return talk.say("Paused: {reason}.", reason=talk.say(one.reason))
    return talk.say("Briefs go there.")


async def explain(talk: Talk) -> None:
    """A message of its own: the button that shares a channel stands where one types."""
    await listen(talk, EXPECTED)
    say = talk.say
    wanted = _rights()
    share = KeyboardButton(
        say("Choose a channel"),
        request_chat=KeyboardButtonRequestChat(
            1, chat_is_channel=True, user_administrator_rights=wanted, bot_administrator_rights=wanted
        ),
    )
    await talk.toast()
    await talk.bot.send_message(
        talk.chat.id,
        say(
            "<b>Briefs for a channel of yours</b>\n"
            "1. Make me an administrator there, with the right to post.\n"
            "2. Share it with the button below, type its @name, or forward one of its posts to me.\n"
            "Then I ask what to bring, and when."
        ),
        parse_mode=ParseMode.HTML,
        reply_markup=ReplyKeyboardMarkup([[share]], resize_keyboard=True, one_time_keyboard=True),
    )


def _rights() -> ChatAdministratorRights:
    """What both need: to post."""
    return ChatAdministratorRights(
        is_anonymous=False,
        can_manage_chat=False,
        can_delete_messages=False,
        can_manage_video_chats=False,
        can_restrict_members=False,
        can_promote_members=False,
        can_change_info=False,
        can_invite_users=False,
        can_post_stories=False,
        can_edit_stories=False,
        can_delete_stories=False,
        can_post_messages=True,
    )


# ---- which one


async def shared(talk: Talk) -> None:
    """The answer of the button that shares a channel."""
    given = talk.message.chat_shared if talk.message else None
    if given is not None and talk.private:
        await bind(talk, given.chat_id)


async def read_channel(talk: Talk) -> None:
    """A forwarded post, or a name; what looks like neither is a question."""
    origin = talk.message.forward_origin if talk.message else None
    try:
        if isinstance(origin, MessageOriginChannel):
            await bind(talk, origin.chat.id)
        elif talk.words.startswith("@") or "t.me/" in talk.words:
            await bind(talk, await _id_of(talk, talk.words))
        else:
            await question(talk)
    except Refusal:
        await listen(talk, EXPECTED)
        raise


async def _id_of(talk: Talk, named: str) -> int:
    """Of "@name", "t.me/name", or a number in the list of /channel."""
    bound = await talk.desk.database.read(channels_of, talk.user_id)
    if 0 < (number := number_in(named)) <= len(bound):
        return bound[number - 1].chat_id
    name = named.strip().split("/")[-1].lstrip("@")
    if not (name.isascii() and name.replace("_", "").isalnum() and not name.isdecimal()):
        raise Refusal(talk.say("Type the channel's name, such as @my_channel, or forward one of its posts to me."))
    return (await _chat(talk, f"@{name}")).id


async def _chat(talk: Talk, named: int | str) -> ChatFullInfo:
    try:
        chat = await talk.bot.get_chat(named)
    except (BadRequest, Forbidden) as error:
        raise Refusal(
            talk.say(
                "I cannot see that channel. Make me an administrator there, with the right to post, and try again."
            )
        ) from error
    if chat.type != Chat.CHANNEL:
        raise Refusal(talk.say("That is no channel. In a group, add me and send /start there."))
    return chat


async def bind(talk: Talk, channel_id: int) -> None:
    """Checks that both may post there, then asks what to bring; a channel that is bound already opens its settings."""
    chat = await _chat(talk, channel_id)
    if not await _may_post(talk.bot, chat.id):
        raise Refusal(
            talk.say(
                "I may not post in {title}. Make me an administrator there, and try again.", title=chat.title or ""
            )
        )
    if not await administers(talk.bot, chat.id, talk.user_id):
        raise Refusal(talk.say("Only an administrator of {title} can bind it.", title=chat.title or ""))
    await talk.desk.database.write(_bind, chat, talk)
    await talk.bot.send_message(
        talk.chat.id,
        talk.say("{title} is bound. Briefs go there; you set them up here.", title=chat.title or ""),
        parse_mode=ParseMode.HTML,
        reply_markup=ReplyKeyboardRemove(),
    )
    await talk.turn_to(chat.id)
    await (home(talk) if (await have(talk))[1].hours else ask_topics(talk))


async def _may_post(bot: Bot, channel_id: int) -> bool:
    try:
        member = await bot.get_chat_member(channel_id, bot.id)
    except (BadRequest, Forbidden):
        return False
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)


def _bind(session: Session, chat: ChatFullInfo, talk: Talk) -> None:
    """A new channel starts in its administrator's language and time zone."""
    now, theirs = talk.desk.now(), subscriber_in(session, talk.chat.id)
    new = subscriber_in(session, chat.id) is None
    zone = theirs.zone if theirs is not None else "UTC"
    subscriber = subscribe(session, chat.id, "channel", talk.say.language, zone, now)
    if new:
        subscriber.zone_chosen = theirs is not None and theirs.zone_chosen
    subscriber.title, subscriber.bound_by = chat.title or "", talk.user_id
    plan(subscription_for(session, subscriber, 0, now), subscriber.zone, now)


# ---- the channels that are bound


async def open_channel(talk: Talk) -> None:
    """Its settings; where the bot is not in it any more, why it is paused. Data: "channel:ID"."""
    if not talk.words:
        await overview(talk)
        return
    subscriber = await _mine(talk)
    try:
        await talk.turn_to(subscriber.chat_id)
    except Refusal:
        again = talk.say("Make me an administrator there again, with the right to post, and it goes on.")
        text = Html(f"<b>{safe(subscriber.title)}</b>\n{_state(subscriber, talk)}\n{again}")
        await talk.edit(text, _drop_buttons(talk, subscriber.chat_id))
        return
    await home(talk)


def _drop_buttons(talk: Talk, channel_id: int) -> Buttons:
    return (((talk.say("Unbind"), f"channel-drop:{channel_id}"), (talk.say("All channels"), "channel")),)


async def _mine(talk: Talk) -> Subscriber:
    """The channel of a button, if this person bound it or administers it."""
    id = number_in(talk.words.partition(":")[0].removeprefix("-"))
    found = await talk.desk.database.read(subscriber_in, -id)
    if found is None or found.kind != "channel":
        raise Refusal(talk.say("This channel is not bound. /channel binds one."))
    if found.bound_by != talk.user_id and not await administers(talk.bot, found.chat_id, talk.user_id):
        raise Refusal(talk.say("Only an administrator of that channel can change this, and I have to be in it."))
    return found


async def drop(talk: Talk) -> None:
    """Asks, then unbinds. Data: "channel-drop:ID" or "channel-drop:ID:yes"."""
    subscriber = await _mine(talk)
    if talk.arguments[1:] != ["yes"]:
        question = talk.say("Unbind {title}? Its briefs stop, and its choices are forgotten.", title=subscriber.title)
        yes, no = f"channel-drop:{subscriber.chat_id}:yes", f"channel:{subscriber.chat_id}"
        await talk.edit(question, (((talk.say("Unbind"), yes), (talk.say("Keep it"), no)),))
        return
    await talk.desk.database.write(forget_chat, subscriber.chat_id)
    await talk.edit(talk.say("{title} is unbound. /channel binds it again.", title=subscriber.title))


async def open_in_private(talk: Talk) -> None:
    """A story's button below a post opens the story in the presser's own chat with the bot. Data: "story:ID"."""
    await talk.lead_to(f"https://t.me/{talk.bot.username}?start={STORY}{talk.number()}")


# ---- what happens to the bot there


async def standing(desk: Desk, bot: Bot, change: ChatMemberUpdated) -> None:
    """Its briefs pause when the bot cannot post there, and go on when it can; who bound it is told."""
    subscriber = await desk.database.read(subscriber_in, change.chat.id)
    if subscriber is None:
        return
    member = change.new_chat_member
    if isinstance(member, ChatMemberAdministrator) and member.can_post_messages:
        if await desk.database.write(come_back, change.chat.id):
            await _tell(bot, desk.database, subscriber, N_("{title}: I can post there again, and the briefs go on."))
        return
    reason = MAY_NOT_POST if isinstance(member, ChatMemberAdministrator) else NOT_THERE
    await desk.database.write(settle, [Away(0, change.chat.id, reason)])
    if subscriber.state == "active":
        await _tell(bot, desk.database, subscriber, N_("{title}: the briefs are paused, because {reason}."), reason)


async def tell_owner(bot: Bot, database: Database, notice: Notice) -> None:
    """Who bound a channel hears that Telegram refused its brief, where nothing was heard before."""
    subscriber = (
        await database.read(subscriber_in, notice.chat_id) if notice.kind == "away" and notice.chat_id else None
    )
    if subscriber is not None and subscriber.kind == "channel":
        reason = str(notice.values.get("reason", ""))
        await _tell(bot, database, subscriber, N_("{title}: the briefs are paused, because {reason}."), reason)


async def _tell(bot: Bot, database: Database, subscriber: Subscriber, what: str, reason: str = "") -> None:
    if subscriber.bound_by is None:
        return
    say = speech(await language_of(database, subscriber.bound_by) or subscriber.language)
    html = say(what, title=subscriber.title, reason=say(reason) if reason else "")
    button = ((say("Open"), f"channel:{subscriber.chat_id}"),)
    await send(bot, subscriber.bound_by, html, (button,))


COMMANDS = (Command("channel", N_("Briefs for a channel of yours"), channel),)
BUTTONS = (Button("channel", open_channel), Button("channel-add", explain), Button("channel-drop", drop))
ANSWERS = (Answer(EXPECTED, read_channel, yields=True),)
