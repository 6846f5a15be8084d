"""Updates as strangers, other bots and old clients may cause them: made from a seed, in the Bot API's form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.app import ANSWERS, BUTTONS, COMMANDS
from bot.playground.chats import ANONYMOUS_ADMIN, Chat, Json, Person

WORDS = (
    "", " ", "\n", ".", "0", "-1", "7:30", "25:99", "bridge", "What did the mayor say?", "everything", "all", "off",
    "delete", "afresh", "topic-space_launches", "topicx-4pyT", "story-1", "story-99999999999999999999", "@nobody",
    "x" * 4096, "a " * 2000, "<b>bold</b> & <script>", "{topic} {0} %s %(n)s", "'; DROP TABLE source; --", "../../etc",
    "\u202eright to left\u202c", "שלום עולם מה חדש היום", "مرحبا ما الجديد في العالم",
    "a\u0000b\u0007c\u001b[31md", "\u200b\u200d\ufeff", "👩\u200d👧" * 40, "🇺🇦🇩🇪", "e" + "\u0301" * 300, "Ｗｉｄｅ",
    "https://example.org/" + "a" * 300, "https://[::1", "javascript:alert(1)", "@triptych_bot", "@triptych_bot bridge?",
    "/", "//", "/ start", "/START", "/start@another_bot", "/weather@weather_bot tomorrow", "/" + "z" * 500, "/стоп",
    "/start\n/stop",
)  # fmt: skip
REST = ("", "1", "0", "-1", "²", "9" * 30, "1:1", "1:9:9", "yes", "480", "on", "hours:25:00", "hours", "٣", "x" * 40)


@dataclass
class Fuzz:
    """`strangers` say and press; each is a mere member of one of the `groups`; `posts` of the bot are pressed below."""

    seed: int
    strangers: Sequence[Person]
    groups: Sequence[Chat]
    channel: Chat
    posts: Sequence[Json]
    dice: Random = field(init=False)
    number: int = 10_000_000  # of messages

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)

    def updates(self) -> Iterator[tuple[Person, Json]]:
        """One for each stranger: who, and {"message": ...} or another kind."""
        kinds = (
            *[self.in_private] * 6, *[self.pressed] * 6, *[self.in_group] * 3, self.edited, self.posted, self.typed,
            self.moved, self.attached, self.happened, self.forwarded,
        )  # fmt: skip
        for person in self.strangers:
            yield person, self.dice.choice(kinds)(person)

    def group(self, person: Person) -> Chat:
        return self.groups[self.strangers.index(person)]

    def words(self) -> str:
        some = self.dice.choice(WORDS)
        if self.dice.random() < 0.5:
            return some
        name = self.dice.choice(COMMANDS).name
        return f"/{name}{self.dice.choice(('', '', '@triptych_bot', '@TRIPTYCH_BOT', '@other_bot'))} {some}"[:4096]

    def message(self, person: Person, chat: Json, text: str | None = None) -> Json:
        self.number += 1
        said: Json = {"message_id": self.number, "date": 1_790_000_000, "chat": chat, "from": person.as_json()}
        if text is None:
            return said
        length = len(text.split()[0].encode("utf-16-le", "replace")) // 2 if text.startswith("/") else 0
        command = [{"type": "bot_command", "offset": 0, "length": length}] if length > 1 else []
        at = text.find("@triptych_bot")
        mention = [{"type": "mention", "offset": at, "length": 13}] if at >= 0 and not command else []
        return said | {"text": text, "entities": [*command, *mention]}

    def in_private(self, person: Person) -> Json:
        said = self.message(person, _private(person), self.words())
        if self.dice.random() < 0.1:
            said["reply_to_message"] = self.dice.choice(self.posts)
        return {"message": said}

    def in_group(self, person: Person) -> Json:
        said = self.message(person, self.group(person).as_json(), self.words())
        draw = self.dice.random()
        if draw < 0.2:  # another channel speaks there
            said["from"] = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
            said["sender_chat"] = self.channel.as_json()
        elif draw < 0.3:  # an anonymous administrator of another group
            said["from"] = {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group"}
            said["sender_chat"] = {"id": -100_999, "type": "supergroup", "title": "Elsewhere"}
        elif draw < 0.5:
            said |= {"message_thread_id": 77, "is_topic_message": True}
        elif draw < 0.6:
            said["reply_to_message"] = self.dice.choice(self.posts)
        return {"message": said}

    def edited(self, person: Person) -> Json:
        said = self.message(person, _private(person), self.words()) | {"edit_date": 1_790_000_001}
        return {"edited_message": said}

    def posted(self, person: Person) -> Json:
        post = self.message(person, self.channel.as_json(), self.words())
        del post["from"]
        kind = self.dice.choice(("channel_post", "edited_channel_post"))
        return {kind: post | {"sender_chat": self.channel.as_json()}}

    def forwarded(self, person: Person) -> Json:
        said = self.message(person, _private(person), self.words())
        user = {"type": "user", "sender_user": {"id": 5, "is_bot": False, "first_name": "Else"}, "date": 1}
        channel = {"type": "channel", "chat": self.channel.as_json(), "message_id": 1, "date": 1}
        hidden = {"type": "hidden_user", "sender_user_name": "Nobody", "date": 1}
        return {"message": said | {"forward_origin": self.dice.choice((user, channel, hidden))}}

    def attached(self, person: Person) -> Json:
        said = self.message(person, _private(person)) | {"caption": self.dice.choice(WORDS)[:1024]}
        file = {"file_id": "none", "file_unique_id": "n", "file_size": self.dice.choice((0, 10, 10**9))}
        kinds: Sequence[Json] = (
            {"document": file | {"file_name": self.dice.choice(("a.opml", "", "../x.exe", "list.txt"))}},
            {"photo": [file | {"width": 1, "height": 1}]},
            {"sticker": file | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
            {"location": {"latitude": 50.4, "longitude": 30.5}},
            {"contact": {"phone_number": "+0", "first_name": "Else"}},
            {"dice": {"emoji": "🎲", "value": 6}},
        )
        return {"message": said | self.dice.choice(kinds)}

    def happened(self, person: Person) -> Json:
        facts: Sequence[Json] = (
            {"chat_shared": {"request_id": 1, "chat_id": self.channel.id}},
            {"chat_shared": {"request_id": 9, "chat_id": -100_123}},
            {"forum_topic_closed": {}, "message_thread_id": 77, "is_topic_message": True},
            {"new_chat_title": "New"},
            {"pinned_message": self.dice.choice(self.posts)},
            {"left_chat_member": person.as_json()},
        )
        place = self.dice.choice((_private(person), self.group(person).as_json()))
        return {"message": self.message(person, place) | self.dice.choice(facts)}

    def moved(self, person: Person) -> Json:
        """The standing of the bot in the person's own chat changes."""
        bot = {"id": 7_000_000_001, "is_bot": True, "first_name": "Triptych"}
        states = ("member", "left", "kicked")
        was, became = ({"status": self.dice.choice(states), "user": bot, "until_date": 0} for _ in range(2))
        changed = {"chat": _private(person), "from": person.as_json(), "date": 1_790_000_000}
        return {"my_chat_member": changed | {"old_chat_member": was, "new_chat_member": became}}

    def typed(self, person: Person) -> Json:
        asked = {"id": str(self.dice.getrandbits(60)), "from": person.as_json(), "query": self.words()[:256]}
        return {"inline_query": asked | {"offset": self.dice.choice(("", "10", "x"))}}

    def pressed(self, person: Person) -> Json:
        query: Json = {"id": str(self.dice.getrandbits(60)), "from": person.as_json(), "chat_instance": "1"}
        post, draw = self.dice.choice(self.posts), self.dice.random()
        if post["chat"]["type"] == "private" and draw > 0.15:  # else somebody presses in another's private chat
            post = post | {"chat": _private(person)}
        if draw < 0.05:
            return {"callback_query": query | {"inline_message_id": "in", "data": self.pressed_data()}}
        if draw < 0.1:
            post = {"chat": post["chat"], "message_id": post["message_id"], "date": 0}
        return {"callback_query": query | {"message": post, "data": self.pressed_data()}}

    def pressed_data(self) -> str:
        dice = self.dice
        verb = dice.choice([*(b.verb for b in BUTTONS), *(a.what for a in ANSWERS), "", "nothing"])
        about = dice.choice(("", "", "", f"@{self.channel.id}:", "@-1:", "@1:", "@"))
        end = f":{dice.choice(REST)}" if dice.random() < 0.8 else chr(dice.randrange(1, 0xD7FF))
        joined = f"{about}{verb}{end}"
        return joined.encode()[:64].decode(errors="ignore")


def _private(person: Person) -> Json:
    return {"id": person.id, "type": "private", "first_name": person.first_name}


def is_to_be_passed_over(update: Json) -> bool:
    """Whether it was said in a group, and not to the bot."""
    message: Any = update.get("message")
    if message is None or message["chat"]["type"] == "private" or "reply_to_message" in message:
        return False
    words = message.get("text", "").split()
    name, _, bot = words[0].lower().partition("@") if words else ("", "", "")
    own = name[1:] in {command.name for command in COMMANDS} and name[:1] == "/" and bot in ("", "triptych_bot")
    return not own and "@triptych_bot" not in message.get("text", "")


def is_to_be_answered(update: Json) -> bool:
    """Whether silence would leave a person without a word."""
    message: Any = update.get("message")
    if message is None or message["chat"]["type"] != "private":
        return False
    return bool(message.get("text", "").strip()) or any(kind in message for kind in ("photo", "sticker", "location"))
