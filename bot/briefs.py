"""A brief as its messages: title, what came since the last one, stories, and what there is to say besides. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.messages import (
    HEADLINE_CHARS,
    TIGHT,
    Block,
    cut,
    pack,
    panel_line,
    story_blocks,
    story_buttons,
    unread_blocks,
)
from bot.speech import Html, Speech, safe, speech
from db.records import Chosen, Part, StoryBullet
from db.tables import Subscriber
from jobs.digest import is_answer, is_owed
from jobs.hours import Slot

SHORTER = {"short": ("short", "first", "tight")}  # tried in turn until a brief of that length is one message
FEWEST = 1  # other stories at least that a short brief carries beside what came since the last one


def render(
    chosen: Sequence[Chosen],
    subscriber: Subscriber,
    now: datetime,
    *,
    late: bool,
    doubtful: int,
    next_at: Slot | None,
    last: datetime | None,
) -> list[Part]:
    """`doubtful` counts messages that may not have come; `last` is when anything was told last."""
    say, zone = speech(subscriber.language), subscriber.zone
    notes = []
    if late:
        notes.append(say("This brief is late; what was due before is in it."))
    if doubtful:
        notes.append(
            say.count("{n} message may not have reached you.", "{n} messages may not have reached you.", doubtful)
        )
    if next_at is not None:
        notes.append(say("Next brief: {when}", when=say.moment(next_at.at, zone)))
    if not chosen:
        return edition_messages([], _nothing_new(say, zone, last), say, now, length="short", notes=notes)
    title = Html(f"<b>{say('Your brief')}</b> · {say.date(now, zone)}")
    return edition_messages(
        chosen, title, say, now, length=subscriber.length, zone=zone, notes=notes, pictures=subscriber.pictures
    )


def _nothing_new(say: Speech, zone: str, last: datetime | None) -> Html:
    if last is None:
        return say("No news on your topics yet.")
    return say("Nothing new since {when}.", when=say.moment(last, zone))


def edition_messages(
    chosen: Sequence[Chosen],
    title: Html,
    say: Speech,
    now: datetime,
    *,
    length: str,
    zone: str = "UTC",
    notes: Sequence[Html] = (),
    pictures: bool = False,
) -> list[Part]:
    """Title, what is owed of told stories, the other stories, notes; one message where that can be.

    A short brief that would be two leaves out its last stories: they come another time. With `pictures`, the first
    story's article is the link preview.
    """
    preview = next((c.story.url for c in chosen if c.story.url.startswith("http")), None) if pictures else None

    def packed(by: str) -> list[Part]:
        told = _blocks(chosen, say, now, by, zone)
        return pack([Block(title), *told, *(Block(note, gap=True) for note in notes)], preview)

    parts: list[Part] = []
    for by in SHORTER.get(length, (length,)):
        parts = packed(by) if len(parts) != 1 else parts
    owed = sum(map(is_owed, chosen))
    while length == "short" and owed and len(parts) > 1 and len(chosen) > owed + FEWEST:
        chosen = chosen[:-1]
        parts = packed("tight")
    return [replace(part, buttons=story_buttons(chosen, part.stories)) for part in parts]


def _blocks(chosen: Sequence[Chosen], say: Speech, now: datetime, length: str, zone: str) -> Iterable[Block]:
    """Numbered through; a heading stands over what is owed, and over the others when something is."""
    owed = False  # the story before
    for number, one in enumerate(chosen, 1):
        if is_owed(one) != owed:
            owed = is_owed(one)
            yield Block(Html(f"<b>{say('Since your last brief') if owed else say('Other news')}</b>"), gap=True)
        if is_owed(one) and length != "full":
            yield from owed_blocks(one, number, say, zone, length)
        else:
            yield from story_blocks(one, number, say, now, length=length, zone=zone)


def owed_blocks(chosen: Chosen, number: int, say: Speech, zone: str, length: str) -> list[Block]:
    """A told story's headline and every new response and reversal; what else is new stands in an expandable quote.

    That stays behind the story's button unless the length is "short"; "tight" and "headlines" shorten all.
    """
    story, part = chosen.story, TIGHT if length in ("tight", "headlines") else 1
    since = say("New since {when}:", when=say.moment(chosen.told_at, zone)) if chosen.told_at else ""
    headline = safe(cut(story.headline, max(HEADLINE_CHARS // part, 80)))
    new = [bullet for bullet in story.bullets if bullet.id in chosen.new]
    rest = [bullet for bullet in new if not is_answer(bullet)]
    blocks = [Block(Html(f"<b>{number}. {headline}</b>\n<i>{since}</i>"), story=story.id, gap=True)]
    blocks += [panel_line(bullet, say, part) for bullet in new if is_answer(bullet)]
    if rest and length == "short":
        lines = "\n".join(panel_line(bullet, say, part).html for bullet in rest)
        blocks.append(Block(Html(f"<blockquote expandable>{lines}</blockquote>"), _ids(rest)))
    elif rest:
        blocks[-1] = replace(blocks[-1], bullets=blocks[-1].bullets + _ids(rest))
    return blocks + (unread_blocks(story, say) if part == 1 else [])


def _ids(bullets: Iterable[StoryBullet]) -> tuple[int, ...]:
    return tuple(bullet.id for bullet in bullets)
