"""Feeds that are not well-formed for want of an escape: made well-formed where only one reading is possible.

A bare "&", the names that HTML has for characters, control characters, well-known prefixes that are not declared and a
DOCTYPE that defines nothing are all that is mended. What else is wrong is left as it is.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Final

from jobs import charset as encodings

AT_MOST: Final = 4 * 1024 * 1024  # bytes; a larger body could grow beyond what its reader may use
_AMPERSAND: Final = re.compile(
    rb"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,30});)?"
)
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r"))
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\s[^\[<>]{0,500}>", re.IGNORECASE)
_ROOT: Final = re.compile(rb"<(?:rss|feed|rdf:RDF)(?=[\s>])", re.IGNORECASE)
_PREFIXES: Final = {
    b"atom": b"http://www.w3.org/2005/Atom",
    b"content": b"http://purl.org/rss/1.0/modules/content/",
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"itunes": b"http://www.itunes.com/dtds/podcast-1.0.dtd",
    b"media": b"http://search.yahoo.com/mrss/",
    b"slash": b"http://purl.org/rss/1.0/modules/slash/",
    b"wfw": b"http://wellformedweb.org/CommentAPI/",
}
_OPEN, _CLOSE = b"<![CDATA[", b"]]>"


def mended(body: bytes) -> bytes | None:
    """The body without those faults; None where it has none, is too large, or in an encoding that is not ASCII's."""
    encoding = encodings.mark(body) or ""
    other = encoding.startswith(("utf-16", "utf-32")) or b"\x1b" in body
    if other or b"<!ENTITY" in body or len(body) > AT_MOST:
        return None
    clean = _DOCTYPE.sub(b"", body.translate(None, _CONTROLS), count=1)
    found = b"".join(_pieces(_declared(clean)))
    return found if found != body else None


def _declared(body: bytes) -> bytes:
    root = _ROOT.search(body)
    lacking = [name for name in _PREFIXES if b"<" + name + b":" in body and b"xmlns:" + name not in body]
    if root is None or not lacking:
        return body
    declared = b"".join(b' xmlns:%s="%s"' % (name, _PREFIXES[name]) for name in lacking)
    return body[: root.end()] + declared + body[root.end() :]


def _pieces(body: bytes) -> Iterator[bytes]:
    """CDATA is left alone: there an "&" is one."""
    place = 0
    while (start := body.find(_OPEN, place)) >= 0:
        end = body.find(_CLOSE, start)
        if end < 0:
            break
        yield _AMPERSAND.sub(_escaped, body[place:start])
        yield body[start:end]
        place = end
    yield _AMPERSAND.sub(_escaped, body[place:])


def _escaped(found: "re.Match[bytes]") -> bytes:
    name = found[1].decode() if found[1] else ""
    characters = html5.get(f"{name};", "")
    return "".join(f"&#{ord(one)};" for one in characters).encode() or b"&amp;" + found[0][1:]
