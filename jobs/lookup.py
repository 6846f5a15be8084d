"""What the search index holds of an article and of a bullet, and what a question asks of it. Pure.

The index holds stems in the language of the text. Beside them stand keys that begin with a digit, as no stem does:

    0s…  the spelling of a name, one for both alphabets ("Україна" and "Ukraine")
    0u…  a word in capitals that would say nothing in small letters ("US", "WHO")
    0w…  who speaks, by stem, spelling and country
    0p…  the panel
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence

from db.records import Panel, StoryBullet, Text
from jobs.condense.identity import fold
from jobs.condense.markers import markers_for
from jobs.terms import CYRILLIC, TOKEN, guess_language, languages, spelling, stem, tokens
from jobs.topics import without_points

LEAD_CHARS = 600  # a topic stands in the title or the lead; deeper in the text it is an aside
WORDS_MOST = 5  # of what was typed; each more of the common ones costs a third of a millisecond
NEAR = 0.75  # of difflib's ratio
NEAR_SHOWN = 3
INITIALS = {"єс": "eu", "ес": "eu", "сша": "usa"}  # no spelling leads from one to the other
SHORT = 3  # letters of a word that is a name only in capitals: "EU"

Terms = list[list[str]]  # of each word what it may be found by


def index_terms(article: Text) -> str:
    """The stems of its title and lead, separated by spaces."""
    words = without_points(f"{article.title}\n{article.text[:LEAD_CHARS]}")
    return " ".join(_keys(words, article.language or guess_language(words)))


def bullet_terms(headline: str, one: StoryBullet) -> str:
    """Who speaks, in which panel, and the stems of its words and of its story's headline."""
    bullet = one.bullet
    topic = _keys(without_points(f"{headline}\n{bullet.text}"), bullet.language)
    said = dict.fromkeys(f"0w{key}" for word in _words(bullet.speaker or "") for key in _speaker_keys(word))
    return " ".join([f"0p{one.panel}", *said, *topic])


def _keys(text: str, language: str) -> Iterable[str]:
    found = tokens(text, language)
    keys = dict.fromkeys(token.stem for token in found)
    keys |= dict.fromkeys(f"0s{same}" for token in found if token.name and (same := spelling(token.word.lower())))
    if not text.isupper():
        keys |= dict.fromkeys(f"0u{word.lower()}" for word in _words(text) if _is_capitals(word))
    return keys


def query_terms(words: str) -> Terms:
    """For each word that means something, what it may be found by: a few words do not tell their language."""
    shouted = words.isupper() and " " in words.strip()
    return [keys for word in _asked(words, shouted=shouted) if (keys := _asked_keys(word, shouted=shouted))][
        :WORDS_MOST
    ]


def party_terms(words: str) -> Terms:
    """The same for who speaks: a country is found by its people and its capital too."""
    asked = [word for word in _asked(words) if len(word) <= SHORT or not _says_nothing(word.lower())]
    return [[f"0w{key}" for key in _speaker_keys(word, asked=True)] for word in asked][:WORDS_MOST]


def panel_term(panel: Panel) -> list[str]:
    return [f"0p{panel}"]


def _asked(words: str, *, shouted: bool = False) -> Iterable[str]:
    """The words, each once; in a few typed words a number is a word too."""
    text = without_points(words.lower() if shouted else words)
    return dict.fromkeys(match[0] for match in TOKEN.finditer(text))


def _asked_keys(word: str, *, shouted: bool) -> list[str]:
    lower = word.lower()
    if lower[0].isdigit():
        return [token.stem for token in tokens(word, "en")]
    if _says_nothing(lower):
        return [f"0u{lower}"] if _is_capitals(word) and not shouted else []
    if len(lower) == 1:
        return []
    same = spelling(lower)
    return list(dict.fromkeys([*_stems(lower), *([f"0s{same}"] if same else [])]))


def _says_nothing(lower: str) -> bool:
    return any(lower in known.stops for known in languages().values())


def _is_capitals(word: str) -> bool:
    return word.isupper() and len(word) > 1 and _says_nothing(word.lower())


def _stems(lower: str) -> Iterator[str]:
    """Its stem in each language of its alphabet, and the word itself for languages without stems."""
    for language in ("uk", "ru") if CYRILLIC.search(lower) else ("en", "de"):
        yield stem(lower, language)
    yield lower


def _words(text: str) -> list[str]:
    return TOKEN.findall(without_points(text))


def _speaker_keys(word: str, *, asked: bool = False) -> list[str]:
    """A short word is a name in capitals only, unless it is asked for: "eu" is typed for "EU"."""
    lower = word.lower()
    if not asked and not word.isupper() and (len(lower) <= SHORT or _says_nothing(lower)):
        return []
    same = spelling(lower)
    keys = [
        *_stems(lower),
        *([f"0s{same}"] if same else []),
        *_country_keys(word.upper() if len(lower) <= SHORT else word),
    ]
    return list(dict.fromkeys(keys))


def _country_keys(word: str) -> Iterator[str]:
    """The spellings of all names of the country that the word stands for, in the languages of its alphabet."""
    for language in ("uk", "ru") if CYRILLIC.search(word) else ("en", "de"):
        markers = markers_for(language)
        country, known = fold(word, markers.countries) if markers else ("", False)
        for name in country.split("/") if known else ():
            plain = name.rstrip("*").replace(".", "")
            yield f"0c{INITIALS.get(plain) or spelling(plain) or plain}"


def near_words(words: str, headlines: Sequence[str]) -> list[str]:
    """Words of the headlines that are spelled much like the typed ones, with the same first letter."""
    by_letter: dict[str, dict[str, str]] = {}
    for word in TOKEN.findall("\n".join(headlines)):
        by_letter.setdefault(word[0].lower(), {})[word.lower()] = word
    near: dict[str, None] = {}
    for asked in [word.lower() for word in _asked(words) if len(word) > SHORT][:WORDS_MOST]:
        spelled = {word: typed for word, typed in by_letter.get(asked[0], {}).items() if not _says_nothing(word)}
        alike = [word for word in spelled if abs(len(word) - len(asked)) <= 2 and word != asked]
        near |= dict.fromkeys(spelled[word] for word in difflib.get_close_matches(asked, alike, 1, NEAR))
    return list(near)[:NEAR_SHOWN]
