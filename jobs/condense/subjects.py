"""The subject of a verb: before it, after it, or further off; and whether a word can be a verb with that subject."""

from jobs.condense.asides import subject_after, subject_before
from jobs.condense.content import ADJUNCT
from jobs.condense.names import Phrase, phrase_of
from jobs.condense.phrases import can_speak, opens_clause, phrase_before
from jobs.condense.tokens import BREAKS, CLOSE, MARKS, MODIFIERS, NOMINAL, QUOTES, Token
from jobs.condense.vocabulary import NOTHING

CLAUSE = BREAKS - {"auxiliaries"}  # what shows that another clause has begun


def main_subject(line: list[Token]) -> Phrase | None:
    """The subject of the sentence's first clause, after an opening adjunct or quotation."""
    starts = [] if line[0].tags & {"prepositions", "conjunctions"} or line[0].text in QUOTES else [0]
    starts += [at + 1 for at, token in enumerate(line[:30]) if token.text == "," and not token.quoted][:1]
    starts += [at + 1 for at, token in enumerate(line[:60]) if token.low == CLOSE][:1]
    for at in starts:
        phrase = subject_after(line, at)
        if phrase and can_speak(line, phrase):
            return phrase
    return None


def subject_of(line: list[Token], at: int, free_order: bool = False) -> Phrase | None:
    """The phrase before a verb that can speak; for "who" a name before it, past a relative clause its noun."""
    subject = subject_before(line, at)
    if free_order and (place := _place(line, at, subject)):
        return place
    if free_order and subject is not None and subject.first and "prepositions" in line[subject.first - 1].tags:
        subject = _past_adjunct(line, at, subject)
    if subject is not None and "who" in line[subject.head].tags:
        if "which" in line[subject.head].tags:
            return None
        who = subject.first - 1 if subject.first and line[subject.first - 1].text == "," else subject.first
        named = phrase_before(line, who)
        return named if named and named.name else None
    if subject is not None and subject.first and "authors" in line[subject.first - 1].tags:
        return past_participle(line, at)  # "a memo seen by Quill said"
    if subject is not None and can_speak(line, subject):
        return subject
    if free_order and subject is not None and (named := _before_listener(line, subject)):
        return named
    for back in range(at - 1, max(-1, at - ADJUNCT), -1):
        if line[back].text in MARKS:
            return None
        if "who" in line[back].tags:
            noun = phrase_before(line, back)
            return noun if noun and can_speak(line, noun) else None
    return None


def _before_listener(line: list[Token], listener: Phrase) -> Phrase | None:
    """The name before an adjunct that ends with who is spoken to ("Квілл у коментарі агентству … заявив")."""
    for back in range(listener.first - 1, max(0, listener.first - ADJUNCT // 2), -1):
        if line[back].text in MARKS:
            return None
        if "prepositions" in line[back].tags:
            named = phrase_before(line, back)
            return named if named and named.name and can_speak(line, named) else None
    return None


def _place(line: list[Token], at: int, subject: Phrase | None) -> Phrase | None:
    """The institution that opens the sentence of a verb whose speaker may be a place ("В компании это отрицают")."""
    if "impersonal" not in line[at].tags or "prepositions" not in line[0].tags:
        return None
    place = _named_place(line, at)
    if place is None:
        return None
    apart = subject is not None and subject.first > place.last and can_speak(line, subject)
    return None if apart else place


def _named_place(line: list[Token], at: int) -> Phrase | None:
    """The institution after the preposition that opens a sentence, with its name and one word that belongs to it."""
    head = next((i for i in range(1, min(at, 5)) if line[i].tags & {"organisations", "wrapped"}), None)
    if head is None or any(token.text in MARKS or "prepositions" in token.tags for token in line[1:head]):
        return None
    last = head + 1
    while last < at and (not line[last].tags or line[last].tags & NOMINAL) and line[last].text not in MARKS:
        last += 1
    if "infinitives" in line[last].tags:
        last = head + 1  # what it will not speak of stands before the verb
    elif last == at and "judges" in line[at].tags and not line[at - 1].capital:
        last = max(head + 1, at - 1)  # what it judges
    while last < at and line[last].capital:
        last += 1
    return phrase_of(line, 1, last)


def _past_adjunct(line: list[Token], at: int, phrase: Phrase) -> Phrase | None:
    """The subject between an adjunct and its verb ("на вопрос об этом обещании мэр ответил"); a place may speak."""
    if "impersonal" in line[at].tags and _institution(line, phrase):
        return phrase
    heads = [i for i in range(phrase.first + 1, phrase.last) if "leads" in line[i].tags and not line[i].capital]
    return phrase_of(line, heads[-1], phrase.last) if heads else None


def past_participle(line: list[Token], at: int) -> Phrase | None:
    """The sentence's subject, where only words that are no verbs we know stand between it and the verb at `at`."""
    subject = main_subject(line)
    if subject is None or subject.last > at or any(t.text in MARKS or t.tags & CLAUSE for t in line[subject.last : at]):
        return None
    return subject


def subordinate(line: list[Token], subject: Phrase) -> bool:
    """Whether a clause only qualifies another one ("which experts doubt", "when Quill attacked it")."""
    before = line[subject.first - 1].tags if subject.first else NOTHING
    return bool(before & {"who", "conjunctions"}) and "coordinators" not in before


def inverted_subject(line: list[Token], at: int, last: int, free_order: bool, listens: bool = True) -> Phrase | None:
    """The subject that stands after its verb, where one may stand. `listens`: after some verbs stands a listener."""
    comma = at > 1 and line[at - 1].text == ","
    after_quote = at > 0 and line[at - 1 - comma].text in QUOTES
    addressed = listens and "addressed" in line[at].tags
    subject = subject_after(line, last) if after_quote or not addressed else None
    empty = subject is not None and subject.last - subject.first == 1 and "it" in line[subject.head].tags
    if "impersonal" in line[at].tags and (subject is None or empty):
        after = last if subject is None else subject.last
        return _source(line, after)
    if empty and free_order:
        return None  # "gab es"
    if subject is not None and "about" in line[at].tags:
        subject = _without_matter(line, subject)
    if subject is None or not can_speak(line, subject):
        return None
    if after_quote:
        return subject
    written = "documents" in line[subject.head].tags
    return subject if not written and (free_order or closes(line, subject.last)) else None


def _without_matter(line: list[Token], subject: Phrase) -> Phrase:
    """A subject without what its verb is about ("sprach der Bund von Übereifer")."""
    linker = next((at for at in range(subject.first + 1, subject.last) if "linkers" in line[at].tags), None)
    return subject if linker is None else phrase_of(line, subject.first, linker)


def _source(line: list[Token], at: int) -> Phrase | None:
    """The place or the document after a verb that has no subject ("hieß es aus dem Ministerium")."""
    if at >= len(line) or "within" not in line[at].tags:
        return None
    place = subject_after(line, at + 1)
    if place is None or ("documents" in line[place.head].tags and place.head + 1 >= place.last):
        return None  # nobody's statement
    return place if _institution(line, place) else None


def _institution(line: list[Token], phrase: Phrase) -> bool:
    """Whether a phrase is for an institution or a document of one."""
    return any(token.tags & {"organisations", "documents", "wrapped"} for token in line[phrase.first : phrase.last])


def closes(line: list[Token], at: int) -> bool:
    """Whether nothing follows that would make the phrase before `at` the subject of another clause."""
    if at >= len(line):
        return True
    return line[at].text in MARKS or bool(line[at].tags & {"times", "prepositions", "who", "conjunctions"})


def agrees(line: list[Token], at: int, last: int, subject: Phrase) -> bool:
    """Whether a verb that could be a noun ("say", "plans") is one: its number, and whether anything follows it."""
    tags = line[at].tags
    if subject.last - subject.first == 1 and "determiners" in line[subject.first].tags:
        return opens_clause(line, subject.first)  # "some hope", but not "it offers some hope"
    if "bare" not in tags and "nounlike" not in tags:
        return True
    head = line[subject.head]
    several = bool(head.tags & {"groups", "they", "we"}) or any(
        "coordinators" in token.tags for token in line[subject.first : subject.last]
    )
    if "nounlike" in tags:
        several = several or "gerunds" in line[subject.first].tags
        return not several and last < len(line) and (line[last].text not in MARKS or line[last].text in QUOTES)
    if several or has_auxiliary(line, at, "auxiliaries") or head.tags & {"documents", "who"}:
        return True
    return subject.name is not None and head.low.endswith("s") and subject.name[1] - subject.name[0] == 1


def before_group(line: list[Token], at: int) -> int:
    """The token before the verb group that ends at `at`; -1 at the start of the sentence."""
    at -= 1
    while at >= 0 and line[at].tags & MODIFIERS:
        at -= 1
    return at


def has_auxiliary(line: list[Token], at: int, tag: str) -> bool:
    """Whether the verb group before `at` holds such an auxiliary."""
    at -= 1
    while at >= 0 and line[at].tags & MODIFIERS:
        if tag in line[at].tags:
            return True
        at -= 1
    return False
