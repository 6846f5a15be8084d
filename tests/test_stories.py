"""Stories as they are shown, and those whose window is longer."""

from datetime import timedelta

from sqlmodel import Session

from db.articles import window_articles, window_texts
from db.filing import file_articles
from db.records import Join
from db.stories import names_told_or_followed, story_views
from db.subscribers import subscribe
from db.tables import Follow, Story
from tests.desk import NOW, add_article, add_outlet, add_story, bullet, condense
from tests.ledger import owe_parts, part
from tests.ledger import subscribe as add_subscription

DAY = timedelta(days=1)


def name(session: Session, story: int) -> str:
    return session.get_one(Story, story).name


def test_view_tells_outlets_once_and_bullets_in_their_order(session: Session) -> None:
    story, article = add_story(session, 1, "Bridge closed")
    other = add_article(session, add_outlet(session, "The Courier"), "Bridge shut", NOW + DAY)
    more = add_article(session, 1, "Bridge still closed", NOW + 2 * DAY)
    file_articles(session, [Join(str(id), name(session, story)) for id in (other, more)], NOW)
    bullets = [bullet(article, "Second", 300, "reactions"), bullet(article, "First", 600, "responses")]
    condense(session, story, "Bridge closed", bullets, NOW)
    session.flush()
    (view,) = story_views(session, [story, story, 999])
    assert view.outlets == ("The Lantern", "The Courier")
    assert view.publishers == ("thelantern.example", "thecourier.example")
    assert {one.bullet.text: one.panel for one in view.bullets} == {"First": "responses", "Second": "reactions"}
    assert (view.first_at, view.updated_at) == (NOW, NOW + 2 * DAY)


def test_stories_told_lately_or_followed_are_named(session: Session) -> None:
    told, followed, neither = (add_story(session, 1, title)[0] for title in ("Bridge", "Ferry", "Market"))
    owe_parts(session, add_subscription(session, 5), [part("one", stories=(told,))])
    reader = subscribe(session, 6, "private", "en", "UTC", NOW)
    session.add(Follow(subscriber_id=reader.id or 0, story_id=followed, since_at=NOW - 9 * DAY))
    session.flush()
    names = names_told_or_followed(session, NOW - DAY)
    assert names == {name(session, told), name(session, followed)}
    assert name(session, neither) not in names
    assert names_told_or_followed(session, NOW + DAY) == {name(session, followed)}


def test_window_holds_older_articles_of_held_stories_only(session: Session) -> None:
    held, lost, new = (
        add_story(session, 1, title, at)[0]
        for title, at in (("Bridge", NOW - 5 * DAY), ("Ferry", NOW - 5 * DAY), ("Market", NOW))
    )
    session.flush()
    window = window_articles(session, NOW - 3 * DAY, {name(session, held)}, NOW - 7 * DAY)
    assert [story for _, story in window] == [name(session, held), name(session, new)]
    texts = window_texts(session, [article for article, _ in window], 10)
    assert [text.title for text in texts] == ["Bridge", "Market"]
    assert [len(text.text) for text in texts] == [10, 10]
    assert len(window_articles(session, NOW - 3 * DAY, (), NOW - 7 * DAY)) == 1
    assert lost
