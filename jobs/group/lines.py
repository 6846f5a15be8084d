"""`triptych group`: a line an article in, a line an article out."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from db.records import Filing, Join, Merge, New, Split, Text
from jobs.group.grouper import Grouper
from jobs.group.meaning import load_meaning


def group_lines(stdin: Iterable[str], stdout: TextIO, stderr: TextIO) -> int:
    """Reads {"id", "source", "title", "text", "date"?, "lang"?} lines, writes {"id", "story"} lines in the same order.

    Malformed lines are named on stderr and left out; the exit status is then 1.
    """
    ids: list[Any] = []
    texts: list[Text] = []
    seen: set[str] = set()
    status = 0
    for number, line in enumerate(stdin, 1):
        if not line.strip():
            continue
        try:
            given, text = _read(line)
            if text.article in seen:
                raise ValueError(f"id {given!r} stands on an earlier line")
        except ValueError as error:
            stderr.write(f"line {number}: {error}\n")
            status = 1
            continue
        seen.add(text.article)
        ids.append(given)
        texts.append(text)
    place = settle(Grouper(load_meaning()).group(sorted(texts, key=_arrival)))
    for given, text in zip(ids, texts, strict=True):
        stdout.write(json.dumps({"id": given, "story": place[text.article]}) + "\n")
    return status


def _read(line: str) -> tuple[Any, Text]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise ValueError("not an object")
    given = row.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int) or given == "":
        raise ValueError('"id" is neither a text nor a number')
    title, text, source, publisher, language = (
        _string(row, key) for key in ("title", "text", "source", "publisher", "lang")
    )
    if not (title.strip() or text.strip()):
        raise ValueError('neither "title" nor "text" has words')
    at = _date(_string(row, "date"))
    return given, Text(str(given), source, text, title, "", at, language or None, publisher)


def _string(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f'"{key}" is not a text')
    return value


def _date(written: str) -> datetime | None:
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f'"date" is not an ISO date: {written[:40]!r}') from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _arrival(text: Text) -> tuple[bool, datetime]:
    """By date, then as they came; what has no date came now, after the dated."""
    return text.published_at is None, text.published_at or datetime.max.replace(tzinfo=UTC)


def settle(filings: Sequence[Filing]) -> dict[str, str]:
    """article -> story, after everything that the filings say."""
    place: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for filing in filings:
        moved = {filing.article} if isinstance(filing, Join | New) else set()
        if isinstance(filing, Split):
            moved = set(filing.articles)
        elif isinstance(filing, Merge):
            moved = set(members.get(filing.story, ()))
        target = filing.into if isinstance(filing, Merge) else filing.story
        for article in moved:
            members.get(place.get(article, ""), set()).discard(article)
            place[article] = target
            members.setdefault(target, set()).add(article)
    return place
