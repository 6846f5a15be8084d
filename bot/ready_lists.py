"""Ready-made lists of sources, to be picked by language or by country and subject; offered while there are no sources.

What is picked stands in the buttons themselves: "ready:VIEW:LISTS:PICKED:TURNED", where LISTS names the state of the
lists that the numbers count, PICKED has a bit for each section, and TURNED are the bits that a press turns.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.commands import Button
from bot.context import Refusal, Talk, rows
from bot.lists import added, after_adding
from bot.messages import Buttons, cut
from bot.speech import Html
from bot.wishes import key_of
from db.sources import source_urls
from jobs.lists import default_lists
from jobs.opml import Outline

BY_LIST, BY_SECTION = "l", "s"


@dataclass(frozen=True, slots=True)
class Section:
    """A country or a subject of one list."""

    bit: int
    list_title: str
    name: str
    fresh: tuple[Outline, ...]  # those that are no sources yet


def sections_of(known: Sequence[str]) -> list[Section]:
    """Of all lists, in their order; one bit each."""
    found: list[Section] = []
    for reading in default_lists(known).values():
        for name, lines in groupby(reading.lines, key=lambda line: line.outline.section):
            fresh = tuple(line.outline for line in lines if line.verdict == "new")
            found.append(Section(1 << len(found), reading.title, name, fresh))
    return found


async def offered(talk: Talk, before: Html | None = None) -> bool:
    """Shows the lists when there is no source yet; whether it did."""
    if await talk.desk.database.read(source_urls):
        return False
    sections = await asyncio.to_thread(sections_of, ())
    nothing = talk.say("There are no sources yet, so there is nothing to bring. Pick some to begin with.")
    await _show(talk, sections, 0, BY_LIST, "topics", Html(f"{before}\n\n{nothing}") if before else nothing)
    return True


async def pick(talk: Talk) -> None:
    """Data: see above; without any, the lists are opened."""
    known = await talk.desk.database.read(source_urls)
    sections = await asyncio.to_thread(sections_of, known)
    onward = "sources-list:all:0" if known else "topics"
    if not talk.words:
        await _show(talk, sections, 0, BY_LIST, onward)
        return
    view, picked, turned = _read(talk, sections)
    every = all(section.bit & picked for section in sections if section.bit & turned and section.fresh)
    await _show(talk, sections, picked & ~turned if every else picked | turned, view, onward)


async def add(talk: Talk) -> None:
    """Data: "ready-add:VIEW:LISTS:PICKED:0"."""
    sections = await asyncio.to_thread(sections_of, await talk.desk.database.read(source_urls))
    _, picked, _ = _read(talk, sections)
    chosen = _picked(sections, picked)
    await talk.edit(await added(talk, chosen, "ready-made lists"), after_adding(talk.say))


def _read(talk: Talk, sections: Sequence[Section]) -> tuple[str, int, int]:
    """View, picked and turned bits."""
    try:
        view, lists, picked, turned = talk.arguments
        if lists != _state(sections):
            raise ValueError(lists)
        every = sum(section.bit for section in sections)
        return view, int(picked, 16) & every, int(turned, 16) & every
    except ValueError as error:
        raise Refusal(talk.say("This button is too old. /sources shows what there is.")) from error


def _state(sections: Sequence[Section]) -> str:
    return key_of("\n".join(f"{section.list_title}/{section.name}" for section in sections))


def _picked(sections: Sequence[Section], picked: int) -> list[Outline]:
    return [outline for section in sections if section.bit & picked for outline in section.fresh]


async def _show(
    talk: Talk, sections: Sequence[Section], picked: int, view: str, onward: str, before: Html | None = None
) -> None:
    """`onward` is where who picks nothing goes: to the sources, or to the topics while there are none."""
    say = talk.say
    intro = before or say("<b>Ready-made lists</b>\nNewsrooms that public collections agree on. Tap what to read.")
    own = say("Your own list comes as a file: OPML, or an address on each line. One source: /addsource URL")
    if not any(section.fresh for section in sections):
        intro = say("All of the ready-made lists are here already.")
    count = len(_picked(sections, picked))
    chosen = [say.count("Picked: {n} source.", "Picked: {n} sources.", count)] if count else []
    await talk.edit(Html("\n\n".join([intro, *chosen, own])), _buttons(talk, sections, picked, view, onward))


def _buttons(talk: Talk, sections: Sequence[Section], picked: int, view: str, onward: str) -> Buttons:
    say, state = talk.say, _state(sections)
    there = [section for section in sections if section.fresh]
    other = BY_SECTION if view == BY_LIST else BY_LIST
    turn = say("By country and subject") if view == BY_LIST else say("By language")
    add = (say("Add these"), f"ready-add:{view}:{state}:{picked:x}:0")
    below = [
        (turn, f"ready:{other}:{state}:{picked:x}:0"),
        (say("Topics") if onward == "topics" else say("Sources"), onward),
    ]
    shown = [(label, f"ready:{view}:{state}:{picked:x}:{bits:x}") for label, bits in _labels(there, picked, view)]
    picks = rows(shown, 1 if view == BY_LIST else 2)
    return (*picks, *(((add,),) if picked else ()), *rows(below, 2))


def _labels(sections: Sequence[Section], picked: int, view: str) -> list[tuple[str, int]]:
    """What can be turned, with its bits: lists, or their sections."""
    if view == BY_SECTION:
        return [(_label(section.name, [section], picked), section.bit) for section in sections]
    lists = groupby(sections, key=lambda section: section.list_title)
    parts = [(title, list(group)) for title, group in lists]
    return [(_label(title, group, picked), sum(section.bit for section in group)) for title, group in parts]


def _label(name: str, sections: Sequence[Section], picked: int) -> str:
    """With a mark when all of it is picked, with "3/20" when a part is."""
    whole = sum(len(section.fresh) for section in sections)
    part = len(_picked(sections, picked))
    count = str(whole) if part in (0, whole) else f"{part}/{whole}"
    return f"{'✓ ' if part == whole else ''}{cut(name, 36)}, {count}"


BUTTONS = (Button("ready", pick, "editor"), Button("ready-add", add, "editor"))
