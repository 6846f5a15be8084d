"""How a source is, from what is stored of it. Pure.

well, new (not looked at yet), failing, silent (quieter than its own habit), paused (by an admin), ended (gone for good)
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from tldextract import TLDExtract

if TYPE_CHECKING:  # this module decides without a database
    from db.sources import SourceLine
    from db.tables import Source

State = Literal["well", "new", "failing", "silent", "paused", "ended"]

TROUBLE: tuple[State, ...] = ("failing", "silent", "ended")

LONGEST_PAUSE = timedelta(hours=24)
FAILING_FROM = 3  # failures in a row that an admin hears of; fewer mend themselves
SILENT_AFTER = 6.0  # times its own median interval
SILENT_AT_LEAST = timedelta(days=2)
WEEK_SEEN = 8  # days after which a source has shown whether it rests at weekends
WEEKEND = 2  # days
BARS = "▁▂▃▄▅▆▇█"
DAYS = 14
# Domains whose subdomains belong to strangers and that the public suffix list does not name.
LODGINGS = (
    "substack.com",
    "medium.com",
    "wordpress.com",
    "tumblr.com",
    "livejournal.com",
    "ghost.io",
    "dreamwidth.org",
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a source; times are aware UTC, None where it never happened."""

    state: str  # active, paused, ended
    failures: int
    last_success_at: datetime | None
    last_new_at: datetime | None
    interval_minutes: float | None  # median between its articles
    quiet_days: int = 0  # its longest run of days without an article


def signs_of(source: "Source | SourceLine") -> Signs:
    return Signs(
        source.state,
        source.failures,
        source.last_success_at,
        source.last_new_at,
        source.interval_minutes,
        source.quiet_days,
    )


def state_of(signs: Signs, now: datetime) -> State:
    if signs.state == "ended":
        return "ended"
    if signs.state == "paused":
        return "paused"
    if signs.failures >= FAILING_FROM:
        return "failing"
    if signs.last_success_at is None:
        return "failing" if signs.failures else "new"
    return "silent" if is_silent(signs, now) else "well"


def is_silent(signs: Signs, now: datetime) -> bool:
    """Nothing new for much longer than is its habit; never without a habit."""
    if signs.last_new_at is None or signs.interval_minutes is None:
        return False
    habit = timedelta(minutes=signs.interval_minutes * SILENT_AFTER)
    usual_rest = timedelta(days=signs.quiet_days + 1) if signs.quiet_days else timedelta()
    return now - signs.last_new_at > max(habit, usual_rest, SILENT_AT_LEAST)


def told_anew(state: State, told: str | None) -> bool:
    """Whether admins are to hear of the state now: of trouble once, and once when it is over."""
    return state != told and (state in TROUBLE or told in ("failing", "silent"))


def pause(every: timedelta, failures: int, asked: timedelta = timedelta()) -> timedelta:
    """Until the next try: twice as long with each failure in a row, at most a day, never less than the server asked."""
    doubled: timedelta = every * 2 ** min(max(0, failures - 1), 10)
    return min(max(doubled, asked), LONGEST_PAUSE)


def interval_minutes(times: Sequence[datetime]) -> float | None:
    """The median between articles in minutes; None for fewer than five."""
    ordered = sorted(times)
    gaps = [(later - earlier).total_seconds() / 60 for earlier, later in pairwise(ordered)]
    return median(gaps) if len(gaps) >= 4 else None


def quiet_days(active: Collection[date], today: date) -> int:
    """The longest run of days without an article between days with one; a weekend, until one has been lived through."""
    rest = max(((later - earlier).days - 1 for earlier, later in pairwise(sorted(active))), default=0)
    young = (today - min(active, default=today)).days < WEEK_SEEN
    return max(rest, WEEKEND) if young else rest


def bars(counts: dict[date, int], today: date, days: int = DAYS) -> str:
    """The last days as a line of bars, oldest first; a day without anything is a dot."""
    values = [counts.get(today - timedelta(days=back), 0) for back in range(days - 1, -1, -1)]
    most = max(values, default=0)
    return "".join(BARS[(value * (len(BARS) - 1) + most - 1) // most] if value else "·" for value in values)


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    """Never fetches a newer list: what is asked of the web is the sources, nothing else. Reading it takes 30 ms."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=4096)
def family(url: str) -> str:
    """The publisher behind an address: its registrable domain by the bundled public suffix list, else its host."""
    try:
        host = urlsplit(url if "://" in url else f"https://{url}").hostname or ""
    except ValueError:
        return ""
    domain = _suffixes()(host).top_domain_under_public_suffix
    return host if domain in LODGINGS else domain or host
