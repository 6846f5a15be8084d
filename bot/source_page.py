"""The page of one source: how it is, and what it brings. Data of its buttons: its id."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.commands import Button
from bot.context import Refusal, Talk, rows
from bot.messages import Buttons, cut, link
from bot.speech import Html, Speech, safe
from bot.watch import state_name, stop_listening
from db.sources import days_of, newest_of
from db.tables import Source, SourceDay
from jobs.check import Report, look
from jobs.errors import kept_error
from jobs.health import DAYS, bars, signs_of, state_of

ENTRIES = 5
ENTRY_CHARS = 110
FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed", "cdf": "CDF"}


async def show_source(talk: Talk) -> None:
    source = await source_of(talk)
    await stop_listening(talk)
    days = await talk.desk.database.read(days_of, source.id or 0, talk.desk.now() - timedelta(days=DAYS))
    await talk.edit(page(source, days, talk), _buttons(talk.say, source))


def page(source: Source, days: Sequence[SourceDay], talk: Talk) -> Html:
    say, now, zone = talk.say, talk.desk.now(), talk.known.zone
    answered, following = source.last_success_at, max(source.next_fetch_at, now)
    lines = [
        f"<b>{link(source.title, source.site_url)}</b>",
        safe(cut(source.url, 200)),
        "",
        _state(source, say, now),
        *([say("Last answer: {when}", when=say.stamp(answered, zone))] if answered else []),
        *([say("Next look: {when}", when=say.stamp(following, zone))] if source.state == "active" else []),
        "",
        say("Section: {section}", section=source.section or "–"),
        say("Publisher: {publisher}", publisher=source.publisher),
        "",
        *_two_weeks(source, days, now, say),
    ]
    return Html("\n".join(lines))


def _state(source: Source, say: Speech, now: datetime) -> str:
    """With what is wrong, or with when it brought something last."""
    state = state_name(state_of(signs_of(source), now), say)
    if source.error:
        kept = kept_error(source.error_kind or "", source.url, source.error)
        more = say.fault(kept, named=False).rstrip(".")
    else:
        more = say("newest article {ago}", ago=say.ago(source.last_new_at, now)) if source.last_new_at else ""
    return f"{state[:1].upper()}{state[1:]}{f': {more}' if more else ''}"


def _two_weeks(source: Source, days: Sequence[SourceDay], now: datetime, say: Speech) -> list[str]:
    new, failed = sum(day.new for day in days), sum(day.failed for day in days)
    told = [say.count("Two weeks: {n} new article", "Two weeks: {n} new articles", new)]
    told += [say.count("{n} look failed", "{n} looks failed", failed)] if failed else []
    told += [say("{share} % stubs", share=round(source.stubs * 100))] if source.stubs else []
    return [", ".join(told), f"<code>{bars({day.day: day.new for day in days}, now.date())}</code>"]


def _buttons(say: Speech, source: Source) -> Buttons:
    running = source.state == "active"
    full_text = say("Full text: off") if source.full_text is False else say("Full text: on")
    acts = [
        (say("Check now"), "source-check"),
        (say("Newest articles"), "source-preview"),
        (say("Name"), "source-name"),
        (say("Section"), "source-section"),
        (say("Publisher"), "source-publisher"),
        (say("Address"), "source-address"),
        (full_text, "source-pages"),
        (say("Pause"), "source-pause") if running else (say("Resume"), "source-resume"),
        (say("Remove"), "source-remove"),
    ]
    named = [(str(label), f"{verb}:{source.id}") for label, verb in acts]
    return rows([*named, (say("All sources"), "sources-list:all:0")], 2)


def back(talk: Talk, source: Source) -> Buttons:
    return (((talk.say("Back"), f"source:{source.id}"), (talk.say("All sources"), "sources-list:all:0")),)


async def source_of(talk: Talk) -> Source:
    return await stored_source(talk, talk.number())


async def stored_source(talk: Talk, id: int) -> Source:
    found = await talk.desk.database.read(_with_id, id)
    if found is None:
        raise Refusal(talk.say("This source is gone. /sources shows the others."))
    return found


def _with_id(session: Session, id: int) -> Source | None:
    return session.get(Source, id)


# ---- looking


async def check(talk: Talk) -> None:
    """Looks at the source now, by the way it is always read, and stores nothing."""
    source = await source_of(talk)
    report = await look(talk.desk.http, talk.desk.parser, source.url, talk.desk.now())
    await talk.edit(report_text(report, talk.say, talk.known.zone), back(talk, source))


def report_text(report: Report, say: Speech, zone: str) -> Html:
    if report.error is not None:
        return Html(f"{say('It does not answer well.')}\n{say.fault(report.error)}")
    feed = report.feed
    if feed is None:
        return say("It answers that nothing has changed.")
    entries = say.count("{n} entry", "{n} entries", len(feed.entries))
    newest = sorted(feed.entries, key=lambda entry: entry.published_at.timestamp() if entry.published_at else 0)
    last = [(entry.title, entry.url, entry.published_at) for entry in reversed(newest[-ENTRIES:])]
    told = [
        say("It answers well."),
        f"<b>{safe(cut(feed.title or report.final_url, ENTRY_CHARS))}</b>",
        ", ".join([format_name(feed.kind), *([safe(feed.language)] if feed.language else []), entries]),
    ]
    if report.final_url != report.url:
        told.append(say("It has moved to {url}", url=report.final_url))
    return Html("\n".join([*told, "", *(_entry(*one, say, zone) for one in last)]))


def format_name(kind: str) -> str:
    """ "rss20" as people write it: RSS 2.0."""
    found = re.match(r"(rss|atom|json|cdf)(\d?)(\d*)", kind)
    if found is None:
        return "XML"
    major, minor = found[2], found[3]
    return f"{FORMATS[found[1]]} {major}.{minor}" if major and minor else FORMATS[found[1]]


def _entry(title: str, url: str, at: datetime | None, say: Speech, zone: str) -> Html:
    when = say.stamp(at, zone) if at else say("no date")
    name = safe(cut(title or url, ENTRY_CHARS))
    href = safe(url).replace('"', "%22")
    return Html(f'{when}: <a href="{href}">{name}</a>' if url else f"{when}: {name}")


async def preview(talk: Talk) -> None:
    """The newest articles that are stored."""
    source, say = await source_of(talk), talk.say
    newest = await talk.desk.database.read(newest_of, source.id or 0, ENTRIES)
    lines = [_entry(*one, say, talk.known.zone) for one in newest] or [say("Nothing has come of it yet.")]
    head = Html(f"<b>{safe(cut(source.title, ENTRY_CHARS))}</b>")
    await talk.edit(Html("\n".join([head, *lines])), back(talk, source))


BUTTONS = (
    Button("source", show_source, "editor"),
    Button("source-check", check, "editor"),
    Button("source-preview", preview, "editor"),
)
