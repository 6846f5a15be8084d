"""What an admin says of sources: remove one, look at all now. To anyone else these are unknown commands."""

from datetime import datetime

from sqlmodel import Session

from bot.commands import Command
from bot.context import Refusal, Talk
from bot.speech import N_
from db.admins import record
from db.sources import make_all_due, remove_source, source_at


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
    Command("dropsource", N_("Remove a source"), dropsource, "editor"),
    Command("pull", N_("Look at all sources now"), pull, "editor"),
)
