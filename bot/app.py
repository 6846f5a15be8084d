"""Every handler in one visible list, and what is done around each: who may, once only, and what a fault says.

Order matters: commands first, then buttons, then what was asked for, then questions.
"""

import difflib
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, Chat, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot import (
    add_source,
    admin,
    announce,
    asker,
    audit,
    channels,
    doubts,
    groups,
    inline,
    invitations,
    lists,
    panel,
    privacy,
    ready_lists,
    report,
    roles,
    settings,
    source_edit,
    source_page,
    standing,
    stats,
    stories,
    subscriber,
    timeline,
    watch,
    wishes,
)
from bot.commands import Answer, Button, Command, Handler, Who, allowed
from bot.context import Desk, Known, Refusal, Talk, Unknown, mark_of, talk_of
from bot.manners import shown_while_waiting
from bot.messages import plain
from bot.pace import Pace, PacedLimiter
from bot.speech import N_, Html, languages, safe, speech
from bot.turns import ChatByChat
from db.engine import DatabaseError
from db.updates import first_time, take_expected
from jobs.settings import Settings


async def help_(talk: Talk) -> None:
    lines = [f"/{c.name} {talk.say(c.help)}" for c in COMMANDS if c.is_listed(talk.known.role)]
    lines.append(talk.say("Or just ask, in your own words."))
    await talk.reply(Html("\n".join(lines)))


COMMANDS: tuple[Command, ...] = (
    *subscriber.COMMANDS,
    *wishes.COMMANDS,
    *settings.COMMANDS,
    *channels.COMMANDS,
    *privacy.COMMANDS,
    *asker.COMMANDS,
    *panel.COMMANDS,
    *add_source.COMMANDS,
    *admin.COMMANDS,
    *watch.COMMANDS,
    *doubts.COMMANDS,
    *stats.COMMANDS,
    Command("help", N_("What I can do"), help_),
)
BUTTONS: tuple[Button, ...] = (
    *subscriber.BUTTONS,
    *wishes.BUTTONS,
    *settings.BUTTONS,
    *channels.BUTTONS,
    *privacy.BUTTONS,
    *asker.BUTTONS,
    *stories.BUTTONS,
    *timeline.BUTTONS,
    *panel.BUTTONS,
    *add_source.BUTTONS,
    *watch.BUTTONS,
    *source_page.BUTTONS,
    *source_edit.BUTTONS,
    *lists.BUTTONS,
    *ready_lists.BUTTONS,
    *doubts.BUTTONS,
    *report.BUTTONS,
    *stats.BUTTONS,
    *roles.BUTTONS,
    *invitations.BUTTONS,
    *announce.BUTTONS,
    *audit.BUTTONS,
)
ANSWERS: tuple[Answer, ...] = (
    *wishes.ANSWERS,
    *settings.ANSWERS,
    *channels.ANSWERS,
    *privacy.ANSWERS,
    *add_source.ANSWERS,
    *source_edit.ANSWERS,
    *announce.ANSWERS,
)

# What can be done to a channel from the private chat: see `Talk.turn_to`.
ELSEWHERE = {b.verb: b for b in (*wishes.BUTTONS, *settings.BUTTONS, *subscriber.ELSEWHERE)}

App = Application[Any, Any, Any, Any, Any, Any]
Context = CallbackContext[Any, Any, Any, Any]
UpdateHandler = Callable[[Update, Context], Coroutine[Any, Any, None]]


def build_app(given: Settings, pace: Pace) -> App:
    """The application without its handlers: they need a desk, which needs the application's bot."""
    token = given.bot_token.get_secret_value()
    return (
        Application.builder()
        .token(token)
        .base_url(f"{given.telegram_api_url}/bot")
        .base_file_url(f"{given.telegram_api_url}/file/bot")
        .rate_limiter(PacedLimiter(pace))
        .concurrent_updates(ChatByChat())
        .job_queue(None)
        .connection_pool_size(64)
        .get_updates_read_timeout(8)
        .build()
    )


def add_handlers(app: App, desk: Desk) -> None:
    said = filters.UpdateType.MESSAGE  # not a channel's post, and not again when it is edited
    own = said & ~filters.FORWARDED
    for command in COMMANDS:
        app.add_handler(CommandHandler(command.name, _said(desk, command.run, command.who), own))
    app.add_handler(CallbackQueryHandler(_pressed(desk)))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, _happened(desk, standing.upgraded)))
    app.add_handler(InlineQueryHandler(inline.typed(desk, facts_allow)))
    app.add_handler(ChatMemberHandler(_happened(desk, standing.changed), ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.StatusUpdate.CHAT_SHARED & said, _said(desk, channels.shared)))
    topic_changed = filters.StatusUpdate.FORUM_TOPIC_CLOSED | filters.StatusUpdate.FORUM_TOPIC_REOPENED
    app.add_handler(MessageHandler(topic_changed, _happened(desk, standing.topic_changed)))
    app.add_handler(MessageHandler(filters.COMMAND & own, _said(desk, unknown)))
    words = filters.TEXT | (filters.FORWARDED & ~filters.Document.ALL)
    app.add_handler(MessageHandler(words & said, _said(desk, plain_text)))
    in_private = filters.ChatType.PRIVATE & said & ~filters.StatusUpdate.ALL
    app.add_handler(MessageHandler(filters.Document.ALL & in_private, _said(desk, lists.document)))
    app.add_handler(MessageHandler(in_private, _said(desk, wordless)))
    app.add_error_handler(_fault)


async def unknown(talk: Talk) -> None:
    raise Unknown


async def plain_text(talk: Talk) -> None:
    """The answer to what was asked, else a question; in a group, silence unless it is put to the bot."""
    database, now = talk.desk.database, talk.desk.now()
    if await asker.answered_about_stories(talk):
        return
    expected = await database.write(take_expected, talk.chat.id, talk.user_id, now)
    about, what = mark_of(expected or "")
    answer = next((one for one in ANSWERS if one.what == what and allowed(talk.known.role, one.who)), None)
    if answer is not None and not (answer.yields and talk.words.endswith("?")):
        if about:
            await talk.turn_to(about)
        await answer.run(talk)
        return
    if not talk.words and talk.private:
        await wordless(talk)
        return
    if talk.private and allowed(talk.known.role, "editor") and add_source.is_address(talk.words):
        await add_source.addsource(talk)
        return
    if talk.private and allowed(talk.known.role, "editor") and lists.is_list(talk.words):
        await lists.typed_list(talk)
        return
    asked = talk.words if talk.private else groups.asked_of_the_bot(talk)
    if asked is not None:
        talk.words = asked
        await asker.question(talk)


async def wordless(talk: Talk) -> None:
    await talk.reply(talk.say("I read words only. /help shows what I can do."))


def _said(desk: Desk, run: Handler, who: Who = "everyone") -> UpdateHandler:
    async def handle(update: Update, context: Context) -> None:
        message = update.effective_message
        words = (message.text or message.caption or "") if message else ""
        if words.startswith("/"):
            words = words.partition(" ")[2] if " " in words else words.partition("\n")[2]
        await _answer(desk, update, context, run, who, words.strip())

    return handle


def _pressed(desk: Desk) -> UpdateHandler:
    verbs = {button.verb: button for button in BUTTONS}

    async def handle(update: Update, context: Context) -> None:
        data = (update.callback_query.data or "") if update.callback_query else ""
        about, data = mark_of(data)
        verb, _, rest = data.partition(":")
        button = (ELSEWHERE if about else verbs).get(verb, Button("", _stale))
        run = _about(button.run, about) if about else button.run
        chat = update.effective_chat
        if chat is not None and chat.type == Chat.CHANNEL:  # its post stays as it is, for all its readers
            run = channels.open_in_private if verb == "story" else _stale
        await _answer(desk, update, context, run, button.who, rest)

    return handle


def _about(run: Handler, channel_id: int) -> Handler:
    async def handle(talk: Talk) -> None:
        await talk.turn_to(channel_id)
        await run(talk)

    return handle


async def _stale(talk: Talk) -> None:
    raise Refusal(talk.say("This button is too old. /help shows what there is."))


async def _answer(desk: Desk, update: Update, context: Context, run: Handler, who: Who, words: str) -> None:
    """Runs the handler once for this update, where the person may; a refusal is said as it stands."""
    talk = await talk_of(desk, context.bot, update, words)
    if talk is None:
        if update.callback_query is not None:  # below a message sent by inline mode
            await update.callback_query.answer()
        return
    try:
        if not await desk.database.write(first_time, update.update_id, desk.now()) or not _in_time(talk):
            return
        if run in (unknown, plain_text) and not talk.private and not may_use(talk):
            return
        if run not in (subscriber.start, panel.admin, *privacy.ALWAYS) and not may_use(talk):
            raise Refusal(_closed(talk))
        if not allowed(talk.known.role, who) or (who != "everyone" and not talk.private):
            raise Unknown
        async with shown_while_waiting(talk.typing):
            await run(talk)
    except Unknown:
        await _say_unknown(talk)
    except Refusal as refusal:
        await _refuse(talk, refusal.args[0] if refusal.args else "")
    except TelegramError:
        raise
    except DatabaseError as error:
        structlog.get_logger().error("an update found no database", update=update.update_id, error=str(error))
        await _refuse(talk, talk.say("I cannot write anything down just now. Nothing is lost: please try again later."))
    except Exception:
        structlog.get_logger().exception("an update met a fault", update=update.update_id)
        await _refuse(talk, talk.say("That went wrong here, and it has been noted. Please try again in a moment."))
    finally:
        with suppress(TelegramError):
            await talk.toast()


def is_gone(error: TelegramError) -> bool:
    """The chat, or its topic, takes no answer any more."""
    return isinstance(error, Forbidden) or "thread not found" in error.message.lower()


def _in_time(talk: Talk) -> bool:
    """Whether there is room for what this person says; who floods is told once, then nothing."""
    verdict = talk.desk.manners.heard(talk.user_id or talk.chat.id)
    if verdict == "warn":
        raise Refusal(talk.say("That was a lot at once. Please wait a minute."))
    return verdict == "answer"


def may_use(talk: Talk) -> bool:
    return facts_allow(talk.desk, talk.known)


def facts_allow(desk: Desk, facts: Known) -> bool:
    access = desk.settings.access
    return access == "open" or facts.role is not None or (access == "invite" and facts.member)


def _closed(talk: Talk) -> Html:
    return talk.say("This bot is private. Ask whoever runs it for an invitation link.")


async def _refuse(talk: Talk, text: str) -> None:
    if talk.query is not None:
        await talk.toast(plain(text) if isinstance(text, Html) else text, alert=True)
    else:
        await talk.reply(Html(text) if isinstance(text, Html) else Html(safe(text)))


async def _say_unknown(talk: Talk) -> None:
    """Names the nearest command; in a group, where other bots have commands too, silence.

    Who may not use the bot hears the same of every command: not even which there are.
    """
    if talk.query is not None:
        await talk.toast(talk.say("This button is too old. /help shows what there is."), alert=True)
        return
    if not talk.private:
        return
    if not may_use(talk):
        await talk.reply(_closed(talk))
        return
    said = (talk.message.text or "") if talk.message else ""
    name = said.split("@")[0].split()[0].lstrip("/").lower() if said.startswith("/") else ""
    names = [c.name for c in COMMANDS if c.is_listed(talk.known.role)]
    near = difflib.get_close_matches(name, names, 1)
    if near and near[0] != name:
        await talk.reply(talk.say("I have no such command. Do you mean /{name}?", name=near[0]))
    else:
        await talk.reply(talk.say("I have no such command. /help lists them."))


def _happened(desk: Desk, run: standing.Happening) -> UpdateHandler:
    async def handle(update: Update, context: Context) -> None:
        await run(desk, context.bot, update)

    return handle


async def _fault(update: object, context: Context) -> None:
    number = update.update_id if isinstance(update, Update) else None
    error = context.error
    if isinstance(error, TelegramError) and is_gone(error):
        structlog.get_logger().info("nobody is there to be answered", update=number, error=error.message)
        return
    structlog.get_logger().error("an update met a fault", update=number, exc_info=error)


async def show_menus(bot: ExtBot[Any]) -> None:
    """Telegram's menu, in each language the bot speaks."""
    for language in languages():
        code = None if language == "en" else language
        await bot.set_my_commands(_menu(None, language), BotCommandScopeAllPrivateChats(), code)
        await bot.set_my_commands(_menu(None, language), language_code=code)


async def show_menu(bot: ExtBot[Any], chat_id: int, role: str, language: str) -> None:
    """The menu of that role for one chat; without a role, everybody's. No language: the one of the person's phone."""
    scope = BotCommandScopeChat(chat_id)
    with suppress(TelegramError):  # a person who never wrote to the bot has no chat with it
        for phone in languages():
            code = None if phone == "en" else phone
            if role or language:
                await bot.set_my_commands(_menu(role or None, language or phone), scope, code)
            else:
                await bot.delete_my_commands(scope, code)


def _menu(role: str | None, language: str) -> Sequence[BotCommand]:
    say = speech(language)
    return [BotCommand(c.name, say(c.help)) for c in COMMANDS if c.is_listed(role)]
