"""A bullet is the spans it cites: condensing again never renames it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from db.briefs import claim_uncondensed, same_bullets
from db.filing import file_articles
from db.records import Bullet, Join
from db.stories import newest_stories, story_views
from db.tables import Bullet as BulletRow
from db.tables import Citation, Story
from tests.desk import NOW, a_database, add_article, add_outlet, add_story, bullet, condense

HOUR, LEASE = timedelta(hours=1), timedelta(minutes=5)


class Kept:
    def __init__(self, session: Session) -> None:
        self.session = session
        add_outlet(session, "The Lantern")
        self.story, self.article = add_story(session, 1, "Bridge closed")

    def condense(self, *bullets: Bullet, hours: int = 1) -> None:
        offers = [("offer", one) for one in bullets]
        condense(self.session, self.story, "Bridge closed", offers, NOW + hours * HOUR)  # type: ignore[arg-type]
        self.session.flush()

    def shown(self) -> dict[int, str]:
        (view,) = story_views(self.session, [self.story])
        return {one.id: one.bullet.text for one in view.bullets}

    def cite(self, text: str, at: int, article: int | None = None) -> Bullet:
        return bullet(article or self.article, text, at)[1]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    database = a_database(tmp_path)
    with Session(database.engine) as session:
        yield Kept(session)
    database.close()


def test_bullet_that_cites_the_same_span_keeps_its_id_and_its_words(kept: Kept) -> None:
    before = kept.shown()
    kept.condense(kept.cite("The same, said otherwise", 10))
    assert kept.shown() == before


def test_bullet_of_another_span_is_new(kept: Kept) -> None:
    (first,) = kept.shown()
    kept.condense(kept.cite("Bridge closed: the offer", 0), kept.cite("Lorries are stopped", 200))
    assert list(kept.shown().values()) == ["Bridge closed: the offer", "Lorries are stopped"]
    assert first in kept.shown()


def test_bullet_not_chosen_again_is_kept_out_of_sight_and_comes_back_with_its_id(kept: Kept) -> None:
    before = kept.shown()
    kept.condense(kept.cite("Lorries are stopped", 200))
    assert before.keys().isdisjoint(kept.shown())
    kept.condense(kept.cite("Bridge closed: the offer", 0), hours=2)
    assert kept.shown() == before


def test_same_statement_of_another_outlet_adds_its_citation(kept: Kept) -> None:
    before = kept.shown()
    other = add_article(kept.session, add_outlet(kept.session, "The Courier"), "Bridge shut")
    kept.condense(kept.cite("Bridge closed: the offer", 40, other))
    assert kept.shown() == before
    cited = kept.session.exec(select(Citation.article_id).order_by(col(Citation.id))).all()
    assert cited == [kept.article, other]


def test_two_bullets_of_one_condensing_never_become_one(kept: Kept) -> None:
    kept.condense(kept.cite("First", 0), kept.cite("Second", 60))
    assert len(kept.shown()) == 2


def test_sentence_told_in_two_panels_stays_two_bullets(kept: Kept) -> None:
    offer, answer = kept.cite("Norland invited Southmark", 300), kept.cite("Southmark declined", 300)
    condense(kept.session, kept.story, "Talks", [("offer", offer), ("responses", answer)], NOW)
    kept.session.flush()
    before = kept.shown()
    condense(kept.session, kept.story, "Talks", [("responses", kept.cite("Southmark said no", 300))], NOW)
    kept.session.flush()
    (id,) = kept.shown()
    assert before[id] == "Southmark declined"
    assert same_bullets(kept.session) == {}


def test_bullet_whose_every_citation_another_took_is_the_same_as_that_until_it_is_chosen_again(kept: Kept) -> None:
    kept.condense(kept.cite("Lorries are stopped", 200), kept.cite("Vans are not", 500))
    lorries, vans = sorted(kept.shown())[-2:]
    wide = Bullet("Both", None, False, (*kept.cite("", 200).citations, *kept.cite("", 500).citations))
    kept.condense(wide, hours=2)
    assert list(kept.shown()) == [lorries]
    assert same_bullets(kept.session) == {vans: lorries}
    kept.condense(kept.cite("Vans are not", 500), hours=3)
    assert list(kept.shown()) == [vans]
    assert vans not in same_bullets(kept.session)


def test_withdrawn_bullet_is_not_shown_again(kept: Kept) -> None:
    (id,) = kept.shown()
    kept.session.get_one(BulletRow, id).withdrawn_at = NOW
    kept.condense(kept.cite("Bridge closed: the offer", 0))
    assert kept.shown() == {}


def test_story_is_claimed_for_condensing_until_it_is_condensed(kept: Kept) -> None:
    late = add_article(kept.session, 1, "Bridge open", NOW + HOUR)
    file_articles(kept.session, [Join(str(late), kept.session.get_one(Story, kept.story).name)], NOW + HOUR)
    kept.session.flush()
    assert claim_uncondensed(kept.session, NOW + HOUR, LEASE, 9) == [kept.story]
    assert claim_uncondensed(kept.session, NOW + HOUR, LEASE, 9) == []
    assert claim_uncondensed(kept.session, NOW + 2 * HOUR, LEASE, 9) == [kept.story]
    kept.condense(kept.cite("Bridge closed: the offer", 0), hours=3)
    assert claim_uncondensed(kept.session, NOW + 4 * HOUR, LEASE, 9) == []


def test_newest_stories_come_first_and_old_ones_not_at_all(kept: Kept) -> None:
    old, _ = add_story(kept.session, 1, "Ferry stopped", NOW - 9 * HOUR)
    new, _ = add_story(kept.session, 1, "Market opens", NOW + HOUR)
    kept.session.flush()
    assert newest_stories(kept.session, NOW - 10 * HOUR, 9) == [new, kept.story, old]
    assert newest_stories(kept.session, NOW - HOUR, 1) == [new]
