"""Lists of sources in and out: OPML with folders as sections, or plainly one address a line.

    bytes      --read_list(body, known)-->  Reading      every feed of the file with what is to become of it
    [Outline]  --write_opml(outlines)---->  bytes

Reading decides and stores nothing: who imports adds `reading.fresh` in one transaction, or nothing at all.
A file that cannot be read raises BadOpml. Format: https://opml.org/spec2.opml
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from lxml import etree

from jobs.addresses import feed_identity, why_refused
from jobs.charset import decodes, detected, mark, prolog
from jobs.errors import N_, BadOpml, BlockedAddress
from jobs.guard import HostPort, host_port
from jobs.markup import TITLE_AT_MOST, plain_title, safe, shorten

BYTES_AT_MOST: Final = 30 * 1024 * 1024
OUTLINES_AT_MOST: Final = 200_000
IN_SECTION: Final = " / "  # between the names of nested folders
Verdict = Literal["new", "there", "twice", "private", "refused"]
FAULTY: Final = ("private", "refused")

_BARE_AND: Final = re.compile(
    r"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
)
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HOST: Final = re.compile(r"^[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?$")
_ADDRESS: Final = re.compile(r"(?i)\b(?:feed:(?://)?)?https?://\S+|\bfeed://\S+")


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list. `section` is the path of its folders, joined by " / "."""

    url: str
    title: str = ""
    section: str = ""
    site_url: str = ""
    language: str | None = None  # two letters


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says at one place, and what is to become of it: `template`, a message for `values`, says it."""

    place: int  # of the outline among the outlines that are no folders; of the line in a plain list; from 1
    outline: Outline
    verdict: Verdict
    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.outline.url or self.outline.title or "…"

    def __str__(self) -> str:
        return f"{self.place}. {self.name} {self.template.format(**self.values)}"


@dataclass(frozen=True, slots=True)
class Reading:
    title: str
    lines: tuple[Line, ...]
    lost: int = 0  # outlines so broken that not even their address could be read

    @property
    def fresh(self) -> list[Outline]:
        return [line.outline for line in self.lines if line.verdict == "new"]

    def counts(self) -> Counter[Verdict]:
        return Counter(line.verdict for line in self.lines)


def read_list(
    body: bytes, known: Collection[str] = (), private_hosts: Collection[HostPort] = (), name: str = "the list"
) -> Reading:
    """`known` are the addresses of the sources there are; `name` is what errors call the file."""
    if len(body) > BYTES_AT_MOST:
        raise BadOpml(name, "is larger than {size} MiB", size=BYTES_AT_MOST // 1024 // 1024)
    text = _NOT_XML.sub("", _decoded(body)).strip("\ufeff \t\r\n")
    if not text:
        raise BadOpml(name, "is empty")
    if "<opml" in text[:2000].lower() or text.startswith("<"):
        title, outlines, lost = _opml(text, name)
    else:
        title, outlines, lost = "", list(_plain_list(text)), 0
        if not any(outline.url for _, outline in outlines):
            raise BadOpml(name, "has no address in it")
    return Reading(title, tuple(_judged(outlines, known, private_hosts)), lost)


def _decoded(body: bytes) -> str:
    for encoding in (mark(body), prolog(body), "utf-8"):
        if encoding and decodes(body, encoding):
            return body.decode(encoding)
    return detected(body)


def _opml(text: str, name: str) -> tuple[str, list[tuple[int, Outline]], int]:
    """Title, outlines with their places, and how many outlines were lost."""
    text = _without_comments(text[text.index("<") :])
    if re.search(r"<!ENTITY|<!DOCTYPE[^<>\[]*\[", text, re.IGNORECASE):
        raise BadOpml(name, "declares entities of its own, which are not read")
    text = re.sub(r"<\?xml[^<>]{0,200}\?>|<!DOCTYPE[^<>]{0,400}>", "", text, flags=re.IGNORECASE)
    written = len(re.findall(r"<outline[\s/>]", text, re.IGNORECASE))
    if written > OUTLINES_AT_MOST:
        raise BadOpml(name, "has more than {n} outlines", n=f"{OUTLINES_AT_MOST:,}")
    root = _tree(_BARE_AND.sub(_escaped, text))
    kind = _tag(root) if root is not None else ""
    if root is None or kind != "opml":
        if kind in ("rss", "feed", "rdf"):
            raise BadOpml(name, "is a feed itself: add it as a source")
        raise BadOpml(name, "is not an OPML file")
    title = next((element.text for element in root.iter() if _tag(element) == "title" and element.text), "")
    seen = sum(_tag(element) == "outline" for element in root.iter())
    return plain_title(title, markup=False), list(enumerate(_outlines(root), 1)), max(0, written - seen)


def _without_comments(text: str) -> str:
    """By find, not by a pattern: a file of unclosed comments must not cost the square of its length."""
    kept, start = [], 0
    while (opened := text.find("<!--", start)) >= 0 and (closed := text.find("-->", opened)) >= 0:
        kept.append(text[start:opened])
        start = closed + 3
    return "".join([*kept, text[start:]])


def _escaped(found: re.Match[str]) -> str:
    """A bare & as XML wants it; HTML's named characters, which XML does not know, as themselves."""
    if found[1] is None:
        return "&amp;"
    character = html.unescape(found[0])
    return f"&amp;{found[1]};" if character == found[0] else html.escape(character)


def _tree(text: str) -> "etree._Element | None":
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _tag(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _outlines(root: "etree._Element") -> Iterator[Outline]:
    """Every outline that is no folder, in order."""
    folders: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if _tag(element) != "outline":
            continue
        given = {str(name).lower(): str(value).strip() for name, value in element.attrib.items()}
        url = given.get("xmlurl") or given.get("url", "")
        folder = not url and len(element) > 0
        if event == "end":
            if folder:
                folders.pop()
            continue
        title = plain_title(given.get("title") or given.get("text", ""), markup=False)
        if folder:
            folders.append(title.strip("/ "))
        else:
            section = shorten(IN_SECTION.join(filter(None, folders)), TITLE_AT_MOST)
            yield Outline(_http(url), title, section, given.get("htmlurl", ""), _language(given.get("language", "")))


def _language(declared: str) -> str | None:
    code = re.match(r"([A-Za-z]{2})(?:[-_]|$)", declared)
    return code[1].lower() if code else None


def _http(url: str) -> str:
    """feed:// and feed:https:// are what old readers called addresses of feeds."""
    url = re.sub(r"(?i)^feed:(?://)?(?=https?://)", "", url)
    return re.sub(r"(?i)^feed://", "http://", url)


def _plain_list(text: str) -> Iterator[tuple[int, Outline]]:
    """Lines with an address, and whatever else is on the line as the title. `# name` opens a section."""
    section = ""
    for place, line in enumerate(text.splitlines(), 1):
        line = safe(line).strip()
        if line.startswith("#"):
            section = line.lstrip("# ")
        elif found := _ADDRESS.search(line):
            title = f"{line[: found.start()]} {line[found.end() :]}".strip(" \t,;|-–—")
            yield place, Outline(_http(found[0].rstrip(",;|")), plain_title(title, markup=False), section)
        elif _HOST.match(line):
            yield place, Outline(f"https://{line}", section=section)
        elif line:
            yield place, Outline("", shorten(line, 80), section)


def _judged(
    outlines: Sequence[tuple[int, Outline]], known: Collection[str], private_hosts: Collection[HostPort]
) -> Iterator[Line]:
    there = {feed_identity(url) for url in known}
    seen: dict[str, int] = {}
    for place, outline in outlines:
        if error := why_refused(outline.url, private_hosts):
            verdict: Verdict = "private" if isinstance(error, BlockedAddress) else "refused"
            yield Line(place, outline, verdict, error.template, error.values)
            continue
        identity = feed_identity(outline.url)
        if identity in there:
            yield Line(place, outline, "there", N_("is a source already"))
        elif identity in seen:
            yield Line(place, outline, "twice", N_("stands in the list already, at {place}"), {"place": seen[identity]})
        else:
            seen[identity] = place
            named = replace(outline, title=outline.title or host_port(outline.url)[0])
            yield Line(place, named, "new", N_("is new"))


def write_opml(outlines: Sequence[Outline], title: str = "Triptych") -> bytes:
    """OPML 2.0; sections become folders, in the order in which they come."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _writable(title)
    folders = {"": etree.SubElement(root, "body")}
    for outline in outlines:
        given = {"type": "rss", "text": outline.title, "title": outline.title, "xmlUrl": outline.url}
        given |= {"htmlUrl": outline.site_url} if outline.site_url else {}
        given |= {"language": outline.language} if outline.language else {}
        attributes = {name: _writable(value) for name, value in given.items()}
        etree.SubElement(_folder(folders, outline.section), "outline", attributes)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


def _folder(folders: dict[str, "etree._Element"], section: str) -> "etree._Element":
    if section not in folders:
        above, _, name = section.rpartition(IN_SECTION)
        folders[section] = etree.SubElement(_folder(folders, above), "outline", text=_writable(name))
    return folders[section]


def _writable(text: str) -> str:
    return _NOT_XML.sub("", text)
