"""What an asker says: /latest and plain questions, and the buttons below a story."""

from sqlmodel import Session

from bot.commands import Button, Command
from bot.context import Refusal, Talk
from bot.messages import Block, Buttons, cut, link, pack, story_blocks
from bot.speech import N_, Html
from db.records import Chosen, StoryView
from db.search import search_stories
from db.stories import newest_stories, story_views
from jobs.digest import FRESH
from jobs.lookup import query_terms

ASKED_CHARS = 200
SHOWN = 2  # stories in one answer


async def latest(talk: Talk) -> None:
    """The newest stories on a topic; without one, the newest of all."""
    await _answer(talk, " ".join(talk.words.split()), 0)


async def question(talk: Talk) -> None:
    """A plain message in a private chat is a question."""
    await latest(talk)


async def more(talk: Talk) -> None:
    """Data: "more:OFFSET:WORDS"."""
    offset, _, words = talk.words.partition(":")
    await talk.toast()
    await _answer(talk, words, int(offset) if offset.isdigit() else 0)


async def _answer(talk: Talk, asked: str, offset: int) -> None:
    if len(asked) > ASKED_CHARS:
        raise Refusal(talk.say("That is too long to look up. Ask in a few words, such as: /latest space launches"))
    now = talk.desk.now()
    stories = await talk.desk.database.read(_found, asked, offset + SHOWN + 1, talk)
    shown = stories[offset : offset + SHOWN]
    if not shown:
        raise Refusal(_nothing(talk, asked))
    blocks = [b for view in shown for b in story_blocks(_whole(view), None, talk.say, now, length="full")]
    parts = pack(blocks)
    for part in parts[:-1]:
        await talk.reply(Html(part.html))
    row = [(talk.say("Sources"), "sources:" + ":".join(str(s.id) for s in shown))]
    if len(stories) > offset + SHOWN:
        row.insert(0, (talk.say("More"), _data(f"more:{offset + SHOWN}:{asked}")))
    await talk.reply(Html(parts[-1].html), (tuple(row),))


def _whole(view: StoryView) -> Chosen:
    return Chosen(view, frozenset(b.id for b in view.bullets))


def _data(data: str) -> str:
    """At most the 64 bytes that callback data holds."""
    return data.encode()[:64].decode("utf-8", "ignore")


def _found(session: Session, asked: str, limit: int, talk: Talk) -> list[StoryView]:
    now = talk.desk.now()
    if not asked:
        return story_views(session, newest_stories(session, now - FRESH, limit))
    return story_views(session, search_stories(session, query_terms(asked), limit))


def _nothing(talk: Talk, asked: str) -> str:
    if not asked:
        return talk.say("There is no news yet.")
    return talk.say(
        "Nothing on “{topic}” in the sources here. Try other words, or /latest for the newest.", topic=cut(asked, 60)
    )


async def story(talk: Talk) -> None:
    """All of one story. Data: "story:ID"."""
    view = await _view(talk)
    await talk.toast()
    now = talk.desk.now()
    for part in pack(story_blocks(_whole(view), None, talk.say, now, length="full")):
        await talk.reply(Html(part.html), _story_buttons(talk, view))


def _story_buttons(talk: Talk, view: StoryView) -> Buttons:
    return (((talk.say("Sources"), f"sources:{view.id}"),),)


async def _view(talk: Talk) -> StoryView:
    ids = [int(part) for part in talk.arguments if part.isdigit()]
    views = await talk.desk.database.read(story_views, ids[:1])
    if not views:
        raise Refusal(talk.say("This story is too old; it is not kept any more."))
    return views[0]


async def sources(talk: Talk) -> None:
    """The articles behind stories. Data: "sources:ID:ID"."""
    ids = [int(part) for part in talk.arguments if part.isdigit()]
    views = await talk.desk.database.read(story_views, ids[:SHOWN])
    if not views:
        raise Refusal(talk.say("This story is too old; it is not kept any more."))
    await talk.toast()
    blocks = [Block(_sources(view), gap=True) for view in views]
    for part in pack(blocks):
        await talk.reply(Html(part.html))


def _sources(view: StoryView) -> Html:
    cited = {c.url: c.source for b in view.bullets for c in b.bullet.citations if c.url}
    lines = [f"• {link(source, url)}" for url, source in cited.items()]
    return Html("\n".join([f"<b>{link(view.headline, view.url)}</b>", *lines]))


COMMANDS = (Command("latest", N_("The latest on a topic"), latest),)
BUTTONS = (Button("more", more), Button("story", story), Button("sources", sources))
