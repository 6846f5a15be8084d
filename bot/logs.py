"""Log lines: for people on a terminal, JSON elsewhere; no secret in them, and nothing that could forge a line.

Both happen where lines leave: every record, ours or a library's, with its traceback, passes one formatter.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from html import escape
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote, quote_plus, unquote, urlsplit

import structlog
from structlog.stdlib import ProcessorFormatter

HIDDEN = "[hidden]"
QUIET = ("alembic", "httpx", "httpcore", "apscheduler", "aiohttp.access")  # wanted only when debugging
REPEATING = "telegram"  # its errors come again with every poll
REPEAT_SECONDS = 60.0
SHORT = 8  # characters; a shorter secret is hidden only where it stands alone

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
CREDENTIALS = re.compile(r"(?<=://)[^\s/@:'\"]*:[^\s/@'\"]+(?=@)")
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}")
# C0 and C1 but tab and newline, marks that reorder text, line and paragraph separators, lone surrogates
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def configure(level: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Sends all logging to the stream (default: stderr); `secrets` are tokens, keys, and addresses with a password."""
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Guarded(_person if out.isatty() else _machine, Hider(secrets)))
    handler.addFilter(Repeats())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    structlog.configure(
        processors=[*_shared(), ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("triptych").critical("it ended with an error", exc_info=(kind, error, trace))


class Hider:
    """Replaces secrets, in every form in which a log may hold them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = sorted({form for secret in secrets for part in _parts(secret) for form in _forms(part)}, key=len)
        self._secrets = re.compile("|".join(map(_pattern, reversed(forms)))) if forms else None

    def hide(self, text: str) -> str:
        if self._secrets is not None:
            text = self._secrets.sub(HIDDEN, text)
        text = TOKEN.sub(HIDDEN, text)
        text = CREDENTIALS.sub(HIDDEN, text)
        return BEARER.sub(rf"\1 {HIDDEN}", text)


def _parts(secret: str) -> Iterator[str]:
    """What is secret in a setting: of an address its password, of a bot's token also its second half."""
    if "://" in secret:
        password = re.search(r"://[^/@]*?:(.+)@", secret)
        if password:
            yield password[1]
        yield from (value for value in urlsplit(secret).query.split("&") if value.startswith("password="))
        return
    yield secret
    if TOKEN.fullmatch(secret):
        yield secret.partition(":")[2]


def _forms(secret: str) -> Iterator[str]:
    plain = unquote(secret)
    for form in (secret, plain):
        yield from (form, quote(form, safe=""), quote_plus(form), escape(form))
        yield from (json.dumps(form)[1:-1], json.dumps(form, ensure_ascii=False)[1:-1], repr(form)[1:-1])


def _pattern(form: str) -> str:
    if not form:
        return r"(?!)"
    alone = len(form) < SHORT
    return rf"(?<![^\W_]){re.escape(form)}(?![^\W_])" if alone else re.escape(form)


class Repeats(logging.Filter):
    """Lets a library's error through once a minute, when it says the same again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._last: dict[tuple[str, str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING or record.name.partition(".")[0] != REPEATING:
            return True
        error = str(record.exc_info[1]) if record.exc_info else ""
        key, now = (record.name, record.getMessage(), error), self._clock()
        if self._last.get(key, -REPEAT_SECONDS) > now - REPEAT_SECONDS:
            return False
        self._last = {k: at for k, at in self._last.items() if at > now - REPEAT_SECONDS} | {key: now}
        return True


class _Guarded(ProcessorFormatter):
    def __init__(self, render: Any, hider: Hider) -> None:
        super().__init__(processors=[ProcessorFormatter.remove_processors_meta, render], foreign_pre_chain=_shared())
        self._hider = hider

    def format(self, record: logging.LogRecord) -> str:
        try:
            line = super().format(record)
        except Exception as error:  # a record that cannot be formatted must not print itself elsewhere
            line = f"a log record of {record.name} cannot be written: {type(error).__name__}"
        return self._hider.hide(line)


def _person(logger: object, name: str, event: MutableMapping[str, Any]) -> str:
    """One line; a traceback follows, each of its lines after a bar."""
    time_of_day = str(event.pop("timestamp", ""))[:19].replace("T", " ")
    level, source = str(event.pop("level", "")), str(event.pop("logger", "") or "")
    said, trace = event.pop("event", ""), event.pop("exception", None) or event.pop("stack", None)
    values = "".join(f"  {_one_line(key)}={_one_line(value)}" for key, value in event.items())
    line = f"{time_of_day} {level:8} {_one_line(said)}{values}" + (f"  ({_one_line(source)})" if source else "")
    below = "".join(f"\n    | {_safe(part)}" for part in str(trace).split("\n")) if trace else ""
    return line + below


def _machine(logger: object, name: str, event: Mapping[str, Any]) -> str:
    return json.dumps(dict(event), default=str)


def _one_line(value: object) -> str:
    return _safe(str(value)).replace("\n", "\\n").replace("\t", "\\t")


def _safe(text: str) -> str:
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)
