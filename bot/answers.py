"""What Telegram's answer to a message means for the ledger. Pure.

TelegramError
├── RetryAfter                         not accepted; the chat waits
├── ChatMigrated                       not accepted; the group has a new id
├── Forbidden, some BadRequest         not accepted, nor anything else for this chat (or this topic)
├── other BadRequest                   not accepted in this form: plain text, then without buttons, then an admin
├── InvalidToken                       not accepted; nothing will be, with this token
├── NetworkError, TimedOut             not accepted when the connection was never made
└── all else, 5xx among it             in doubt
"""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import httpx
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.pace import seconds_of
from bot.speech import N_
from db.deliveries import Away, Closed, Doubt, Moved, Outcome, Parked, Reform, Retry, Work

# Parts of Telegram's descriptions, in lower case, and the reason in our words; the first that fits counts.
AWAY = {
    "blocked": N_("it blocked the bot"),
    "deactivated": N_("the account or group was deleted"),
    "kicked": N_("the bot was removed"),
    "not a member": N_("the bot was removed"),
    "initiate conversation": N_("the person has not started the bot"),
    "messages to bots": N_("it is a bot"),
    "chat not found": N_("there is no such chat any more"),
    "user not found": N_("there is no such chat any more"),
    "peer_id_invalid": N_("there is no such chat any more"),
    "slowmode": N_("slow mode is on and the bot is not an administrator"),
    "slow mode": N_("slow mode is on and the bot is not an administrator"),
    "rights": N_("the bot may not write there"),
    "chat_write_forbidden": N_("the bot may not write there"),
    "chat_restricted": N_("the bot may not write there"),
    "chat_admin_required": N_("the bot may not write there"),
    "plain_forbidden": N_("the bot may not write there"),
}
CLOSED = {
    "thread not found": "the topic was deleted",
    "topic_deleted": "the topic was deleted",
    "topic_closed": "the topic is closed",
}
SIMPLER = {"html": "plain", "plain": "bare"}
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
LONGEST = 4096  # UTF-16 units of visible text in a message


def outcome_of(work: Work, error: TelegramError, now: datetime, resend_after: timedelta) -> Outcome:
    said = error.message
    match error:
        case RetryAfter():
            return Retry(work.id, work.chat_id, now + timedelta(seconds=seconds_of(error) + 1), said)
        case ChatMigrated():
            return Moved(work.id, work.chat_id, error.new_chat_id, now)
        case InvalidToken() | Conflict():
            return Retry(work.id, work.chat_id, now, said, whole_chat=False)
        case Forbidden() | BadRequest():
            return _refused(work, error)
    if isinstance(error.__cause__, UnicodeError):
        return Parked(work.id, "its text cannot be encoded")
    if never_sent(error):
        return Retry(work.id, work.chat_id, now, said, whole_chat=False)
    if work.again:
        return Parked(work.id, f"in doubt twice: {said}")
    return Doubt(work.id, work.chat_id, now + resend_after, said)


def _refused(work: Work, error: Forbidden | BadRequest) -> Outcome:
    said = error.message.lower()
    closed = _first(CLOSED, said)
    if closed is not None and work.thread_id:
        return Closed(work.id, work.chat_id, work.thread_id, closed)
    away = _first(AWAY, said)
    if away is not None or isinstance(error, Forbidden):
        return Away(work.id, work.chat_id, away or error.message)
    if work.form in SIMPLER:
        return Reform(work.id, SIMPLER[work.form], error.message)
    return Parked(work.id, error.message)


def _first(reasons: dict[str, str], said: str) -> str | None:
    return next((reason for part, reason in reasons.items() if part in said), None)


def never_sent(error: TelegramError) -> bool:
    """The connection was not made, so Telegram cannot have the message."""
    return isinstance(error.__cause__, NEVER_SENT)


def unreachable(error: TelegramError) -> bool:
    """Not an answer about this message: the network, or Telegram's own servers, failed."""
    return not isinstance(error, RetryAfter | ChatMigrated | Forbidden | BadRequest)


def message_of(work: Work, mark: str) -> dict[str, Any]:
    """Arguments for `Bot.send_message`. `mark` stands before what may have come already."""
    text = work.html if work.form == "html" else work.plain
    if work.again and _visible(work, text) + len(mark) + 2 <= LONGEST:
        text = f"<i>{html.escape(mark)}</i>\n\n{text}" if work.form == "html" else f"{mark}\n\n{text}"
    return {
        "chat_id": work.chat_id,
        "text": text,
        "parse_mode": "HTML" if work.form == "html" else None,
        "reply_markup": keyboard(work.buttons) if work.buttons and work.form != "bare" else None,
        "link_preview_options": LinkPreviewOptions(is_disabled=work.preview_url is None, url=work.preview_url),
        "disable_notification": work.silent,
        "message_thread_id": work.thread_id or None,
        "reply_parameters": ReplyParameters(work.reply_to, allow_sending_without_reply=True) if work.reply_to else None,
    }


def _visible(work: Work, text: str) -> int:
    """UTF-16 units that count towards Telegram's limit."""
    shown = html.unescape(re.sub(r"<[^>]*>", "", text)) if work.form == "html" else text
    return len(shown.encode("utf-16-le", "surrogatepass")) // 2


def keyboard(rows: list[list[list[str]]]) -> InlineKeyboardMarkup:
    """Rows of [label, callback data or https address]."""
    return InlineKeyboardMarkup([[_button(label, does) for label, does in row] for row in rows])


def _button(label: str, does: str) -> InlineKeyboardButton:
    if does.startswith("https://"):
        return InlineKeyboardButton(label, url=does)
    return InlineKeyboardButton(label, callback_data=does)
