"""One request of the bot: its method and arguments, however they were encoded."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.playground.chats import Json
from bot.playground.refusals import Refused, bad_request


@dataclass
class Upload:
    name: str
    content: bytes
    mime: str


@dataclass
class Call:
    """Arguments are strings when they came in a form, and JSON values when they came as JSON."""

    method: str
    args: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    at: float = 0  # seconds of the rate limit's clock
    refusal: Refused | None = None  # what it was answered, when it was refused

    def has(self, name: str) -> bool:
        return self.args.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        if value is None:
            return default
        text = value if isinstance(value, str) else json.dumps(value)
        return well_formed(text)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("true", "1", "yes", "y", "t")

    def json(self, name: str, what: str = "object") -> Any:
        """The value of a JSON argument, or None; `what` is named when it cannot be read."""
        value = self.args.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, str):
            return value
        try:
            parsed = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None
        well_formed(json.dumps(parsed, ensure_ascii=False))
        return parsed

    def record(self, name: str, what: str = "object") -> Json | None:
        value = self.json(name, what)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {what.replace('_', ' ')}")
        return value

    def records(self, name: str, what: str = "object") -> list[Json]:
        value = self.json(name, what)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad_request(f"can't parse {what}: expected an Array")
        return value


def well_formed(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise bad_request("strings must be encoded in UTF-8")
    return text


async def read_call(request: web.Request, method: str) -> Call:
    """Query arguments first, then the body's: JSON, form or multipart."""
    call = Call(method, dict(request.query))
    try:
        if request.content_type == "application/json":
            call.args |= _object(await request.read())
        elif request.content_type == "multipart/form-data":
            await _read_parts(request, call)
        elif request.can_read_body:
            body = (await request.read()).decode("ascii")
            call.args |= dict(parse_qsl(body, keep_blank_values=True, encoding="utf-8", errors="strict"))
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return call


def _object(body: bytes) -> Json:
    try:
        parsed = json.loads(body.decode() or "{}")
    except json.JSONDecodeError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(parsed, dict):
        raise bad_request("expected a JSON object")
    return parsed


async def _read_parts(request: web.Request, call: Call) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            call.args[part.name] = content.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            call.files[part.name] = Upload(part.filename, content, mime)
