"""The Bot API's methods that change, remove or pin a message, and the one that answers a press."""

from __future__ import annotations

from bot.playground.call import Call
from bot.playground.chats import LEADING, Chat, Json, Message
from bot.playground.markup import Formatted
from bot.playground.playground import Playground
from bot.playground.refusals import bad_request, not_modified
from bot.playground.sending import addressed, caption_of, markup_of, text_of

ANSWER_LIMIT = 200
DELETABLE_HOURS = 48


def edit_message_text(playground: Playground, call: Call) -> Json | bool:
    formatted = text_of(call)
    message = _editable(playground, call)
    if message.photo or message.document:
        raise bad_request("there is no text in the message to edit")
    return _edit(playground, call, message, formatted, call.record("link_preview_options"))


def edit_message_caption(playground: Playground, call: Call) -> Json | bool:
    formatted = caption_of(call)
    message = _editable(playground, call)
    if not (message.photo or message.document):
        raise bad_request("there is no caption in the message to edit")
    return _edit(playground, call, message, formatted, message.preview)


def edit_message_reply_markup(playground: Playground, call: Call) -> Json | bool:
    message = _editable(playground, call)
    return _edit(playground, call, message, Formatted(message.text, message.entities), message.preview)


def _editable(playground: Playground, call: Call) -> Message:
    if call.has("inline_message_id"):
        wanted = call.text("inline_message_id")
        found = next((m for m in playground.messages.values() if m.inline_id == wanted), None)
        if found is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return found
    message = addressed(playground, call).messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message


def _edit(
    playground: Playground, call: Call, message: Message, formatted: Formatted, preview: Json | None
) -> Json | bool:
    """The keyboard goes when the call brings none, as in Telegram."""
    markup = markup_of(call)
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    buttons = markup if markup and markup["inline_keyboard"] else None
    became = (formatted.text, formatted.entities, buttons, preview)
    if became == (message.text, message.entities, message.markup, message.preview):
        raise not_modified()
    if formatted.text != message.text:
        message.history.append(message.text)
    message.text, message.entities, message.markup, message.preview = became
    message.dropped_entities = formatted.dropped
    message.edited_at = playground.now()
    playground.notify("edited", message)
    return True if message.inline_id else message.as_json()


def delete_message(playground: Playground, call: Call) -> bool:
    place = addressed(playground, call)
    message = place.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    _delete(playground, place, message)
    return True


def delete_messages(playground: Playground, call: Call) -> bool:
    place = addressed(playground, call)
    wanted = call.json("message_ids") or []
    for message in [place.messages[number] for number in wanted if number in place.messages]:
        _delete(playground, place, message)
    return True


def _delete(playground: Playground, place: Chat, message: Message) -> None:
    leads = place.standing(playground.bot.id) in LEADING
    if (playground.now() - message.date).total_seconds() > DELETABLE_HOURS * 3600 and not leads:
        raise bad_request("message can't be deleted for everyone")
    if not (message.by_bot or leads or place.type == "private"):
        raise bad_request("message can't be deleted")
    message.deleted = True
    del place.messages[message.id]
    playground.notify("deleted", message)


def pin_chat_message(playground: Playground, call: Call) -> bool:
    place = _pinnable(playground, call)
    number = call.integer("message_id")
    if number not in place.messages:
        raise bad_request("message to pin not found")
    place.pinned = [*[p for p in place.pinned if p != number], number]
    playground.notify("chats", None)
    return True


def unpin_chat_message(playground: Playground, call: Call) -> bool:
    place = _pinnable(playground, call)
    if not place.pinned:
        raise bad_request("message to unpin not found")
    number = call.integer("message_id") or place.pinned[-1]
    place.pinned = [p for p in place.pinned if p != number]
    playground.notify("chats", None)
    return True


def _pinnable(playground: Playground, call: Call) -> Chat:
    place = addressed(playground, call)
    if place.type != "private" and place.standing(playground.bot.id) not in LEADING:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return place


def answer_callback_query(playground: Playground, call: Call) -> bool:
    query = call.text("callback_query_id")
    if query not in playground.callbacks:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(call.text("text")) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": call.text("text"), "show_alert": call.flag("show_alert"), "url": call.text("url")}
    playground.callbacks[query] = answer
    playground.notify("answer", query)
    return True
