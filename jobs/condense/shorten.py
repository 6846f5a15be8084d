"""A sentence as a bullet: an extract that can be understood alone. Words are cut, never changed."""

import re

from jobs.condense.events import Line
from jobs.condense.markers import Markers, tokens_of

LEADING = re.compile(r"^[\s–—―•*·-]+")
FIRST_WORDS = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+){0,3}(?=,? )")


def bullet_text(line: Line, markers: Markers) -> str:
    """The sentence without what leans on the one before it."""
    text = LEADING.sub("", line.sentence.text)
    text = without_opener(text, markers)
    return balanced(text, line.sentence.opens)


def without_opener(text: str, markers: Markers) -> str:
    """The text without an opening "But", "However,"."""
    words = FIRST_WORDS.match(text)
    if words is None:
        return text
    tokens = tokens_of(words[0])
    for length in range(len(tokens), 0, -1):
        if _opens(tokens[:length], markers):
            rest = re.sub(rf"^(?:\S+ ){{{length - 1}}}\S+?,? ", "", text, count=1)
            return capitalised(rest)
    return text


def _opens(tokens: list[str], markers: Markers) -> bool:
    kinds = markers.words.get(tokens[0], ())
    return any(kind == "openers" and list(rest) == tokens[1:] for kind, rest in kinds)


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def balanced(text: str, opens: bool) -> str:
    """The text with a quotation that runs over its ends closed there."""
    if '"' in text and not re.search("[“”«»„]", text):
        if text.count('"') % 2:
            return '"' + text if opens and not text.startswith('"') else text + '"'
        return text if '"' in text or not opens else f'"{text}"'
    opened = max(text.rfind("“"), text.rfind("«"), text.rfind("„"))
    closed = max(text.rfind("”"), text.rfind("»"))
    if opened > closed and not text.endswith(("’’", "''")):
        text += "”" if text[opened] in "“„" else "»"
    first_open = min((at for at in (text.find("“"), text.find("«"), text.find("„")) if at >= 0), default=len(text))
    first_closed = min((at for at in (text.find("”"), text.find("»")) if at >= 0), default=len(text))
    if opens and (first_closed < first_open or (first_closed == first_open == len(text))):
        text = ("«" + text) if "»" in text else ("“" + text if "”" in text else f"“{text}”")
    return text
