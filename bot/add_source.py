"""/addsource, or an address alone from an admin: its feeds are shown in one message, each with a button that adds it.

What was found is kept until a button is pressed: callback data is too short for an address. Data of the buttons:
"add-source:KEY:NUMBER", KEY naming what was found last, NUMBER counting from 1, 0 for all.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from bot.commands import Answer, Button, Command
from bot.context import Refusal, Talk, rows
from bot.messages import Buttons, cut
from bot.speech import N_, Html, Speech, safe
from bot.wishes import key_of
from db.admins import record
from db.kept import keep, kept
from db.sources import add_source, source_at
from db.updates import expect
from jobs.discover import Found, discover
from jobs.errors import SourceError
from jobs.imports import source_of
from jobs.opml import Outline

PREVIEWED = 3  # newest entries shown before a source is added
OFFERED = 6
TITLE_CHARS, HEADLINE_CHARS, URL_CHARS = 100, 110, 200


@dataclass(frozen=True, slots=True)
class Offered:
    url: str
    title: str
    site_url: str
    language: str | None
    newest: tuple[str, ...]  # headlines
    source: int | None = None  # its id once it is a source


async def addsource(talk: Talk) -> None:
    url = talk.words.strip()
    if not url:
        await ask(talk)
        return
    found = await _found(talk, url if "://" in url else f"https://{url}")
    feeds = await talk.desk.database.write(_keep_found, found, talk.user_id, talk.desk.now())
    await talk.reply(*offer(feeds, talk.say))


def is_address(words: str) -> bool:
    """Whether a message is a web address and nothing else: from an admin that is a source to add."""
    return re.fullmatch(r"https?://\S+", words, re.IGNORECASE) is not None


async def ask(talk: Talk) -> None:
    await talk.desk.database.write(expect, talk.chat.id, talk.user_id, "source-new", talk.desk.now())
    back = (((talk.say("All sources"), "sources-list:all:0"),),)
    await talk.edit(talk.say("Send me the address of a site, or of its feed."), back)


async def _found(talk: Talk, url: str) -> list[Found]:
    await talk.typing()
    try:
        found = await discover(talk.desk.http, talk.desk.parser, url, talk.desk.now())
    except SourceError as error:
        raise Refusal(talk.say.fault(error)) from error
    if not found:
        raise Refusal(
            talk.say("{url} has no feed that can be found. Look for a link called RSS or Atom there.", url=url)
        )
    return found[:OFFERED]


def _keep_found(session: Session, found: Sequence[Found], user_id: int, now: datetime) -> list[Offered]:
    feeds = [
        Offered(f.url, f.title or f.url, f.site_url, f.language, tuple(e.title for e in f.newest[:PREVIEWED]))
        for f in found
    ]
    keep(session, _name(user_id), json.dumps([asdict(feed) for feed in feeds]).encode(), now)
    return _with_ids(session, feeds)


def _name(user_id: int) -> str:
    return f"offer:{user_id}"


def _with_ids(session: Session, feeds: Sequence[Offered]) -> list[Offered]:
    return [Offered(**asdict(feed) | {"source": _id_at(session, feed.url)}) for feed in feeds]


def _id_at(session: Session, url: str) -> int | None:
    there = source_at(session, url)
    return there.id if there else None


def offer(feeds: Sequence[Offered], say: Speech) -> tuple[Html, Buttons]:
    """Title, address and newest headlines of each; a button for each that is no source yet."""
    blocks, many, key = [], len(feeds) > 1, key_of(feeds[0].url)
    for number, feed in enumerate(feeds, 1):
        title = f"<b>{safe(cut(feed.title, TITLE_CHARS))}</b>"
        lines = [f"{number}. {title}" if many else title, safe(cut(feed.url, URL_CHARS))]
        lines += [f"– {safe(cut(headline, HEADLINE_CHARS))}" for headline in feed.newest if feed.source is None]
        lines += [say("This is a source.")] if feed.source is not None else []
        blocks.append("\n".join(lines))
    left = [number for number, feed in enumerate(feeds, 1) if feed.source is None]
    adds = [(say("Add {n}", n=n) if many else say("Add it"), f"add-source:{key}:{n}") for n in left]
    every = [(say("Add all"), f"add-source:{key}:0")] if len(left) > 1 else []
    shows = [
        (say("Show {n}", n=n) if many else say("Show it"), f"source:{feed.source}")
        for n, feed in enumerate(feeds, 1)
        if feed.source is not None
    ]
    return Html("\n\n".join(blocks)), (*rows(adds, 3), *rows(every, 1), *rows(shows, 3))


async def confirm(talk: Talk) -> None:
    """Adds what was chosen, and shows in the same message what is left."""
    key, number = talk.words.partition(":")[0], talk.number(1, -1)
    stored = await talk.desk.database.read(kept, _name(talk.user_id))
    feeds = [Offered(**feed) for feed in json.loads(stored)] if stored else []
    if not feeds or key_of(feeds[0].url) != key or not 0 <= number <= len(feeds):
        raise Refusal(talk.say("This button is too old. Send /addsource again."))
    chosen = [feeds[number - 1]] if number else feeds
    database, say = talk.desk.database, talk.say
    added = await database.write(_add, chosen, talk.user_id, talk.desk.now())
    text, buttons = offer(await database.read(_with_ids, feeds), say)
    if not added:
        await talk.edit(text, buttons)
        return
    told = say.count("Added: {n} source.", "Added: {n} sources.", added)
    await talk.edit(Html(f"{text}\n\n{told} {say('Its newest articles are being read.')}"), buttons)
    await talk.toast()
    await talk.desk.pull()


def _add(session: Session, chosen: Sequence[Offered], user_id: int, now: datetime) -> int:
    """How many are new."""
    added = 0
    for feed in chosen:
        outline = Outline(feed.url, feed.title, site_url=feed.site_url, language=feed.language)
        _, new = add_source(session, source_of(outline, now))
        if new:
            record(session, user_id, "source.add", feed.url, now)
        added += new
    return added


COMMANDS = (Command("addsource", N_("Add a source"), addsource, "editor"),)
BUTTONS = (Button("add-source", confirm, "editor"), Button("source-new", ask, "editor"))
ANSWERS = (Answer("source-new", addsource, "editor"),)
