"""HTML and untrusted text -> plain text that is safe to store, to show and to hand to a model."""

import html
import re
import unicodedata
from typing import Final

from lxml import etree

TEXT_AT_MOST: Final = 100_000  # characters
TITLE_AT_MOST: Final = 500

_SILENT_TAGS: Final = "script style head template noscript iframe svg math canvas audio video select textarea button"
_BLOCK_TAGS: Final = """address article aside blockquote body center dd details dialog div dl dt fieldset figcaption
    figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tr ul br"""
_SILENT: Final = frozenset(_SILENT_TAGS.split())
_BLOCK: Final = frozenset(_BLOCK_TAGS.split())
_CELL: Final = frozenset(("td", "th"))
_HIDDEN_STYLE: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
# Controls, marks that turn the direction of text, characters nobody sees, lone surrogates, non-characters, tags.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
_JOINERS: Final = ("\u200c", "\u200d")  # of use between letters that join and in emoji, a disguise anywhere else
_JOINER: Final = re.compile(
    "(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])|(?<=[\u200c\u200d])[\u200c\u200d]+"
)
_MARKS: Final = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_STACKED: Final = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")
_MARKUP: Final = re.compile(r"<[A-Za-z!/?]|&[#A-Za-z]")
_LEFT_ESCAPED: Final = re.compile(r"&(?:amp|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_ESCAPED_HTML: Final = re.compile(  # a text that was escaped twice: it begins with a tag, and closes one
    r"\s*<(?:p|div|a|img|br|span|h[1-6]|ul|ol|figure|table|b|i|em|strong|blockquote)\b[^<>]*>(?=.*</|.*/>)",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE_END: Final = re.compile(r"[.!?…:;»”\"')\]]\s*$")


def safe(text: str) -> str:
    """The text without characters that hide, reorder or break; composed (NFC), line ends as \\n."""
    if text.isascii() and text.isprintable():
        return text
    text = _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isascii():
        return text
    if any(joiner in text for joiner in _JOINERS):
        text = _JOINER.sub("", text)
    return unicodedata.normalize("NFC", _STACKED.sub(r"\1", text))


def lines(text: str) -> str:
    """Untrusted plain text, safe, without empty lines or needless blanks."""
    kept = (" ".join(line.split()) for line in safe(text).splitlines())
    return "\n".join(line for line in kept if line)


def plain_title(value: str, *, markup: bool) -> str:
    """A title on one line."""
    text = html_to_text(value[: TITLE_AT_MOST * 20]) if markup else lines(value)
    text = _LEFT_ESCAPED.sub(lambda found: html.unescape(found[0]), text)
    return shorten(text.replace("\n", " "), TITLE_AT_MOST)


def plain_text(value: str, *, markup: bool) -> str:
    """A body, a line a paragraph, at most TEXT_AT_MOST characters."""
    return (html_to_text(value) if markup else paragraphs(value))[:TEXT_AT_MOST].rstrip()


def shorten(text: str, most: int) -> str:
    """At most this many characters, cut between words where there is one to cut at."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–—-") + "…"


def paragraphs(value: str) -> str:
    """Plain text, maybe wrapped: a blank line ends a paragraph; without one, a line that ends a sentence does."""
    text = safe(value)
    if "\n" not in text:
        return lines(text)
    if re.search(r"\n[^\S\n]*\n", text):
        return lines("\n".join(part.replace("\n", " ") for part in re.split(r"\n[^\S\n]*\n", text)))
    wrapped = (line.strip() for line in text.split("\n"))
    return lines("".join(line + ("\n" if _SENTENCE_END.search(line) else " ") for line in wrapped))


def html_to_text(value: str) -> str:
    """The text a reader of this HTML would see, a line a block. Scripts, forms and hidden parts are left out."""
    if not _MARKUP.search(value):
        return paragraphs(value)
    if "<" not in value:
        bare = html.unescape(value)
        return html_to_text(bare) if _ESCAPED_HTML.match(bare) else paragraphs(bare)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, recover=True
    )
    wrapped = f"<html><body>{value}</body></html>"
    try:
        root = etree.fromstring(wrapped.encode("utf-8", "replace").replace(b"\0", b""), parser)
    except etree.XMLSyntaxError:
        return paragraphs(html.unescape(re.sub(r"<[^>]{0,2000}>", " ", value)))
    return "" if root is None else lines("".join(_pieces(root)))


def _pieces(root: "etree._Element") -> list[str]:
    """What is seen, in order. Blanks inside a block are one blank; blocks and <br> end a line."""
    out: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if not tag or tag in _SILENT or _hidden(element):
                walker.skip_subtree()
                element.text = None
                continue
            out.append("\n" if tag in _BLOCK else " " if tag in _CELL else "")
            if element.text:
                out.append(_flow(element, element.text))
        else:
            out.append("\n" if tag in _BLOCK else "")
            if element.tail:
                out.append(_flow(element.getparent(), element.tail))
    return out


def _flow(parent: "etree._Element | None", text: str) -> str:
    if parent is not None and parent.tag == "pre":
        return text
    return text.replace("\n", " ").replace("\r", " ")


def _hidden(element: "etree._Element") -> bool:
    attributes = element.attrib
    if not attributes:
        return False
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(attributes.get("style", "")[:2000]) is not None
    )
