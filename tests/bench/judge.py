"""What the readers of the simulated week were sent, and what is to be said of it."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlmodel import Session, col, or_, select

from db.briefs import same_bullets
from db.stories import heirs
from db.tables import Bullet, Delivery, Edition, Rendered, Subscriber, Subscription


@dataclass
class Verdict:
    editions: int = 0
    twice: int = 0
    without_news: int = 0
    owed: int = 0
    missed: int = 0

    def __str__(self) -> str:
        again = f"{self.twice} bullets told twice, {self.without_news} stories sent again without anything new"
        return f"{self.editions} briefs: {again}, {self.missed} of {self.owed} answers not in the next brief"


@dataclass
class Ledger:
    """What each subscription got so far, and what is said of it.

    Judged hour by hour, before the hour's briefs are marked as sent: merges and splits move stories and bullets later.
    """

    verdict: Verdict = field(default_factory=Verdict)
    bullets: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    stories: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def judge(self, session: Session) -> None:
        owed = _owed(session)
        if not owed:
            return
        heir = heirs(session, set().union(*self.stories.values(), *(stories for _, _, stories in owed)))
        same, answers = same_bullets(session), _answers(session)
        story_of = dict(session.exec(select(Bullet.id, Bullet.story_id)).all())
        for subscription, carried, stories in owed:
            sent = self.bullets[subscription]
            told = sent.union(same[b] for b in sent if b in same)
            known = {heir[story] for story in self.stories[subscription]}
            reads = _reads(session, subscription)
            due = {b for story in known for b, language in answers[story] if b not in told and language in reads}
            news = {story_of[b] for b in carried if b not in told}
            self.verdict.editions += 1
            self.verdict.twice += len(sent & carried)
            self.verdict.without_news += len((known & {heir[story] for story in stories}) - news)
            self.verdict.owed += len(due)
            self.verdict.missed += len(due - carried)
            sent |= carried
            self.stories[subscription] |= stories


def _reads(session: Session, subscription: int) -> list[str]:
    return session.get_one(Subscriber, session.get_one(Subscription, subscription).subscriber_id).reads or ["en"]


def _answers(session: Session) -> dict[int, list[tuple[int, str]]]:
    """Story -> its responses and reversals with their languages, as the last condensing chose them."""
    answers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = select(col(Bullet.story_id), col(Bullet.id), col(Bullet.language)).where(
        col(Bullet.position).is_not(None), or_(col(Bullet.panel) == "responses", col(Bullet.mark).is_not(None))
    )
    for story, *bullet in session.execute(rows):
        answers[story].append((bullet[0], bullet[1]))
    return answers


def _owed(session: Session) -> list[tuple[int, set[int], set[int]]]:
    """Subscription, bullets and stories of each brief that is not sent yet."""
    rows = session.execute(
        select(col(Edition.id), col(Edition.subscription_id), col(Rendered.bullets), col(Rendered.stories))
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .join(Rendered, col(Rendered.id) == Delivery.rendered_id)
        .where(Delivery.state == "owed")
        .order_by(col(Edition.due_at), col(Edition.id))
    )
    briefs: dict[int, tuple[int, set[int], set[int]]] = {}
    for edition, subscription, bullets, stories in rows:
        _, carried, of = briefs.setdefault(edition, (subscription, set(), set()))
        carried.update(bullets)
        of.update(stories)
    return list(briefs.values())
