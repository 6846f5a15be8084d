"""What the bot has set about itself: names, descriptions, menu buttons, and commands by scope and language."""

from dataclasses import dataclass, field

from bot.playground.chats import LEADING, Chat, Json, Person

ScopeKey = tuple[str, int, int, str]  # scope type, chat id, user id (0: none), language ("": all)


@dataclass
class Profile:
    """Texts are kept by language code; "" stands for every language without a text of its own."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[ScopeKey, list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)  # by chat id; 0: the default

    def commands_for(self, person: Person, chat: Chat) -> list[Json]:
        """The menu this person sees in this chat: the narrowest scope that has one, their language first.

        Order: core.telegram.org/bots/api#determining-list-of-commands
        """
        for scope, chat_id, user_id in _scopes(person, chat):
            for language in (person.language, ""):
                found = self.commands.get((scope, chat_id, user_id, language))
                if found:
                    return found
        return []


def _scopes(person: Person, chat: Chat) -> list[tuple[str, int, int]]:
    if chat.type == "private":
        return [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    leads = chat.standing(person.id) in LEADING
    administrators = [("chat_administrators", chat.id, 0)] if leads else []
    all_administrators = [("all_chat_administrators", 0, 0)] if leads else []
    return [
        ("chat_member", chat.id, person.id),
        *administrators,
        ("chat", chat.id, 0),
        *all_administrators,
        ("all_group_chats", 0, 0),
        ("default", 0, 0),
    ]


def spoken(texts: dict[str, str], language: str, default: str = "") -> str:
    return texts.get(language) or texts.get("") or default
