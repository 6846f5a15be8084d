"""The chat page's side of the server: its files, news as it comes, and what a visitor does there.

Every act is a POST of JSON that names who acts ("as", a person's id); a mistake in it is answered 400 with the reason.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import PurePath

from aiohttp import BodyPartReader, web

from bot.playground.chats import LEADING, Chat, Json, Message, Person
from bot.playground.inline import choose
from bot.playground.playground import Playground
from bot.playground.preview import preview_of
from bot.playground.refusals import Refused
from bot.playground.views import seen_event, seen_state

Act = Callable[[Playground, Person, Json], Awaitable[Json]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MIMES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
INLINE_SECONDS = 5
LONGEST_TEXT = 4096
KEEP_ALIVE_SECONDS = 15


def add_visitor_routes(app: web.Application, playground: Playground) -> None:
    async def page(request: web.Request) -> web.Response:
        return _page_file("index.html")

    async def page_file(request: web.Request) -> web.Response:
        return _page_file(request.match_info["name"])

    async def state(request: web.Request) -> web.Response:
        return web.json_response(seen_state(playground), headers=HEADERS)

    async def events(request: web.Request) -> web.StreamResponse:
        return await _stream(request, playground)

    async def stored(request: web.Request) -> web.Response:
        return _stored_file(playground, request.match_info["file"])

    async def card(request: web.Request) -> web.Response:
        url = request.query.get("url", "")
        shown = any((message.preview or {}).get("url") == url for message in playground.messages.values())
        return web.json_response(await preview_of(url) if shown else {}, headers=HEADERS)

    app.router.add_get("/", page)
    app.router.add_get("/page/{name}", page_file)
    app.router.add_get("/playground/state", state)
    app.router.add_get("/playground/events", events)
    app.router.add_get("/playground/preview", card)
    app.router.add_get("/playground/files/{file}", stored)
    app.router.add_post("/playground/document", _document(playground))
    for name, act in ACTS.items():
        app.router.add_post(f"/playground/{name}", _acting(playground, act))


def _page_file(name: str) -> web.Response:
    mime = MIMES.get(PurePath(name).suffix)
    file = files(__package__) / "page" / PurePath(name).name
    if mime is None or not file.is_file():
        return web.Response(status=404, text="There is no such page.\n")
    return web.Response(body=file.read_bytes(), content_type=mime, charset="utf-8", headers=HEADERS)


def _stored_file(playground: Playground, number: str) -> web.Response:
    """Pictures are shown, anything else is only offered for download."""
    file = playground.files.get(number)
    if file is None:
        return web.Response(status=404, text="There is no such file.\n")
    mime = next((mime for head, mime in PICTURES.items() if file.content.startswith(head)), "application/octet-stream")
    headers = {"X-Content-Type-Options": "nosniff"}
    if mime == "application/octet-stream":
        headers["Content-Disposition"] = "attachment"
    return web.Response(body=file.content, content_type=mime, headers=headers)


async def _stream(request: web.Request, playground: Playground) -> web.StreamResponse:
    """Server-sent events until the page or the server goes."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    news: asyncio.Queue[Json] = asyncio.Queue()
    unlisten = playground.listen(lambda kind, subject: news.put_nowait(seen_event(playground, kind, subject)))
    try:
        await response.write(b": hello\n\n")
        while not playground.closing:
            await response.write(await _next_line(news))
    except ConnectionError:
        pass
    finally:
        unlisten()
    return response


async def _next_line(news: asyncio.Queue[Json]) -> bytes:
    try:
        async with asyncio.timeout(KEEP_ALIVE_SECONDS):
            return b"data: " + json.dumps(await news.get()).encode() + b"\n\n"
    except TimeoutError:
        return b": still here\n\n"


# ---- what a visitor does


def _acting(playground: Playground, act: Act) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            asked = await request.json()
            return web.json_response(await act(playground, playground.people[int(asked["as"])], asked))
        except (KeyError, ValueError, TypeError, LookupError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        except Refused as refusal:
            return web.json_response({"error": refusal.description}, status=400)

    return handle


def _document(playground: Playground) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        fields: dict[str, str] = {}
        document: tuple[str, bytes] | None = None
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.filename:
                document = (part.filename, bytes(await part.read()))
            elif isinstance(part, BodyPartReader) and part.name:
                fields[part.name] = await part.text()
        try:
            person, chat = playground.people[int(fields["as"])], playground.chats[int(fields["chat"])]
        except (KeyError, ValueError) as error:
            return web.json_response({"error": f"who or where is missing: {error}"}, status=400)
        playground.say(person, fields.get("text", ""), chat, document=document)
        return web.json_response({})

    return handle


def _place(playground: Playground, person: Person, asked: Json) -> Chat:
    chat = playground.chats[int(asked["chat"])]
    standing = chat.standing(person.id)
    if standing in ("left", "kicked") or (chat.type == "channel" and standing not in LEADING):
        raise ValueError(f"{person.first_name} cannot write in {chat.title or 'this chat'}")
    return chat


def _message(playground: Playground, asked: Json) -> Message:
    return playground.messages[int(asked["message"])]


async def _say(playground: Playground, person: Person, asked: Json) -> Json:
    text = str(asked["text"])[:LONGEST_TEXT]
    if not text.strip():
        raise ValueError("there is no text")
    reply, thread = asked.get("reply_to"), asked.get("thread")
    playground.say(person, text, _place(playground, person, asked), reply_to=reply, thread=thread)
    return {}


async def _press(playground: Playground, person: Person, asked: Json) -> Json:
    return {"query": playground.press_data(person, _message(playground, asked), str(asked["data"]))}


async def _inline(playground: Playground, person: Person, asked: Json) -> Json:
    query = playground.ask_inline(person, str(asked["query"])[:256], _place(playground, person, asked))
    try:
        return {"query": query} | await playground.inline_answer(query, INLINE_SECONDS)
    except TimeoutError:
        return {"query": query, "results": []}


async def _choose(playground: Playground, person: Person, asked: Json) -> Json:
    choose(playground, person, str(asked["query"]), str(asked["result"]), _place(playground, person, asked))
    return {}


async def _membership(playground: Playground, person: Person, asked: Json) -> Json:
    """Add the bot to a chat, promote or remove it; in private, block or unblock it."""
    chat, what = playground.chats[int(asked["chat"])], asked["what"]
    if what == "block":
        playground.block(person)
    elif what == "unblock":
        playground.unblock(person)
    elif chat.standing(person.id) not in LEADING:
        raise ValueError(f"{person.first_name} is no administrator of {chat.title}")
    elif what == "add":
        playground.join(chat, person)
    elif what == "promote":
        playground.join(chat, person, "administrator")
    elif what == "remove":
        playground.leave(chat, person)
    else:
        raise ValueError(f"{what!r} is not known here")
    return {}


async def _share(playground: Playground, person: Person, asked: Json) -> Json:
    """Share a channel with the bot, as the button of a reply keyboard asks."""
    chat = playground.chats[int(asked["chat"])]
    if chat.standing(person.id) not in LEADING:
        raise ValueError(f"{person.first_name} is no administrator of {chat.title}")
    playground.share(person, chat, int(asked["request"]))
    return {}


async def _topic(playground: Playground, person: Person, asked: Json) -> Json:
    """Close or reopen a forum topic."""
    chat = playground.chats[int(asked["chat"])]
    if chat.standing(person.id) not in LEADING:
        raise ValueError(f"{person.first_name} is no administrator of {chat.title}")
    playground.turn_topic(chat, chat.topics[int(asked["thread"])], closed=asked["what"] == "close", by=person)
    return {}


async def _upgrade(playground: Playground, person: Person, asked: Json) -> Json:
    return {"chat": playground.upgrade_to_supergroup(_place(playground, person, asked)).id}


async def _language(playground: Playground, person: Person, asked: Json) -> Json:
    """The language a person's Telegram is set to, as two letters."""
    language = str(asked["language"])
    if not (len(language) == 2 and language.isalpha() and language.islower()):
        raise ValueError(f"{language!r} is no language code of two letters")
    person.language = language
    playground.notify("commands", None)
    return {}


async def _jump(playground: Playground, person: Person, asked: Json) -> Json:
    """Move the clock to the next brief: {"now", "jumped"}; not jumped when nothing is due."""
    # A page that is closed meanwhile must not leave the jump half done.
    to = await asyncio.shield(asyncio.ensure_future(playground.jump())) if playground.jump else None
    playground.notify("clock", None)
    return {"now": playground.now().isoformat(), "jumped": to is not None}


ACTS: dict[str, Act] = {
    "say": _say,
    "press": _press,
    "inline": _inline,
    "choose": _choose,
    "membership": _membership,
    "share": _share,
    "topic": _topic,
    "upgrade": _upgrade,
    "language": _language,
    "jump": _jump,
}
