"""Telegram's HTML: which tags it knows, what it says of a fault and where, and the entities it makes.

Offsets and lengths of entities count UTF-16 units, the places of faults count UTF-8 bytes, both as Telegram does.
Source of the tags and the limits: core.telegram.org/bots/api, "Formatting options" and "MessageEntity".
"""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.playground.refusals import Refused, bad_request

ENTITY_LIMIT = 100

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
_SPACE = " \t\r\n\v\f\0"
_ATTRIBUTE = re.compile(r"[\s\0]*([^\s\0=>]*)[\s\0]*(=?)[\s\0]*")
_TOKEN = re.compile(r"[0-9A-Za-z.\-]*")
# Telegram turns control characters into spaces and leaves out line separators and bidi embeddings and overrides.
_CLEANED = {ord(c): " " for c in map(chr, range(32)) if c != "\n"} | {13: None} | dict.fromkeys(range(0x2028, 0x202F))
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060-\u2064\ufeff\u00ad]*")
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]*[^\s<>\".,:;!?)\]'])"
    r"|(?P<email>\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{0,64}\w)"
    r"|(?<![\w/])(?P<bot_command>/\w{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{2,31})\b"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
)


@dataclass
class Formatted:
    """Text as readers see it, its entities, and how many entities Telegram would leave out."""

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)
    dropped: int = 0


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> Formatted:
    """Raise Refused with Telegram's words and the byte offset when the markup is at fault."""
    return _Parser(source).parse()


def finished(formatted: Formatted) -> Formatted:
    """Trimmed, links and commands found, entities in order and at most 100 of them."""
    trimmed = _trim(formatted)
    entities = _outside_code([e for e in trimmed.entities if e["length"] > 0]) + _found(trimmed)
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return Formatted(trimmed.text, entities[:ENTITY_LIMIT], max(0, len(entities) - ENTITY_LIMIT))


def plain(text: str) -> Formatted:
    return Formatted(text.translate(_CLEANED))


def _trim(formatted: Formatted) -> Formatted:
    text = formatted.text.strip()
    if _INVISIBLE.fullmatch(text):
        return Formatted("")
    lead = utf16_length(formatted.text[: len(formatted.text) - len(formatted.text.lstrip())])
    end = utf16_length(text)
    entities = []
    for entity in formatted.entities:
        start = max(0, entity["offset"] - lead)
        stop = min(end, entity["offset"] - lead + entity["length"])
        entities.append(entity | {"offset": start, "length": stop - start})
    return Formatted(text, entities)


def _outside_code(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what stands inside code: Telegram keeps no other entity there."""
    code = [e for e in entities if e["type"] in ("code", "pre")]

    def inside(entity: dict[str, Any]) -> bool:
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        return any(e is not entity and e["offset"] <= start and stop <= e["offset"] + e["length"] for e in code)

    return [e for e in entities if e["type"] in ("code", "pre") or not inside(e)]


def _found(formatted: Formatted) -> list[dict[str, Any]]:
    taken = [e for e in formatted.entities if e["type"] in ("text_link", "code", "pre", "url")]
    found = []
    for match in _FOUND.finditer(formatted.text):
        offset, length = utf16_length(formatted.text[: match.start()]), utf16_length(match[0])
        if not any(e["offset"] < offset + length and offset < e["offset"] + e["length"] for e in taken):
            found.append({"type": match.lastgroup or "url", "offset": offset, "length": length})
    return found


def _decoded(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    surrogate_or_none = code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF
    return match[0] if surrogate_or_none else chr(code)


@dataclass
class _Open:
    tag: str
    offset: int
    begin: int  # among the pieces of text made so far
    attributes: dict[str, str]


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.made: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            if self.source[self.at] != "<":
                self._text()
            elif self.source.startswith("/", self.at + 1):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise self._fault(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return Formatted("".join(self.made), self.entities)

    def _text(self) -> None:
        stop = self.source.find("<", self.at)
        stop = len(self.source) if stop < 0 else stop
        piece = _ENTITY.sub(_decoded, self.source[self.at : stop]).translate(_CLEANED)
        self.made.append(piece)
        self.offset += utf16_length(piece)
        self.at = stop

    def _start_tag(self) -> None:
        begin = self.at
        tag = self._name(begin + 1).lower()
        if self.at >= len(self.source):
            raise self._fault("Unclosed start tag", begin)
        if tag not in _TAGS:
            raise self._fault(f'Unsupported start tag "{tag}"', begin)
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._fault('Tag "span" must have class "tg-spoiler"', begin)
        if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
            raise self._fault("Invalid custom emoji identifier specified")
        self.open.append(_Open(tag, self.offset, len(self.made), attributes))

    def _name(self, start: int) -> str:
        self.at = start
        while self.at < len(self.source) and self.source[self.at] not in _SPACE + ">":
            self.at += 1
        return self.source[start : self.at]

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            match = _ATTRIBUTE.match(self.source, self.at)
            assert match is not None
            name, equals = match[1], match[2]
            if self.source.startswith(">", match.end()) and not name and not equals:
                self.at = match.end() + 1
                return attributes
            if match.end() >= len(self.source):
                raise self._fault(f'Unclosed start tag "{tag}"', begin)
            if not name:
                raise self._fault(f'Empty attribute name in the tag "{tag}"', begin)
            self.at = match.end()
            attributes[name.lower()] = self._value(tag, begin) if equals else ""

    def _value(self, tag: str, begin: int) -> str:
        quote = self.source[self.at]
        if quote not in "'\"":
            token = _TOKEN.match(self.source, self.at)
            assert token is not None
            self.at = token.end()
            if self.at < len(self.source) and self.source[self.at] not in _SPACE + ">":
                raise self._fault("Unexpected end of name token", self.at)
            return token[0].lower()
        stop = self.source.find(quote, self.at + 1)
        if stop < 0:
            raise self._fault(f'Unclosed start tag "{tag}"', begin)
        raw = self.source[self.at + 1 : stop]
        self.at = stop + 1
        return _ENTITY.sub(_decoded, raw)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._fault("Unexpected end tag", begin)
        tag = self._name(begin + 2).lower()
        while self.at < len(self.source) and self.source[self.at] in _SPACE:
            self.at += 1
        if not self.source.startswith(">", self.at):
            raise self._fault("Unclosed end tag", begin)
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise self._fault(
                f'Unmatched end tag at byte offset {self._bytes(begin)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        self._entity(opened)

    def _entity(self, opened: _Open) -> None:
        entity: dict[str, Any] = {"type": _TAGS[opened.tag], "offset": opened.offset}
        entity["length"] = self.offset - opened.offset
        inside = {o.tag for o in self.open}
        if opened.tag == "a":
            url = _link(opened.attributes.get("href", "") or "".join(self.made[opened.begin :]))
            if url is None:
                return
            entity["url"] = url
        if opened.tag == "blockquote":
            if "blockquote" in inside:
                return
            if "expandable" in opened.attributes:
                entity["type"] = "expandable_blockquote"
        if opened.tag == "code" and "pre" in inside:
            language = opened.attributes.get("class", "").removeprefix("language-")
            self.open[-1].attributes.setdefault("language", language)
            return
        if opened.tag == "pre" and opened.attributes.get("language"):
            entity["language"] = opened.attributes["language"]
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes["emoji-id"]
        if entity["length"] > 0:
            self.entities.append(entity)

    def _bytes(self, place: int) -> int:
        return len(self.source[:place].encode())

    def _fault(self, what: str, place: int | None = None) -> Refused:
        where = "" if place is None else f" at byte offset {self._bytes(place)}"
        return bad_request(f"can't parse entities: {what}{where}")


def _link(url: str) -> str | None:
    """The address as Telegram keeps it; None when it makes no link of it (the words stay)."""
    if re.fullmatch(r"(https?|tg|ton|tonsite)://[^\s/?#]+\S*", url, re.IGNORECASE):
        host = url.split("://", 1)[1]
        return url + "/" if url.lower().startswith("http") and not re.search(r"[/?#]", host) else url
    if re.fullmatch(r"[^\s/:]+\.[^\s/:.]{2,}(/\S*)?", url):
        return _link("http://" + url)
    return None
