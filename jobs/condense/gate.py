"""What a bullet must prove before anyone reads it: every condenser's bullets pass here, whatever wrote them.

    Refusal
    ├── empty       nothing is said
    ├── citation    it cites nothing, or what is not there
    ├── name        a name does not occur in what it cites
    ├── number      a number does not occur in what it cites
    ├── quotation   what stands in quotation marks is not word for word in what it cites
    └── speaker     the speaker does not occur in the article cited

Words are compared by their letters alone, without regard to case; a name may stand in another grammatical case. The
first word of a sentence is tried like a name, since it may be one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from db.records import Bullet, Text

Reason = Literal["empty", "citation", "name", "number", "quotation", "speaker"]

WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
QUOTED = re.compile(r"[“«„\"‟]([^“”«»„\"‟]+)[”»“\"‟]|``((?:(?!'')[^`])+)''|''((?:(?!'').)+)''")
MARKS = re.compile(r"[“”«»„‟\"]|``|''")
CYRILLIC = re.compile(r"[а-яёєіїґ]", re.IGNORECASE)
ENDINGS = "аеєиіїоуюяйьыэё"
CASES = "enrms"
SHORTEST_STEM = 3
ALIKE = 2  # first letters that no case changes
LONGEST_ENDING = 3  # letters that a grammatical case may add


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    detail: str  # the word or words that failed


def check(bullet: Bullet, texts: Sequence[Text]) -> Refusal | None:
    """Why a bullet must not be shown; None when it may be."""
    if not WORD.search(bullet.text):
        return Refusal("empty", bullet.text)
    articles = {text.article: text for text in texts}
    cited = _cited(bullet, articles)
    if not cited:
        return Refusal("citation", str(bullet.citations[:1]))
    source = _Words(" \n ".join(cited))
    return (
        _numbers(bullet.text, source)
        or _quotations(bullet.text, source)
        or _names(bullet.text, source)
        or _speaker(bullet, articles)
    )


def passed(bullets: Iterable[Bullet], texts: Sequence[Text], dropped: Counter[str]) -> list[Bullet]:
    """The bullets that may be shown. A quotation that is not verbatim loses its marks and is tried again; what is
    refused is counted in `dropped` by reason."""
    kept: list[Bullet] = []
    for bullet in bullets:
        refusal = check(bullet, texts)
        if refusal and refusal.reason == "quotation":
            bullet = unquoted(bullet)
            refusal = check(bullet, texts)
        if refusal:
            dropped[refusal.reason] += 1
        else:
            kept.append(bullet)
    return kept


def unquoted(bullet: Bullet) -> Bullet:
    """The bullet without its quotation marks: reported, no longer quoted."""
    return replace(bullet, text=MARKS.sub("", bullet.text), verbatim=False)


class _Words:
    """The words of a source text, to look others up in."""

    def __init__(self, text: str) -> None:
        self.row = [word.lower() for word in WORD.findall(text)]
        self.known = set(self.row)
        self.flat = f" {' '.join(self.row)} "
        self.alike: dict[str, list[str]] = {}  # by their first letters; filled when first asked for

    def has(self, word: str) -> bool:
        word = word.lower()
        return word in self.known or (word[0].isalpha() and any(_same_name(word, one) for one in self.like(word)))

    def like(self, word: str) -> list[str]:
        """The words that begin as a lower-case one does."""
        if not self.alike:
            for known in self.known:
                self.alike.setdefault(known[:ALIKE], []).append(known)
        return self.alike.get(word[:ALIKE], [])

    def has_row(self, words: str) -> bool:
        row = " ".join(word.lower() for word in WORD.findall(words))
        return f" {row} " in self.flat


def _same_name(one: str, other: str) -> bool:
    """Whether two words differ only in their endings, as the cases of a name do: Сибіга, Сибіги; Iran is not Iraq."""
    short, long = sorted((one, other), key=len)
    if not CYRILLIC.match(short):
        return long == short + "s"
    stem = short.rstrip(ENDINGS)
    if len(stem) >= SHORTEST_STEM and _closed(stem) == _closed(long.rstrip(ENDINGS)):
        return True
    return len(stem) >= SHORTEST_STEM and long.startswith(stem) and len(long) - len(stem) <= LONGEST_ENDING


def _closed(stem: str) -> str:
    """A stem without a last vowel that comes and goes: Кравець, Кравця."""
    return stem[:-2] + stem[-1] if stem[-2:-1] and stem[-2] in ENDINGS else stem


def _cited(bullet: Bullet, articles: Mapping[str, Text]) -> list[str]:
    """The texts of all its spans; none when one of them is not there."""
    cited: list[str] = []
    for citation in bullet.citations:
        text, (start, end) = articles.get(citation.article), citation.span
        if text is None or not 0 <= start < end <= len(text.text):
            return []
        cited.append(text.text[start:end])
    return cited


def _numbers(text: str, source: _Words) -> Refusal | None:
    for word in WORD.findall(text):
        if word[0].isdigit() and word not in source.known:
            return Refusal("number", word)
    return None


def _quotations(text: str, source: _Words) -> Refusal | None:
    for match in QUOTED.finditer(text):
        quoted = match[1] or match[2] or match[3] or ""
        if WORD.search(quoted) and not source.has_row(quoted):
            return Refusal("quotation", quoted)
    return None


def _names(text: str, source: _Words) -> Refusal | None:
    for match in WORD.finditer(text):
        if match[0][0].isupper() and not source.has(match[0]):
            return Refusal("name", match[0])
    return None


def _speaker(bullet: Bullet, articles: Mapping[str, Text]) -> Refusal | None:
    if bullet.speaker is None:
        return None
    words = WORD.findall(bullet.speaker)
    for citation in bullet.citations:
        article = articles[citation.article]
        if _occur(words, f"{article.title}\n{article.text}"):
            return None
    return Refusal("speaker", bullet.speaker)


def _occur(words: Iterable[str], text: str) -> bool:
    others = [word for word in words if not re.search(rf"\b{re.escape(word)}\b", text)]
    source = _Words(text) if others else None
    return source is None or all(source.has(word) or _declined(word, source.like(word.lower())) for word in others)


def _declined(word: str, known: Iterable[str]) -> bool:
    """Whether a speaker's word stands in the text with another of the endings that cases and adjectives have:
    Hydrologe, Hydrologen; früherer, früheren; колишній, колишнього."""
    if CYRILLIC.match(word):
        stem = word.lower().rstrip(ENDINGS)
        longest = len(stem) + LONGEST_ENDING + 1
        return len(stem) > SHORTEST_STEM and any(one.startswith(stem) and len(one) <= longest for one in known)
    stem = word.lower().rstrip(CASES)
    return len(stem) > SHORTEST_STEM and any(
        one.startswith(stem) and not one[len(stem) :].strip(CASES) and len(one) <= len(word) + 2 for one in known
    )
