"""What was found, as one message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from sqlmodel import Session

from bot.messages import (
    HEADLINE_CHARS,
    Block,
    bullet_html,
    cut,
    headline_html,
    pack,
    panel_name,
    story_blocks,
)
from bot.press import in_languages
from bot.speech import Html, Speech, safe
from bot.stories import whole
from db.records import PANELS, StoryView
from db.statements import Statement
from db.stories import story_views
from jobs.finding import Found, find, near
from jobs.hours import local, zone_named
from jobs.questions import Question, read_question

SHOWN = 3  # stories in one answer
SAID_SHOWN = 4  # statements of one story
TOPIC_CHARS = 60
WORD_BYTES = 50  # of a word on a button


@dataclass(frozen=True, slots=True)
class Ask:
    words: str
    within: tuple[int, ...] = ()  # the stories it is about; empty: all
    offset: int = 0  # stories shown before


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom an answer is written for, and when."""

    say: Speech
    now: datetime
    zone: str = "UTC"
    reads: frozenset[str] = frozenset(("en",))  # languages


@dataclass(frozen=True, slots=True)
class Answer:
    html: Html
    numbers: tuple[tuple[str, str], ...] = ()  # a button for each story shown
    before: int | None = None  # the offset of what was shown before; None: this is the beginning
    after: int | None = None  # the offset of what is not shown yet; None: that was all
    again: tuple[tuple[str, str], ...] = ()  # a button for each word to ask for instead


def compose(session: Session, ask: Ask, reader: Reader) -> Answer:
    """What there is on the question, or what comes near it; from the beginning where less is there than the offset."""
    asked = read_question(ask.words, local(reader.now, reader.zone).date())
    since = midnight(asked, reader.zone)
    found = find(session, asked, reader.now, ask.offset + SHOWN + 1, since=since, within=ask.within)
    found = replace(found, statements=tuple(_in_languages(found.statements, reader.reads)))
    there = len({one.story for one in found.statements}) or len(found.stories)
    if ask.offset and ask.offset >= there:
        return compose(session, replace(ask, offset=0), reader)
    if found.statements:
        return _statements(session, found, asked, ask, reader)
    if found.stories:
        return _stories(session, found, asked, ask, reader)
    return _nothing(session, asked, reader)


def midnight(asked: Question, zone: str) -> datetime | None:
    """When the day begins that the question names."""
    if asked.since is None:
        return None
    return datetime.combine(asked.since, time(), zone_named(zone) or UTC).astimezone(UTC)


def _stories(session: Session, found: Found, asked: Question, ask: Ask, reader: Reader) -> Answer:
    views = story_views(session, found.stories[ask.offset : ask.offset + SHOWN])
    shown = in_languages(views, reader.reads)
    stories = [
        story_blocks(whole(view), n, reader.say, reader.now, length="first", zone=reader.zone)
        for n, view in enumerate(shown, ask.offset + 1)
    ]
    return _page(_note(found, asked, reader, shown[0].updated_at), stories, ask, shown, len(found.stories))


def _statements(session: Session, found: Found, asked: Question, ask: Ask, reader: Reader) -> Answer:
    by_story: dict[int, list[Statement]] = {}
    for one in found.statements:
        by_story.setdefault(one.story, []).append(one)
    views = story_views(session, list(by_story)[ask.offset : ask.offset + SHOWN])
    stories = [
        [
            Block(headline_html(view, n, reader.say, reader.now), story=view.id, gap=True),
            *_lines(by_story.get(view.id, []), asked, reader),
        ]
        for n, view in enumerate(in_languages(views, reader.reads), ask.offset + 1)
    ]
    return _page(_note(found, asked, reader, found.statements[0].at), stories, ask, views, len(by_story))


def _in_languages(said: Sequence[Statement], reads: frozenset[str]) -> Sequence[Statement]:
    return [one for one in said if one.bullet.bullet.language in reads] or said


def _lines(said: Sequence[Statement], asked: Question, reader: Reader) -> list[Block]:
    """The panel that was asked for first, then by time; panel and time where they change."""
    order = [asked.panel, *PANELS]
    shown = sorted(said, key=lambda one: order.index(one.bullet.panel))[:SAID_SHOWN]
    lines = []
    for last, one in zip([None, *shown], shown, strict=False):
        panel = panel_name(one.bullet.panel, reader.say)
        head = f"<u>{panel}</u> " if last is None or last.bullet.panel != one.bullet.panel else ""
        when = safe(reader.say.stamp(one.at, reader.zone))
        tail = f" <i>{when}</i>" if last is None or last.at != one.at else ""
        lines.append(Block(Html(f"{head}{bullet_html(one.bullet.bullet, reader.say)}{tail}"), (one.bullet.id,)))
    return lines


def _page(
    note: Html | None, stories: Sequence[Sequence[Block]], ask: Ask, shown: Sequence[StoryView], total: int
) -> Answer:
    """One message, of as many stories as it holds whole."""
    head = [Block(note)] if note else []
    count = len(stories)
    while len(pages := pack([*head, *(block for story in stories[:count] for block in story)])) > 1 and count > 1:
        count -= 1
    numbers = tuple((str(n), f"open:{view.id}") for n, view in enumerate(shown[:count], ask.offset + 1))
    before, after = max(0, ask.offset - SHOWN) if ask.offset else None, ask.offset + count
    return Answer(Html(pages[0].html), numbers, before, after if after < total else None)


def _note(found: Found, asked: Question, reader: Reader, newest: datetime) -> Html | None:
    """In what the question was not met as it was put."""
    say, party = reader.say, cut(asked.party or asked.topic, TOPIC_CHARS)
    match found.note:
        case "other panel":
            return say("Nothing of that kind by “{party}”. What else they said:", party=party)
        case "other stories":
            return say("Nothing on that in the stories of this message. In others:")
        case "other topic":
            return say("Nothing on that by “{party}”. Their newest words:", party=party)
        case "about":
            return say("No words of “{party}” found. What is told of them:", party=party)
        case "unsaid":
            return say("Nobody’s words on that, by “{party}”. The latest about it:", party=party)
        case "earlier":
            return say("Nothing since then. The last was on {date}:", date=say.date(newest, reader.zone))
    return None


def _nothing(session: Session, asked: Question, reader: Reader) -> Answer:
    say, words = reader.say, f"{asked.party} {asked.topic}".strip()
    if not words:
        return Answer(say("There is no news yet."))
    there = near(session, asked)
    lines = [say("Nothing on “{topic}” in the sources here.", topic=cut(words, TOPIC_CHARS))]
    if there.words:
        lines.append(say("Near it: {words}", words=", ".join(there.words)))
    elif not there.headlines:
        lines.append(say("Try other words, or /latest for the newest."))
    blocks = [Block(Html("\n".join(lines)))]
    if there.headlines:
        blocks.append(Block(say("On a part of it:"), gap=True))
    for n, (_, headline, at) in enumerate(there.headlines, 1):
        blocks.append(Block(Html(f"{n}. {safe(cut(headline, HEADLINE_CHARS))} · {safe(say.ago(at, reader.now))}")))
    numbers = tuple((str(n), f"open:{story}") for n, (story, *_) in enumerate(there.headlines, 1))
    again = tuple((word, f"more:0:{word}") for word in there.words if len(word.encode()) <= WORD_BYTES)
    return Answer(Html(pack(blocks)[0].html), numbers, again=again)
