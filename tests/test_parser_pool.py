import gc

import pytest

from jobs import errors
from jobs.parser_pool import MIB, ParserPool
from tests.test_parse import NOW, URL, item, read, rss, stored


@pytest.fixture(name="big_feed")
def _big_feed() -> bytes:
    return rss(
        *(item(str(n), f"/{n}", f"Tide {n}", "<description>Low water.</description>") for n in range(300))
    ).encode()


async def test_the_pool_gives_what_the_parser_gives(big_feed: bytes) -> None:
    async with ParserPool() as pool:
        found = await pool.parse(big_feed, url=URL, known={}, now=NOW)
        assert found == read(big_feed)
        assert (await pool.parse(big_feed, url=URL, known=stored(found), now=NOW)).entries == ()
        with pytest.raises(errors.NotAFeed):
            await pool.parse(b"words", url=URL, known={}, now=NOW)


async def test_a_job_past_its_deadline_is_ended_and_the_next_one_works(big_feed: bytes) -> None:
    async with ParserPool(deadline=0.001) as pool:
        with pytest.raises(errors.UnsafeMarkup, match="longer"):
            await pool.parse(big_feed, url=URL, known={}, now=NOW)
        pool.deadline = 30.0
        assert len((await pool.parse(big_feed, url=URL, known={}, now=NOW)).entries) == 300


async def test_a_job_whose_time_is_over_before_it_begins_leaves_no_process_behind() -> None:
    async with ParserPool(deadline=0.0) as pool:
        for _ in range(5):
            with pytest.raises(errors.UnsafeMarkup, match="longer"):
                await pool.parse(b"<rss></rss>", url=URL, known={}, now=NOW)
    gc.collect()  # a process left behind would warn here


async def test_a_body_that_needs_too_much_memory_is_refused_and_the_next_one_works(big_feed: bytes) -> None:
    bomb = b"<rss version='2.0'><channel>" + b"<a/>" * 500_000 + b"</channel></rss>"
    async with ParserPool(memory=32 * MIB) as pool:
        with pytest.raises(errors.UnsafeMarkup):
            await pool.parse(bomb, url=URL, known={}, now=NOW)
        assert len((await pool.parse(big_feed, url=URL, known={}, now=NOW)).entries) == 300
