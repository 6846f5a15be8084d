"""A bullet that was withdrawn is marked so in the messages that carry it, sent or not yet; nothing else is said of it.

Telegram lets a message be edited for 48 hours; edits take turns with all that is sent, after answers to people.
"""

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.context import keyboard
from bot.messages import BULLET_CHARS, TIGHT, cut, plain
from bot.pace import Pace, seconds_of
from bot.speech import Html, safe, speech
from db.engine import Database
from db.records import Part
from db.withdrawals import Carrier, amend, carriers

EDITABLE = timedelta(hours=48)
CHUNK = 30  # messages edited side by side
QUOTE, END = "<blockquote expandable>", "</blockquote>"


async def amend_withdrawn(bot: Bot, database: Database, pace: Pace, now: datetime) -> int:
    """How many messages were amended. What cannot be done now is found again; a crash in between does no harm."""
    done = 0
    while found := await database.read(carriers, now - EDITABLE, CHUNK):
        parts = [amended(carrier) for carrier in found]
        settled = await asyncio.gather(*(_edit(bot, pace, one, part) for one, part in zip(found, parts, strict=True)))
        changed = [(one, part) for one, part, so in zip(found, parts, settled, strict=True) if so]
        done += await database.write(amend, changed, now)
        if len(changed) < len(found):
            break
    return done


def amended(carrier: Carrier) -> Part:
    html, say = carrier.part.html, speech(carrier.language)
    notice = say("Withdrawn: this line was wrong.")
    for _, text in carrier.withdrawn:
        html = without(html, text, notice)
    gone = {id for id, _ in carrier.withdrawn}
    left = tuple(id for id in carrier.part.bullets if id not in gone)
    return replace(carrier.part, html=html, plain=plain(html), bullets=left)


def without(html: str, text: str, notice: Html) -> Html:
    """The message with the notice in place of the line that tells the bullet; as it was where no line does."""
    said = [plain(safe(cut(text, BULLET_CHARS // part))) for part in (1, TIGHT)]
    return Html("\n".join(_line_without(line, said, notice) for line in html.split("\n")))


def _line_without(line: str, said: list[str], notice: Html) -> str:
    start, end = QUOTE if line.startswith(QUOTE) else "", END if line.endswith(END) else ""
    panel, space, _ = line.removeprefix(start).partition("</u> ")
    panel = f"{panel}{space}" if space and panel.startswith("<u>") else ""
    body = plain(line.removeprefix(start).removeprefix(panel).removesuffix(end))
    return f"{start}{panel}<i>{notice}</i>{end}" if any(_tells(body, words) for words in said) else line


def _tells(body: str, said: str) -> bool:
    """Whether a line is "Speaker: mark: SAID (outlets)"."""
    return re.search(rf"(?:^|: ){re.escape(said)}(?: \(|$)", body) is not None


async def _edit(bot: Bot, pace: Pace, carrier: Carrier, part: Part) -> bool:
    """Whether it is settled: edited, or not to be edited any more. A line that is not shown needs no edit."""
    if carrier.message_id is None or part.html == carrier.part.html:
        return True
    try:
        async with pace.turn(carrier.chat_id):
            await bot.edit_message_text(
                part.plain if carrier.form != "html" else part.html,
                carrier.chat_id,
                carrier.message_id,
                parse_mode="HTML" if carrier.form == "html" else None,
                reply_markup=keyboard(part.buttons) if carrier.form != "bare" else None,
                link_preview_options=LinkPreviewOptions(is_disabled=part.preview_url is None, url=part.preview_url),
            )
    except RetryAfter as error:
        pace.halt(seconds_of(error), carrier.chat_id)
        return False
    except (BadRequest, Forbidden) as error:  # as it is to be already; deleted, too old, or the chat is gone
        if "not modified" not in error.message:
            structlog.get_logger().info("a withdrawn line stays", delivery=carrier.id, error=error.message)
        return True
    except TelegramError:
        return False
    pace.accepted()
    return True
