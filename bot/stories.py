"""The buttons below a story: all of it, its sources, why it was brought, follow, mute, and "wrong?".

A story opens in the message that carries it and leads back to it; a story asked for stands in a message of its own.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot.commands import Button
from bot.context import Refusal, Talk, rows, tell
from bot.messages import HEADLINE_CHARS, Block, Buttons, cut, link, pack, story_blocks
from bot.press import in_languages
from bot.speech import Html, Speech, safe
from bot.why import why_html
from db.admins import admins
from db.deliveries import carried
from db.records import Chosen, StoryView
from db.stories import story_views
from db.subscribers import follow, languages_read, mute, unfollow, unmute
from db.tables import Article, Follow, Mute, Source

OUTLETS_SHOWN = 8  # that can be muted
WRONG_SHOWN = 12  # bullets that can be called wrong


async def story(talk: Talk) -> None:
    """All of one story, in the message that was pressed. Data: "story:ID" or "story:ID:PAGE"."""
    await talk.edit(*await _page(talk))


async def open_story(talk: Talk) -> None:
    """The same below an answer, which stays. Data: "open:ID"."""
    quoted = talk.message.message_id if talk.message and not talk.private else None
    await talk.reply(*await _page(talk), reply_to=quoted)


async def _page(talk: Talk) -> tuple[Html, Buttons]:
    (view,) = in_languages([await _view(talk)], languages_read(talk.known.reads, talk.say.language))
    pages = pack(story_blocks(whole(view), None, talk.say, talk.desk.now(), length="full", zone=talk.known.zone))
    page = min(talk.number(1), len(pages) - 1)
    return Html(pages[page].html), await _buttons(talk, view, page, len(pages))


def whole(view: StoryView) -> Chosen:
    return Chosen(view, frozenset(bullet.id for bullet in view.bullets))


async def _buttons(talk: Talk, view: StoryView, page: int, pages: int) -> Buttons:
    say = talk.say
    following = await talk.desk.database.read(_follows, talk.known.subscriber_id, view.id)
    turn: list[tuple[str, str]] = [("‹", f"story:{view.id}:{page - 1}")] if page else []
    turn += [("›", f"story:{view.id}:{page + 1}")] if page + 1 < pages else []
    watch = (say("Unfollow"), f"unfollow:{view.id}") if following else (say("Follow"), f"follow:{view.id}")
    below: list[tuple[str, str]] = [(say("Sources"), f"sources:{view.id}"), (say("Why this story?"), f"why:{view.id}")]
    below.append((say("Timeline"), f"timeline:{view.id}"))
    mine: list[tuple[str, str]] = [watch, (say("Mute"), f"mute:{view.id}"), (say("Wrong?"), f"wrong:{view.id}")]
    return tuple(tuple(row) for row in (turn, below, mine, await _back(talk)) if row)


def _follows(session: Session, subscriber_id: int | None, story_id: int) -> bool:
    return subscriber_id is not None and session.get(Follow, (subscriber_id, story_id)) is not None


async def _back(talk: Talk) -> list[tuple[str, str]]:
    """A way back, where the message is a brief of the ledger's."""
    message = talk.message
    if message is None or await talk.desk.database.read(carried, talk.chat.id, message.message_id) is None:
        return []
    return [(talk.say("Back to the brief"), "back")]


async def back(talk: Talk) -> None:
    message = talk.message
    part = await talk.desk.database.read(carried, talk.chat.id, message.message_id) if message else None
    if part is None:
        raise Refusal(talk.say("This brief is too old; it is not kept any more."))
    await talk.edit(Html(part.html), part.buttons)


async def _view(talk: Talk) -> StoryView:
    views = await talk.desk.database.read(story_views, [talk.number()])
    if not views:
        raise Refusal(talk.say("This story is too old; it is not kept any more."))
    return views[0]


def _return(talk: Talk, view: StoryView) -> Buttons:
    return (((talk.say("Back to the story"), f"story:{view.id}"),),)


async def sources(talk: Talk, before: Html | None = None) -> None:
    """The articles behind a story, and a button that mutes each outlet. Data: "sources:ID"."""
    view = await _view(talk)
    cited = {c.url: c.source for b in view.bullets for c in b.bullet.citations if c.url}
    titles = await talk.desk.database.read(_titles, list(cited))
    blocks = [Block(Html(f"<b>{link(view.headline, view.url, HEADLINE_CHARS)}</b>"))]
    blocks += [Block(before)] if before else []
    blocks += [Block(Html(f"{safe(source)}: {link(titles.get(url, url), url, 120)}")) for url, source in cited.items()]
    outlets = await talk.desk.database.read(_outlets, view.sources[:OUTLETS_SHOWN], talk.known.subscriber_id)
    turn = [(_turn_label(title, muted, talk.say), f"mute-source:{view.id}:{id}") for id, title, muted in outlets]
    await talk.edit(Html(pack(blocks)[0].html), (*rows(turn, 2), *_return(talk, view)))


def _titles(session: Session, urls: Sequence[str]) -> dict[str, str]:
    found = session.exec(select(Article.url, Article.title).where(col(Article.url).in_(urls)))
    return {url: title for url, title in found if title}


def _turn_label(title: str, muted: bool, say: Speech) -> Html:
    outlet = cut(title, 30)
    return say("Unmute {outlet}", outlet=outlet) if muted else say("Mute {outlet}", outlet=outlet)


def _outlets(session: Session, ids: Sequence[int], subscriber_id: int | None) -> list[tuple[int, str, bool]]:
    """Id, title, and whether it is muted; none for a chat without briefs."""
    if subscriber_id is None:
        return []
    found = session.exec(select(Source).where(col(Source.id).in_(ids)).order_by(col(Source.id)))
    return [(s.id or 0, s.title, session.get(Mute, (subscriber_id, "source", s.id)) is not None) for s in found]


async def mute_source(talk: Talk) -> None:
    """An outlet is muted, or no more. Data: "mute-source:STORY:SOURCE"."""
    view = await _view(talk)
    outlets = await talk.desk.database.read(_outlets, view.sources, await _subscriber(talk))
    outlet = next((one for one in outlets if one[0] == talk.number(1)), None)
    if outlet is None:
        raise Refusal(talk.say("This button is too old. Open the story again."))
    id, title, muted = outlet
    if muted:
        await talk.desk.database.write(unmute, await _subscriber(talk), "source", [id])
        said = talk.say("{outlet} is not muted any more.", outlet=title)
    else:
        await talk.desk.database.write(mute, await _subscriber(talk), "source", id, talk.desk.now())
        said = talk.say("Muted: what only {outlet} tells does not come.", outlet=title)
    await talk.toast(said)
    await sources(talk, said)


async def why(talk: Talk) -> None:
    """Who tells the story, what spoke for it, and what was left out. Data: "why:ID"."""
    view = await _view(talk)
    place = (talk.chat.id, talk.message.message_id if talk.message else 0)
    html = await talk.desk.database.read(why_html, view, place, talk.say, talk.known.zone)
    await talk.edit(html, _return(talk, view))


async def follow_story(talk: Talk) -> None:
    view = await _view(talk)
    subscriber_id = await _subscriber(talk)
    message_id = talk.message.message_id if talk.message else None
    now = talk.desk.now()
    row = Follow(
        subscriber_id=subscriber_id, story_id=view.id, thread_id=talk.thread_id, message_id=message_id, since_at=now
    )
    await talk.desk.database.write(follow, row)
    await talk.toast(talk.say("You will hear of a new response at once. It ends when the story is quiet for a week."))
    await story(talk)


async def unfollow_story(talk: Talk) -> None:
    view = await _view(talk)
    await talk.desk.database.write(unfollow, await _subscriber(talk), view.id)
    await talk.toast(talk.say("Not followed any more."))
    await story(talk)


async def mute_story(talk: Talk) -> None:
    view = await _view(talk)
    await talk.desk.database.write(mute, await _subscriber(talk), "story", view.id, talk.desk.now())
    await talk.edit(
        talk.say("Muted: {headline}", headline=cut(view.headline, 200)),
        (((talk.say("Undo"), f"unmute:{view.id}"),), *((tuple(await _back(talk)),) if await _back(talk) else ())),
    )


async def unmute_story(talk: Talk) -> None:
    view = await _view(talk)
    await talk.desk.database.write(unmute, await _subscriber(talk), "story", [view.id])
    await story(talk)


async def _subscriber(talk: Talk) -> int:
    """Whose story is followed or muted: the whole chat's, so in a group its administrators say."""
    if talk.known.subscriber_id is None:
        raise Refusal(talk.say("There are no briefs here yet. /start sets them up."))
    if not await talk.may_manage():
        raise Refusal(talk.say("Only an administrator of this chat can change this."))
    return talk.known.subscriber_id


async def wrong(talk: Talk) -> None:
    """Asks which bullet is wrong. Data: "wrong:ID"."""
    view = await _view(talk)
    shown = view.bullets[:WRONG_SHOWN]
    lines = [f"{n}. {safe(cut(b.bullet.text, 120))}" for n, b in enumerate(shown, 1)]
    numbers = [(str(n), f"wrong-one:{view.id}:{b.id}") for n, b in enumerate(shown, 1)]
    rows = tuple(tuple(numbers[i : i + 6]) for i in range(0, len(numbers), 6))
    question = talk.say("Which line is wrong? Whoever runs this bot is told which one, and not by whom.")
    await talk.edit(Html("\n".join([question, *lines])), (*rows, *_return(talk, view)))


async def wrong_one(talk: Talk) -> None:
    view = await _view(talk)
    bullet = next((b for b in view.bullets if b.id == talk.number(1)), None)
    if bullet is None:
        raise Refusal(talk.say("This line is not in the story any more."))
    await _tell_admins(talk, view, bullet.id, bullet.bullet.text)
    await talk.toast(talk.say("Thank you. It was passed on."))
    await story(talk)


async def _tell_admins(talk: Talk, view: StoryView, bullet_id: int, text: str) -> None:
    headline, text = cut(view.headline, 200), cut(text, 600)

    def words(say: Speech) -> tuple[Html, Buttons]:
        html = say("A reader says this line is wrong, in “{headline}”:\n{text}", headline=headline, text=text)
        return html, (((say("Withdraw it"), f"withdraw:{bullet_id}"),),)

    for admin in await talk.desk.database.read(admins):
        await tell(talk.bot, talk.desk.database, admin.user_id, words)


BUTTONS: Sequence[Button] = (
    Button("story", story),
    Button("open", open_story),
    Button("sources", sources),
    Button("why", why),
    Button("follow", follow_story),
    Button("unfollow", unfollow_story),
    Button("mute", mute_story),
    Button("mute-source", mute_source),
    Button("unmute", unmute_story),
    Button("wrong", wrong),
    Button("wrong-one", wrong_one),
    Button("back", back),
)
