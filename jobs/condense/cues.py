"""The cues of a sentence: which words say that something is said, who stands beside them, and what is said."""

from dataclasses import dataclass, replace

from jobs.condense.asides import subject_after
from jobs.condense.content import ADJUNCT, after, around, content
from jobs.condense.names import Phrase, phrase_of
from jobs.condense.phrases import can_speak, phrase_before
from jobs.condense.subjects import (
    agrees,
    before_group,
    closes,
    has_auxiliary,
    inverted_subject,
    main_subject,
    past_participle,
    subject_of,
    subordinate,
)
from jobs.condense.tokens import DASHES, FIRST_NAMES, MARKS, NOMINAL, NOUNLIKE, OFFICES, OPEN, PRONOUNS, QUOTES, Token
from jobs.condense.vocabulary import Vocabulary

KINDS = ("says", "judges", "thinks", "shows", "feels", "saying", "according", "after_speaker", "closing", "sayings")
CUES = frozenset(KINDS)
POSSESSIVE = frozenset(("his", "hers", "theirs"))  # pronouns that only stand inside a cue
OWNING = frozenset(("determiners", "possessives"))
OPENERS = frozenset(("adverbs", "conjunctions", "auxiliaries"))
JOINING = frozenset(("prepositions", "conjunctions", "adverbs", "times"))  # what a participle may follow


@dataclass(frozen=True, slots=True)
class Cue:
    """Tokens of the cue, of its subject, and of what is said."""

    first: int
    last: int
    kind: str  # one of KINDS, or "colon", "introduced", "signed"
    subject: Phrase
    content: tuple[int, int]
    shared: bool = False  # the subject is that of a cue before it ("… and said")


def cues(line: list[Token], vocabulary: Vocabulary) -> list[Cue]:
    """The cues that have a speaker beside them, in order."""
    if len(line) > 4 and (signed := _signed(line)):
        return [signed]
    found: list[Cue] = []
    if (introduced := _introduced(line)) is not None:
        found.append(introduced)
    at = introduced.last if introduced else 0
    while at < len(line):
        token = line[at]
        likely = not token.tags.isdisjoint(CUES) or token.low in vocabulary.rows
        if not likely or (token.quoted and not _embedded(line, at)):
            at += 1
            continue
        kind, last = _cue_at(line, at, vocabulary)
        if kind and (cue := _cue(line, at, last, kind, vocabulary, found)) is not None:
            _add(line, cue, found)
        at = last
    return found


def _embedded(line: list[Token], at: int) -> bool:
    """Whether a verb inside a quotation stands between dashes, as its attribution ("«Ні, – сказав Квілл. – Так»")."""
    dash = at > 1 and line[at - 1].text in DASHES and line[at - 2].text in (",", "!", "?", "…", ".")
    return dash and "says" in line[at].tags


def _add(line: list[Token], cue: Cue, found: list[Cue]) -> None:
    """Add a cue; of one that stands in what another one says, only the outer one is kept."""
    if found and _reported(cue, found[-1]):
        return
    while found and _covers(line, cue, found[-1]):
        found.pop()
    if found and found[-1].content[0] <= cue.first < found[-1].content[1]:
        outer = found[-1]
        own = cue.first if cue.shared else min(cue.first, cue.subject.first)
        edge = _edge(line, own)
        if not cue.shared and (cue.subject.last <= outer.first or _reported(outer, cue)):
            found[-1] = cue  # the outer one stands in an aside, or only passes on who said it
            return
        pronoun = not cue.shared and bool(line[cue.subject.head].tags & PRONOUNS)
        if edge is None or edge <= outer.content[0] or (pronoun and cue.kind != "says"):
            return
        found[-1] = replace(outer, content=(outer.content[0], edge))
    found.append(cue)


def _reported(outer: Cue, cue: Cue) -> bool:
    """Whether "according to …" only passes on what a speaker with a name said."""
    return outer.kind == "according" and cue.kind == "says" and cue.subject.name is not None


def _covers(line: list[Token], cue: Cue, earlier: Cue) -> bool:
    """Whether an attribution at the end ("…, a spokesman said") has the earlier cue in what it says."""
    if cue.content[0] > earlier.first or earlier.first >= cue.content[1] or cue.kind == "saying":
        return False
    between = line[earlier.last : min(cue.first, cue.subject.first)]
    return not any(token.text in QUOTES or "coordinators" in token.tags for token in between)


def _cue_at(line: list[Token], at: int, vocabulary: Vocabulary) -> tuple[str, int]:
    """The kind of cue that begins at a token, "" when none does, and where to look next."""
    token = line[at]
    if token.capital and at > 0:
        return "", at + 1
    follows = line[at + 1].low if at + 1 < len(line) else ""
    for row, tags in vocabulary.rows.get(token.low, ()):
        if row[1] == follows and tuple(later.low for later in line[at : at + len(row)]) == row:
            return next((kind for kind in KINDS if kind in tags), ""), at + len(row)
    tags = token.tags
    written = at > 0 and "documents" in line[at - 1].tags  # "a statement warning that" is no noun
    if "sayings" in tags and at + 1 < len(line) and "that" in line[at + 1].tags and not written:
        return "sayings", at + 1
    return next((kind for kind in KINDS if kind in tags), "") if tags else "", at + 1


def _cue(line: list[Token], at: int, last: int, kind: str, vocabulary: Vocabulary, found: list[Cue]) -> Cue | None:
    if kind == "according":
        subject = _whose(line, at, last) or _opening(line, at, subject_after(line, last))
        return Cue(at, last, kind, subject, _passed_on(line, at, last, subject)) if subject else None
    if kind == "after_speaker":
        subject = phrase_before(line, at)
        return Cue(at, last, "according", subject, around(line, subject.first, last)) if subject else None
    if kind == "closing":
        return _closing(line, at, last)
    if kind == "sayings":
        claim = _noun(line, at, last)
        kind = next((other for other in KINDS[:-1] if other in line[at].tags), "")
        if claim or not kind:
            return claim
    before = before_group(line, at)
    noun = OWNING if kind == "saying" else OWNING | {"prepositions"}
    likely = not vocabulary.free_order or line[at].tags & NOUNLIKE
    if before >= 0 and likely and line[before].tags & noun and _is_noun(line, before):
        return None
    if kind == "saying" and not has_auxiliary(line, at, "being"):
        return _participle(line, at, last, found)
    if kind == "feels" and not has_auxiliary(line, at, "being") and vocabulary.tables.get("grammar", {}).get("being"):
        return None
    if kind not in ("saying", "feels") and (has_auxiliary(line, at, "being") or _suffered(line, at, last)):
        return None
    if before >= 0 and "coordinators" in line[before].tags:
        return _coordinated(line, at, last, kind, found)
    return _finite(line, at, last, kind, vocabulary, found)


def _suffered(line: list[Token], at: int, last: int) -> bool:
    """Whether a verb that has its object beside it is a participle here ("a professor accused of hiding it")."""
    return "charging" in line[at].tags and last < len(line) and bool(line[last].tags & {"tight", "authors"})


def _passed_on(line: list[Token], at: int, last: int, subject: Phrase) -> tuple[int, int]:
    """What is said with "according to": what stands before it, or after the comma that ends it."""
    if any(t.text[0].isalnum() and t.tags.isdisjoint(OPENERS) for t in line[:at]) and line[at - 1].text != ":":
        return around(line, at, max(last, subject.last))
    end = max(last, subject.last, subject.described[1] if subject.described else 0)
    commas = [i for i in range(end, min(len(line), end + 2 * ADJUNCT)) if line[i].text == ","]
    if len(commas) > 1 and "declined" in line[commas[0] + 1].tags:
        commas = commas[1:]  # after a participle of the speaker
    comma = commas[0] if commas else None
    return (comma + 1, len(line)) if comma is not None else after(line, end)[0]


def _whose(line: list[Token], at: int, last: int) -> Phrase | None:
    """The pronoun inside a cue that names nobody ("in his view")."""
    return next((Phrase(i, i + 1, i) for i in range(at, last) if line[i].tags & POSSESSIVE), None)


def _opening(line: list[Token], at: int, subject: Phrase | None) -> Phrase | None:
    """The subject of a cue; where it opens the sentence, what follows describes it only if a comma closes that too."""
    if subject is None or at or subject.described is None or subject.before:
        return subject
    last = subject.described[1]
    return subject if last < len(line) and line[last].text == "," else replace(subject, described=None)


def _closing(line: list[Token], at: int, last: int) -> Cue | None:
    """A speaker after what is said, joined by a word that is no verb ("„…“, so Quill.")."""
    if at == 0 or line[at - 1].text not in MARKS:
        return None
    subject = subject_after(line, last)
    if subject is None or not can_speak(line, subject) or not closes(line, subject.last):
        return None
    return Cue(at, last, "says", subject, around(line, at, subject.last))


def _is_noun(line: list[Token], before: int) -> bool:
    return not line[before].tags & (NOMINAL | {"who", "coordinators"})


def _finite(line: list[Token], at: int, last: int, kind: str, vocabulary: Vocabulary, found: list[Cue]) -> Cue | None:
    opens = at == 0 or line[at - 1].text in MARKS
    inverted = inverted_subject(line, at, last, vocabulary.free_order)
    person = inverted is not None and bool(line[inverted.first].tags & (OFFICES | FIRST_NAMES))
    if inverted and opens and not _named_before(line, at, person):
        return Cue(at, last, kind, inverted, _said_around(line, at, inverted, vocabulary))
    subject = subject_of(line, at, vocabulary.free_order)
    if subject is None and not found and not line[at].tags & NOUNLIKE:
        subject = past_participle(line, at)
    if subject is None and vocabulary.free_order and _opened(line, at, found):
        inverted = inverted or inverted_subject(line, at, last, True, listens=False)
    told = bool(found) and found[-1].content[0] <= at < found[-1].content[1] and kind not in ("says", "shows")
    if subject is None and inverted and vocabulary.free_order and not told:
        return Cue(at, last, kind, inverted, _said_around(line, at, inverted, vocabulary))
    if subject is None or not agrees(line, at, last, subject):
        return None
    if found and found[-1].subject.first == subject.first == 1 and found[-1].content[0] <= at < found[-1].content[1]:
        return None  # of a place that has spoken
    if kind not in ("says", "shows") and subordinate(line, subject):
        return None
    said = content(line, subject, last)
    before = vocabulary.free_order and any(not token.tags for token in line[subject.last : at])
    if before and not any(token.text[0].isalnum() for token in line[slice(*said)]):
        said = subject.last, last  # the object stands before its verb: "Квілл вину заперечує"
    return Cue(at, last, kind, subject, said)


def _said_around(line: list[Token], at: int, inverted: Phrase, vocabulary: Vocabulary) -> tuple[int, int]:
    """What is said with a subject after its verb; an adjunct or a clause that only opens the sentence is no part."""
    clause = "conjunctions" in line[0].tags and "coordinators" not in line[0].tags and line[at - 1].text == ","
    if vocabulary.free_order and (clause or _adjunct_before(line, at)) and inverted.last + 1 < len(line):
        return inverted.last, len(line)
    dash = next((i for i in range(at - 1, max(0, at - 4), -1) if line[i].text in DASHES), 0)
    closed = dash > 1 and (line[dash - 1].text in QUOTES or line[dash - 1].text == ",")
    return around(line, dash if closed else at, inverted.last)  # "«…», — сухо відповів він"


def _opened(line: list[Token], at: int, found: list[Cue]) -> bool:
    """Whether only an adjunct stands before a verb, or what is said and a comma: the subject follows then."""
    said = at > 3 and line[at - 1].text == "," and "reported" in _tags(line[: at - 1])
    return not found and (said or _adjunct_before(line, at))


def _adjunct_before(line: list[Token], at: int) -> bool:
    """Whether all before a token is an adjunct that opens the sentence ("У понеділок заявив …")."""
    return "prepositions" in line[0].tags and not any(token.text in MARKS for token in line[:at])


def _tags(line: list[Token]) -> set[str]:
    return {tag for token in line for tag in token.tags}


def _named_before(line: list[Token], at: int, person: bool) -> bool:
    """Whether a comma before a verb closes an aside on its subject ("Квілл, який вів збори, заявив …"); a person right
    after the verb needs a name before it."""
    if at < 2 or line[at - 1].text != ",":
        return False
    subject = subject_of(line, at)
    if subject is None or subject.first > 1 or not can_speak(line, subject):
        return False
    if any("reported" in token.tags for token in line[subject.last : at]):
        return False  # what stands before the verb is what is said
    return subject.name is not None or not person


def _coordinated(line: list[Token], at: int, last: int, kind: str, found: list[Cue]) -> Cue | None:
    subject = found[-1].subject if found else main_subject(line)
    bare = "bare" in line[at].tags and not has_auxiliary(line, at, "auxiliaries")
    if bare and not (found and "bare" in line[found[-1].first].tags):
        return None
    if last < len(line) and "authors" in line[last].tags:  # a passive: "… and confirmed by"
        return None
    if subject is None or subject.last > at or not agrees(line, at, last, subject):
        return None
    return Cue(at, last, kind, subject, after(line, last)[0], shared=bool(found))


def _participle(line: list[Token], at: int, last: int, found: list[Cue]) -> Cue | None:
    """A cue like ", adding": its subject is that of the clause before it, or the noun that it follows."""
    previous = line[at - 1] if at else None
    if previous is not None and previous.text not in MARKS and not previous.tags & JOINING:
        noun = phrase_before(line, at)
        if noun is None or not can_speak(line, noun):
            return None
        if "documents" not in line[noun.head].tags:
            return Cue(at, last, "saying", noun, after(line, last)[0])
    if not found and _absolute(line, at):
        return None
    subject = found[-1].subject if found and found[-1].kind != "according" else main_subject(line)
    if subject is None:
        return None
    return Cue(at, last, "saying", subject, after(line, last)[0], shared=bool(found))


def _absolute(line: list[Token], at: int) -> bool:
    """Whether a participle stands in a clause with a subject of its own (", with critics raging and calling …")."""
    comma = next((back for back in range(at - 1, 0, -1) if line[back].text in MARKS), 0)
    opens = comma > 0 and comma + 1 < at and "prepositions" in line[comma + 1].tags
    return opens and any("gerunds" in token.tags or "saying" in token.tags for token in line[comma + 2 : at])


def _noun(line: list[Token], at: int, last: int) -> Cue | None:
    """A cue like "Odell's claim that …"."""
    if last >= len(line) or "that" not in line[last].tags:
        return None
    for back in range(at - 1, max(-1, at - 4), -1):
        if "possessives" in line[back].tags:
            subject = phrase_before(line, back)
            speaks = subject is not None and can_speak(line, subject)
            return Cue(at, last, "sayings", subject, (last, len(line))) if subject and speaks else None
        if line[back].tags:
            return None
    return None


def _introduced(line: list[Token]) -> Cue | None:
    """A name and a colon at the start of a line: "QUILL: The bridge is safe."."""
    colon = next((at for at, token in enumerate(line[:8]) if token.text == ":"), None)
    if colon is None or colon == 0 or colon + 2 >= len(line):
        return None
    first = 1 if line[0].text in QUOTES else 0
    said = colon + 1, len(line)
    if line[colon + 1].low == OPEN:  # "Milbrook manager Anton Cotte: "I am sad.""
        subject = phrase_before(line, colon)
        whole = subject is not None and subject.first == first and subject.name and subject.name[1] == colon
        kind = "introduced" if line[colon + 2].capital and colon - first > 1 else "colon"
        return Cue(colon, colon + 1, kind, subject, said) if subject and whole else None
    if first == colon or any(t.text in MARKS or not t.capital for t in line[first:colon]):
        return None
    subject = phrase_of(line, first, colon)
    return Cue(colon, colon + 1, "colon", subject, said) if subject.name else None


def _signed(line: list[Token]) -> Cue | None:
    """A quotation or a post with its speaker's name after a dash: "“The bridge is safe.” — Edda Quill"."""
    for dash in range(len(line) - 2, max(2, len(line) - ADJUNCT), -1):
        if line[dash].text in DASHES:
            break
    else:
        return None
    if not line[dash + 1].capital:
        return None
    last = next((at for at in range(dash + 1, len(line)) if line[at].text in MARKS), len(line))
    post = last + 1 < len(line) and line[last].text == "(" and line[last + 1].text.startswith("@")
    if not post and (line[dash - 1].text not in QUOTES or (last < len(line) - 1 and line[last].text != ",")):
        return None
    subject = phrase_of(line, dash + 1, last)
    return Cue(dash, dash + 1, "signed", subject, (0, dash)) if subject.name else None


def _edge(line: list[Token], at: int) -> int | None:
    """Where the clause before `at` ends: at a comma or semicolon, with or without a conjunction after it."""
    back = at
    while back > 0 and line[back - 1].tags & {"conjunctions", "adverbs", "prepositions", "coordinators", "auxiliaries"}:
        back -= 1
    if back > 0 and line[back - 1].text in (",", ";"):
        return back - 1
    return back if back < at and any("coordinators" in t.tags for t in line[back:at]) else None
