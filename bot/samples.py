"""What a bot like this brings, shown before anybody has chosen: one story, and what a topic would have brought."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.messages import cut, pack, story_blocks
from bot.press import readable
from bot.speech import Html, Speech
from bot.stories import whole
from db.stories import newest_stories, story_views
from db.subscribers import languages_read
from jobs.digest import FRESH
from jobs.topics import matches, read_topic

WEEK = timedelta(days=7)
LOOKED_AT = 500  # newest stories
SHOWN = 3
SAMPLE_CHARS = 2500  # of markup, so that a question fits below it


def brought(session: Session, words: str, now: datetime) -> list[str]:
    """Headlines of the last week's stories that fit a topic, newest first."""
    topic = read_topic(words)
    views = story_views(session, newest_stories(session, now - WEEK, LOOKED_AT))
    return [view.headline for view in views if matches(topic, view.text)]


def brought_text(headlines: list[str], words: str, say: Speech) -> Html:
    if not headlines:
        return say(
            "Added: {topic}. The last week had nothing on it; it comes once there is something. Fewer words find more.",
            topic=words,
        )
    first = say.count(
        "Added: {topic}. In the last week it would have brought {n} story:",
        "Added: {topic}. In the last week it would have brought {n} stories:",
        len(headlines),
        topic=words,
    )
    return Html("\n".join([first, *(say("“{headline}”", headline=cut(h, 120)) for h in headlines[:SHOWN])]))


def sample(session: Session, say: Speech, now: datetime) -> Html | None:
    """A story of today as briefs tell it, with as many panels as there are; None when there is none yet."""
    views = story_views(session, newest_stories(session, now - FRESH, 20))
    told = list(readable(views, languages_read((), say.language)))
    if not told:
        return None
    best = max(told, key=lambda view: len({bullet.panel for bullet in view.bullets}))
    html = pack(story_blocks(whole(best), None, say, now, length="first"))[0].html
    return Html(html) if len(html) <= SAMPLE_CHARS else None
