import time

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.article import Robots, extract, read_full
from jobs.fetch import open_http
from jobs.parser_pool import ParserPool
from tests.web import Reply, Web, redirect, reply, serve

URL = "https://harbour.example/pier"
PARAGRAPH = (
    "The harbour board of Eastmere said on Tuesday that pier {} will close for repairs, and that owners will be paid."
)
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(paragraphs: int = 12, extra: str = "", head: str = "") -> bytes:
    story = "".join(f"<p>{PARAGRAPH.format(n)}</p>" for n in range(paragraphs))
    return (
        f"<html><head><title>Pier</title>{head}</head><body><nav><a href='/'>Home</a> <a href='/s'>Sport</a></nav>"
        f"<article><h1>Pier closes</h1>{story}{extra}</article><footer>Imprint</footer></body></html>"
    ).encode()


async def full(web: Web, path: str = "/pier", pages_per_minute: int = 60_000) -> str | None:
    async with open_http(web.limits()) as http, ParserPool() as pool:
        return await read_full(http, web.url(path), pool=pool, robots=Robots(http), pages_per_minute=pages_per_minute)


async def read_from(answers: dict[str, Reply]) -> str | None:
    async with serve(answers) as web:
        return await full(web)


def test_the_article_is_taken_and_what_stands_around_it_is_not() -> None:
    text = extract(page(), URL)
    assert text is not None
    assert all(PARAGRAPH.format(n) in text.split("\n") for n in range(12))
    assert not {"Home", "Sport", "Imprint"} & set(text.split("\n"))


def test_a_paywall_stub_is_no_article() -> None:
    free = extract(page(3), URL)
    assert free is not None
    assert extract(page(3, "<p>Subscribe to continue reading this story.</p>"), URL) is None
    assert (
        extract(page(3, head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>'), URL) is None
    )
    assert extract(page(3, "<p>Чтобы читать дальше, оформите подписку.</p>"), URL) is None


def test_a_page_that_is_open_in_spite_of_its_paywall_marks_is_an_article() -> None:
    assert extract(page(30, head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>'), URL)


def test_a_test_for_robots_is_no_article() -> None:
    check = "<p>Please verify you are human before we let you read on. Checking your browser takes a moment or two.</p>"
    assert extract(f"<html><body><article>{check * 2}</article></body></html>".encode(), URL) is None


def test_a_page_without_paragraphs_gives_nothing() -> None:
    for html in (b"", b"<html></html>", b"\x00\xff" * 50, b"{}", b"<p>"):
        assert extract(html, URL) is None


@given(st.binary(max_size=300))
@settings(max_examples=30, deadline=None)
def test_no_bytes_break_the_extraction(tail: bytes) -> None:
    extract(b"<html><body><article>" + tail, URL)


async def test_the_full_text_is_read_from_the_page() -> None:
    text = await read_from(
        {"/robots.txt": reply(b"User-agent: *\nDisallow: /private"), "/pier": reply(page(), headers=HTML)}
    )
    assert text is not None
    assert PARAGRAPH.format(7) in text


async def test_a_page_that_robots_txt_closes_is_not_asked_for() -> None:
    answers = {"/robots.txt": reply(b"User-agent: triptych\nDisallow: /"), "/pier": reply(page(), headers=HTML)}
    async with serve(answers) as web:
        assert await full(web) is None
    assert [seen.path for seen in web.seen] == ["/robots.txt"]


async def test_a_site_whose_robots_txt_fails_is_left_alone() -> None:
    assert await read_from({"/robots.txt": reply(status="503 Later"), "/pier": reply(page(), headers=HTML)}) is None


async def test_what_is_not_a_page_gives_nothing_and_raises_nothing() -> None:
    assert await read_from({"/pier": reply(page(), "404 Not Found", HTML)}) is None
    assert await read_from({"/pier": reply(page(), headers={"Content-Type": "application/pdf"})}) is None
    assert await read_from({"/pier": redirect("http://127.0.0.1:1/")}) is None
    assert await read_from({"/pier": b"nonsense"}) is None


async def test_pages_of_one_host_are_asked_for_with_a_pause() -> None:
    async with (
        serve({"/pier": reply(page(), headers=HTML)}) as web,
        open_http(web.limits()) as http,
        ParserPool() as pool,
    ):
        robots = Robots(http)
        started = time.monotonic()
        for _ in range(3):
            assert await read_full(http, web.url("/pier"), pool=pool, robots=robots, pages_per_minute=200)
    assert time.monotonic() - started >= 0.6
    assert [seen.path for seen in web.seen].count("/robots.txt") == 1
