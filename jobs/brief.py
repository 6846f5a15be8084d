"""`triptych brief URL|FILE…`: these articles as one story, condensed and printed."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from db.records import Text
from jobs.article import extract
from jobs.condense.lines import brief_as_json, brief_as_text, text_from_file
from jobs.condense.offline import condense
from jobs.errors import Empty, NotAFeed, SourceError, refused
from jobs.http import Limits, open_http


def brief_command(targets: Sequence[str], as_json: bool, stdout: TextIO, stderr: TextIO) -> int:
    """The exit status: 1 when one of the articles could not be read; the others are condensed all the same."""
    texts: list[Text] = []
    for target in targets:
        try:
            texts.append(_read(target))
        except (SourceError, OSError, ValueError) as error:
            stderr.write(f"{error}\n")
    if texts:
        brief = condense(texts)
        stdout.write(json.dumps(brief_as_json(brief, None), ensure_ascii=False) if as_json else brief_as_text(brief))
        stdout.write("\n")
    return 0 if len(texts) == len(targets) else 1


def _read(target: str) -> Text:
    if not target.lower().startswith(("http://", "https://")):
        return text_from_file(Path(target))
    url, page = asyncio.run(_page(target))
    text = extract(page, url)
    if not text:
        raise NotAFeed(url, "has no article that can be read")
    title, _, body = text.partition("\n")
    return Text(target, urlsplit(url).netloc, body or text, title if body else "", url)


async def _page(url: str) -> tuple[str, bytes]:
    async with open_http(Limits()) as http:
        answer = await http.request(url)
    if answer.status >= 400:
        raise refused(url, answer.status, None)
    if not answer.body:
        raise Empty(url, "answered with an empty page")
    return answer.url, answer.body
