"""People, chats and messages of the playground, and how the Bot API writes them as JSON."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
Standing = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ANONYMOUS_ADMIN = 1087968824  # the user that Telegram names for administrators who write as their group

PRESENT: tuple[Standing, ...] = ("creator", "administrator", "member", "restricted")
LEADING: tuple[Standing, ...] = ("creator", "administrator")


@dataclass
class Person:
    id: int
    first_name: str
    username: str = ""
    language: str = "en"
    is_bot: bool = False
    started: bool = False  # has written to the bot, so that the bot may write too
    blocked: bool = False  # has blocked the bot
    deactivated: bool = False

    def as_json(self) -> Json:
        person: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            person["username"] = self.username
        return person if self.is_bot else person | {"language_code": self.language}


@dataclass
class Topic:
    id: int  # its message_thread_id
    name: str
    closed: bool = False


@dataclass
class StoredFile:
    id: str
    name: str
    content: bytes
    mime: str
    width: int = 0  # of a picture, in pixels; 0: not a picture, or its size is not known
    height: int = 0

    @property
    def unique_id(self) -> str:
        return f"u{self.id}"

    def as_json(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}

    def as_document(self) -> Json:
        return self.as_json() | {"file_name": self.name, "mime_type": self.mime}

    def as_photo(self) -> list[Json]:
        return [self.as_json() | {"width": self.width or 800, "height": self.height or 600}]


@dataclass(eq=False)
class Message:
    """A message as it stands now: an edit changes it in place."""

    id: int  # unique over all chats
    chat: "Chat"
    sender: Person | None  # None: the channel itself
    date: datetime
    by_bot: bool = False  # sent by the bot with a method; what a person sends "via" it is not
    text: str = ""  # or the caption
    entities: list[Json] = field(default_factory=list)
    photo: StoredFile | None = None
    document: StoredFile | None = None
    markup: Json | None = None
    thread: int | None = None
    reply_to: "Message | None" = None
    preview: Json | None = None  # link_preview_options as sent
    silent: bool = False
    protected: bool = False
    via_bot: Person | None = None
    inline_id: str = ""
    album: str = ""
    edited_at: datetime | None = None
    deleted: bool = False
    forwarded_from: "Person | Message | None" = None  # who wrote it, or the channel's post
    service: Json = field(default_factory=dict)  # new_chat_members, migrate_to_chat_id, ...: as Telegram names them
    dropped_entities: int = 0  # what Telegram would silently leave out: more than 100
    history: list[str] = field(default_factory=list)  # the texts before each edit

    @property
    def buttons(self) -> list[Json]:
        """Inline and reply buttons in reading order."""
        markup = self.markup or {}
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return [{"text": b} if isinstance(b, str) else b for row in rows for b in row]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    def links(self) -> list[str]:
        return [entity["url"] for entity in self.entities if "url" in entity]

    def as_json(self, depth: int = 1) -> Json:
        """In the Bot API's form; what it replies to is written once, not what that replied to."""
        message: Json = {"message_id": self.id, "date": int(self.date.timestamp()), "chat": self.chat.as_json()}
        if self.sender:
            message["from"] = self.sender.as_json()
        if self.sender is None or self.sender.id == ANONYMOUS_ADMIN:
            message["sender_chat"] = self.chat.as_json()
        return message | self._content() | self._circumstances(depth)

    def _content(self) -> Json:
        content: Json = dict(self.service)
        words, marks = ("caption", "caption_entities") if self.photo or self.document else ("text", "entities")
        if self.text:
            content[words] = self.text
        if self.entities:
            content[marks] = [_shown(entity) for entity in self.entities]
        if self.photo:
            content["photo"] = self.photo.as_photo()
        if self.document:
            content["document"] = self.document.as_document()
        if self.markup and "inline_keyboard" in self.markup:
            content["reply_markup"] = self.markup
        return content

    def _circumstances(self, depth: int) -> Json:
        found: Json = {}
        if self.thread:
            found |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.reply_to and depth:
            found["reply_to_message"] = self.reply_to.as_json(depth - 1)
        if self.edited_at:
            found["edit_date"] = int(self.edited_at.timestamp())
        if self.via_bot:
            found["via_bot"] = self.via_bot.as_json()
        if self.album:
            found["media_group_id"] = self.album
        if self.preview:
            found["link_preview_options"] = self.preview
        if isinstance(self.forwarded_from, Message):
            post = {"chat": self.forwarded_from.chat.as_json(), "message_id": self.forwarded_from.id}
            found["forward_origin"] = {"type": "channel", "date": int(self.date.timestamp())} | post
        elif self.forwarded_from:
            user = self.forwarded_from.as_json()
            found["forward_origin"] = {"type": "user", "sender_user": user, "date": int(self.date.timestamp())}
        return found


def _shown(entity: Json) -> Json:
    return {key: value for key, value in entity.items() if value is not None}


@dataclass(eq=False)
class Chat:
    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    is_forum: bool = False
    person: Person | None = None  # the other side of a private chat
    standings: dict[int, Standing] = field(default_factory=dict)  # by user id, the bot's among them
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    bot_may_write: bool = True
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)

    def as_json(self) -> Json:
        chat: Json = {"id": self.id, "type": self.type}
        if self.person:
            named = {"first_name": self.person.first_name, "username": self.person.username}
            return chat | {key: value for key, value in named.items() if value}
        chat["title"] = self.title
        if self.username:
            chat["username"] = self.username
        return chat | ({"is_forum": True} if self.is_forum else {})

    def standing(self, user: int) -> Standing:
        return self.standings.get(user, "left")
