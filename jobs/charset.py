"""Which encoding a body is in: as declared by header, mark or prolog, and by detection when that is a lie."""

import codecs
import re
from typing import Final

DETECT_BYTES: Final = 64 * 1024
_PROLOG: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_ONE_BYTE: Final = re.compile(r"(?:windows-?|cp-?|x-cp)125\d|iso-?8859|latin-?\d|koi8|us-ascii|ascii", re.IGNORECASE)
_BAD_BYTE: Final = re.compile("[\udc80-\udcff]")
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)


def mark(body: bytes) -> str | None:
    """The encoding its first bytes give away: a byte order mark, or "<?" in 2- or 4-byte characters."""
    return next((name for start, name in _MARKS if body.startswith(start)), None)


def prolog(body: bytes) -> str | None:
    """The encoding an ASCII-compatible XML declaration names."""
    found = _PROLOG.match(body[:400])
    return found[1].decode("ascii").lower() if found else None


def same(left: str, right: str) -> bool:
    """Whether two names mean one encoding."""
    try:
        return codecs.lookup(left) == codecs.lookup(right)
    except LookupError:
        return False


def decodes(body: bytes, name: str | None) -> bool:
    if not name:
        return False
    try:
        body.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return False
    return True


def honest(body: bytes, charset: str | None) -> bool:
    """Whether one of the declared encodings, or UTF-8, reads the body whole."""
    return any(decodes(body, name) for name in (charset, prolog(body), mark(body), "utf-8"))


def relabelled(body: bytes, charset: str | None) -> tuple[bytes, str | None]:
    """A text in one-byte characters is never UTF-8 by chance: what declares such and is UTF-8 gets that label.

    The body with its prolog mended, and what then is left of the server's word.
    """
    names = [name for name in (charset, prolog(body)) if name and _ONE_BYTE.match(name)]
    if not names or body.isascii() or not decodes(body, "utf-8"):
        return body, charset
    found = _PROLOG.match(body[:400])
    if found and _ONE_BYTE.match(found[1].decode("ascii")):
        body = body[: found.start(1)] + b"utf-8" + body[found.end(1) :]
    return body, None


def detected(body: bytes) -> str:
    """The text of a body whose declarations lie. A few bad bytes in UTF-8 are Windows' own, the rest is guessed."""
    text = body.decode("utf-8", "surrogateescape")
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    if len(_BAD_BYTE.findall(text)) * 2 < foreign:  # in a text of any other encoding most of them are bad
        return _BAD_BYTE.sub(_western, text)
    from charset_normalizer import from_bytes  # 4 MB that few feeds need

    best = from_bytes(body[:DETECT_BYTES]).best()
    return body.decode(best.encoding if best else "windows-1252", "replace")


def _western(found: "re.Match[str]") -> str:
    return bytes([ord(found[0]) - 0xDC00]).decode("windows-1252", "replace")
