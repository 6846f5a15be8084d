import asyncio
import gzip
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import brotli
import pytest
from backports import zstd

from jobs import errors
from jobs.fetch import Fetched, Request, body_hash, fetch, open_http, seconds_to_wait
from tests.web import Reply, Seen, Web, redirect, reply, serve

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BODY = b"<rss version='2.0'><channel><title>Harbour Post</title></channel></rss>"


async def get(web: Web, request: Request | None = None, **limits: Any) -> Fetched | None:
    async with open_http(web.limits(**limits)) as http:
        return await fetch(http, request or Request(web.url()), now=NOW)


async def fetched(answer: Reply, **limits: Any) -> Fetched:
    async with serve({"/": answer}) as web:
        found = await get(web, **limits)
    assert found is not None
    return found


async def test_a_feed_comes_back_with_what_its_headers_say() -> None:
    headers = {
        "Content-Type": 'Application/RSS+XML; charset="Windows-1251"',
        "ETag": '"one"',
        "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT",
        "Cache-Control": "public, max-age=900",
        "Content-Language": "uk",
    }
    found = await fetched(reply(BODY, headers=headers))
    assert found.body == BODY
    assert (found.content_type, found.charset) == ("application/rss+xml", "windows-1251")
    assert (found.etag, found.last_modified) == ('"one"', headers["Last-Modified"])
    assert (found.max_age, found.content_language, found.permanent_url) == (900, "uk", None)


async def test_the_request_says_who_asks_and_what_is_known() -> None:
    async with serve({"/": reply(BODY)}) as web:
        await get(web, request=Request(web.url(), etag='"one"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT"))
    sent = web.seen[0].headers
    assert sent["user-agent"].startswith("Triptych/")
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"one"', "Mon, 23 Nov 2026 10:00:00 GMT")


async def test_not_modified_is_none() -> None:
    async with serve({"/": reply(status="304 Not Modified")}) as web:
        assert await get(web, request=Request(web.url(), etag='"one"')) is None


async def test_same_bytes_under_a_new_etag_are_not_modified() -> None:
    async with serve({"/": reply(BODY, headers={"ETag": '"two"'})}) as web:
        known = Request(web.url(), etag='"one"', body_hash=body_hash(BODY))
        assert await get(web, request=known) is None
        assert await get(web, request=replace(known, body_hash="other")) is not None


async def test_not_modified_to_an_unconditional_request_is_an_error() -> None:
    async with serve({"/": reply(status="304 Not Modified")}) as web:
        with pytest.raises(errors.NotModified):
            await get(web)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("404 Not Found", errors.ClientError),
        ("403 Forbidden", errors.ClientError),
        ("410 Gone", errors.Gone),
        ("429 Too Many Requests", errors.RateLimited),
        ("500 Oops", errors.ServerError),
        ("503 Later", errors.ServerError),
        ("302 Found", errors.BadResponse),
    ],
)
async def test_each_error_status_has_its_kind(status: str, error: type[errors.SourceError]) -> None:
    async with serve({"/": reply(b"sorry", status)}) as web:
        with pytest.raises(error) as caught:
            await get(web)
    assert type(caught.value) is error
    assert str(caught.value).startswith(web.url())


async def test_a_pause_the_server_wishes_is_kept_up_to_a_day() -> None:
    async with serve({"/": reply(status="429 Slow down", headers={"Retry-After": "999999"})}) as web:
        with pytest.raises(errors.RateLimited) as caught:
            await get(web)
    assert caught.value.retry_after == 24 * 3600


def test_retry_after_is_read_in_both_forms() -> None:
    assert seconds_to_wait("120", NOW) == 120
    assert seconds_to_wait("Tue, 24 Nov 2026 12:10:00 GMT", NOW) == 600
    assert seconds_to_wait("Tue, 24 Nov 2020 12:10:00 GMT", NOW) == 0
    for text in (None, "", "soon", "-5", "٣", "Tue, 99 Nov"):
        assert seconds_to_wait(text, NOW) is None


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("gzip, br", lambda body: brotli.compress(gzip.compress(body, mtime=0))),
        ("gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
        ("gzip", lambda body: gzip.compress(body, mtime=0) + b"\0\0\0"),
        ("zstd", lambda body: zstd.compress(body[:9]) + zstd.compress(body[9:])),
        ("identity", bytes),
        ("", bytes),
    ],
)
async def test_every_usual_compression_is_undone(coding: str, pack: Callable[[bytes], bytes]) -> None:
    assert (await fetched(reply(pack(BODY), headers={"Content-Encoding": coding}))).body == BODY


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)[:-12]),
        ("deflate", b"x" * 50),
        ("br", brotli.compress(BODY)[:-3]),
        ("br", b"\xff" * 50),
        ("zstd", zstd.compress(BODY)[:-3]),
        ("zstd", BODY),
        ("lzma", BODY),
        ("gzip, gzip, gzip", BODY),
        ("gzip", gzip.compress(b"", mtime=0) * 1000),
    ],
)
async def test_broken_compression_is_named(coding: str, body: bytes) -> None:
    with pytest.raises(errors.BadCompression):
        await fetched(reply(body, headers={"Content-Encoding": coding}))


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstd.compress), ("deflate", zlib.compress)],
)
async def test_a_bomb_is_refused_before_it_is_inflated(coding: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(b" " * 8_000_000)
    with pytest.raises(errors.TooLarge):
        await fetched(reply(bomb, headers={"Content-Encoding": coding}), body=1_000_000)


async def test_an_endless_body_is_cut_off() -> None:
    async def endless(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()

    with pytest.raises(errors.TooLarge):
        await fetched(endless, body=1_000_000)


async def test_a_length_over_the_limit_is_not_even_read() -> None:
    with pytest.raises(errors.TooLarge):
        await fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")


async def test_one_deadline_covers_a_body_that_drips() -> None:
    async def drip(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _space in range(600):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    started = time.monotonic()
    with pytest.raises(errors.Timeout):
        await fetched(drip, deadline=0.4)
    assert time.monotonic() - started < 15


async def test_one_deadline_covers_all_redirects() -> None:
    async def slow(_: Seen, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(redirect("/"))

    started = time.monotonic()
    with pytest.raises(errors.Timeout):
        await fetched(slow, deadline=0.5)
    assert time.monotonic() - started < 15


@pytest.mark.parametrize(
    "answer",
    [
        b"ICY 200 OK\r\n\r\n",
        b"\x16\x03\x01\x00",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort",
    ],
)
async def test_what_is_not_valid_http_is_a_bad_response(answer: bytes) -> None:
    with pytest.raises((errors.BadResponse, errors.Network)):
        await fetched(answer)


async def test_a_closed_door_is_a_network_error() -> None:
    with pytest.raises(errors.Network):
        await fetched(b"")


async def test_an_empty_page_is_named() -> None:
    with pytest.raises(errors.Empty):
        await fetched(reply(b" \r\n"))


async def test_permanent_redirects_give_the_new_address_and_later_hops_do_not() -> None:
    answers = {"/": redirect("/new", "301 Moved"), "/new": redirect("/now", "302 Found"), "/now": reply(BODY)}
    async with serve(answers) as web:
        found = await get(web)
    assert found is not None
    assert (found.final_url, found.permanent_url) == (web.url("/now"), web.url("/new"))


async def test_a_redirect_loop_ends() -> None:
    async with serve({"/": redirect("/b"), "/b": redirect("/")}) as web:
        with pytest.raises(errors.RedirectLoop):
            await get(web)
    assert len(web.seen) == 7


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("file:///etc/hosts", errors.BlockedScheme),
        ("javascript:alert(1)", errors.BlockedScheme),
        ("http://127.0.0.1:1/", errors.BlockedAddress),
        ("http://localhost:1/", errors.BlockedAddress),
        ("http://169.254.169.254/latest/", errors.BlockedAddress),
        ("http://[::1]:1/", errors.BlockedAddress),
        ("http://[::ffff:127.0.0.1]:1/", errors.BlockedAddress),
        ("http://0x7f.1:1/", errors.BlockedAddress),
        ("http://0177.0.0.1:1/", errors.BadUrl),
        ("http://2130706433:1/", errors.BadUrl),
        ("//１２７.０.０.１:1/", errors.BlockedAddress),
        ("http://[::1", errors.BadUrl),
    ],
)
async def test_redirects_inward_or_to_other_schemes_are_refused(target: str, error: type[errors.SourceError]) -> None:
    async with serve({"/": redirect(target)}) as web:
        with pytest.raises(error):
            await get(web)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}/", "http://localhost:{}/", "http://[::ffff:127.0.0.1]:{}/", "http://0:{}/"]
)
async def test_a_private_server_is_never_touched(url: str) -> None:
    async with serve({"/": reply(BODY)}) as web:
        with pytest.raises((errors.BlockedAddress, errors.BadUrl)):
            await get(web, request=Request(url.format(web.port)), private_hosts=frozenset())
        with pytest.raises((errors.BlockedAddress, errors.BadUrl)):
            await get(
                web, request=Request(url.format(web.port)), private_hosts=frozenset({("127.0.0.1", web.port + 1)})
            )
    assert web.seen == []


async def test_a_host_is_asked_two_at_a_time_and_with_a_pause() -> None:
    async def slow(_: Seen, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        writer.write(reply(BODY))

    async with serve({"/": slow}) as web, open_http(web.limits(host_pause=0.1)) as http:
        started = time.monotonic()
        await asyncio.gather(*(fetch(http, Request(web.url())) for _ in range(5)))
    assert time.monotonic() - started >= 0.4
    assert web.open_at_most <= 2


async def test_a_password_in_the_address_is_not_told() -> None:
    async with serve({}) as web:
        url = web.url("/feed?token=opensesame").replace("http://", "http://reader:hunter2@")
        with pytest.raises(errors.ClientError) as caught:
            await get(web, request=Request(url))
    assert "hunter2" not in str(caught.value)
    assert "opensesame" not in str(caught.value)


def test_every_kind_is_its_own_and_tells_what_to_do() -> None:
    def family(cls: type[errors.SourceError]) -> list[type[errors.SourceError]]:
        return [cls] + [found for child in cls.__subclasses__() for found in family(child)]

    classes = family(errors.SourceError)
    assert len({cls.kind for cls in classes}) == len(classes) > 20
    assert all(cls.advice for cls in classes if not cls.__subclasses__())
