"""What the bot says, in the language of the chat: gettext messages, CLDR plurals, dates and hours (Babel).

Messages are Telegram HTML; the values put into them are escaped, so text from strangers stays text. A language is
one catalogue, `locales/LANG.po`; English is the code's own.
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
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from jobs.hours import local

LOCALES = Path(__file__).parent / "locales"
# Control characters, bidi overrides and isolates, zero-width marks: invisible, and able to turn or hide text.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
SURROGATE = re.compile("[\ud800-\udfff]")


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
        return Html(self.catalogue.gettext(message).format(**_escaped(values)))

    def count(self, one: str, many: str, n: int, /, **values: object) -> Html:
        """The form for `n`, which the message may use as {n}."""
        return Html(self.catalogue.ngettext(one, many, n).format(n=n, **_escaped(values)))

    def hour(self, minute: int) -> str:
        """Minutes after midnight as this language writes a time of day."""
        return format_time(time(minute // 60, minute % 60), "short", locale=self.language)

    def clock(self, at: datetime, zone: str) -> str:
        wall = local(at, zone)
        return self.hour(wall.hour * 60 + wall.minute)

    def moment(self, at: datetime, zone: str) -> str:
        """Weekday and time of day, local."""
        wall = local(at, zone)
        return f"{format_date(wall, 'EEEE', locale=self.language)} {self.clock(at, zone)}"

    def date(self, at: datetime, zone: str) -> str:
        return format_date(local(at, zone), "EEEE, d MMMM", locale=self.language)

    def stamp(self, at: datetime, zone: str) -> str:
        """Date and time of day, short."""
        return format_datetime(local(at, zone).replace(tzinfo=None), "d MMM HH:mm", locale=self.language)

    def ago(self, at: datetime, now: datetime) -> str:
        span = max(now - at, timedelta(minutes=1))
        return format_timedelta(-span, add_direction=True, locale=self.language, threshold=0.95)

    def weekday(self, day: int) -> str:
        return str(Locale.parse(self.language).days["format"]["abbreviated"][day])

    def listed(self, parts: list[str]) -> str:
        return format_list(parts, locale=self.language)


def _escaped(values: dict[str, object]) -> dict[str, str]:
    return {name: value if isinstance(value, Html) else safe(str(value)) for name, value in values.items()}


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages the bot speaks, English first."""
    return ("en", *sorted(path.stem for path in LOCALES.glob("*.po")))


def spoken(language_code: str | None) -> str:
    """The language for a Telegram language code such as "de-AT"; English where it is not spoken."""
    code = (language_code or "en").split("-")[0].lower()
    return code if code in languages() else "en"


@cache
def speech(language: str) -> Speech:
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return Speech("en", gettext.NullTranslations())
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Speech(language, gettext.GNUTranslations(compiled))


def N_(message: str) -> str:
    """Marks a message for the catalogues where it is said later."""
    return message
