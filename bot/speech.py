"""What the bot says, in the language of the chat: gettext messages, CLDR plurals, dates and hours (Babel).

Messages are Telegram HTML; the values put into them are escaped, so text from strangers stays text. A language is
one catalogue, `locales/LANG/LC_MESSAGES/triptych.po`; English is the code's own.
"""

import gettext
import io
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from html import escape
from pathlib import Path

from babel import Locale
from babel.dates import format_datetime, format_time, format_timedelta, get_datetime_format
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from jobs.errors import N_ as N_  # marks a message for the catalogues where it is said later
from jobs.errors import SourceError, shown
from jobs.hours import local

LOCALES = Path(__file__).parent / "locales"
# Control characters, bidi overrides and isolates, zero-width marks: invisible, and able to turn or hide text.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
SURROGATE = re.compile("[\ud800-\udfff]")
# In a CLDR pattern: quoted text, the name of a weekday, the name of a month.
NAMES = re.compile("'[^']*'|[Ec]+|M{3,}")


def safe(text: str) -> str:
    """Text from outside as Telegram HTML: markup escaped, nothing invisible, no lone surrogates."""
    return escape(SURROGATE.sub("\ufffd", UNSEEN.sub("", text)), quote=False)


class Html(str):
    """Markup of our own, put into a message as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Speech:
    language: str
    catalogue: gettext.NullTranslations

    def __call__(self, message: str, /, **values: object) -> Html:
        return Html(self._known(message).format(**_escaped(values)))

    def count(self, one: str, many: str, n: int, /, **values: object) -> Html:
        """The form for `n`, which the message may use as {n}."""
        written = format_decimal(n, locale=self.language)
        return Html(self.catalogue.ngettext(one, many, n).format(n=written, **_escaped(values)))

    def fault(self, error: SourceError, *, named: bool = True) -> Html:
        """What is wrong with a source, and what to do; with its address before it, unless that is said already."""
        values = {name: self._known(value) for name, value in error.values.items()}
        what = self(error.template, **values) if values else self._known(error.template)
        said = what if isinstance(what, Html) else safe(what)
        said = Html(f"{safe(shown(error.url))} {said}." if named else f"{said.removeprefix('— ')}.")
        return Html(f"{said} {self(error.advice)}") if error.advice else said

    def _known(self, value: object) -> str:
        """In this language where the value is a message itself; gettext's answer to "" is the catalogue's header."""
        return self.catalogue.gettext(str(value)) if value else ""

    def hour(self, minute: int) -> str:
        """Minutes after midnight as this language writes a time of day."""
        return format_time(time(minute // 60, minute % 60), "short", locale=self.language)

    def clock(self, at: datetime, zone: str) -> str:
        wall = local(at, zone)
        return self.hour(wall.hour * 60 + wall.minute)

    def moment(self, at: datetime, zone: str) -> str:
        """Weekday and time of day, local."""
        by_twelve = "a" in str(Locale.parse(self.language).time_formats["short"])
        return self._written(at, zone, _wide(self._pattern("Ehm" if by_twelve else "EHm")))

    def date(self, at: datetime, zone: str) -> str:
        """Weekday, day and month."""
        return self._written(at, zone, _wide(self._pattern("MMMMEd", "MMMEd")))

    def day(self, at: datetime, zone: str) -> str:
        """The same in short, for buttons and after a preposition: a short weekday takes no case."""
        return self._written(at, zone, self._pattern("MMMMEd", "MMMEd"))

    def stamp(self, at: datetime, zone: str) -> str:
        """Date and time of day, short."""
        both = str(get_datetime_format("short", locale=self.language)).replace("'", "")
        return both.format(self.clock(at, zone), self._written(at, zone, self._pattern("MMMd")))

    def _pattern(self, *names: str) -> str:
        """The first of these skeletons that CLDR has for the language."""
        skeletons = Locale.parse(self.language).datetime_skeletons
        return next(str(skeletons[name]) for name in names if name in skeletons)

    def _written(self, at: datetime, zone: str, pattern: str) -> str:
        return format_datetime(local(at, zone).replace(tzinfo=None), pattern, locale=self.language)

    def ago(self, at: datetime, now: datetime) -> str:
        span = max(now - at, timedelta(minutes=1))
        return format_timedelta(-span, add_direction=True, locale=self.language, threshold=0.95)

    def weekday(self, day: int) -> str:
        return str(Locale.parse(self.language).days["stand-alone"]["abbreviated"][day])

    def tongue(self, language: str) -> str:
        """The name of a language, given its two letters."""
        return str(Locale.parse(self.language).languages.get(language, language))

    def listed(self, parts: list[str]) -> str:
        return format_list(parts, locale=self.language)


def _wide(pattern: str) -> str:
    """With weekdays and months in full."""
    wide = {"E": "EEEE", "c": "EEEE", "M": "MMMM"}
    return NAMES.sub(lambda found: wide.get(found[0][0], found[0]), pattern)


def _escaped(values: dict[str, object]) -> dict[str, str]:
    return {name: value if isinstance(value, Html) else safe(str(value)) for name, value in values.items()}


def languages(folder: Path = LOCALES) -> tuple[str, ...]:
    """Codes of the languages the bot speaks, English first."""
    return ("en", *sorted(path.parts[-3] for path in folder.glob("*/LC_MESSAGES/triptych.po")))


def spoken(language_code: str | None, folder: Path = LOCALES) -> str:
    """The language for a Telegram language code such as "de-AT"; English where it is not spoken."""
    code = (language_code or "en").split("-")[0].lower()
    return code if code in languages(folder) else "en"


def catalogue_path(language: str, folder: Path = LOCALES) -> Path:
    return folder / language / "LC_MESSAGES" / "triptych.po"


@cache
def speech(language: str, folder: Path = LOCALES) -> Speech:
    if language not in languages(folder) or language == "en":
        return Speech("en", gettext.NullTranslations())
    with catalogue_path(language, folder).open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Speech(language, gettext.GNUTranslations(compiled))
