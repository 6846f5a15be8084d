"""Time zones as people name them: a city in their language (CLDR's names), or what their clock shows."""

from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.core import get_global

from jobs.hours import local, zone_named

OFFERED = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Europe/Moscow",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Tokyo",
)
BY_LANGUAGE = {"uk": "Europe/Kyiv", "ru": "Europe/Moscow", "de": "Europe/Berlin", "en": "Europe/London"}
NAMES_MOST = 8


def guess_zone(language: str) -> str:
    """Where most readers of the language live; UTC when that says nothing."""
    return BY_LANGUAGE.get(language, "UTC")


@cache
def zones() -> dict[str, str]:
    """Zone -> country code, of the places in the time zone database's own table."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    fields = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {zone: country for country, _, zone, *_ in fields}


@cache
def city(zone: str, language: str) -> str:
    """The city a zone is named after, in that language."""
    named = Locale.parse(language).time_zones
    names = named.get(zone) or named.get(_first_names().get(zone, ""), {})
    return str(names.get("city") or zone.split("/")[-1].replace("_", " "))


@cache
def _first_names() -> dict[str, str]:
    """Zone -> the name it had first: CLDR keeps that one when a zone is renamed, as Europe/Kiev for Europe/Kyiv."""
    first: dict[str, str] = {}
    for old, new in get_global("zone_aliases").items():
        first.setdefault(new, old)
    return first


def zones_named(words: str, language: str) -> list[str]:
    """Zones whose city, country or own name is, or else begins with, the words; at most eight, nearest first."""
    wanted = " ".join(words.lower().replace("_", " ").split())
    if len(wanted) < 2:
        return []
    names = {zone: _names(zone, language) for zone in sorted(zones())}
    exact = [zone for zone, known in names.items() if wanted in known]
    begins = [zone for zone, known in names.items() if any(name.startswith(wanted) for name in known)]
    return list(dict.fromkeys([*exact, *begins]))[:NAMES_MOST]


@cache
def _names(zone: str, language: str) -> tuple[str, ...]:
    locale = Locale.parse(language)
    country = str(locale.territories.get(zones()[zone], ""))
    place = zone.split("/")[-1].replace("_", " ")
    return tuple(name.lower().replace("_", " ") for name in (zone, place, city(zone, language), country))


def zones_at(minute: int, now: datetime) -> list[str]:
    """Well-known zones where clocks show that minute of the day now, give or take ten; nearest first."""
    known = [z for z in (*OFFERED, *sorted(zones())) if _distance(z, minute, now) <= 10]
    offsets: dict[timedelta | None, str] = {}
    for zone in known:
        offsets.setdefault(local(now, zone).utcoffset(), zone)
    same = [z for z in OFFERED if z in known]
    return list(dict.fromkeys([*same, *offsets.values()]))[:NAMES_MOST]


def _distance(zone: str, minute: int, now: datetime) -> int:
    wall = local(now, zone)
    apart = abs(wall.hour * 60 + wall.minute - minute) % 1440
    return min(apart, 1440 - apart)


def is_zone(name: str) -> bool:
    return zone_named(name) is not None and (name in zones() or name == "UTC")
