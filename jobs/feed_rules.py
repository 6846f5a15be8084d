"""Hosts whose feeds follow a rule: a page's address there gives the address of its feed, and nobody is asked.

A rule that is wrong for a page does no harm: what does not answer with a feed is looked for on the page itself.
"""

import re
from typing import Final
from urllib.parse import urlsplit

_GITHUB_ITSELF: Final = (
    "about|apps|collections|customer-stories|enterprise|explore|features|issues|login|marketplace|notifications|orgs"
    "|pricing|pulls|search|settings|sponsors|topics|trending"
)
_REPOSITORY: Final = rf"github\.com/(?!(?:{_GITHUB_ITSELF})/)([\w.-]+/[\w.-]+?)(?:\.git)?"
_YOUTUBE: Final = "https://www.youtube.com/feeds/videos.xml"

# Host and path without "www.", "m." and a slash at the end, then "?" and the query if there is one, -> the feed.
_RULES: Final = (
    (r"youtube\.com/(?:playlist|watch)\?(?:.*&)?list=([\w-]+).*", rf"{_YOUTUBE}?playlist_id=\1"),
    (r"youtube\.com/channel/([\w-]+)(?:/.*)?", rf"{_YOUTUBE}?channel_id=\1"),
    (r"youtube\.com/user/([\w-]+)(?:/.*)?", rf"{_YOUTUBE}?user=\1"),
    (r"(?:old\.|new\.)?reddit\.com/(r/\w+(?:/comments/\w+)?)(?:/(?!.*\.rss$).*)?", r"https://www.reddit.com/\1/.rss"),
    (r"(?:old\.|new\.)?reddit\.com/(?:u|user)/([\w-]+)(?:/(?!.*\.rss$).*)?", r"https://www.reddit.com/user/\1/.rss"),
    (rf"{_REPOSITORY}/(commits|tags)", r"https://github.com/\1/\2.atom"),
    (rf"{_REPOSITORY}/commits/([\w./-]+)(?<!\.atom)", r"https://github.com/\1/commits/\2.atom"),
    (rf"{_REPOSITORY}(?:/(?!.*\.atom$).*)?", r"https://github.com/\1/releases.atom"),
    (rf"github\.com/(?!(?:{_GITHUB_ITSELF})$)([\w-]+)", r"https://github.com/\1.atom"),
    (r"codeberg\.org/([\w.-]+/[\w.-]+?)(?:/(?!.*\.rss$).*)?(?<!\.rss)", r"https://codeberg.org/\1/releases.rss"),
    (r"bsky\.app/profile/([\w.:-]+)(?:/(?!rss$).*)?", r"https://bsky.app/profile/\1/rss"),
    (r"medium\.com/(?!feed(?:/|$))(tag/[\w-]+|@?[\w.-]+)(?:/.*)?", r"https://medium.com/feed/\1"),
    (r"([\w-]+\.(?:medium|substack)\.com)(?:/(?!feed$).*)?", r"https://\1/feed"),
    (r"([\w-]+\.wordpress\.com)", r"https://\1/feed/"),
    (r"([\w-]+\.ghost\.io)", r"https://\1/rss/"),
    (r"([\w-]+\.tumblr\.com)", r"https://\1/rss"),
    (r"([\w-]+\.blogspot\.[\w.]+)", r"https://\1/feeds/posts/default"),
    (r"([\w-]+\.livejournal\.com|[\w-]+\.dreamwidth\.org)", r"https://\1/data/rss"),
    (r"dev\.to/([\w-]+)", r"https://dev.to/feed/\1"),
    (r"vimeo\.com/([A-Za-z][\w-]*)", r"https://vimeo.com/\1/videos/rss"),
    (r"news\.ycombinator\.com", r"https://news.ycombinator.com/rss"),
    (r"stackoverflow\.com/questions/tagged/([\w.+#-]+)", r"https://stackoverflow.com/feeds/tag/\1"),
    (r"arxiv\.org/list/([\w.-]+)(?:/.*)?", r"https://rss.arxiv.org/rss/\1"),
    (r"store\.steampowered\.com/(?:news/)?app/(\d+)(?:/.*)?", r"https://store.steampowered.com/feeds/news/app/\1"),
    (r"news\.google\.com/(search\?.+|topics/.+)", r"https://news.google.com/rss/\1"),
    # Mastodon and its kin, on any host: a profile there, and a profile of another host shown there.
    (r"[\w.:-]+/@(\w+)@([\w-]+(?:\.[\w-]+)+)", r"https://\2/@\1.rss"),
    (r"(?!(?:youtube|tiktok|threads|substack)\.)([\w-]+(?:\.[\w-]+)+)/@(\w+)", r"https://\1/@\2.rss"),
)
RULES: Final = tuple((re.compile(pattern), feed) for pattern, feed in _RULES)


def feed_rule(url: str) -> str | None:
    """The feed of a page on a host whose feeds follow a known rule; None elsewhere."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    place = f"{host}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")
    bare = place.partition("?")[0]
    for pattern, feed in RULES:
        if found := pattern.fullmatch(place) or pattern.fullmatch(bare):
            return found.expand(feed)
    return None
