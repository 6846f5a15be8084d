"""Well-known hosts whose feeds follow a rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.feed_rules import feed_rule

KNOWN = {
    "https://www.youtube.com/channel/UC123-_x/videos": "https://www.youtube.com/feeds/videos.xml?channel_id=UC123-_x",
    "https://m.youtube.com/playlist?list=PL9_a": "https://www.youtube.com/feeds/videos.xml?playlist_id=PL9_a",
    "https://www.youtube.com/watch?v=a&list=PL9&index=2": "https://www.youtube.com/feeds/videos.xml?playlist_id=PL9",
    "https://www.youtube.com/user/someone": "https://www.youtube.com/feeds/videos.xml?user=someone",
    "https://old.reddit.com/r/worldnews/top/?t=day": "https://www.reddit.com/r/worldnews/.rss",
    "reddit.com/r/worldnews": "https://www.reddit.com/r/worldnews/.rss",
    "https://www.reddit.com/r/a/comments/1x2/title/": "https://www.reddit.com/r/a/comments/1x2/.rss",
    "https://www.reddit.com/u/some-one": "https://www.reddit.com/user/some-one/.rss",
    "https://github.com/owner/name": "https://github.com/owner/name/releases.atom",
    "https://github.com/owner/name.git": "https://github.com/owner/name/releases.atom",
    "https://github.com/owner/name/blob/main/a.py": "https://github.com/owner/name/releases.atom",
    "https://github.com/owner/name/tags": "https://github.com/owner/name/tags.atom",
    "https://github.com/owner/name/commits/dev/1.x": "https://github.com/owner/name/commits/dev/1.x.atom",
    "https://github.com/owner": "https://github.com/owner.atom",
    "https://codeberg.org/owner/name/issues": "https://codeberg.org/owner/name/releases.rss",
    "https://bsky.app/profile/news.example.com": "https://bsky.app/profile/news.example.com/rss",
    "https://medium.com/@writer/a-post-1": "https://medium.com/feed/@writer",
    "https://medium.com/tag/news/latest": "https://medium.com/feed/tag/news",
    "https://writer.medium.com/a-post": "https://writer.medium.com/feed",
    "https://writer.substack.com/p/post": "https://writer.substack.com/feed",
    "https://blog.wordpress.com/": "https://blog.wordpress.com/feed/",
    "https://blog.blogspot.co.uk": "https://blog.blogspot.co.uk/feeds/posts/default",
    "https://someone.livejournal.com/": "https://someone.livejournal.com/data/rss",
    "https://mastodon.example/@name": "https://mastodon.example/@name.rss",
    "https://mastodon.example/@name@other.example": "https://other.example/@name.rss",
    "https://news.google.com/search?q=rail&hl=en": "https://news.google.com/rss/search?q=rail&hl=en",
    "https://arxiv.org/list/cs.CL/recent": "https://rss.arxiv.org/rss/cs.CL",
}


@pytest.mark.parametrize("url", KNOWN)
def test_page_on_a_known_host_gives_its_feed(url: str) -> None:
    assert feed_rule(url) == KNOWN[url]


@pytest.mark.parametrize("url", sorted(set(KNOWN.values())))
def test_address_that_is_the_feed_already_is_left_alone(url: str) -> None:
    assert feed_rule(url) in (None, url)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/world",
        "https://www.youtube.com/@handle",
        "https://www.youtube.com/watch?v=abc",
        "https://github.com/topics/python",
        "https://github.com/features",
        "https://notgithub.com/owner/name",
        "https://www.tiktok.com/@name",
        "https://[x/",
        "",
    ],
)
def test_other_pages_have_no_rule(url: str) -> None:
    assert feed_rule(url) is None


@given(st.text(max_size=80))
def test_any_text_has_a_web_address_or_none(text: str) -> None:
    assert (feed_rule(text) or "https://").startswith("https://")
