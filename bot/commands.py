"""A command, or a button's verb, with its help line and its code together. Menus and /help are built from these."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.context import Talk

Handler = Callable[[Talk], Awaitable[None]]
Who = Literal["everyone", "editor", "owner"]  # an owner may do what an editor may


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    help: str  # one line, to be translated; "": not in the menu
    run: Handler
    who: Who = "everyone"
    listed: Who = "everyone"  # whose menu it is in, of those who may use it

    def is_listed(self, role: str | None) -> bool:
        return bool(self.help) and allowed(role, self.who) and allowed(role, self.listed)


@dataclass(frozen=True, slots=True)
class Button:
    """Callback data is "verb" or "verb:rest"; `rest` comes as the talk's words."""

    verb: str
    run: Handler
    who: Who = "everyone"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is read in the next plain message after the bot asked for it; `what` is what `expect` was given."""

    what: str
    run: Handler
    who: Who = "everyone"
    yields: bool = False  # to a question: that is answered instead


def allowed(role: str | None, who: Who) -> bool:
    return who == "everyone" or role == "owner" or (who == "editor" and role == "editor")
