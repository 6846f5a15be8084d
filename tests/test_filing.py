"""Articles join, open, merge and split stories, and bullets go with them."""

from datetime import timedelta

from sqlmodel import Session, col, select

from db.filing import file_articles
from db.records import Filing, Join, Merge, New, Split
from db.stories import story_views
from db.subscribers import mute, muted_by, subscribe
from db.tables import Article, Bullet, Story
from tests.desk import NOW, add_article, bullet, condense

HOUR = timedelta(hours=1)


def opened(session: Session, *titles: str) -> tuple[int, list[int]]:
    """A story of these articles, an hour apart, with a bullet of each: (story, articles)."""
    articles = [add_article(session, 1, title, NOW + n * HOUR) for n, title in enumerate(titles)]
    name = f"s{articles[0]}"
    filings: list[Filing] = [New(str(articles[0]), name), *(Join(str(article), name) for article in articles[1:])]
    (story,) = file_articles(session, filings, NOW)
    condense(session, story, titles[0], [bullet(a, t, 0) for a, t in zip(articles, titles, strict=True)], NOW)
    session.flush()
    return story, articles


def bullets_of(session: Session, story: int) -> dict[str, int | None]:
    rows = session.exec(select(Bullet).where(Bullet.story_id == story).order_by(col(Bullet.id)))
    return {row.text: row.id for row in rows}


def test_story_takes_headline_and_times_from_its_articles(session: Session) -> None:
    story, _ = opened(session, "Bridge closed", "Bridge still closed")
    row = session.get_one(Story, story)
    assert (row.headline, row.first_at, row.updated_at) == ("Bridge closed", NOW, NOW + HOUR)


def test_article_that_joins_marks_the_story_changed(session: Session) -> None:
    story, _ = opened(session, "Bridge closed")
    late = add_article(session, 1, "Bridge open", NOW + 5 * HOUR)
    name = session.get_one(Story, story).name
    assert file_articles(session, [Join(str(late), name)], NOW + 5 * HOUR) == [story]
    assert session.get_one(Story, story).changed_at == NOW + 5 * HOUR


def test_filing_twice_changes_nothing_more(session: Session) -> None:
    story, (article,) = opened(session, "Bridge closed")
    name = session.get_one(Story, story).name
    assert file_articles(session, [New(str(article), name)], NOW) == [story]
    assert len(session.exec(select(Story)).all()) == 1


def test_merged_stories_keep_their_bullets_with_their_ids(session: Session) -> None:
    one, _ = opened(session, "Bridge closed")
    two, _ = opened(session, "Old Bridge shut")
    before = bullets_of(session, one) | bullets_of(session, two)
    names = [session.get_one(Story, id).name for id in (two, one)]
    assert file_articles(session, [Merge(*names)], NOW) == [one]
    session.expire_all()
    assert bullets_of(session, one) == before
    assert session.get_one(Story, two).merged_into == one


def test_link_to_a_merged_story_leads_to_its_heir(session: Session) -> None:
    one, _ = opened(session, "Bridge closed")
    two, _ = opened(session, "Old Bridge shut")
    names = [session.get_one(Story, id).name for id in (two, one)]
    file_articles(session, [Merge(*names)], NOW)
    assert [view.id for view in story_views(session, [two])] == [one]


def test_muted_story_that_is_merged_stays_muted(session: Session) -> None:
    one, _ = opened(session, "Bridge closed")
    two, _ = opened(session, "Old Bridge shut")
    readers = [subscribe(session, chat, "private", "en", "UTC", NOW).id or 0 for chat in (5, 6)]
    mute(session, readers[0], "story", two, NOW)
    for story in (one, two):
        mute(session, readers[1], "story", story, NOW)
    names = [session.get_one(Story, id).name for id in (two, one)]
    file_articles(session, [Merge(*names)], NOW)
    assert muted_by(session, readers) == dict.fromkeys(readers, frozenset({("story", one)}))


def test_article_of_a_merged_story_joins_its_heir(session: Session) -> None:
    one, _ = opened(session, "Bridge closed")
    two, _ = opened(session, "Old Bridge shut")
    goes, stays = (session.get_one(Story, id).name for id in (two, one))
    file_articles(session, [Merge(goes, stays)], NOW)
    late = add_article(session, 1, "Bridge open")
    assert file_articles(session, [Join(str(late), goes)], NOW) == [one]


def test_split_takes_the_articles_and_the_bullets_that_cite_only_them(session: Session) -> None:
    story, (stays, goes) = opened(session, "Bridge closed", "Ferry stopped")
    before = bullets_of(session, story)
    changed = file_articles(session, [Split((str(goes),), "other")], NOW)
    other = session.exec(select(Story.id).where(Story.name == "other")).one()
    session.expire_all()
    assert sorted(changed) == sorted([story, other or 0])
    assert bullets_of(session, other or 0) == {"Ferry stopped": before["Ferry stopped"]}
    assert session.get_one(Article, stays).story_id == story
    assert session.get_one(Story, other or 0).headline == "Ferry stopped"


def test_bullet_that_both_halves_of_a_split_tell_stays(session: Session) -> None:
    story, (stays, goes) = opened(session, "Bridge closed", "Ferry stopped")
    shared = bullet(stays, "Traffic stands still", 300)[1]
    cited = (*shared.citations, *bullet(goes, "Traffic stands still", 300)[1].citations)
    both = type(shared)(shared.text, shared.speaker, False, cited)
    condense(session, story, "Bridge closed", [("reactions", both)], NOW)
    session.flush()
    file_articles(session, [Split((str(goes),), "other")], NOW)
    session.expire_all()
    assert "Traffic stands still" in bullets_of(session, story)
