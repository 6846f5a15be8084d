"""Sources as admins see them: a tidy list with filters, a page for each, and a word when one fails or falls silent."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot import lists, ready_lists
from bot.commands import Button, Command, Handler
from bot.context import Bot, Refusal, Talk
from bot.messages import Buttons, cut, link
from bot.speech import N_, Html, Speech, safe, speech
from db.admins import admins, record
from db.engine import Database
from db.sources import article_times, days_of, remove_source, set_source, sources
from db.tables import Source
from jobs.health import DAYS, State, bars, interval_minutes, signs_of, state_of, told_anew

LISTED = 8  # sources on one page
TROUBLE = ("failing", "silent", "ended")
TIMES = 30  # newest articles a source's habit is read from


def state_name(state: State, say: Speech) -> Html:
    names = {
        "well": say("well"),
        "new": say("not looked at yet"),
        "failing": say("failing"),
        "silent": say("has gone silent"),
        "paused": say("paused"),
        "ended": say("ended"),
    }
    return names[state]


# ---- the list


async def show_sources(talk: Talk) -> None:
    """Data: "sources-list:FILTER:PAGE"; the filter is all or trouble."""
    if talk.query is None and talk.words.lower() == "export":
        await lists.export(talk)
        return
    given = talk.arguments if talk.query else []
    chosen, page = (given[0] if given else "all"), int(given[1]) if len(given) > 1 and given[1].isdigit() else 0
    say, now = talk.say, talk.desk.now()
    there = await talk.desk.database.read(sources)
    if not there:
        await ready_lists.offered(talk)
        return
    states = {source.id or 0: state_of(signs_of(source), now) for source in there}
    shown = [source for source in there if chosen == "all" or states[source.id or 0] in TROUBLE]
    trouble = sum(state in TROUBLE for state in states.values())
    head = say.count("{n} source", "{n} sources", len(there))
    lines = [f"<b>{head}</b>, {say('{n} with trouble', n=trouble)}"]
    first = page * LISTED
    for number, source in enumerate(shown[first : first + LISTED], first + 1):
        lines.append(f"{number}. {safe(cut(source.title, 60))}: {state_name(states[source.id or 0], say)}")
    await talk.edit(Html("\n".join(lines)), _list_buttons(say, shown, chosen, page))


def _list_buttons(say: Speech, shown: Sequence[Source], chosen: str, page: int) -> Buttons:
    first = page * LISTED
    numbers = [(str(n), f"source:{s.id}") for n, s in enumerate(shown[first : first + LISTED], first + 1)]
    turn = [("‹", f"sources-list:{chosen}:{page - 1}")] if page else []
    turn += [("›", f"sources-list:{chosen}:{page + 1}")] if first + LISTED < len(shown) else []
    other = ("all", say("All")) if chosen == "trouble" else ("trouble", say("With trouble"))
    more: list[tuple[str, str]] = [(say("Ready-made lists"), "ready"), (say("Export"), "list-export")]
    rows: list[list[tuple[str, str]]] = [
        numbers[:4],
        numbers[4:],
        [*turn, (other[1], f"sources-list:{other[0]}:0")],
        more,
    ]
    return tuple(tuple(row) for row in rows if row)


# ---- one source


async def show_source(talk: Talk) -> None:
    """Data: "source:ID"."""
    source = await _source(talk)
    say, now, zone = talk.say, talk.desk.now(), talk.known.zone
    days = await talk.desk.database.read(days_of, source.id or 0, now - timedelta(days=DAYS))
    state = state_of(signs_of(source), now)
    news = say("newest article {ago}", ago=say.ago(source.last_new_at, now)) if source.last_new_at else Html("")
    looked = say("last well {when}", when=say.stamp(source.last_success_at, zone)) if source.last_success_at else ""
    lines = [
        Html(f"<b>{link(source.title, source.site_url)}</b>"),
        Html(safe(source.url)),
        say("{state}; {news}", state=state_name(state, say), news=news) if news else state_name(state, say),
        Html(looked),
        Html(safe(cut(source.error or "", 300))),
        say("Section: {section}. Publisher: {publisher}.", section=source.section or "–", publisher=source.publisher),
        say("Stubs: {share} %. New articles in two weeks:", share=round(source.stubs * 100)),
        Html(f"<code>{bars({day.day: day.new for day in days}, now.date())}</code>"),
    ]
    await talk.edit(Html("\n".join(line for line in lines if line)), _source_buttons(say, source))


def _source_buttons(say: Speech, source: Source) -> Buttons:
    running = source.state == "active"
    pause = (say("Pause"), f"source-pause:{source.id}") if running else (say("Resume"), f"source-resume:{source.id}")
    pages = {None: say("Pages: for stubs"), True: say("Pages: always"), False: say("Pages: never")}[source.full_text]
    return (
        (pause, (pages, f"source-pages:{source.id}")),
        ((say("Remove"), f"source-remove:{source.id}"), (say("All sources"), "sources-list:all:0")),
    )


async def _source(talk: Talk) -> Source:
    wanted = talk.arguments[0] if talk.arguments else ""
    found = next((s for s in await talk.desk.database.read(sources) if str(s.id) == wanted), None)
    if found is None:
        raise Refusal(talk.say("This source is gone. /sources shows the others."))
    return found


def _changing(act: str, columns: Callable[[Source, datetime], dict[str, object]]) -> Handler:
    async def run(talk: Talk) -> None:
        source, now = await _source(talk), talk.desk.now()

        def work(session: Session) -> None:
            set_source(session, source.id or 0, **columns(source, now))
            record(session, talk.user_id, act, source.url, now)

        await talk.desk.database.write(work)
        await show_source(talk)

    return run


NEXT_PAGES = {None: True, True: False, False: None}
pause_source = _changing("source.pause", lambda source, now: {"state": "paused"})
# What it listed while it was paused is no news: the next look finds it listed, and only what follows is new.
resume_source = _changing("source.resume", lambda source, now: {"state": "active", "next_fetch_at": now, "failures": 0})
turn_pages = _changing("source.pages", lambda source, now: {"full_text": NEXT_PAGES[source.full_text]})


async def ask_removal(talk: Talk) -> None:
    source = await _source(talk)
    question = talk.say(
        "Remove {title}? Its articles go too; briefs that were sent keep their links.", title=source.title
    )
    buttons = ((talk.say("Yes, remove it"), f"source-gone:{source.id}"), (talk.say("No"), f"source:{source.id}"))
    await talk.edit(question, (buttons,))


async def remove(talk: Talk) -> None:
    source, now = await _source(talk), talk.desk.now()

    def work(session: Session) -> None:
        record(session, talk.user_id, "source.drop", source.url, now)
        remove_source(session, source.id or 0)

    await talk.desk.database.write(work)
    await talk.edit(talk.say("Dropped: {url}", url=source.url))


# ---- what admins hear without asking


async def watch(bot: Bot, database: Database, now: datetime) -> None:
    """Tells admins once of a source's trouble, and once that it is over."""
    for source, state in await database.write(_changed_states, now):
        say = speech("en")
        text = say(
            "{title}: {state}. {error}", title=source.title, state=state_name(state, say), error=source.error or ""
        )
        for admin in await database.read(admins):
            await Talk.send(bot, admin.user_id, text, (((say("Show it"), f"source:{source.id}"),),))


def _changed_states(session: Session, now: datetime) -> list[tuple[Source, State]]:
    changed = []
    for source in sources(session):
        source.interval_minutes = interval_minutes(article_times(session, source.id or 0, TIMES))
        state = state_of(signs_of(source), now)
        if told_anew(state, source.told_state):
            changed.append((source, state))
            source.told_state = state
    return changed


COMMANDS = (Command("sources", N_("The sources and how they are"), show_sources, "editor"),)
BUTTONS = (
    Button("sources-list", show_sources, "editor"),
    Button("source", show_source, "editor"),
    Button("source-pause", pause_source, "editor"),
    Button("source-resume", resume_source, "editor"),
    Button("source-pages", turn_pages, "editor"),
    Button("source-remove", ask_removal, "editor"),
    Button("source-gone", remove, "editor"),
)
