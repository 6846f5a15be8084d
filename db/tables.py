"""Every table, in travel order. The comment beside a column says what null means; times are aware UTC.

Work is derived from these rows: what is due, unfiled, uncondensed or owed is found by asking, so a lost job is
found by the next tick. A row that is being worked on carries `claimed_until`; when that has passed it is free again.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

# Names that SQLite and PostgreSQL agree on, so that migrations can refer to them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def json_column() -> Any:
    return Column(JSON, nullable=False)


def chat_column(**options: Any) -> Any:
    return Column(BigInteger, nullable=False, **options)


class Source(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    url: str = Field(unique=True)
    title: str
    site_url: str = ""
    section: str = ""
    language: str | None = None  # null: the feed declares none
    publisher: str  # the family of outlets it belongs to: a registrable domain, or what the admin said
    state: str = "active"  # active, paused (by an admin), ended (410)
    full_text: bool | None = None  # null: read pages where the feed gives stubs; else the admin's word
    # what the server said last, for the next conditional request; null: it said nothing
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    full_fetch_at: datetime | None = None  # last answer with a body; null: never
    moved_to: str | None = None  # a permanent redirect on probation; null: none
    moved_since: datetime | None = None  # null with moved_to
    # health
    next_fetch_at: datetime = Field(index=True)
    claimed_until: datetime | None = None  # null: nobody is fetching it
    interval_minutes: float | None = None  # median between new articles; null: too few to tell
    quiet_days: int = 0  # its longest run of days without an article in four weeks, weekends for one
    last_success_at: datetime | None = None  # null: never
    last_new_at: datetime | None = None  # null: no article yet
    failures: int = 0  # in a row
    error_kind: str | None = None  # null: the last fetch worked
    error: str | None = None  # in words for the admin; null with error_kind
    told_state: str | None = None  # the state an admin was last told of; null: nothing told
    stubs: float = 0.0  # share of entries too short to be an article, 0 to 1
    created_at: datetime


class SourceDay(SQLModel, table=True):
    """What one source did on one UTC day."""

    source_id: int = Field(primary_key=True, foreign_key="source.id", ondelete="CASCADE")
    day: date = Field(primary_key=True)
    fetched: int = 0
    failed: int = 0
    new: int = 0


class Seen(SQLModel, table=True):
    """Entries a feed still lists, kept for as long as it lists them, whatever else is pruned."""

    source_id: int = Field(primary_key=True, foreign_key="source.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    raw_hash: str


class Story(SQLModel, table=True):
    # the newest that stand, without a sort; SQLite would take an index on merged_into alone, and sort them all
    __table_args__ = (Index("ix_story_standing", "merged_into", "updated_at"),)

    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    name: str = Field(unique=True)  # the grouper's name for it
    headline: str
    section: str = ""
    kind: str = "news"
    first_at: datetime
    updated_at: datetime = Field(index=True)  # the newest article
    changed_at: datetime = Field(index=True)  # when its articles changed last
    stale: bool = Field(default=True, index=True)  # its articles changed since it was claimed to be condensed
    condensed_at: datetime | None = None  # null: not yet
    claimed_until: datetime | None = None  # null: nobody is condensing it
    # null: it stands
    merged_into: int | None = Field(default=None, foreign_key="story.id", ondelete="SET NULL")
    missing: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    dropped: dict[str, int] = Field(default_factory=dict, sa_column=json_column())


class Article(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("source_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    source_id: int = Field(foreign_key="source.id", ondelete="CASCADE")
    key: str
    url: str
    title: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    language: str | None = None  # null: not declared
    published_at: datetime = Field(index=True)  # what the feed says, else when it was first seen
    fetched_at: datetime
    page: str = "none"  # its page: none (not wanted), wanted, read, failed
    page_tries: int = 0
    story_id: int | None = Field(default=None, foreign_key="story.id", index=True, ondelete="SET NULL")  # null: unfiled
    filed_at: datetime | None = Field(default=None, index=True)  # null: to be grouped


class Bullet(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    story_id: int = Field(foreign_key="story.id", index=True, ondelete="CASCADE")
    panel: str
    position: int | None = None  # place in its panel; null: not chosen by the last condensing
    # another one that now tells what this one told; null: it stands for itself
    same_as: int | None = Field(default=None, foreign_key="bullet.id", index=True, ondelete="SET NULL")
    text: str = Field(sa_column=Column(Text, nullable=False))
    speaker: str | None = None  # null: nobody speaks, or it is unsure who
    verbatim: bool = False
    mark: str | None = None  # denial, correction, withdrawal; null: none
    language: str = "en"
    created_at: datetime
    withdrawn_at: datetime | None = None  # null: it stands


class Citation(SQLModel, table=True):
    """Source and address stand here again, so that the link is right when the article is gone."""

    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    bullet_id: int = Field(foreign_key="bullet.id", index=True, ondelete="CASCADE")
    # null: the article was pruned
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True, ondelete="SET NULL")
    source: str
    url: str
    span_from: int
    span_to: int


class Subscriber(SQLModel, table=True):
    """A chat that gets briefs: a person, a group or a channel."""

    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    chat_id: int = Field(sa_column=chat_column(unique=True))
    kind: str = "private"  # Telegram's word: private, group, supergroup, channel
    title: str = ""  # of a group or channel; people's names are not kept
    language: str = "en"  # of the interface
    # languages of its bullets; empty: the interface's and English
    reads: list[str] = Field(default_factory=list, sa_column=json_column())
    zone: str = "UTC"
    zone_chosen: bool = False  # its reader named it
    state: str = "active"  # active, stopped (/stop), away (Telegram refuses: see reason)
    reason: str | None = None  # why it is away; null: it is not
    # who bound the channel last; null: no channel, or its administrator's id was deleted
    bound_by: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    length: str = "short"  # headlines, short, full
    pictures: bool = False
    silent: bool = False
    quiet_from: int | None = None  # minutes after local midnight; null: no quiet hours
    quiet_to: int | None = None  # null with quiet_from
    created_at: datetime


class Subscription(SQLModel, table=True):
    """What one chat, or one forum topic of it, is brought at which hours."""

    __table_args__ = (UniqueConstraint("subscriber_id", "thread_id"), Index("ix_subscription_due", "state", "due_at"))

    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    subscriber_id: int = Field(foreign_key="subscriber.id", index=True, ondelete="CASCADE")
    thread_id: int = 0  # a forum topic; 0: the chat itself
    topics: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())  # empty: everything
    exclude: list[str] = Field(default_factory=list, sa_column=json_column())  # words
    hours: list[int] = Field(default_factory=list, sa_column=json_column())  # minutes after local midnight, sorted
    weekdays: list[int] = Field(default_factory=list, sa_column=json_column())  # 0 = Monday; empty: every day
    state: str = "active"  # active, paused (by its reader), stopped (/stop in a forum topic), away (see reason)
    reason: str | None = None  # why its forum topic takes nothing; null: it does
    paused_until: datetime | None = None  # null: until /resume
    due_at: datetime | None = None  # null: no hour chosen
    created_at: datetime


class Mute(SQLModel, table=True):
    """A story, or a source, that one subscriber does not want."""

    subscriber_id: int = Field(primary_key=True, foreign_key="subscriber.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True)  # story, source
    muted_id: int = Field(primary_key=True)
    created_at: datetime


class Follow(SQLModel, table=True):
    subscriber_id: int = Field(primary_key=True, foreign_key="subscriber.id", ondelete="CASCADE")
    story_id: int = Field(primary_key=True, foreign_key="story.id", index=True, ondelete="CASCADE")
    thread_id: int = 0
    message_id: int | None = None  # the message that carried the offer, to be replied to; null: none known
    since_at: datetime
    told_at: datetime | None = None  # null: nothing told since


class Edition(SQLModel, table=True):
    """One brief for one subscription. Its key sees to it that no clock, restart or second process makes two."""

    __table_args__ = (UniqueConstraint("subscription_id", "kind", "local_date", "slot"),)

    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    subscription_id: int = Field(foreign_key="subscription.id", ondelete="CASCADE")
    kind: str  # brief, asked, follow, notice, announcement
    local_date: date
    slot: int  # minutes after local midnight for a brief; else a number that makes the key unique
    due_at: datetime = Field(index=True)
    created_at: datetime
    late: bool = False
    closed: bool = False  # not to be sent: a restore closed it
    # why these stories, what was left out
    report: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())


class Rendered(SQLModel, table=True):
    """A message as it will be sent, frozen. Equal parts of many editions share one row."""

    id: str = Field(primary_key=True)  # hash of what follows
    html: str = Field(sa_column=Column(Text, nullable=False))
    plain: str = Field(sa_column=Column(Text, nullable=False))  # when Telegram refuses the markup
    # rows of [label, callback data or https address]
    buttons: list[list[list[str]]] = Field(default_factory=list, sa_column=json_column())
    preview_url: str | None = None  # null: no link preview
    bullets: list[int] = Field(default_factory=list, sa_column=json_column())  # what is told once it is sent
    stories: list[int] = Field(default_factory=list, sa_column=json_column())
    created_at: datetime


class Delivery(SQLModel, table=True):
    """The ledger: one row per edition and part. What a subscription was told is the bullets of its sent rows."""

    __table_args__ = (UniqueConstraint("edition_id", "part"), Index("ix_delivery_owed", "state", "next_try_at"))

    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE")
    part: int
    rendered_id: str = Field(foreign_key="rendered.id", index=True)
    chat_id: int = Field(sa_column=chat_column(index=True))
    thread_id: int = 0
    reply_to: int | None = None  # null: no reply
    silent: bool = False
    state: str = "owed"  # owed, sending, sent, in_doubt, refused, parked, dropped
    next_try_at: datetime  # not before
    claimed_at: datetime | None = None  # null: never tried
    tries: int = 0  # refused before acceptance
    resends: int = 0  # after a doubt; at most one
    message_id: int | None = None  # null: not known to be sent
    sent_at: datetime | None = None  # null: not known to be sent
    error: str | None = None  # null: the last try had none
    form: str = "html"  # html; plain or bare (without buttons too) once Telegram refused the markup
    said: bool = False  # parked, and its reader was told that it may not have come


class Admin(SQLModel, table=True):
    user_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    role: str = "owner"  # owner, editor
    created_at: datetime


class Code(SQLModel, table=True):
    """A one-time or invitation code; only its hash is kept."""

    hash: str = Field(primary_key=True)
    purpose: str  # owner, editor, invite
    uses: int = 1  # how many it was made for
    uses_left: int = 1
    expires_at: datetime | None = None  # null: never
    created_at: datetime


class Member(SQLModel, table=True):
    """Who was let in while ACCESS is invite."""

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    created_at: datetime


class Audit(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)  # null: not stored yet
    at: datetime = Field(index=True)
    user_id: int = Field(sa_column=chat_column())  # 0: the terminal
    act: str  # source.add, bullet.withdraw, ...
    subject: str
    detail: str = ""


class Handled(SQLModel, table=True):
    """Updates of Telegram's that have had their effect."""

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(index=True)


class Expected(SQLModel, table=True):
    """What the bot asked a person and waits to read in the next plain message."""

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    user_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    what: str
    at: datetime


class Asked(SQLModel, table=True):
    """A question with more answers than one message holds, for its button; whose it is, is not kept."""

    key: str = Field(primary_key=True)
    words: str
    within: list[int] = Field(default_factory=list, sa_column=json_column())  # ids of stories; empty: all
    at: datetime = Field(index=True)


class Kept(SQLModel, table=True):
    """State of a conversation between two messages, by name: the feeds that were shown for one to be picked, say."""

    name: str = Field(primary_key=True)
    value: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime
