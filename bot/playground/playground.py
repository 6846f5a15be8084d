"""The playground: people, chats and messages in memory, and what people do there.

The bot reaches it over HTTP (server.py), a visitor through the chat page (visitor.py), a test by calling these methods.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from bot.playground.call import Call, Upload
from bot.playground.chats import (
    ANONYMOUS_ADMIN,
    LEADING,
    PRESENT,
    Chat,
    ChatType,
    Json,
    Message,
    Person,
    Standing,
    StoredFile,
    Topic,
)
from bot.playground.faults import Fault
from bot.playground.markup import finished, plain
from bot.playground.pictures import picture_size
from bot.playground.profile import Profile
from bot.playground.rate import RateLimit
from bot.playground.standing import standing_changed
from bot.playground.updates import UpdateQueue

TOKEN = "7000000001:a-token-that-is-worth-nothing-anywhere-else"  # noqa: S105
CALLS_KEPT = 5_000

Found = TypeVar("Found")
Listener = Callable[[str, Any], None]
ChatLike = Chat | Person | int


class Playground:
    """Everything that Telegram would hold for one bot. Nothing is kept on disk.

    `now` gives the time that messages carry, aware UTC. `jump` moves it to the next brief and returns the new time,
    or None when nothing is due. A test sets `faults` (each is spent on one sending request, in order) or `fault_for`
    (asked for every request); `calls` keeps what the bot asked, polls left out.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        jump: Callable[[], Awaitable[datetime | None]] | None = None,
        token: str = TOKEN,
    ) -> None:
        self.now = now
        self.jump = jump
        self.closing = False  # the server is going: who listens should too
        self.token = token
        self.bot = Person(int(token.split(":")[0]), "Triptych", "triptych_bot", is_bot=True)
        self.profile = Profile()
        self.updates = UpdateQueue()
        self.rate = RateLimit()
        self.faults: deque[Fault] = deque()
        self.fault_for: Callable[[Call], Fault | None] | None = None
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.privacy_mode = True  # in groups: commands, mentions and replies only, as for a new bot
        self.people: dict[int, Person] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, Message] = {}
        self.files: dict[str, StoredFile] = {}
        self.actions: list[tuple[int, str]] = []  # (chat id, "typing"), in order
        self.callbacks: dict[str, Json | None] = {}  # query id -> what the bot answered; None: not yet
        self.inline_queries: dict[str, Json | None] = {}  # the same for inline queries
        self._asked: dict[str, Message] = {}
        self._read: dict[int, int] = {}
        self._changed = asyncio.Event()
        self._listeners: list[Listener] = []
        self._ids = count(1)
        self._people_ids = count(1001)
        self._group_ids = count(4001)
        self._furnish()

    def _furnish(self) -> None:
        self.reader = self.add_person("Reader", "reader")
        self.admin = self.add_person("Admin", "admin")
        members: dict[int, Standing] = {self.admin.id: "creator", self.reader.id: "member"}
        self.group = self.add_chat("group", "Breakfast table", members)
        self.forum = self.add_chat("supergroup", "Harbour newsroom", members)
        self.forum.is_forum = True
        for name in ("World", "Tech", "Sport"):
            self.add_topic(self.forum, name)
        self.channel = self.add_chat("channel", "Morning in three panels", members, "morning_panels")

    # ---- what there is

    def add_person(self, first_name: str, username: str = "", language: str = "en", *, started: bool = False) -> Person:
        """A person with a private chat to the bot; the bot may write there once they have `started`."""
        person = Person(next(self._people_ids), first_name, username, language, started=started)
        self.people[person.id] = person
        standings: dict[int, Standing] = {person.id: "member", self.bot.id: "member"}
        self.chats[person.id] = Chat(person.id, "private", person=person, standings=standings)
        return person

    def add_chat(
        self, kind: ChatType, title: str, standings: dict[int, Standing] | None = None, username: str = ""
    ) -> Chat:
        number = next(self._group_ids)
        chat_id = -number if kind == "group" else -1_000_000_000_000 - number
        self.chats[chat_id] = Chat(chat_id, kind, title, username, standings=dict(standings or {}))
        return self.chats[chat_id]

    def add_topic(self, chat: ChatLike, name: str) -> Topic:
        topic = Topic(next(self._ids), name)
        self.chat(chat).topics[topic.id] = topic
        return topic

    def chat(self, chat: ChatLike) -> Chat:
        if isinstance(chat, Chat):
            return chat
        return self.chats[chat.id if isinstance(chat, Person) else chat]

    def store(self, upload: Upload) -> StoredFile:
        number = len(self.files) + 1
        width, height = picture_size(upload.content)
        file = StoredFile(f"file-{number}", upload.name, upload.content, upload.mime, width, height)
        self.files[file.id] = file
        return file

    def add_message(self, chat: Chat, sender: Person | None, *, by_bot: bool = False, **content: Any) -> Message:
        """Put a message into a chat; the bot is not told of it. In a channel nobody is named as its sender."""
        named = None if chat.type == "channel" else sender
        message = Message(next(self._ids), chat, named, self.now(), by_bot=by_bot, **content)
        chat.messages[message.id] = self.messages[message.id] = message
        self.notify("message", message)
        return message

    # ---- what people do

    def say(
        self,
        person: Person,
        text: str = "",
        chat: ChatLike | None = None,
        *,
        reply_to: Message | int | None = None,
        thread: int | None = None,
        document: tuple[str, bytes] | None = None,
        forwarded_from: Person | Message | None = None,
        anonymous: bool = False,
    ) -> Message:
        """A person writes, in private when no chat is named; somebody who had blocked the bot unblocks it first.

        `forwarded_from`: who wrote it first, or the channel's post. `anonymous`: as an administrator who writes in
        the name of the group.
        """
        place = self.chat(person if chat is None else chat)
        if place.type == "private":
            self.unblock(person)
            person.started = True
        formatted = finished(plain(text))
        file = self.store(Upload(document[0], document[1], "application/octet-stream")) if document else None
        reply = self.messages.get(reply_to) if isinstance(reply_to, int) else reply_to
        message = self.add_message(
            place,
            Person(ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot", is_bot=True) if anonymous else person,
            text=formatted.text,
            entities=formatted.entities,
            reply_to=reply,
            thread=thread or (reply.thread if reply else None),
            document=file,
            forwarded_from=forwarded_from,
        )
        if self._heard(message):
            self.updates.push({"channel_post" if place.type == "channel" else "message": message.as_json()})
        return message

    def share(self, person: Person, chat: ChatLike, request: int) -> Message:
        """A chat is shared with a button; as Telegram does, it makes the bot an administrator there on the way."""
        place = self.chat(chat)
        if place.standing(self.bot.id) not in LEADING:
            self.join(place, person, "administrator")
        fact = {"chat_shared": {"request_id": request, "chat_id": place.id}}
        message = self.add_message(self.chat(person), person, service=fact)
        self.updates.push({"message": message.as_json()})
        return message

    def turn_topic(self, chat: ChatLike, topic: Topic, *, closed: bool, by: Person | None = None) -> None:
        """A person closes or reopens a forum topic; the bot is told."""
        topic.closed = closed
        fact: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        message = self.add_message(self.chat(chat), by or self.admin, service=fact, thread=topic.id)
        self.updates.push({"message": message.as_json()})
        self.notify("chats", None)

    def edit(self, message: Message, text: str) -> None:
        """A person corrects a message of theirs."""
        formatted = finished(plain(text))
        message.text, message.entities, message.edited_at = formatted.text, formatted.entities, self.now()
        self.notify("edited", message)
        if self._heard(message):
            kind = "edited_channel_post" if message.chat.type == "channel" else "edited_message"
            self.updates.push({kind: message.as_json()})

    def press(self, person: Person, message: Message | int, button: str) -> str:
        """Tap an inline button by its label or its callback data; the id of the query, for answer_to()."""
        pressed = self.messages[message] if isinstance(message, int) else message
        inline = (pressed.markup or {}).get("inline_keyboard", [])
        data = [b["callback_data"] for row in inline for b in row if "callback_data" in b]
        named = [b["callback_data"] for row in inline for b in row if b["text"] == button and "callback_data" in b]
        if not named and button not in data:
            raise LookupError(f"message {pressed.id} has no button {button!r}, only {pressed.labels}")
        return self.press_data(person, pressed, named[0] if named else button)

    def press_data(self, person: Person, message: Message, data: str) -> str:
        """Send callback data whether a button carries it or not: stale and forged presses look like this."""
        query = secrets.token_hex(8)
        self.callbacks[query] = None
        self._asked[query] = message
        body: Json = {"id": query, "from": person.as_json(), "chat_instance": str(message.chat.id), "data": data}
        where = {"inline_message_id": message.inline_id} if message.inline_id else {"message": message.as_json()}
        self.updates.push({"callback_query": body | where})
        return query

    def ask_inline(self, person: Person, query: str, chat: ChatLike | None = None, offset: str = "") -> str:
        """Type `@bot query` into a chat; the id of the inline query, for inline_answer()."""
        number = secrets.token_hex(8)
        self.inline_queries[number] = None
        kind = self.chat(chat).type if chat is not None else "sender"
        body = {"id": number, "from": person.as_json(), "query": query, "offset": offset, "chat_type": kind}
        self.updates.push({"inline_query": body})
        return number

    def join(self, chat: ChatLike, by: Person | None = None, standing: Standing | None = None) -> None:
        """The bot is added: to a group as a member, to a channel as an administrator, unless said otherwise."""
        place, adder = self.chat(chat), by or self.admin
        default: Standing = "administrator" if place.type == "channel" else "member"
        if place.type != "channel" and place.standing(self.bot.id) not in PRESENT:
            added = self.add_message(place, adder, service={"new_chat_members": [self.bot.as_json()]})
            self.stand(place, adder, standing or default)
            self.updates.push({"message": added.as_json()})
        else:
            self.stand(place, adder, standing or default)

    def leave(self, chat: ChatLike, by: Person | None = None) -> None:
        """The bot is removed by a person."""
        place, remover = self.chat(chat), by or self.admin
        if place.type != "channel":
            self.add_message(place, remover, service={"left_chat_member": self.bot.as_json()})
        self.stand(place, remover, "kicked")

    def block(self, person: Person) -> None:
        if not person.blocked:
            person.blocked = True
            self.stand(self.chat(person), person, "kicked")

    def unblock(self, person: Person) -> None:
        if person.blocked:
            person.blocked = False
            self.stand(self.chat(person), person, "member")

    def upgrade_to_supergroup(self, chat: ChatLike) -> Chat:
        """The group gets a new id; the old one answers with it in migrate_to_chat_id."""
        old = self.chat(chat)
        new = self.add_chat("supergroup", old.title, old.standings)
        old.migrated_to = new.id
        for place, fact in ((old, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": old.id})):
            told = self.add_message(place, self.admin, service=fact)
            self.updates.push({"message": told.as_json()})
        self.notify("chats", None)
        return new

    def stand(self, chat: Chat, by: Person, became: Standing) -> None:
        """The bot's standing in the chat changes, and the bot is told."""
        was = chat.standing(self.bot.id)
        chat.standings[self.bot.id] = became
        changed = standing_changed(chat, by, self.bot, was, became, self.now())
        self.updates.push({"my_chat_member": changed})
        self.notify("chats", None)

    def _heard(self, message: Message) -> bool:
        """Whether Telegram would hand the message to the bot."""
        chat, standing = message.chat, message.chat.standing(self.bot.id)
        if chat.type == "private" or standing in LEADING:
            return True
        if chat.type == "channel" or standing not in PRESENT or chat.migrated_to:
            return False
        if not self.privacy_mode or (message.reply_to and message.reply_to.sender is self.bot):
            return True
        mention, words = f"@{self.bot.username}".lower(), message.text.lower()
        command = words.startswith("/") and "@" not in words.split()[0]
        return command or mention in words

    # ---- what a test waits for

    def sent(self, chat: ChatLike | None = None) -> list[Message]:
        """What the bot has sent and not deleted, oldest first, as it stands now."""
        messages = self.messages if chat is None else self.chat(chat).messages
        return [message for message in messages.values() if message.by_bot and not message.deleted]

    async def next_message(self, chat: ChatLike, timeout: float = 5) -> Message:  # noqa: ASYNC109
        """The bot's oldest message in the chat that this has not returned yet."""
        place = self.chat(chat)

        def unread() -> Message | None:
            return next((m for m in self.sent(place) if m.id > self._read.get(place.id, 0)), None)

        message = await self.until(unread, timeout, f"a message of the bot in chat {place.id}")
        self._read[place.id] = message.id
        return message

    async def answer_to(self, query: str, timeout: float = 5) -> Json:  # noqa: ASYNC109
        """What answerCallbackQuery said: {"text", "show_alert", "url"}."""
        return await self.until(lambda: self.callbacks[query], timeout, f"an answer to callback query {query}")

    async def inline_answer(self, query: str, timeout: float = 5) -> Json:  # noqa: ASYNC109
        """What answerInlineQuery said: {"results", "cache_time", "next_offset", "button"}."""
        return await self.until(lambda: self.inline_queries[query], timeout, f"an answer to inline query {query}")

    def unanswered(self) -> list[str]:
        """Callback queries the bot has left without an answer."""
        return [query for query, answer in self.callbacks.items() if answer is None]

    async def until(self, found: Callable[[], Found | None], seconds: float, what: str = "it") -> Found:
        """What `found` returns once that is not None; TimeoutError names what was waited for."""
        try:
            async with asyncio.timeout(seconds):
                while (value := found()) is None:
                    self._changed.clear()
                    await self._changed.wait()
                return value
        except TimeoutError:
            raise TimeoutError(f"{what} has not come within {seconds} s") from None

    # ---- who is told

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with (kind, subject) on every change; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def close(self) -> None:
        """Let go whoever waits: the poll and the pages."""
        self.closing = True
        self.updates.close()
        self.notify("closing", None)

    def notify(self, kind: str, subject: Any) -> None:
        self._changed.set()
        for listener in list(self._listeners):
            listener(kind, subject)
