"""A story's timeline: who said what when, day by day, oldest first, in the message that carries the story."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.commands import Button
from bot.context import Refusal, Talk
from bot.messages import HEADLINE_CHARS, Block, bullet_html, cut, pack, panel_name
from bot.speech import Html, Speech, safe
from db.records import Part, StoryView
from db.statements import Statement, timeline
from db.stories import story_views
from jobs.hours import local


async def show(talk: Talk) -> None:
    """Data: "timeline:STORY" or "timeline:STORY:PAGE"; without a page, the last one, which is the newest."""
    story, said = await talk.desk.database.read(_told, talk.number())
    if story is None:
        raise Refusal(talk.say("This story is too old; it is not kept any more."))
    if not said:
        raise Refusal(talk.say("Nobody’s words are stored for this story yet."))
    pages = timeline_pages(story, said, talk.say, talk.known.zone)
    page = talk.number(1)
    page = min(page, len(pages)) if page else len(pages)
    turn = [(talk.say("Earlier"), f"timeline:{story.id}:{page - 1}")] if page > 1 else []
    turn += [(talk.say("More"), f"timeline:{story.id}:{page + 1}")] if page < len(pages) else []
    back = ((talk.say("Back to the story"), f"story:{story.id}"),)
    await talk.edit(Html(pages[page - 1].html), (tuple(turn), back) if turn else (back,))


def _told(session: Session, story_id: int) -> tuple[StoryView | None, list[Statement]]:
    views = story_views(session, [story_id])
    return (views[0], timeline(session, views[0].id)) if views else (None, [])


def timeline_pages(story: StoryView, said: Sequence[Statement], say: Speech, zone: str) -> list[Part]:
    """Every page begins with the headline."""
    head = Block(Html(f"<b>{safe(cut(story.headline, HEADLINE_CHARS))}</b>"))
    pages: list[list[Block]] = [[head]]
    for block in _days(said, say, zone):
        if len(pack([*pages[-1], block])) > 1:
            pages.append([head])
        pages[-1].append(block)
    return [pack(page)[0] for page in pages]


def _days(said: Sequence[Statement], say: Speech, zone: str) -> Iterator[Block]:
    """The hour stands where it changes."""
    last: datetime | None = None
    for one in said:
        at = local(one.at, zone)
        if last is None or last.date() != at.date():
            yield Block(Html(f"<b>{safe(say.date(one.at, zone))}</b>"), gap=True)
        hour = f"<i>{safe(say.clock(one.at, zone))}</i>\n" if at != last else ""
        panel = panel_name(one.bullet.panel, say)
        yield Block(Html(f"{hour}<u>{panel}</u> {bullet_html(one.bullet.bullet, say)}"), (one.bullet.id,))
        last = at


BUTTONS = (Button("timeline", show),)
