"""HTML of a page -> the text of its article. Pure; runs in the parser's process."""

import re
from typing import Final

from jobs.markup import TEXT_AT_MOST, lines

STUB: Final = 1500  # characters: a walled page that shows more than this is worth having
GATE: Final = 600  # characters: a page that asks for proof of being human says little else

_WALL: Final = re.compile(
    rb"""(?ix) "isAccessibleForFree"\s*:\s*"?false
    | article:content_tier["']\s+content=["'](?:locked|metered)
    | \bclass=["'][^"']{0,200}\b(?:paywall|piano-offer|subscriber-only|premium-content|regwall)"""
)
_WALL_WORDS: Final = re.compile(
    r"(?i)subscribe (?:now )?to (?:continue|read)|to continue reading|already a subscriber\?|subscribers only"
    r"|передплат\w+,? щоб (?:читати|продовжити)|(?:лише|тільки) (?:для передплатників|передплатникам)"
    r"|(?:только|лишь) (?:для подписчиков|подписчикам)|оформите подписку|чтобы (?:читать|продолжить) дальше"
    r"|jetzt weiterlesen|weiterlesen mit|nur für abonnenten|sie haben bereits ein abo"
)
_ROBOT_CHECK: Final = re.compile(
    r"(?i)are you (?:a robot|human)|verify(?:ing)? (?:that )?you are (?:a )?human|unusual traffic"
    r"|enable javascript and cookies|checking your browser|access (?:to this page has been )?denied"
    r"|complete the captcha|security check"
    r"|ви не робот|що ви людина|вы не робот|что вы человек|kein roboter|dass sie ein mensch sind"
)


def extract(html: bytes, url: str) -> str | None:
    """The article's own paragraphs, a line each; None for a page without them, a wall, or a test for robots."""
    import trafilatura  # half a second and 60 MB, so only in the process that needs it

    text = trafilatura.extract(html, url=url, fast=True, include_comments=False, include_tables=False)
    text = lines(text or "")[:TEXT_AT_MOST].rstrip()
    return text if text and not is_stub(text, html) else None


def is_stub(text: str, html: bytes) -> bool:
    """Whether this is what a paywall or a test for robots shows instead of the article."""
    if len(text) < GATE and _ROBOT_CHECK.search(text):
        return True
    return len(text) < STUB and (_WALL.search(html) is not None or _WALL_WORDS.search(text) is not None)
