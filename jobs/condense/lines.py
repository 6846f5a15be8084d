"""`triptych condense` and `triptych brief`: stories as JSON lines or files in, briefs as JSON or plain text out."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from db.records import PANELS, Brief, Bullet, Text
from jobs.condense.offline import condense

TITLE_WORDS = 20  # a first line with more words is no title
END_MARKS = (".", "!", "…", ";", ":", ",")
HTML = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|\?xml|article|div)", re.IGNORECASE)
LABELS = {"offer": "Offer", "responses": "Responses", "reactions": "Reactions"}


class LineError(ValueError):
    """A line that is no story; says what is wrong with it."""


def condense_lines(stdin: Iterable[str], stdout: TextIO, stderr: TextIO) -> int:
    """Condense a story a line; returns the exit status. A malformed line is named on stderr, the others are done."""
    status = 0
    for number, line in enumerate(stdin, 1):
        if not line.strip():
            continue
        try:
            story, articles = _story(line)
        except LineError as error:
            stderr.write(f"line {number}: {error}\n")
            status = 1
            continue
        texts = [_text(str(place), article) for place, article in enumerate(articles)]
        names = {str(place): article.get("id", place) for place, article in enumerate(articles)}
        stdout.write(json.dumps(brief_as_json(condense(texts), story, names), ensure_ascii=False) + "\n")
    return status


def brief_as_json(brief: Brief, id: object, articles: Mapping[str, object] | None = None) -> dict[str, Any]:
    """A brief as `triptych condense` prints it; `articles` says under which id an article is cited, if not its own."""
    panels: dict[str, Any] = {p: [_bullet(bullet, articles or {}) for bullet in brief.panel(p)] for p in PANELS}
    return {"id": id, "headline": brief.headline, **panels, "missing": dict(brief.missing)}


def _bullet(bullet: Bullet, articles: Mapping[str, object]) -> dict[str, Any]:
    citations = [
        {
            "article": articles.get(citation.article, citation.article),
            "source": citation.source,
            "url": citation.url,
            "span": list(citation.span),
        }
        for citation in bullet.citations
    ]
    return {"text": bullet.text, "speaker": bullet.speaker, "verbatim": bullet.verbatim, "citations": citations}


def brief_as_text(brief: Brief) -> str:
    """A brief for a terminal: the headline and the three panels, an empty one with the reason why."""
    lines = [brief.headline] if brief.headline else []
    for panel in PANELS:
        lines += ["", LABELS[panel]]
        lines += [_printed(bullet) for bullet in brief.panel(panel)]
        if panel in brief.missing:
            lines.append(f"  ({brief.missing[panel]})")
    return "\n".join(lines).strip() + "\n"


def _printed(bullet: Bullet) -> str:
    speaker = f"{bullet.speaker}: " if bullet.speaker else ""
    mark = f" [{bullet.mark}]" if bullet.mark else ""
    sources = ", ".join(dict.fromkeys(citation.source or citation.url for citation in bullet.citations))
    return f"  - {speaker}{bullet.text}{mark}" + (f" ({sources})" if sources else "")


def text_from_file(path: Path) -> Text:
    """An article from a file: HTML, or plain text whose short first line without an end mark is the title."""
    content = path.read_bytes()
    if path.suffix.lower() in (".html", ".htm") or HTML.match(content[:400]):
        return _from_html(content, path.stem)
    title, text = _titled(content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n"))
    return Text(article=path.stem, source=path.stem, text=text, title=title)


def _from_html(content: bytes, name: str) -> Text:
    # Loading these takes half a second, which a story from plain text need not wait for.
    import lxml.html
    import trafilatura

    html = content.decode("utf-8-sig", errors="replace")
    text = trafilatura.extract(html, fast=True, include_comments=False) or ""
    try:
        page = lxml.html.document_fromstring(content)
        title = page.findtext(".//h1") or page.findtext(".//title") or ""
    except (lxml.etree.LxmlError, ValueError):
        title = ""
    return Text(article=name, source=name, text=text, title=" ".join(title.split()))


def _titled(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    if rest.strip() and not first.endswith(END_MARKS) and len(first.split()) <= TITLE_WORDS:
        return first, rest.strip()
    return "", text.strip()


def _story(line: str) -> tuple[object, list[dict[str, Any]]]:
    try:
        story = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise LineError(f"not JSON ({error})") from error
    if not isinstance(story, dict) or not isinstance(story.get("id"), str | int):
        raise LineError('a story needs an "id"')
    articles = story.get("articles")
    if not isinstance(articles, list) or not all(isinstance(article, dict) for article in articles):
        raise LineError(f'story {story["id"]} needs "articles", a list of objects')
    for place, article in enumerate(articles):
        _checked(article, f"story {story['id']}, article {article.get('id', place)}")
    return story["id"], articles


def _checked(article: dict[str, Any], name: str) -> None:
    if not isinstance(article.get("text"), str):
        raise LineError(f'{name} needs a "text"')
    for key in ("source", "title", "url", "published_at", "language"):
        if not isinstance(article.get(key), str | None):
            raise LineError(f'{name}: "{key}" is no string')
    try:
        _date(article.get("published_at"))
    except ValueError as error:
        raise LineError(f'{name}: "published_at" is no date') from error


def _text(place: str, article: Mapping[str, Any]) -> Text:
    return Text(
        article=place,
        source=article.get("source") or "",
        text=article["text"],
        title=article.get("title") or "",
        url=article.get("url") or "",
        published_at=_date(article.get("published_at")),
        language=article.get("language") or None,
    )


def _date(written: str | None) -> datetime | None:
    if not written:
        return None
    read = datetime.fromisoformat(written)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
