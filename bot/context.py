"""What a handler may reach, typed: the desk it works at, and the talk it answers.

Refusal      what was asked cannot be done; its text is shown as it stands
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape
from typing import Any

from sqlmodel import Session
from telegram import (
    CallbackQuery,
    Chat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatMemberStatus, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.manners import Manners
from bot.messages import Buttons, plain
from bot.speech import Html, Speech, safe, speech, spoken
from db.admins import is_member, role_of
from db.engine import Database
from db.subscribers import subscriber_in
from jobs.http import Http
from jobs.parser_pool import ParserPool
from jobs.settings import Settings

Bot = ExtBot[Any]
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
DIGITS = 18  # of a number that a database can hold


class Refusal(Exception):
    """What was asked cannot be done; the text says why and what to do, in the asker's language."""


class Unknown(Refusal):
    """The command is none that this person has."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the whole bot shares."""

    settings: Settings
    database: Database
    http: Http
    parser: ParserPool
    now: Callable[[], datetime]
    pull: Callable[[], Awaitable[None]]  # looks at every source now
    wake: Callable[[], None]  # something is owed: send it without waiting for the next tick
    menu: Callable[[int, str, str], Awaitable[None]]  # shows a chat the commands of that role, in that language
    manners: Manners = field(default_factory=Manners)
    typing: Manners = field(default_factory=Manners)  # for what Telegram asks while a person types


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of the chat and the person; nothing is stored by asking."""

    language: str | None = None  # of the interface; None: not chosen
    zone: str = "UTC"
    subscriber_id: int | None = None  # None: not subscribed
    state: str = ""
    role: str | None = None  # owner, editor; None: no admin
    member: bool = False
    reads: tuple[str, ...] = ()  # languages of its bullets; empty: the interface's and English


def known(session: Session, chat_id: int, user_id: int) -> Known:
    subscriber = subscriber_in(session, chat_id)
    role, member = role_of(session, user_id), is_member(session, chat_id)
    if subscriber is None:
        return Known(role=role, member=member)
    reads = tuple(subscriber.reads)
    return Known(subscriber.language, subscriber.zone, subscriber.id, subscriber.state, role, member, reads)


@dataclass(slots=True)
class Talk:
    """One thing a person said or pressed, and what is needed to answer it.

    In private it may be about a channel that the person administers: then what is read and changed is the channel's,
    and every button and every answer that is waited for says so, see `marked`.
    """

    desk: Desk
    bot: Bot
    chat: Chat
    user_id: int  # 0: nobody in person, as in a channel
    words: str  # what came after the command, or the whole text; of a button, what came after its verb
    say: Speech
    known: Known
    message: Message | None = None  # what was said, or the message whose button was pressed
    query: CallbackQuery | None = None  # None: no button was pressed
    answered: bool = False
    about: int = 0  # a channel; 0: the chat itself
    title: str = ""  # of the channel

    @property
    def private(self) -> bool:
        return self.chat.type == Chat.PRIVATE

    @property
    def subject(self) -> tuple[int, int]:
        """The chat whose briefs this is about, and its forum topic."""
        return (self.about, 0) if self.about else (self.chat.id, self.thread_id)

    async def turn_to(self, channel_id: int) -> None:
        """From here on about that channel. Refusal unless the person administers it, and the bot is in it."""
        if not await administers(self.bot, channel_id, self.user_id):
            raise Refusal(self.say("Only an administrator of that channel can change this, and I have to be in it."))
        subscriber = await self.desk.database.read(subscriber_in, channel_id)
        facts = await self.desk.database.read(known, channel_id, self.user_id)
        self.known = replace(facts, role=self.known.role, member=self.known.member)
        self.about, self.title = channel_id, subscriber.title if subscriber else ""

    @property
    def thread_id(self) -> int:
        """The forum topic; 0: the chat itself."""
        message = self.message
        return message.message_thread_id or 0 if message is not None and message.is_topic_message else 0

    @property
    def arguments(self) -> list[str]:
        """Of a button: the parts of its data after the verb."""
        return self.words.split(":") if self.words else []

    def number(self, place: int = 0, missing: int = 0) -> int:
        """Of a button: the number at that place of its data after the verb; `missing` where none stands there."""
        return number_in("".join(self.arguments[place : place + 1]), missing)

    async def reply(
        self,
        html: Html,
        buttons: Buttons = (),
        *,
        preview_url: str | None = None,
        reply_to: int | None = None,
    ) -> Message:
        return await self.bot.send_message(
            self.chat.id,
            self._headed(html),
            parse_mode=ParseMode.HTML,
            message_thread_id=self.thread_id or None,
            reply_markup=keyboard(self._marked(buttons)),
            link_preview_options=LinkPreviewOptions(is_disabled=preview_url is None, url=preview_url),
            reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
        )

    async def edit(self, html: Html, buttons: Buttons = ()) -> None:
        """Changes the message whose button was pressed; without one, or where it holds a picture, says it anew."""
        if self.query is None or self.message is None or self.message.text is None:
            await self.reply(html, buttons)
            return
        try:
            await self.bot.edit_message_text(
                self._headed(html),
                self.chat.id,
                self.message.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(self._marked(buttons)),
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            if "not modified" not in str(error):
                await self.reply(html, buttons)

    def _headed(self, html: Html) -> Html:
        return Html(f"<b>{safe(self.title)}</b>\n{html}") if self.about else html

    def _marked(self, buttons: Buttons) -> Buttons:
        return tuple(tuple((label, self.marked(does)) for label, does in row) for row in buttons)

    def marked(self, what: str) -> str:
        """What a button does, or an answer is for, with the channel it is about; see `mark_of`."""
        elsewhere = "://" in what or what.partition(":")[0] in ("channel", "channel-drop", "channel-add")
        return f"@{self.about}:{what}" if self.about and not elsewhere else what

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answers the press of a button; the first answer counts."""
        if self.query is not None and not self.answered:
            self.answered = True
            shown = plain(text) if isinstance(text, Html) else text
            try:
                await self.bot.answer_callback_query(self.query.id, shown[:200], show_alert=alert)
            except BadRequest:
                return  # pressed too long ago: Telegram takes no answer any more

    async def lead_to(self, url: str) -> None:
        """Answers the press of a button by opening a link to the bot."""
        if self.query is not None and not self.answered:
            self.answered = True
            with suppress(BadRequest):
                await self.bot.answer_callback_query(self.query.id, url=url)

    async def typing(self) -> None:
        await self.bot.send_chat_action(self.chat.id, ChatAction.TYPING, message_thread_id=self.thread_id or None)

    async def may_manage(self) -> bool:
        """Whether this person may change what the chat is brought: in private whose chat it is, else administrators."""
        if self.private:
            return self.user_id == self.chat.id
        if self.user_id == 0:
            return self._speaks_as_the_chat()
        return await administers(self.bot, self.chat.id, self.user_id)

    def _speaks_as_the_chat(self) -> bool:
        """An anonymous administrator, or a post of the channel itself."""
        sender = self.message.sender_chat if self.message is not None and self.query is None else None
        return sender is not None and sender.id == self.chat.id


async def send(bot: Bot, chat_id: int, html: Html, buttons: Buttons = ()) -> None:
    """Says something to a chat without being asked, where that can be."""
    with suppress(TelegramError):
        await bot.send_message(
            chat_id, html, parse_mode=ParseMode.HTML, reply_markup=keyboard(buttons), link_preview_options=NO_PREVIEW
        )


async def tell(bot: Bot, database: Database, user_id: int, words: Callable[[Speech], tuple[Html, Buttons]]) -> None:
    """Says something to a person without being asked, in their language."""
    await send(bot, user_id, *words(speech(await language_of(database, user_id))))


async def language_of(database: Database, user_id: int) -> str:
    """"" where the person chose none: `speech` takes it for English."""
    return (await database.read(known, user_id, user_id)).language or ""


async def administers(bot: Bot, chat_id: int, user_id: int) -> bool:
    """Whether the person is an administrator of the chat; False where the bot cannot see that."""
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except (BadRequest, Forbidden):
        return False
    return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


def number_in(typed: str, missing: int = 0) -> int:
    """`missing`, 0 of which no row has, where it is no whole number that a database can hold."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS else missing


def mark_of(what: str) -> tuple[int, str]:
    """The channel that `Talk.marked` put before it, and the rest; 0 where there is none."""
    found = re.fullmatch(r"@(-[0-9]{1,15}):(.*)", what, re.DOTALL)
    return (int(found[1]), found[2]) if found else (0, what)


def keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup([[_button(label, target) for label, target in row] for row in buttons])


def _button(label: str, target: str) -> InlineKeyboardButton:
    """What `say` makes is escaped for a message; a label is no markup."""
    if target.startswith(("https://", "http://", "tg://")):
        return InlineKeyboardButton(unescape(label), url=target)
    return InlineKeyboardButton(unescape(label), callback_data=target)


def rows(buttons: Sequence[tuple[str, str]], width: int) -> Buttons:
    """The buttons in rows of that many."""
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))


async def talk_of(desk: Desk, bot: Bot, update: Update, words: str) -> Talk | None:
    """The talk an update opens; None where there is no chat to answer in."""
    chat, user, query = update.effective_chat, update.effective_user, update.callback_query
    if chat is None:
        return None
    message = update.effective_message if isinstance(update.effective_message, Message) else None
    anonymous = message is not None and message.sender_chat is not None and query is None
    user_id = user.id if user is not None and not anonymous else 0
    facts = await desk.database.read(known, chat.id, user_id)
    language = facts.language or spoken(user.language_code if user else None)
    return Talk(desk, bot, chat, user_id, words, speech(language), facts, message, query)
