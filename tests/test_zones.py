"""A time zone is found by what people call their city, in their language, or by their clock."""

from datetime import UTC, datetime

import pytest

from bot.zones import OFFERED, city, guess_zone, is_zone, zones_at, zones_named


@pytest.mark.parametrize(
    ("words", "language", "zone"),
    [
        ("Київ", "uk", "Europe/Kyiv"),
        ("київ", "uk", "Europe/Kyiv"),
        ("Киев", "ru", "Europe/Kyiv"),
        ("Kiew", "de", "Europe/Kyiv"),
        ("Kyiv", "en", "Europe/Kyiv"),
        ("Wien", "de", "Europe/Vienna"),
        ("new york", "en", "America/New_York"),
        ("Калькутта", "ru", "Asia/Kolkata"),
        ("Австрія", "uk", "Europe/Vienna"),
    ],
)
def test_a_city_or_country_is_found_by_its_name_in_the_language(words: str, language: str, zone: str) -> None:
    assert zones_named(words, language)[0] == zone


@pytest.mark.parametrize("words", ["", "x", "Atlantis", "../etc"])
def test_what_is_no_city_finds_nothing(words: str) -> None:
    assert zones_named(words, "en") == []


@pytest.mark.parametrize("language", ["en", "uk", "ru", "de"])
def test_the_zones_offered_first_have_a_name_and_hold_the_guess(language: str) -> None:
    names = [city(zone, language) for zone in OFFERED]
    assert len(set(names)) == len(OFFERED)
    assert all(map(is_zone, OFFERED))
    assert guess_zone(language) in OFFERED
    if language in ("uk", "ru"):
        assert not any(name.isascii() for name in names)


def test_a_clock_finds_the_zones_that_show_that_time() -> None:
    at = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert zones_at(8 * 60, at)[0] == "Europe/Kyiv"
    assert zones_at(7 * 60 + 5, at)[0] == "Europe/Berlin"
