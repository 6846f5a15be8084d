"""The Bot API's methods that put a message into a chat. Each takes the playground and the call, and raises Refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.playground.call import Call, Upload, well_formed
from bot.playground.chats import LEADING, PRESENT, Chat, Json, Message, StoredFile
from bot.playground.markup import Formatted, finished, parse_html, plain, utf16_length
from bot.playground.playground import Playground
from bot.playground.refusals import Refused, bad_request, blocked, chat_not_found, deactivated, forbidden

TEXT_LIMIT = 4096  # UTF-16 units after the markup is taken out: no way of counting refuses what passes this
CAPTION_LIMIT = 1024
CALLBACK_DATA_BYTES = 64
ALBUM_SIZES = range(2, 11)


def send_message(playground: Playground, call: Call) -> Json:
    formatted = text_of(call)
    return _send(playground, call, text=formatted, preview=call.record("link_preview_options")).as_json()


def send_photo(playground: Playground, call: Call) -> Json:
    return _send(playground, call, text=caption_of(call), photo=file_of(playground, call, "photo")).as_json()


def send_document(playground: Playground, call: Call) -> Json:
    return _send(playground, call, text=caption_of(call), document=file_of(playground, call, "document")).as_json()


def send_media_group(playground: Playground, call: Call) -> list[Json]:
    media = call.records("media", "media")
    if len(media) not in ALBUM_SIZES:
        raise bad_request("expected between 2 and 10 media in the album")
    items = [Call(call.method, call.args | item, call.files) for item in media]
    contents = [(caption_of(item), item.text("type"), file_of(playground, item, "media")) for item in items]
    if any(kind not in ("photo", "document") for _, kind, _ in contents):
        raise bad_request("can't parse media: only photos and documents are known here")
    place = addressed(playground, call)
    messages = [
        _put(playground, call, place, text=caption, album=f"album-{call.at}", **{kind: file})
        for caption, kind, file in contents
    ]
    return [message.as_json() for message in messages]


def forward_message(playground: Playground, call: Call) -> Json:
    source = source_of(playground, call)
    return _repeat(playground, call, source, forwarded_from=source.sender or playground.bot).as_json()


def copy_message(playground: Playground, call: Call) -> Json:
    source = source_of(playground, call)
    return {"message_id": _repeat(playground, call, source).id}


def source_of(playground: Playground, call: Call) -> Message:
    source = named_chat(playground, call, "from_chat_id").messages.get(call.integer("message_id"))
    if source is None or source.service:
        what = "forward" if call.method.lower().startswith("forward") else "copy"
        raise bad_request(f"message to {what} not found")
    return source


def send_chat_action(playground: Playground, call: Call) -> bool:
    action = call.text("action")
    if not action:
        raise bad_request("wrong parameter action in request")
    place = addressed(playground, call)
    playground.actions.append((place.id, action))
    playground.notify("action", (place, action))
    return True


def _repeat(playground: Playground, call: Call, source: Message, **content: Any) -> Message:
    formatted = caption_of(call) if call.has("caption") else Formatted(source.text, source.entities)
    content |= {"photo": source.photo, "document": source.document, "preview": source.preview}
    return _send(playground, call, text=formatted, **content)


def _send(playground: Playground, call: Call, **content: Any) -> Message:
    return _put(playground, call, addressed(playground, call), **content)


def _put(playground: Playground, call: Call, place: Chat, text: Formatted, **content: Any) -> Message:
    markup = markup_of(call)
    return playground.add_message(
        place,
        playground.bot,
        by_bot=True,
        text=text.text,
        entities=text.entities,
        dropped_entities=text.dropped,
        markup=markup,
        thread=thread_of(call, place),
        reply_to=reply_of(call, place),
        silent=call.flag("disable_notification"),
        protected=call.flag("protect_content"),
        **content,
    )


# ---- what is said


def text_of(call: Call, name: str = "text") -> Formatted:
    if not call.text(name):
        raise bad_request("message text is empty")
    formatted = formatted_of(call, name, "entities")
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return formatted


def caption_of(call: Call) -> Formatted:
    formatted = formatted_of(call, "caption", "caption_entities")
    if utf16_length(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return formatted


def formatted_of(call: Call, name: str, entities: str) -> Formatted:
    mode = call.text("parse_mode").lower()
    if mode == "html":
        return finished(parse_html(call.text(name)))
    if mode:
        raise bad_request(f"unsupported parse_mode: this playground knows HTML, not {mode}")
    words = plain(call.text(name))
    return finished(Formatted(words.text, call.records(entities, "entities")))


def file_of(playground: Playground, call: Call, name: str) -> StoredFile:
    reference = call.args.get(name)
    attached = reference.removeprefix("attach://") if isinstance(reference, str) else name
    upload = call.files.get(attached) or call.files.get(name)
    if upload:
        if not upload.content:
            raise bad_request("file must be non-empty")
        return playground.store(Upload(well_formed(upload.name), upload.content, upload.mime))
    if reference in playground.files:
        return playground.files[str(reference)]
    if not reference:
        raise bad_request(f"there is no {name} in the request")
    raise bad_request("wrong file identifier/HTTP URL specified")


# ---- to whom


def named_chat(playground: Playground, call: Call, name: str = "chat_id") -> Chat:
    wanted = call.text(name)
    if not wanted:
        raise bad_request(f"{name} is empty")
    if wanted.startswith("@"):
        found = next((c for c in playground.chats.values() if c.username and f"@{c.username}" == wanted), None)
    else:
        found = playground.chats.get(int(wanted)) if wanted.lstrip("-").isdecimal() else None
    if found is None:
        raise chat_not_found()
    return found


def addressed(playground: Playground, call: Call) -> Chat:
    """The chat of the call, once it is sure that the bot may write there."""
    place = named_chat(playground, call)
    refusal = refusal_of(playground, place)
    if refusal:
        raise refusal
    return place


def refusal_of(playground: Playground, place: Chat) -> Refused | None:
    if place.person:
        return _private_refusal(place)
    if place.migrated_to:
        return bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=place.migrated_to)
    standing = place.standing(playground.bot.id)
    if standing == "kicked":
        return forbidden(f"bot was kicked from the {place.type} chat")
    if standing not in PRESENT:
        return forbidden(f"bot is not a member of the {place.type} chat")
    if place.type == "channel" and standing not in LEADING:
        return bad_request("need administrator rights in the channel chat")
    if not place.bot_may_write:
        return bad_request("not enough rights to send text messages to the chat")
    return None


def _private_refusal(place: Chat) -> Refused | None:
    assert place.person is not None
    if place.person.deactivated:
        return deactivated()
    if place.person.blocked:
        return blocked()
    if not place.person.started:
        return forbidden("bot can't initiate conversation with a user")
    return None


def thread_of(call: Call, place: Chat) -> int | None:
    thread = call.integer("message_thread_id")
    if not thread:
        return None
    topic = place.topics.get(thread)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed:
        raise bad_request("TOPIC_CLOSED")
    return thread


def reply_of(call: Call, place: Chat) -> Message | None:
    parameters = call.record("reply_parameters") or {"message_id": call.integer("reply_to_message_id")}
    if not parameters.get("message_id"):
        return None
    found = place.messages.get(int(parameters["message_id"]))
    allowed = parameters.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply")
    if found is None and not allowed:
        raise bad_request("message to be replied not found")
    return found


# ---- with which buttons


def markup_of(call: Call) -> Json | None:
    markup = call.record("reply_markup", "reply_markup")
    if not markup:
        return None
    for row in rows_of(markup, "inline_keyboard", "inline keyboard"):
        for button in row:
            _check_inline(button)
    for row in rows_of(markup, "keyboard", "keyboard"):
        for button in row:
            label = button.get("text") if isinstance(button, dict) else button
            if not isinstance(label, str) or not label.strip():
                raise bad_request("can't parse keyboard button: Text of a button must be non-empty")
    return markup


def rows_of(markup: Json, name: str, what: str) -> list[list[Any]]:
    rows = markup.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"can't parse {what}: expected an Array of Array")
    return rows


def _check_inline(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    label = button.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad_request("can't parse inline keyboard button: Text of a button must be non-empty")
    if "callback_data" in button:
        if not 1 <= len(str(button["callback_data"]).encode()) <= CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        _check_url(str(button["url"]))
    elif not any(name.startswith("switch_inline_query") or name == "copy_text" for name in button):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https", "tg") or not parts.netloc:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
