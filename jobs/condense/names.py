"""The name in a phrase, without its titles, and the words before it that tell who that is."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.condense.tokens import FIRST_NAMES, INSTITUTIONS, MARKS, NEVER_NAMES, NOMINAL, OFFICES, Token

ENDS_HEAD = frozenset(("linkers", "genitives"))
COMMON = frozenset(("groups", "documents"))
COUNTING = frozenset(("determiners", "adverbs", "tight"))
LINKING = frozenset(("linkers", "possessives"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `first` up to, not including, `last`. `head` is the word that says what it is."""

    first: int
    last: int
    head: int
    name: tuple[int, int] | None = None  # tokens of the name, titles aside
    described: tuple[int, int] | None = None  # tokens that say who that is
    before: bool = False  # the description stands before the name


def phrase_of(line: list[Token], first: int, last: int) -> Phrase:
    """The phrase's head and name: the name is its last run of capitals before a preposition, titles aside."""
    start = first
    while start + 2 < last and line[start].tags & COUNTING and not _loosely_linked(line, start + 1):
        start += 1  # "one of the doctors", "nearly eight of ten voters"
    end = next((i for i in range(start + 1, last) if _ends_head(line, i, last)), last)
    run = end
    while run > first and part_of_name(line, run - 1) and same_name(line, run - 1, end - 1):
        run -= 1
    end = _institution(line, run, end, last)
    office = _office(line, first, end, last)
    if office:
        run, end = office
    wholly = end > run and line[end - 1].tags & INSTITUTIONS
    last_name = end - run > 1 and line[end - 2].tags & FIRST_NAMES  # a calling, too, may be a surname: "Ганна Ткач"
    titles = [at for at in range(run, end - bool(last_name)) if line[at].tags & OFFICES] if not wholly else []
    name = (titles[-1] + 1 if titles else run, end)
    if name[0] >= name[1] and (inner := _name_inside(line, first, end)):
        return phrase_of(line, first, inner)
    if name[0] >= name[1] and (trailing := _trailing_name(line, first, last)):
        name = trailing
    if name[0] >= name[1]:
        head = end - 1
        while head > first and "trailing" in line[head].tags:
            head -= 1
        head = next((at for at in range(first, last) if "leads" in line[at].tags), head)
        return Phrase(first, last, head)
    name = _full_name(line, first, name, last)
    begins = _description(line, first, name[0])
    described = (begins, name[0]) if begins < name[0] else None
    return Phrase(first, last, name[1] - 1, name, described, described is not None)


def _full_name(line: list[Token], first: int, name: tuple[int, int], last: int) -> tuple[int, int]:
    """The name without the place that a role before it has ("міністр енергетики Вельдорії Густав Бранд"), and past
    one that belongs to the role's own complement ("голова ради Вельдорії з питань оборони Астрід Лем")."""
    if name[0] == first or not any("leads" in token.tags for token in line[first : name[0]]):
        return name
    if trailing := _trailing_name(line, first, last):
        return trailing
    for at in range(name[0] + 1, name[1] - 1):
        if line[at].tags & FIRST_NAMES:
            return at, name[1]
    placed = name[1] - name[0] > 2 and "countries" in line[name[0]].tags
    return (name[0] + 1, name[1]) if placed else name


def _trailing_name(line: list[Token], first: int, last: int) -> tuple[int, int] | None:
    """A name of two words at the end of a phrase that begins with its role, past the role's complements."""
    if last - first < 4 or not line[last - 1].capital or not line[last - 2].capital:
        return None
    run = last
    while run > first and part_of_name(line, run - 1) and line[run - 1].capital and "wrapped" not in line[run - 1].tags:
        run -= 1
    linked = any("linkers" in token.tags for token in line[first:run])
    leads = any("leads" in token.tags and not token.capital for token in line[first:run])
    if last - run < 2 or not linked or not leads or line[run - 1].tags & {"linkers", "prepositions"}:
        return None
    return run, last


def _loosely_linked(line: list[Token], at: int) -> bool:
    return bool(line[at].tags & LINKING) and "tight" not in line[at].tags


def _name_inside(line: list[Token], first: int, last: int) -> int:
    """Where a name of two words ends that follows its role, when other words follow it; 0 when there is none."""
    led = next((at for at in range(first, last) if "leads" in line[at].tags), last)
    if led == last and (opening := _opening_name(line, first, last)):
        return opening
    for at in range(led + 2, last):
        if not line[at].capital and line[at - 1].capital and line[at - 2].capital and at - 2 > led:
            return at
    return 0


def _opening_name(line: list[Token], first: int, last: int) -> int:
    """Where a name ends that opens a phrase and has one unknown word, an object, behind it ("Роман Скиба вину"); 0 when
    there is none."""
    while first < last and "determiners" in line[first].tags:
        first += 1
    known = last - first == 3 and line[first].capital and line[first + 1].capital and line[first].tags & FIRST_NAMES
    object_ = known and not line[last - 1].capital and not line[last - 1].tags
    return last - 1 if object_ else 0


def _office(line: list[Token], first: int, end: int, last: int) -> tuple[int, int] | None:
    """The name in "Secretary of State Edda Quill": it begins with a first name after the office."""
    if end >= last or not line[first].capital or "titles" not in line[first].tags or "tight" not in line[end].tags:
        return None
    at = after_office(line, end + 1, last)
    return (at, last) if at else None


def after_office(line: list[Token], first: int, last: int) -> int | None:
    """Where a name of two words or more begins that an office has run into ("State Edda Quill")."""
    for at in range(first + 1, last - 1):
        before = line[at - 1]
        office = before.capital and "titles" not in before.tags
        if office and (line[at].tags & FIRST_NAMES or before.tags & INSTITUTIONS) and line[at].capital:
            return at
    return None


def _institution(line: list[Token], run: int, end: int, last: int) -> int:
    """Where the name of an institution ends that goes on after "of" or "for": "the Department of Bridges"."""
    alone = end - run == 1 and run > 0 and "determiners" in line[run - 1].tags and not line[run].tags & NOMINAL
    if end >= last - 1 or run >= end or not (alone or line[end - 1].tags & {"organisations", "institutions", "groups"}):
        return end
    at = end
    while at + 1 < last and "linkers" in line[at].tags and line[at + 1].capital:
        at += 1
        while at < last and line[at].capital:
            at += 1
    return at


def _ends_head(line: list[Token], at: int, last: int) -> bool:
    if "coordinators" in line[at].tags and not line[at - 1].capital:  # "founder and chairman Edda Quill"
        noun = bool(line[at - 1].tags & NOMINAL)
        return noun and not (at + 2 < last and line[at + 1].tags & NOMINAL and line[at + 2].capital)
    return bool(line[at].tags & ENDS_HEAD) or line[at].text == "("


def _description(line: list[Token], first: int, last: int) -> int:
    """Where the words before a name that tell who that is begin: none of them may be a verb after its own subject."""
    at = last
    while at > first and line[at - 1].text not in MARKS:
        subject = line[at - 1].tags & NOMINAL and not line[at - 1].capital and "leads" not in line[at - 1].tags
        if subject and at < last and not line[at].tags and not line[at].capital:
            return at + 1
        at -= 1
    return at


def worded(text: str, line: Sequence[Token], first: int, last: int) -> str:
    """The sentence's own words for some of its tokens, with the marks that wrap a name at their edge."""
    start, end = line[first].start, line[last - 1].end
    return text[start - ("wrapped" in line[first].tags) : end + ("wrapped" in line[last - 1].tags)]


def same_name(line: list[Token], one: int, other: int) -> bool:
    """Whether two tokens stand both inside or both outside of marks that wrap a name."""
    return ("wrapped" in line[one].tags) == ("wrapped" in line[other].tags)


def part_of_name(line: list[Token], at: int) -> bool:
    token = line[at]
    if "particles" in token.tags:
        return at > 0
    surname = at > 0 and line[at - 1].tags & FIRST_NAMES and line[at - 1].capital  # "Mark Long"
    return token.capital and (not token.tags & NEVER_NAMES or bool(surname)) and not (at == 0 and token.tags & COMMON)
