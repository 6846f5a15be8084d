"""Lists of sources in the chat: a document or lines of addresses come in, a report goes out, a button adds what is new.

Nothing is stored before the button is pressed. Only the document's place at Telegram is kept until then: it is fetched
and judged again, against the sources there are by that time.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Document
from telegram.constants import FileSizeLimit, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.commands import Button, allowed
from bot.context import Refusal, Talk, keyboard
from bot.messages import Block, Buttons, cut, plain
from bot.speech import Html, Speech, safe
from bot.wishes import key_of
from db.kept import keep, kept
from db.sources import source_urls
from jobs.errors import BadOpml
from jobs.guard import parse_host_port
from jobs.imports import import_sources, outlines_of, rows_of
from jobs.opml import FAULTY, Line, Outline, Reading, read_list, write_opml

NAMED = 5  # faulty lines in the message itself
LINE_CHARS = 90
CAPTION_UNITS = 1024  # UTF-16 code units after parsing (Bot API, sendDocument)
NAME_CHARS = 60
KINDS = (".opml", ".xml", ".txt", ".csv")
DOWNLOAD_SECONDS = 60
ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as Telegram knows it, or a list that was typed."""

    file_id: str
    name: str
    typed: str = ""

    @property
    def key(self) -> str:
        return key_of(self.file_id + self.typed)


# ---- in


async def document(talk: Talk) -> None:
    """A document sent to the bot; from anyone but an admin it is only a file."""
    given = talk.message.document if talk.message else None
    if given is None or not allowed(talk.known.role, "editor"):
        raise Refusal(talk.say("I read words only. /help shows what I can do."))
    await _take(talk, _readable(talk, given))


def is_list(words: str) -> bool:
    """Whether a message is addresses, one on each line; lines with # are names of sections."""
    lines = [line for line in words.splitlines() if line.strip() and not line.startswith("#")]
    return len(lines) > 1 and all(ADDRESS.search(line) for line in lines)


async def typed_list(talk: Talk) -> None:
    await _take(talk, Sent("", talk.say("Your list"), talk.words))


async def _take(talk: Talk, sent: Sent) -> None:
    reading = await _read(talk, sent)
    value = json.dumps([sent.file_id, sent.name, sent.typed]).encode()
    await talk.desk.database.write(keep, f"list:{talk.user_id}", value, talk.desk.now())
    await _report(talk, sent, reading)


def _readable(talk: Talk, given: Document) -> Sent:
    whole = given.file_name or talk.say("the file")
    name = cut(whole, NAME_CHARS)
    if not whole.lower().endswith(KINDS) and not (given.mime_type or "").startswith("text/"):
        raise Refusal(talk.say("I read lists of sources: an OPML file, or a text file with an address on each line."))
    if (given.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise Refusal(
            talk.say("{name} is larger than 20 MB, which Telegram does not hand to bots. Split it.", name=name)
        )
    return Sent(given.file_id, name)


async def _read(talk: Talk, sent: Sent) -> Reading:
    private = [parse_host_port(host) for host in talk.desk.settings.allow_private_hosts]
    known = await talk.desk.database.read(source_urls)
    try:
        body = sent.typed.encode("utf-8", "replace") or await _downloaded(talk, sent.file_id)
        return await asyncio.to_thread(read_list, body, known, private, sent.name)
    except BadOpml as error:
        raise Refusal(talk.say.fault(error)) from error
    except TelegramError as error:
        raise Refusal(talk.say("Telegram did not hand over {name}. Send it again.", name=sent.name)) from error


async def _downloaded(talk: Talk, file_id: str) -> bytes:
    file = await talk.bot.get_file(file_id)
    return bytes(await file.download_as_bytearray(read_timeout=DOWNLOAD_SECONDS))


async def _report(talk: Talk, sent: Sent, reading: Reading) -> None:
    """One message; what does not fit in it is attached as a file."""
    report = await asyncio.to_thread(report_on, reading, sent.name, talk.say)
    label = talk.say.count("Add {n} source", "Add {n} sources", report.new)
    buttons: Buttons = (((label, f"list-add:{sent.key}"), (talk.say("Leave it"), "list-leave")),) if report.new else ()
    if report.file is None:
        await talk.reply(report.text, buttons)
        return
    await talk.bot.send_document(
        talk.chat.id,
        report.file,
        filename="report.txt",
        caption=report.text,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(buttons),
    )


@dataclass(frozen=True, slots=True)
class Report:
    text: Html
    new: int
    file: bytes | None  # every line with what becomes of it; None: the text names all that are faulty


def report_on(reading: Reading, name: str, say: Speech) -> Report:
    """What the list holds by kinds, and its first faulty lines, as many as a caption has room for."""
    faulty = [line for line in reading.lines if line.verdict in FAULTY]
    new = reading.counts()["new"]
    title = f" ({safe(cut(reading.title, NAME_CHARS))})" if reading.title else ""
    head = [f"<b>{safe(name)}</b>{title}", *kinds(reading, say)]
    shown = ["", say("Not to be added:")] if faulty else []
    shown += [safe(cut(said(line, say), LINE_CHARS)) for line in faulty[:NAMED]]
    tail = ["", say("Nothing is added yet.")] if new else []
    if len(faulty) <= NAMED:
        return Report(Html("\n".join([*head, *shown, *tail])), new, None)
    tail = [say("The file names them all."), *tail]
    while Block(text := Html("\n".join([*head, *shown, *tail]))).units > CAPTION_UNITS and shown:
        shown.pop()
    return Report(text, new, report_file(reading, say))


def kinds(reading: Reading, say: Speech) -> list[Html]:
    n = reading.counts()
    counted = [
        (n["new"], say.count("{n} new source", "{n} new sources", n["new"])),
        (n["there"], say.count("{n} is a source already", "{n} are sources already", n["there"])),
        (n["twice"], say.count("{n} repeats another line", "{n} repeat other lines", n["twice"])),
        (n["private"], say.count("{n} is on a private address", "{n} are on private addresses", n["private"])),
        (n["refused"], say.count("{n} is no address", "{n} are no addresses", n["refused"])),
        (reading.lost, say.count("{n} is too broken to be read", "{n} are too broken to be read", reading.lost)),
    ]
    return [text for count, text in counted if count]


def said(line: Line, say: Speech) -> str:
    """What becomes of the line, as plain text."""
    return f"{line.place}. {line.name} {plain(say(line.template, **line.values))}"


def report_file(reading: Reading, say: Speech) -> bytes:
    """Every line with what becomes of it, the faulty ones first."""
    ordered = sorted(reading.lines, key=lambda line: (line.verdict not in FAULTY, line.place))
    return "\n".join([*(said(line, say) for line in ordered), ""]).encode("utf-8", "replace")


async def add(talk: Talk) -> None:
    """Data: "list-add:KEY" of the document that was sent last."""
    stored = await talk.desk.database.read(kept, f"list:{talk.user_id}")
    sent = Sent(*json.loads(stored)) if stored else None
    if sent is None or sent.key != talk.words:
        raise Refusal(talk.say("This button is too old. Send the file again."))
    reading = await _read(talk, sent)
    await settle(talk, await added(talk, reading.fresh, sent.name), after_adding(talk.say))


async def added(talk: Talk, outlines: Sequence[Outline], name: str) -> Html:
    """Adds them, and says how many were new."""
    now = talk.desk.now()
    new = await asyncio.to_thread(rows_of, outlines, now)
    count = await talk.desk.database.write(import_sources, new, name, talk.user_id, now)
    if not count:
        return talk.say("All of them are sources already.")
    told = talk.say.count("Added: {n} source.", "Added: {n} sources.", count)
    return Html(f"{told} {talk.say('They are read within minutes.')}")


def after_adding(say: Speech) -> Buttons:
    return (((say("Sources"), "sources-list:all:0"), (say("Topics"), "topics")),)


async def leave(talk: Talk) -> None:
    await settle(talk, talk.say("Nothing was added."))


async def settle(talk: Talk, html: Html, buttons: Buttons = ()) -> None:
    """Changes the message that was pressed, be it a text or a document."""
    if talk.message is None or talk.message.document is None:
        await talk.edit(html, buttons)
        return
    try:
        await talk.message.edit_caption(html, parse_mode=ParseMode.HTML, reply_markup=keyboard(buttons))
    except BadRequest:  # too old to be edited
        await talk.reply(html, buttons)


# ---- out


async def export(talk: Talk) -> None:
    """All sources as an OPML document, sections as folders."""
    outlines = await talk.desk.database.read(outlines_of)
    if not outlines:
        raise Refusal(talk.say("There are no sources yet. Add one: /addsource https://news.example"))
    await talk.bot.send_document(
        talk.chat.id,
        await asyncio.to_thread(write_opml, outlines),
        filename=f"sources-{talk.desk.now():%Y-%m-%d}.opml",
        caption=talk.say.count(
            "{n} source. Any feed reader reads this file; so do I.",
            "{n} sources. Any feed reader reads this file; so do I.",
            len(outlines),
        ),
        parse_mode=ParseMode.HTML,
    )


BUTTONS = (
    Button("list-add", add, "editor"),
    Button("list-leave", leave, "editor"),
    Button("list-export", export, "editor"),
)
