"""A sentence as a bullet: an extract that can be understood alone.

Words are cut, never changed, least of all inside quotation marks. Only a pronoun that opens the sentence gives way to
the name it stands for; the place where the name stands is then cited too.
"""

import re
from collections.abc import Set
from dataclasses import dataclass

from jobs.condense.events import Line
from jobs.condense.markers import Markers, tokens_of
from jobs.condense.quotes import marks
from jobs.condense.speakers import Statement

LEADING = re.compile(r"^[\s–—―•*·-]+")
OPENING = "“«„‹\"``''"
FIRST_WORDS = re.compile(r"^[^\W\d_]+(?:['’ -][^\W\d_]+){0,4}(?=,? )")
END = re.compile(r"[.!?…][”»“\"'’)]*$")
FEWEST_WORDS = 6
FEWEST_QUOTED = 3  # words of a quotation
LONG = 40  # words from which a trailing clause is cut
KEPT = 14  # words that stay before it
FAR = 1500  # characters between a pronoun and the name it stands for


@dataclass(frozen=True, slots=True)
class Extract:
    """A bullet's text, and the part of the article it rests on."""

    text: str
    start: int
    end: int
    verbatim: bool


def extract(line: Line, article: str, markers: Markers) -> Extract:
    """What a line says, able to stand alone; `article` is the text it stands in."""
    sentence = line.sentence
    shown = line.speaker is not None and bool(label_of(line.speaker.label, markers))
    said = _said(line, article) if shown else None
    text = LEADING.sub("", article[said[0] : said[1]] if said else sentence.text)
    opens = sentence.opens and (said is None or said[0] == sentence.start)
    if said:
        text = _ended(text)
    start = sentence.start
    named = None if said else _with_name(line, text, article, markers)
    if named:
        text, start = named
    elif shown and not said:
        text = _without_attribution(line, article, markers) or text
    openers = {"openers", "attributed"} if shown else {"openers"}
    if not opens:  # inside a quotation every word stays
        text = _without_opener(text, markers, openers)
    text = _without_tail(text, markers)
    verbatim = bool(line.statement and line.statement.verbatim)
    return Extract(_balanced(text, opens), start, sentence.end, verbatim)


def _said(line: Line, article: str) -> tuple[int, int] | None:
    """The part of the sentence that is said, where all else in it is an attribution to the speaker on the label."""
    statement, sentence = line.statement, line.sentence
    if statement is None or statement.speaker is None or statement.mention is None:
        return None
    opens = not LEADING.sub("", article[sentence.start : statement.start])  # but for the dash of direct speech
    trails = opens and statement.mention[0] >= statement.end
    leads = statement.end >= sentence.end - 1 and _quoted_from(statement, article)
    fewest = FEWEST_QUOTED if statement.verbatim else FEWEST_WORDS
    if not (trails or leads) or len(article[statement.start : statement.end].split()) < fewest:
        return None
    return statement.start, statement.end if trails else sentence.end


def _without_attribution(line: Line, article: str, markers: Markers) -> str:
    """What is said after a leading "Edda Quill said that"; "" where another word than that would be lost, or where
    what is said leans on the name."""
    statement, sentence = line.statement, line.sentence
    if statement is None or statement.speaker is None or statement.mention is None:
        return ""
    if statement.mention[0] - sentence.start > 1 or statement.end < sentence.end - 1:
        return ""
    between = article[statement.mention[1] : statement.start]
    verb = between.rstrip(" ,").rpartition(",")[2]  # "said, that" in some languages
    said = article[statement.start : sentence.end].strip()
    words = tokens_of(verb) + tokens_of(said)[:1]
    joined = len(tokens_of(verb)) == 1 and "joining" in markers.of(words[1:])
    said = said.partition(" ")[2] if joined else said
    if "plain" not in markers.of(words[:1]) or len(tokens_of(verb)) > 2 or len(said.split()) < FEWEST_WORDS:
        return ""
    leaning = {"leaning", "pronouns", "openers", "attributed"}
    if markers.of(tokens_of(said)[:2]).keys() & leaning or not said[0].isalpha():
        return ""
    return said[0].upper() + said[1:]


def label_of(label: str, markers: Markers) -> str:
    """A speaker's label as a reader understands it alone, with a capital; "" where it tells nobody ("many", "it").
    Of "its chief Ada Brom" the name and the office stay."""
    words = label.split()
    first = markers.of(tokens_of(words[0])).keys() if words else set()
    if len(words) > 1 and "leaning" in first and any(word[0].isupper() for word in words[1:]):
        words = words[1:]
    elif "leaning" in first or (len(words) == 1 and "vague" in first):
        return ""
    label = " ".join(words)
    return label[:1].upper() + label[1:]


def _quoted_from(statement: Statement, article: str) -> bool:
    """Whether what is said is a quotation from its first word on, a whole sentence of its own."""
    said = article[statement.start : statement.end].lstrip(" :,")
    return statement.verbatim and said[:1] in OPENING and said[1:2].isupper()


def _ended(text: str) -> str:
    """The text with a full stop where its comma was."""
    text = text.strip().lstrip(":, ").rstrip(" :;")
    closing = re.search(r",([”»\"]|''|’’)?$", text)
    if closing:
        return text[: closing.start()] + "." + (closing[1] or "")
    return text if END.search(text) else text + "."


def _with_name(line: Line, text: str, article: str, markers: Markers) -> tuple[str, int] | None:
    """The text with its opening pronoun replaced by the speaker's name, and where the name was found."""
    statement, speaker = line.statement, line.speaker
    if statement is None or speaker is None or statement.mention is None or speaker.kind in ("group", "anonymous"):
        return None
    pronoun = article[statement.mention[0] : statement.mention[1]]
    if "pronouns" not in markers.of(tokens_of(pronoun)) or not text.startswith(pronoun) or " " in pronoun:
        return None
    for name in (speaker.name, speaker.name.split()[-1]):
        found = article.rfind(name, max(0, line.sentence.start - FAR), line.sentence.start)
        if found >= 0:
            return name + text[len(pronoun) :], found
    return None


def _without_opener(text: str, markers: Markers, kinds: Set[str]) -> str:
    """The text without an opening "But", "However,"."""
    words = FIRST_WORDS.match(text)
    if words is None:
        return text
    tokens = tokens_of(words[0])
    for length in range(len(tokens), 0, -1):
        found = {kind for kind, rest in markers.words.get(tokens[0], ()) if list(rest) == tokens[1:length]} & kinds
        if found == {"attributed"} and not re.match(rf"^(?:\S+ ){{{length - 1}}}\S+?, ", text):
            continue  # the verb follows, and without these words nothing would stand before it
        if found:
            rest = re.sub(rf"^(?:\S+ ){{{length - 1}}}\S+? ", "", text, count=1)
            return rest[:1].upper() + rest[1:]
    return text


def _without_tail(text: str, markers: Markers) -> str:
    """A long text without its last clause, where that begins with a comma and a word of the list."""
    if len(text.split()) < LONG:
        return text
    for comma in reversed([match.start() for match in re.finditer(r", ", text)]):
        kept = text[:comma]
        if len(kept.split()) < KEPT:
            return text
        first = tokens_of(text[comma + 2 : comma + 24])[:1]
        if first and "trailing" in markers.of(first) and not _inside(text, comma):
            return kept + "."
    return text


def _inside(text: str, at: int) -> bool:
    """Whether a place is inside a quotation."""
    before = [mark.opens for mark in marks(text, False) if mark.start < at]
    return bool(before) and before[-1]


def _balanced(text: str, opens: bool) -> str:
    """The text with a quotation that runs over its ends closed there."""
    found = list(marks(text, opens))
    if opens and (not found or not found[0].opens):
        closing = text[found[0].start] if found else "”"
        text = {"»": "«", "“": "„", '"': '"'}.get(closing, "“") + text
    if (found[-1].opens if found else opens) and not text.endswith(("’’", "''")):
        opening = next((text[mark.start] for mark in found if mark.opens), text[0])
        text += {"«": "»", "„": "“", '"': '"'}.get(opening, "”")
    return text
