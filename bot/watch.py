"""Sources as admins see them: a tidy list with filters, and a word when one fails or falls silent.

Buttons of the list carry "STATE:PAGE:SECTION": the state is all, trouble or one of health.State; the section is a key
of its name, or "" for all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from sqlmodel import Session

from bot import lists, ready_lists
from bot.commands import Button, Command
from bot.context import Bot, Talk, rows, tell
from bot.messages import Buttons, cut
from bot.speech import N_, Html, Speech, safe
from bot.wishes import key_of
from db.admins import admins
from db.engine import Database
from db.sources import SourceLine, active_days, article_times, set_source, source_lines
from db.updates import take_expected
from jobs.errors import kept_error
from jobs.health import TROUBLE, State, interval_minutes, quiet_days, signs_of, state_of, told_anew

LISTED = 8  # sources on one page
TITLE_CHARS = 48
STATES: tuple[State, ...] = ("well", "new", *TROUBLE, "paused")
SECTIONS = 24  # offered as filters, those with most sources
TIMES = 30  # newest articles a source's habit is read from
HABIT = timedelta(days=28)  # in which its resting days are counted
NEWS = timedelta(hours=1)  # a habit is read again while its newest article is no older
TOLD = 20  # sources named in one notice


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


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the list is looked at."""

    state: str = "all"
    page: int = 0
    section: str = ""

    def data(self, **changed: object) -> str:
        parts = {"state": self.state, "page": self.page, "section": self.section} | changed
        return ":".join(str(part) for part in parts.values())

    def shows(self, source: SourceLine, state: State) -> bool:
        if self.section and key_of(source.section) != self.section:
            return False
        return self.state == "all" or state == self.state or (self.state == "trouble" and state in TROUBLE)


def view_of(talk: Talk) -> View:
    given = [*(talk.arguments if talk.query else []), "", "", ""]
    state = given[0] if given[0] in ("trouble", *STATES) else "all"
    return View(state, talk.number(1), given[2])


async def show_sources(talk: Talk) -> None:
    """Data: "sources-list:STATE:PAGE:SECTION". Typed with "export", all sources as a document."""
    if talk.query is None and talk.words.lower() == "export":
        await lists.export(talk)
        return
    await stop_listening(talk)
    there = await talk.desk.database.read(source_lines)
    if there:
        await talk.edit(*_list(there, view_of(talk), talk))
    else:
        await ready_lists.offered(talk)


async def stop_listening(talk: Talk) -> None:
    """Who goes back by a button leaves the question: what they type next is no answer to it."""
    if talk.query is not None:
        await talk.desk.database.write(take_expected, talk.chat.id, talk.user_id, talk.desk.now())


def _list(there: Sequence[SourceLine], view: View, talk: Talk) -> tuple[Html, Buttons]:
    say, now = talk.say, talk.desk.now()
    states = {source.id: state_of(signs_of(source), now) for source in there}
    fitting = [source for source in there if view.shows(source, states[source.id])]
    pages = max(1, -(-len(fitting) // LISTED))
    view = View(view.state, min(view.page, pages - 1), view.section)
    first = view.page * LISTED
    shown = list(enumerate(fitting[first : first + LISTED], first + 1))
    lines = [_head(there, states, say), *_filtered(fitting, view, say)]
    for section, group in groupby(shown, key=lambda one: one[1].section):
        lines += ["", f"<b>{safe(section)}</b>"] if section else [""]
        lines += [_line(number, source, states[source.id], say, now) for number, source in group]
    return Html("\n".join(lines)), _list_buttons(shown, view, pages, say)


def _head(there: Sequence[SourceLine], states: dict[int, State], say: Speech) -> str:
    trouble = sum(state in TROUBLE for state in states.values())
    head = f"<b>{say.count('{n} source', '{n} sources', len(there))}</b>"
    return f"{head}, {say('{n} with trouble', n=trouble)}" if trouble else head


def _filtered(fitting: Sequence[SourceLine], view: View, say: Speech) -> list[str]:
    parts = [] if view.state == "all" else [filter_name(view.state, say)]
    parts += [Html(safe(fitting[0].section or "–"))] if view.section and fitting else []
    if not fitting:
        return [say("None of them fits the filter.")]
    return [say("Shown: {what}, {n}", what=Html(", ".join(parts)), n=len(fitting))] if parts else []


def filter_name(state: str, say: Speech) -> Html:
    named = {"all": say("all"), "trouble": say("with trouble")}
    return named.get(state) or state_name(next(one for one in STATES if one == state), say)


def _line(number: int, source: SourceLine, state: State, say: Speech, now: datetime) -> str:
    """Of one that is well, when it brought something last; else how it is."""
    newest = source.last_new_at if state == "well" else None
    how = safe(say.ago(newest, now)) if newest else state_name(state, say)
    return f"{number}. {safe(cut(source.title, TITLE_CHARS))}: {how}"


def _list_buttons(shown: Sequence[tuple[int, SourceLine]], view: View, pages: int, say: Speech) -> Buttons:
    numbers = [(str(number), f"source:{source.id}") for number, source in shown]
    turn = [(say("Back"), f"sources-list:{view.data(page=view.page - 1)}")] if view.page else []
    turn += [(say("More"), f"sources-list:{view.data(page=view.page + 1)}")] if view.page + 1 < pages else []
    below = [
        (say("Filter"), f"sources-filter:{view.data(page=0)}"),
        (say("Add one"), "source-new"),
        (say("Ready-made lists"), "ready"),
        (say("Export"), "list-export"),
        (say("Administration"), "admin"),
    ]
    return (*rows(numbers, 4), *rows(turn, 2), *rows(below, 2))


async def show_filters(talk: Talk) -> None:
    """Data: "sources-filter:STATE:PAGE:SECTION"; states and sections that there are, with their counts."""
    say, now, view = talk.say, talk.desk.now(), view_of(talk)
    there = await talk.desk.database.read(source_lines)
    states = Counter(state_of(signs_of(source), now) for source in there)
    trouble = sum(states[state] for state in TROUBLE)
    counted = [("all", len(there)), ("trouble", trouble), *((state, states[state]) for state in STATES)]
    by_state = [
        (_mark(f"{filter_name(name, say).capitalize()}, {n}", view.state == name), view.data(state=name, page=0))
        for name, n in counted
        if n or name == view.state
    ]
    sections = Counter(source.section for source in there).most_common(SECTIONS)
    by_section = [
        (_mark(f"{cut(name or '–', 24)}, {n}", key_of(name) == view.section), view.data(section=key_of(name), page=0))
        for name, n in sorted(sections)
    ]
    every = [(_mark(say("All sections"), not view.section), view.data(section="", page=0))]
    named = [(label, f"sources-list:{data}") for label, data in [*by_state, *every, *by_section]]
    await talk.edit(
        say("Which sources? By how they are, or by section."),
        (*rows(named[: len(by_state)], 2), *rows(named[len(by_state) :], 2)),
    )


def _mark(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


# ---- what admins hear without asking


@dataclass(frozen=True, slots=True)
class Habit:
    interval_minutes: float | None
    quiet_days: int


async def watch(bot: Bot, database: Database, now: datetime) -> None:
    """Tells admins once of trouble, and once that it is over; all that changed at a time in one message."""
    habits = await database.read(_habits, now)
    changed, active = await database.write(_changed_states, habits, now)
    if not changed:
        return
    for admin in await database.read(admins):
        await tell(bot, database, admin.user_id, partial(notice, changed, active))


def _habits(session: Session, now: datetime) -> dict[int, Habit]:
    """Of the sources that had news lately, or whose habit is not known yet."""
    days = active_days(session, now - HABIT)
    read = [
        source.id
        for source in source_lines(session)
        if source.last_new_at is not None and (source.interval_minutes is None or now - source.last_new_at <= NEWS)
    ]
    return {
        one: Habit(interval_minutes(article_times(session, one, TIMES)), quiet_days(days.get(one, ()), now.date()))
        for one in read
    }


def _changed_states(
    session: Session, habits: dict[int, Habit], now: datetime
) -> tuple[list[tuple[SourceLine, State]], int]:
    """Sources whose new state admins are to hear of, from now on told; and how many sources are not paused."""
    for id, habit in habits.items():
        set_source(session, id, interval_minutes=habit.interval_minutes, quiet_days=habit.quiet_days)
    session.flush()
    there = source_lines(session)
    judged = [(source, state_of(signs_of(source), now)) for source in there]
    changed = [(source, state) for source, state in judged if told_anew(state, source.told_state)]
    for source, state in changed:
        set_source(session, source.id, told_state=state)
    return changed, sum(source.state == "active" for source in there)


def notice(changed: Sequence[tuple[SourceLine, State]], active: int, say: Speech) -> tuple[Html, Buttons]:
    """One source by itself with what is wrong, several as a list."""
    if len(changed) == 1:
        ((source, state),) = changed
        error = say.fault(kept_error(source.error_kind or "", source.url, source.error)) if source.error else ""
        text = say("{title}: {state}. {error}", title=source.title, state=state_name(state, say), error=error)
        return Html(text.strip()), (((say("Show it"), f"source:{source.id}"),),)
    lines = [
        f"{safe(cut(source.title, TITLE_CHARS))}: {state_name(state, say)}"
        for source, state in sorted(changed, key=lambda one: one[1])[:TOLD]
    ]
    if len(changed) > TOLD:
        lines.append(say("and {n} more", n=len(changed) - TOLD))
    if sum(state == "failing" for _, state in changed) >= active:
        lines.append(say("No source answers: look at this machine's own network first."))
    return Html("\n".join(lines)), (((say("Show them"), "sources-list:trouble:0"),),)


COMMANDS = (Command("sources", N_("The sources and how they are"), show_sources, "editor"),)
BUTTONS = (Button("sources-list", show_sources, "editor"), Button("sources-filter", show_filters, "editor"))
