"""What can be a source's address, and which addresses are one."""

import pytest

from jobs.addresses import feed_identity, why_refused
from jobs.errors import BlockedAddress

PRIVATE = [
    "http://127.0.0.1/feed",
    "http://localhost/feed",
    "http://news.localhost./feed",
    "http://127.1/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://１２７.0.0.1/",
    "http://10.1.2.3/rss",
    "https://192.168.0.1:8443/rss",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[fe80::1%25eth0]/",
    "http://[64:ff9b::7f00:1]/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_refused_in_every_spelling(url: str) -> None:
    error = why_refused(url)
    assert isinstance(error, BlockedAddress)
    assert error.what == "is on an address that is not public"


@pytest.mark.parametrize(
    "url", ["", "ftp://news.example/f", "javascript:alert(1)", "news", "http://", "http://a b/", "http://[::1"]
)
def test_what_is_no_web_address_is_refused_with_a_reason(url: str) -> None:
    assert why_refused(url)


def test_public_addresses_pass_without_asking_a_name_server() -> None:
    assert why_refused("https://news.example/feed.xml?a=1") is None
    assert why_refused("http://93.184.216.34/feed") is None
    assert why_refused("http://[2606:2800:220:1::1]/feed") is None


def test_host_and_port_that_the_settings_name_passes() -> None:
    assert why_refused("http://127.0.0.1:8080/feed", {("127.0.0.1", 8080)}) is None
    assert why_refused("http://127.0.0.1:8081/feed", {("127.0.0.1", 8080)})


SAME = ("http://news.example/feed", "https://NEWS.example/feed/", "https://news.example:443/feed#top")
OTHER = ("https://news.example/Feed", "https://news.example/feed?a=1", "https://news.example:81/feed", "https://[x")


def test_spellings_of_one_feed_are_one() -> None:
    assert len({feed_identity(url) for url in SAME}) == 1


def test_other_paths_queries_and_ports_are_other_feeds() -> None:
    assert len({feed_identity(url) for url in (*SAME, *OTHER)}) == 5
