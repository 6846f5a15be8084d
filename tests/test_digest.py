"""What an edition carries, in what order, and the reasons it gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Bullet, Citation, Mark, Panel, StoryBullet, StoryView, Told
from jobs.digest import choose
from jobs.topics import read_wish

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


def bullet(number: int, panel: Panel = "offer") -> StoryBullet:
    cited = (Citation("1", "Outlet", "https://outlet.example/1", (0, 9)),)
    return StoryBullet(number, panel, Bullet(f"Bullet {number}", None, False, cited), NOW)


def story(
    number: int,
    *publishers: str,
    hours: float = 1,
    bullets: tuple[StoryBullet, ...] | None = None,
    text: str = "Dam breaks",
    kind: str = "news",
) -> StoryView:
    at = NOW - timedelta(hours=hours)
    told = publishers or ("Publisher",)
    kept = (bullet(number * 10),) if bullets is None else bullets
    return StoryView(number, f"Story {number}", at, at, kept, told, told, (number,), (), text, kind=kind)


def order(*stories: StoryView, told: Told | None = None, limit: int = 9) -> list[int]:
    return [one.story.id for one in choose(stories, told or Told(), NOW, limit)]


def test_more_publishers_and_newer_stories_come_first() -> None:
    assert order(story(1, "A", "B"), story(2, "A", "B", "C", "D"), story(3, "C", "E", hours=20)) == [2, 1, 3]


def test_story_of_one_publisher_never_leads_when_another_has_two() -> None:
    assert order(story(1, "A", hours=0), story(2, "B", "C", hours=30)) == [2, 1]
    assert order(story(1, "A", hours=5), story(2, "B", hours=1)) == [2, 1]


def test_flooding_publisher_leaves_room_for_the_others() -> None:
    flood = [story(n, "Flood", hours=n / 10) for n in range(1, 7)]
    assert order(*flood, story(8, "Quiet", hours=9), story(9, "A", "B", hours=30), limit=3) == [9, 1, 8]


def test_told_story_comes_back_only_with_what_is_new() -> None:
    old, new = bullet(1), bullet(2, "reactions")
    told = Told({1: YESTERDAY}, {7: YESTERDAY})
    assert order(story(7, bullets=(old,)), told=told) == []
    (chosen,) = choose([story(7, bullets=(old, new))], told, NOW, 5)
    assert chosen.new == {2}
    assert chosen.told_at == YESTERDAY
    assert chosen.why[-1] == "more"


def test_response_to_a_told_story_takes_nobodys_place_and_comes_first() -> None:
    told = Told({1: YESTERDAY, 5: YESTERDAY}, {7: YESTERDAY, 8: YESTERDAY})
    answered = story(7, "A", hours=30, bullets=(bullet(1), bullet(2, "responses")))
    grown = story(8, "A", "B", hours=9, bullets=(bullet(5), bullet(6)))
    fresh = story(9, "C", "D", hours=9)
    assert order(grown, fresh, answered, told=told) == [7, 9, 8]
    assert order(grown, fresh, answered, told=told, limit=1) == [7, 9]
    assert order(grown, fresh, answered, told=told, limit=0) == [7]
    assert choose([answered], told, NOW, 1)[0].why[0] == "response"


def test_response_is_owed_however_old_the_story_is() -> None:
    told = Told({1: YESTERDAY}, {7: YESTERDAY})
    assert order(story(7, hours=90, bullets=(bullet(1), bullet(2, "responses"))), told=told) == [7]
    assert order(story(7, hours=90, bullets=(bullet(1), bullet(2, "reactions"))), told=told) == []
    assert order(story(7, hours=90, bullets=(bullet(1), bullet(2, "responses")))) == []


@pytest.mark.parametrize("mark", ["denial", "correction", "withdrawal"])
def test_reversal_of_a_told_story_is_owed_as_a_response_is(mark: Mark) -> None:
    told = Told({1: YESTERDAY}, {7: YESTERDAY})
    taken_back = bullet(2)
    taken_back = replace(taken_back, bullet=replace(taken_back.bullet, mark=mark))
    (chosen,) = choose([story(7, hours=50, bullets=(bullet(1), taken_back))], told, NOW, 0)
    assert chosen.why[0] == "reversal"
    assert chosen.new == {2}


def test_half_of_a_told_story_that_became_one_of_its_own_counts_as_told() -> None:
    told = Told({1: YESTERDAY}, {7: YESTERDAY})
    (chosen,) = choose([story(8, bullets=(bullet(1), bullet(2, "responses")))], told, NOW, 5)
    assert chosen.told_at == YESTERDAY
    assert chosen.why[0] == "response"


def test_what_a_told_story_told_longer_ago_than_is_remembered_is_not_told_again() -> None:
    old = replace(bullet(1), created_at=NOW - timedelta(days=12))
    told = Told({2: YESTERDAY}, {7: YESTERDAY})
    assert order(story(7, bullets=(old, bullet(2))), told=told) == []
    assert choose([story(7, bullets=(old, bullet(2), bullet(3)))], told, NOW, 5)[0].new == {3}
    assert choose([story(7, bullets=(old,))], Told(), NOW, 5)[0].new == {1}


def test_old_stories_and_stories_without_bullets_are_left_out() -> None:
    assert order(story(1, hours=40), story(2, bullets=()), story(3)) == [3]


def test_opinions_and_round_ups_come_after_news_of_their_weight() -> None:
    assert order(story(1, "A", "B", kind="digest"), story(2, "C", "D", kind="opinion"), story(3, "E", "F")) == [3, 2, 1]


def test_wish_decides_what_is_carried_and_is_named_as_the_reason() -> None:
    wish = read_wish([{"kind": "words", "value": "floods"}], ["Ronne"])
    stories = [story(1, text="Flood in Karsk"), story(2, text="Strike in Veldia"), story(3, text="Flood in Ronne")]
    (chosen,) = choose(stories, Told(), NOW, 5, wish)
    assert chosen.story.id == 1
    assert "topic:floods" in chosen.why


def test_reasons_name_the_publishers_and_the_hour() -> None:
    (chosen,) = choose([story(1, "A", "B", "C")], Told(), NOW, 5)
    assert chosen.why == ("publishers:3", "recency")


@given(st.lists(st.tuples(st.integers(1, 4), st.floats(0, 80), st.booleans()), max_size=12), st.integers(0, 6))
def test_any_stories_are_ordered_the_same_way_whatever_their_order(
    shapes: list[tuple[int, float, bool]], limit: int
) -> None:
    stories = [story(n, *"ABCD"[:wide], hours=hours) for n, (wide, hours, _) in enumerate(shapes)]
    told = Told({n * 10: YESTERDAY for n, (_, _, was) in enumerate(shapes) if was})
    carried = order(*stories, told=told, limit=limit)
    assert carried == order(*reversed(stories), told=told, limit=limit)
    assert len(carried) <= limit
    assert not {number * 10 for number in carried} & set(told.bullets)
