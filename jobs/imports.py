"""From what a list says to the sources it makes: all that is new in one transaction, or nothing.

[Outline]  --rows_of----------->  [Row]       where a list is long, off the event loop
[Row]      --import_sources---->  how many were new
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session

from db.admins import record
from db.sources import Row, add_sources, sources
from db.tables import Source
from jobs.health import family
from jobs.opml import Outline

TERMINAL = 0  # the user in audit rows


def source_of(outline: Outline, now: datetime, section: str = "") -> Source:
    """`section` is for one that stands in no folder."""
    (row,) = rows_of([outline], now, section)
    return Source.model_validate(row)


def rows_of(outlines: Iterable[Outline], now: datetime, section: str = "") -> list[Row]:
    plain = Source(url="", title="", publisher="", next_fetch_at=now, created_at=now).model_dump(exclude={"id"})
    return [
        plain
        | {
            "url": one.url,
            "title": one.title or one.url,
            "site_url": one.site_url,
            "section": one.section or section,
            "language": one.language,
            "publisher": family(one.site_url or one.url),
        }
        for one in outlines
    ]


def import_sources(session: Session, new: Sequence[Row], name: str, user_id: int, now: datetime) -> int:
    """How many were added; `name` is what the audit log calls the list."""
    added = add_sources(session, new)
    if added:
        record(session, user_id, "source.import", name, now, f"{added} added")
    return added


def outlines_of(session: Session) -> list[Outline]:
    """The stored sources as a list."""
    return [Outline(s.url, s.title, s.section, s.site_url, s.language) for s in sources(session)]
