"""Items read without feedparser are read as feedparser reads them."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.errors import ParseError
from jobs.feed import Feed
from jobs.parse import parse
from jobs.plain_items import plain_item
from jobs.prune import outline

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEXTS = (
    "Lamp relit",
    " Fähre fährt ",
    "Мост открыт",
    "a &amp; b",
    "<![CDATA[<b>bold</b> text]]>",
    "A&amp;amp;B",
    "",
    "&#150;x",
    "Ã¼ber",
    "x<!-- y -->z",
    "&lt;p&gt;One&lt;/p&gt;",
    "<i>it</i>",
    "1 &lt; 2",
    "<?x y?>t",
    "two\nlines",
    "\u00a0",
)
LINKS = (
    "https://quay.example/1",
    "https://quay.example/1?a=1&amp;b=2",
    "/relative",
    "http://quay.example",
    "javascript:x",
    "",
    " https://quay.example/2 ",
    "https://quay.example/?x&amp;y;",
    "https://QUAY.example/1#top",
    "https://quay.example/1?",
    "http:////quay.example/x",
    "tag:quay.example,2026:1",
    "urn:uuid:1",
    "mailto:a@quay.example",
    "1",
    "https://quay.example/a;b",
)
DATES = (
    "Mon, 23 Nov 2026 10:00:00 GMT",
    "Mon, 23 Nov 2026 10:00:00 +0200",
    "Mon, 23 Nov 2026 10:00:00 EST",
    "2026-11-23",
    "soon",
    "",
    "2026-11-23T10:00:00Z",
    "2026-11-23T10:00:00-05:00",
    "2026-11-23T25:00:00Z",
    "Mon, 31 Feb 2026 10:00:00 GMT",
    "12:30",
    "Fri, 01 Jan 2038 00:00:00 GMT",
    "Mon, 23 Nov 2026 24:61:00 GMT",
)


def elements(forms: tuple[str, ...], values: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.builds(lambda form, value: form.replace("@", value), st.sampled_from(forms), st.sampled_from(values))


RSS_PARTS = st.one_of(
    elements(("<title>@</title>", "<title type='html'>@</title>", "<title xml:lang='de'>@</title>"), TEXTS),
    elements(("<description>@</description>", "<content:encoded>@</content:encoded>", "<summary>@</summary>"), TEXTS),
    elements(("<link>@</link>", "<link href='@'/>", "<guid>@</guid>", "<guid isPermaLink='false'>@</guid>"), LINKS),
    elements(("<pubDate>@</pubDate>", "<dc:date>@</dc:date>", "<updated>@</updated>"), DATES),
    elements(
        ("<category>@</category>", "<dc:creator>@</dc:creator>", "<author>@</author>", "<media:title>@</media:title>"),
        TEXTS,
    ),
    st.sampled_from(
        ("<enclosure url='https://quay.example/1.mp3'/>", "<source url='https://x.example/'>X</source>", "<image/>")
    ),
)
ATOM_PARTS = st.one_of(
    elements(("<title>@</title>", "<title type='html'>@</title>", "<title type='xhtml'><div>@</div></title>"), TEXTS),
    elements(("<summary>@</summary>", "<summary type='html'>@</summary>", "<content type='html'>@</content>"), TEXTS),
    elements(("<content>@</content>", "<content type='text/html'>@</content>", "<content src='x'>@</content>"), TEXTS),
    elements(
        ("<link href='@'/>", "<link rel='alternate' type='text/html' href='@'/>", "<link rel='self' href='@'/>"), LINKS
    ),
    elements(("<id>@</id>", "<id xml:base='https://b.example/'>@</id>", "<link>@</link>"), LINKS),
    elements(("<published>@</published>", "<updated>@</updated>", "<issued>@</issued>", "<dc:date>@</dc:date>"), DATES),
    st.sampled_from(("<author><name>N. Ames</name><uri>https://x.example/</uri></author>", "<category term='x'/>")),
)
SPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
)
RSS = f"<rss version='2.0' {SPACES}><channel><title>Quay</title><item>@</item></channel></rss>"
RDF = f"<rdf:RDF xmlns='http://purl.org/rss/1.0/' {SPACES}><channel/><item rdf:about='https://quay.example/1'>@</item></rdf:RDF>"
ATOM = f"<feed xmlns='http://www.w3.org/2005/Atom' {SPACES}><title>Quay</title><entry>@</entry></feed>"
PLAIN = (
    "<title>Мост открыт</title><link>https://quay.example/1</link><description>&lt;p&gt;Сегодня.&lt;/p&gt;</description>"
    "<dc:date>2026-11-23T10:00:00Z</dc:date><dc:creator>N. Ames</dc:creator>"
)


def read(body: str) -> Feed | str:
    try:
        return parse(body.encode(), url="https://quay.example/feeds/", known={}, now=NOW)
    except ParseError as error:
        return str(error)


def by_feedparser(body: str) -> Feed | str:
    """An attribute that nobody knows on the root sends all items to feedparser, and changes nothing else."""
    return read(re.sub("<(rss|rdf:RDF|feed) ", r"<\1 unknown='1' ", body, count=1))


@pytest.mark.parametrize("frame", [RSS, RDF])
def test_a_usual_item_is_plain(frame: str) -> None:
    sketch = outline(frame.replace("@", PLAIN).encode(), None)
    assert sketch is not None
    assert plain_item(sketch.elements[0], sketch.items[0]) is not None


@given(st.sampled_from([RSS, RDF]), st.lists(RSS_PARTS, max_size=6))
@settings(max_examples=300, deadline=None)
def test_rss_items_are_read_as_feedparser_reads_them(frame: str, parts: list[str]) -> None:
    body = frame.replace("@", "".join(parts))
    assert read(body) == by_feedparser(body)


@given(st.lists(ATOM_PARTS, max_size=6))
@settings(max_examples=300, deadline=None)
def test_atom_entries_are_read_as_feedparser_reads_them(parts: list[str]) -> None:
    body = ATOM.replace("@", "".join(parts))
    assert read(body) == by_feedparser(body)
