"""What an admin changes about a source, from its page; and removing it."""

from sqlmodel import Session

from bot.commands import Answer, Button, Handler
from bot.context import Refusal, Talk, number_in, rows
from bot.messages import cut
from bot.source_page import back, show_source, source_of, stored_source
from bot.wishes import key_of
from db.admins import record
from db.kept import keep, kept
from db.sources import known_entries, remember_entries, remove_source, set_source, source_at, source_lines
from db.tables import Source
from db.updates import expect
from jobs.check import Report, look
from jobs.health import family

NAME_CHARS = 60  # of a section or a publisher
SECTIONS = 10  # offered; another one is typed
NO_SECTION = "-"


async def _set(talk: Talk, source: Source, act: str, detail: str = "", **columns: object) -> None:
    """Sets the columns, writes down who did, and shows the page."""
    now = talk.desk.now()

    def work(session: Session) -> None:
        set_source(session, source.id or 0, **columns)
        record(session, talk.user_id, act, source.url, now, detail)

    await talk.desk.database.write(work)
    talk.words = str(source.id)
    await show_source(talk)


async def pause(talk: Talk) -> None:
    await _set(talk, await source_of(talk), "source.pause", state="paused")


async def resume(talk: Talk) -> None:
    """What it has listed meanwhile is taken as seen: only what follows is news."""
    source, now = await source_of(talk), talk.desk.now()
    if source.state != "active":
        await _look_past(talk, source, source.url)
    await _set(talk, source, "source.resume", state="active", next_fetch_at=now, failures=0)


async def _look_past(talk: Talk, source: Source, url: str) -> Report:
    """Looks at an address; what is listed there now is no news of a source that was read before."""
    known = await talk.desk.database.read(known_entries, source.id or 0)
    report = await look(talk.desk.http, talk.desk.parser, url, talk.desk.now(), known)
    if known and report.feed is not None:
        missed = {(source.id or 0, e.key): e.raw_hash for e in report.feed.entries if e.key not in known}
        await talk.desk.database.write(remember_entries, missed, ())
    return report


async def turn_pages(talk: Talk) -> None:
    source = await source_of(talk)
    await _set(talk, source, "source.pages", full_text=None if source.full_text is False else False)


async def ask_section(talk: Talk) -> None:
    """One of the sections there are, or a new one, typed."""
    source, say = await source_of(talk), talk.say
    await _listen(talk, source, "source-section")
    names = sorted({line.section for line in await talk.desk.database.read(source_lines)} - {""})[:SECTIONS]
    known = [(cut(name, 24), f"source-into:{source.id}:{key_of(name)}") for name in names if name != source.section]
    none = [(say("No section"), f"source-into:{source.id}:{NO_SECTION}")] if source.section else []
    question = say("Which section is {title} in? Tap one, or type a name.", title=source.title)
    await talk.edit(question, (*rows([*known, *none], 2), *back(talk, source)))


async def put_into(talk: Talk) -> None:
    """Data: "source-into:ID:KEY of a section"."""
    source, key = await source_of(talk), talk.arguments[-1]
    sections = {key_of(line.section): line.section for line in await talk.desk.database.read(source_lines)}
    if key != NO_SECTION and key not in sections:
        raise Refusal(talk.say("This section is gone. Type its name."))
    await _set(talk, source, "source.section", sections.get(key, ""), section=sections.get(key, ""))


async def ask_publisher(talk: Talk) -> None:
    source = await source_of(talk)
    await _listen(talk, source, "source-publisher")
    text = talk.say(
        "{title} belongs to {publisher}. Sources of one publisher count as one newsroom. Type another name, "
        "or “{domain}” for its own.",
        title=source.title,
        publisher=source.publisher,
        domain=family(source.site_url or source.url),
    )
    await talk.edit(text, back(talk, source))


async def ask_name(talk: Talk) -> None:
    source = await source_of(talk)
    await _listen(talk, source, "source-name")
    text = talk.say("Briefs name this outlet “{title}”. Type another name.", title=source.title)
    await talk.edit(text, back(talk, source))


async def ask_address(talk: Talk) -> None:
    source = await source_of(talk)
    await _listen(talk, source, "source-address")
    text = talk.say("{title} is read from {url}. Type its new address.", title=source.title, url=source.url)
    await talk.edit(text, back(talk, source))


async def read_address(talk: Talk) -> None:
    """Takes the new address once a feed answers there; articles and section stay."""
    source, now, url = await _asked(talk), talk.desk.now(), talk.words.strip()
    url = url if "://" in url else f"https://{url}"
    there = await talk.desk.database.read(source_at, url)
    if there is not None and there.id != source.id:
        raise Refusal(talk.say("{url} is a source already.", url=url))
    report = await _look_past(talk, source, url)
    if report.error is not None:
        await _listen(talk, source, "source-address")
        raise Refusal(talk.say.fault(report.error))
    fresh = {"etag": None, "last_modified": None, "body_hash": None, "moved_to": None, "moved_since": None}
    well = {"state": "active", "failures": 0, "error": None, "error_kind": None, "next_fetch_at": now}
    await _set(talk, source, "source.address", url, url=url, **fresh, **well)


async def _asked(talk: Talk) -> Source:
    """The source that the typed message is about."""
    stored = await talk.desk.database.read(kept, f"source-asked:{talk.user_id}")
    return await stored_source(talk, number_in((stored or b"").decode()))


async def _listen(talk: Talk, source: Source, what: str) -> None:
    """Reads the next plain message as the answer about this source."""
    now = talk.desk.now()

    def work(session: Session) -> None:
        keep(session, f"source-asked:{talk.user_id}", str(source.id).encode(), now)
        expect(session, talk.chat.id, talk.user_id, what, now)

    await talk.desk.database.write(work)


def _typed(what: str, act: str, column: str) -> Handler:
    async def read(talk: Talk) -> None:
        source, name = await _asked(talk), " ".join(talk.words.split())
        if len(name) > NAME_CHARS or not any(c.isalnum() for c in name):
            await _listen(talk, source, what)
            raise Refusal(talk.say("A name has at most {n} characters. Type another one.", n=NAME_CHARS))
        await _set(talk, source, act, name, **{column: name})

    return read


async def ask_removal(talk: Talk) -> None:
    source = await source_of(talk)
    question = talk.say(
        "Remove {title}? Its articles go too; briefs that were sent keep their links.", title=source.title
    )
    buttons = ((talk.say("Yes, remove it"), f"source-gone:{source.id}"), (talk.say("No"), f"source:{source.id}"))
    await talk.edit(question, (buttons,))


async def remove(talk: Talk) -> None:
    source, now = await source_of(talk), talk.desk.now()

    def work(session: Session) -> None:
        record(session, talk.user_id, "source.drop", source.url, now)
        remove_source(session, source.id or 0)

    await talk.desk.database.write(work)
    await talk.edit(talk.say("Dropped: {url}", url=source.url), (((talk.say("All sources"), "sources-list:all:0"),),))


BUTTONS = (
    Button("source-section", ask_section, "editor"),
    Button("source-into", put_into, "editor"),
    Button("source-publisher", ask_publisher, "editor"),
    Button("source-name", ask_name, "editor"),
    Button("source-address", ask_address, "editor"),
    Button("source-pages", turn_pages, "editor"),
    Button("source-pause", pause, "editor"),
    Button("source-resume", resume, "editor"),
    Button("source-remove", ask_removal, "editor"),
    Button("source-gone", remove, "editor"),
)
ANSWERS = (
    Answer("source-name", _typed("source-name", "source.name", "title"), "editor"),
    Answer("source-address", read_address, "editor"),
    Answer("source-section", _typed("source-section", "source.section", "section"), "editor"),
    Answer("source-publisher", _typed("source-publisher", "source.publisher", "publisher"), "editor"),
)
