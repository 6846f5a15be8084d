"""What an admin says of sources: add, remove, look now. To anyone else these are unknown commands."""

import json
from datetime import datetime

from sqlmodel import Session

from bot.commands import Button, Command
from bot.context import Refusal, Talk
from bot.messages import cut
from bot.speech import N_, Html, safe
from bot.wishes import key_of
from db.admins import record
from db.kept import keep, kept
from db.sources import add_source, make_all_due, remove_source, source_at
from db.tables import Source
from jobs.discover import Found, discover
from jobs.errors import SourceError
from jobs.health import family

PREVIEWED = 3  # newest entries shown before a source is added
OFFERED = 6


async def addsource(talk: Talk) -> None:
    """Finds the feeds at an address, shows the newest entries of each, and offers to add it."""
    url = talk.words.strip()
    if not url:
        raise Refusal(talk.say("Which one? Send its address after the command: /addsource https://news.example"))
    await talk.typing()
    try:
        found = await discover(
            talk.desk.http, talk.desk.parser, url if "://" in url else f"https://{url}", talk.desk.now()
        )
    except SourceError as error:
        raise Refusal(talk.say.fault(error)) from error
    if not found:
        raise Refusal(
            talk.say("{url} has no feed that can be found. Look for a link called RSS or Atom there.", url=url)
        )
    for feed in found[:OFFERED]:
        await _offer(talk, feed)


async def _offer(talk: Talk, feed: Found) -> None:
    """The address is kept until the button is pressed: callback data is too short for one."""
    key = f"offer:{talk.user_id}:{key_of(feed.url)}"
    offered = [feed.url, feed.title, feed.site_url]
    await talk.desk.database.write(keep, key, json.dumps(offered).encode(), talk.desk.now())
    lines = [f"<b>{safe(cut(feed.title or feed.url, 100))}</b>", safe(feed.url)]
    lines += [Html(f"– {safe(cut(entry.title, 150))}") for entry in feed.newest[:PREVIEWED]]
    await talk.reply(Html("\n".join(lines)), (((talk.say("Add it"), f"add-source:{key}"),),))


async def confirm_source(talk: Talk) -> None:
    offered = await talk.desk.database.read(kept, talk.words)
    if offered is None or not talk.words.startswith(f"offer:{talk.user_id}:"):
        raise Refusal(talk.say("This button is too old. Send /addsource again."))
    url, title, site_url = json.loads(offered)
    added = await talk.desk.database.write(_add, url, title, site_url, talk.user_id, talk.desk.now())
    await talk.toast()
    if not added:
        await talk.edit(talk.say("{url} is a source already.", url=url))
        return
    await talk.edit(talk.say("Added: {url}. Its newest articles are being read.", url=url))
    await talk.desk.pull()


def _add(session: Session, url: str, title: str, site_url: str, user_id: int, now: datetime) -> bool:
    source = Source(
        url=url,
        title=title or url,
        site_url=site_url,
        publisher=family(site_url or url),
        next_fetch_at=now,
        created_at=now,
    )
    _, new = add_source(session, source)
    if new:
        record(session, user_id, "source.add", url, now)
    return new


async def dropsource(talk: Talk) -> None:
    url = talk.words.strip()
    dropped = await talk.desk.database.write(_drop, url, talk.user_id, talk.desk.now()) if url else False
    if not dropped:
        raise Refusal(talk.say("No source has that address. /sources lists them."))
    await talk.reply(talk.say("Dropped: {url}", url=url))


def _drop(session: Session, url: str, user_id: int, now: datetime) -> bool:
    source = source_at(session, url)
    if source is None or source.id is None:
        return False
    record(session, user_id, "source.drop", url, now)
    return remove_source(session, source.id)


async def pull(talk: Talk) -> None:
    await talk.typing()
    count = await talk.desk.database.write(_all_due, talk.user_id, talk.desk.now())
    await talk.desk.pull()
    await talk.reply(talk.say.count("Looked at {n} source.", "Looked at {n} sources.", count))


def _all_due(session: Session, user_id: int, now: datetime) -> int:
    record(session, user_id, "source.pull", "all", now)
    return make_all_due(session, now)


COMMANDS = (
    Command("addsource", N_("Add a source"), addsource, "editor"),
    Command("dropsource", N_("Remove a source"), dropsource, "editor"),
    Command("pull", N_("Look at all sources now"), pull, "editor"),
)
BUTTONS = (Button("add-source", confirm_source, "editor"),)
