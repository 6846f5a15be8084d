"""What a visitor sees, as JSON for the chat page."""

from typing import Any

from bot.playground.chats import Chat, Json, Message, Person
from bot.playground.playground import Playground
from bot.playground.profile import spoken

MESSAGES_SHOWN = 200


def seen_state(playground: Playground) -> Json:
    """Everything the page needs to draw itself: the bot, the people to be, their chats, menus and messages."""
    people = [playground.reader, playground.admin]
    chats = [chat for chat in playground.chats.values() if _in_sight(chat, people)]
    return {
        "bot": _seen_bot(playground),
        "now": playground.now().isoformat(),
        "jumps": playground.jump is not None,
        "people": [_seen_person(playground, person) for person in people],
        "chats": [seen_chat(playground, chat) for chat in chats],
        "menus": {
            f"{person.id}:{chat.id}": playground.profile.commands_for(person, chat)
            for chat in chats
            for person in people
            if chat.standing(person.id) not in ("left", "kicked")
        },
    }


def _in_sight(chat: Chat, people: list[Person]) -> bool:
    return chat.migrated_to is None and any(person.id in chat.standings for person in people)


def _seen_bot(playground: Playground) -> Json:
    profile, bot = playground.profile, playground.bot
    return {"id": bot.id, "username": bot.username, "name": spoken(profile.names, "en", bot.first_name)}


def _seen_person(playground: Playground, person: Person) -> Json:
    profile = playground.profile
    return {
        "id": person.id,
        "name": person.first_name,
        "blocked": person.blocked,
        "language": person.language,
        "description": spoken(profile.descriptions, person.language),
        "short_description": spoken(profile.short_descriptions, person.language),
    }


def seen_chat(playground: Playground, chat: Chat) -> Json:
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "forum": chat.is_forum,
        "topics": [{"id": topic.id, "name": topic.name, "closed": topic.closed} for topic in chat.topics.values()],
        "standings": {str(user): standing for user, standing in chat.standings.items()},
        "bot": chat.standing(playground.bot.id),
        "pinned": chat.pinned[-1:],
        "messages": [seen_message(message) for message in list(chat.messages.values())[-MESSAGES_SHOWN:]],
    }


def seen_message(message: Message) -> Json:
    """The message as the Bot API writes it, with any kind of keyboard, and one name for text and caption."""
    return message.as_json() | {
        "words": message.text,
        "marks": message.entities,
        "markup": message.markup,
        "by_bot": message.by_bot,
        "preview": message.preview,
    }


def seen_event(playground: Playground, kind: str, subject: Any) -> Json:
    """One change as the page is told of it; "chats" and "commands" mean: ask for the state again."""
    if kind in ("message", "edited"):
        return {"kind": kind, "chat": subject.chat.id, "message": seen_message(subject)}
    if kind == "deleted":
        return {"kind": kind, "chat": subject.chat.id, "id": subject.id}
    if kind == "action":
        return {"kind": kind, "chat": subject[0].id, "action": subject[1]}
    if kind == "answer":
        return {"kind": kind, "query": subject, "answer": playground.callbacks[subject]}
    return {"kind": kind, "now": playground.now().isoformat()}
