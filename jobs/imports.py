"""From what a list says to the sources it makes: all that is new in one transaction, or nothing.

[Outline]  --sources_of-------->  [Source]    not stored: where a list is long, off the event loop
[Source]   --import_sources---->  how many were new
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session

from db.admins import record
from db.sources import add_sources, sources
from db.tables import Source
from jobs.health import family
from jobs.opml import Outline

TERMINAL = 0  # the user in audit rows


def source_of(outline: Outline, now: datetime, section: str = "") -> Source:
    """`section` is for one that stands in no folder."""
    return Source(
        url=outline.url,
        title=outline.title or outline.url,
        site_url=outline.site_url,
        section=outline.section or section,
        language=outline.language,
        publisher=family(outline.site_url or outline.url),
        next_fetch_at=now,
        created_at=now,
    )


def sources_of(outlines: Iterable[Outline], now: datetime, section: str = "") -> list[Source]:
    return [source_of(outline, now, section) for outline in outlines]


def import_sources(session: Session, new: Sequence[Source], name: str, user_id: int, now: datetime) -> int:
    """How many were added; `name` is what the audit log calls the list."""
    added = add_sources(session, new)
    if added:
        record(session, user_id, "source.import", name, now, f"{added} added")
    return added


def outlines_of(session: Session) -> list[Outline]:
    """The stored sources as a list."""
    return [Outline(s.url, s.title, s.section, s.site_url, s.language) for s in sources(session)]
