"""The Bot API's methods that ask about chats or set what the bot says of itself, and the webhook's."""

from __future__ import annotations

from bot.playground.call import Call
from bot.playground.chats import LEADING, Chat, Json
from bot.playground.playground import Playground
from bot.playground.preview import on_loopback
from bot.playground.profile import ScopeKey, spoken
from bot.playground.refusals import bad_request
from bot.playground.sending import addressed, named_chat
from bot.playground.standing import chat_member
from bot.playground.updates import Webhook

_ACCEPTED_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
_NO_CHAT_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


def get_me(playground: Playground, call: Call) -> Json:
    return playground.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not playground.privacy_mode,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def done(playground: Playground, call: Call) -> bool:
    """For methods with nothing to do here: logOut, close."""
    return True


# ---- chats


def get_chat(playground: Playground, call: Call) -> Json:
    place = named_chat(playground, call)
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _ACCEPTED_GIFTS}
    pinned = place.messages.get(place.pinned[-1]) if place.pinned else None
    return place.as_json() | full | ({"pinned_message": pinned.as_json()} if pinned else {})


def get_chat_member(playground: Playground, call: Call) -> Json:
    place = addressed(playground, call)
    person = playground.people.get(call.integer("user_id"))
    if person is None:
        raise bad_request("user not found")
    return chat_member(person, place.standing(person.id), place)


def get_chat_administrators(playground: Playground, call: Call) -> list[Json]:
    place = addressed(playground, call)
    if place.type == "private":
        raise bad_request("there are no administrators in the private chat")
    leading = [(user, standing) for user, standing in place.standings.items() if standing in LEADING]
    return [chat_member(playground.people[user], standing, place) for user, standing in leading]


def get_chat_member_count(playground: Playground, call: Call) -> int:
    place = addressed(playground, call)
    return sum(standing not in ("left", "kicked") for standing in place.standings.values())


def leave_chat(playground: Playground, call: Call) -> bool:
    place = addressed(playground, call)
    if place.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    playground.stand(place, playground.bot, "left")
    return True


def create_forum_topic(playground: Playground, call: Call) -> Json:
    place = _forum(playground, call)
    topic = playground.add_topic(place, call.text("name"))
    playground.notify("chats", None)
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": 7322096}


def close_forum_topic(playground: Playground, call: Call) -> bool:
    return _close_topic(playground, call, closed=True)


def reopen_forum_topic(playground: Playground, call: Call) -> bool:
    return _close_topic(playground, call, closed=False)


def _close_topic(playground: Playground, call: Call, *, closed: bool) -> bool:
    topic = _forum(playground, call).topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    playground.notify("chats", None)
    return True


def _forum(playground: Playground, call: Call) -> Chat:
    place = addressed(playground, call)
    if not place.is_forum:
        raise bad_request("the chat is not a forum")
    if place.standing(playground.bot.id) not in LEADING:
        raise bad_request("not enough rights to create a topic")
    return place


def get_file(playground: Playground, call: Call) -> Json:
    file = playground.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    return file.as_json() | {"file_path": f"documents/{file.id}"}


# ---- what the bot says of itself


def set_my_commands(playground: Playground, call: Call) -> bool:
    commands = call.records("commands", "commands")
    for command in commands:
        name, description = str(command.get("command", "")), str(command.get("description", ""))
        if not (1 <= len(name) <= 32 and name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    playground.profile.commands[_scope(playground, call)] = commands
    playground.notify("commands", None)
    return True


def get_my_commands(playground: Playground, call: Call) -> list[Json]:
    return playground.profile.commands.get(_scope(playground, call), [])


def delete_my_commands(playground: Playground, call: Call) -> bool:
    playground.profile.commands.pop(_scope(playground, call), None)
    playground.notify("commands", None)
    return True


def _scope(playground: Playground, call: Call) -> ScopeKey:
    scope = call.record("scope", "BotCommandScope") or {"type": "default"}
    kind, language = str(scope.get("type")), call.text("language_code")
    if kind in _NO_CHAT_SCOPES:
        return kind, 0, 0, language
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    place = named_chat(playground, Call(call.method, {"chat_id": str(scope.get("chat_id", ""))}))
    return kind, place.id, int(scope.get("user_id", 0)), language


def set_my_name(playground: Playground, call: Call) -> bool:
    return _set_words(playground, playground.profile.names, call, "name", 64)


def set_my_description(playground: Playground, call: Call) -> bool:
    return _set_words(playground, playground.profile.descriptions, call, "description", 512)


def set_my_short_description(playground: Playground, call: Call) -> bool:
    return _set_words(playground, playground.profile.short_descriptions, call, "short_description", 120)


def _set_words(playground: Playground, words: dict[str, str], call: Call, name: str, most: int) -> bool:
    if len(call.text(name)) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    words[call.text("language_code")] = call.text(name)
    playground.notify("commands", None)
    return True


def get_my_name(playground: Playground, call: Call) -> Json:
    return {"name": spoken(playground.profile.names, call.text("language_code"), playground.bot.first_name)}


def get_my_description(playground: Playground, call: Call) -> Json:
    return {"description": spoken(playground.profile.descriptions, call.text("language_code"))}


def get_my_short_description(playground: Playground, call: Call) -> Json:
    return {"short_description": spoken(playground.profile.short_descriptions, call.text("language_code"))}


def set_chat_menu_button(playground: Playground, call: Call) -> bool:
    button = call.record("menu_button", "MenuButton") or {"type": "default"}
    playground.profile.menu_buttons[call.integer("chat_id")] = button
    playground.notify("commands", None)
    return True


def get_chat_menu_button(playground: Playground, call: Call) -> Json:
    buttons = playground.profile.menu_buttons
    return buttons.get(call.integer("chat_id")) or buttons.get(0) or {"type": "commands"}


# ---- the webhook


def set_webhook(playground: Playground, call: Call) -> bool:
    url = call.text("url")
    if not url:
        return delete_webhook(playground, call)
    if not on_loopback(url):
        raise bad_request("bad webhook: the playground reaches loopback addresses only")
    if call.flag("drop_pending_updates"):
        playground.updates.waiting.clear()
    if call.has("allowed_updates"):
        playground.updates.allowed = tuple(call.json("allowed_updates"))
    playground.updates.webhook = Webhook(url, call.text("secret_token"))
    playground.updates.wake()
    return True


def delete_webhook(playground: Playground, call: Call) -> bool:
    playground.updates.webhook = None
    if call.flag("drop_pending_updates"):
        playground.updates.waiting.clear()
    return True


def get_webhook_info(playground: Playground, call: Call) -> Json:
    queue = playground.updates
    known: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(queue.waiting)}
    if queue.allowed:
        known["allowed_updates"] = list(queue.allowed)
    if queue.webhook is None:
        return known
    known["url"] = queue.webhook.url
    if queue.webhook.last_error_at:
        known["last_error_date"] = int(queue.webhook.last_error_at.timestamp())
        known["last_error_message"] = queue.webhook.last_error
    return known
