import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import BadUrl, BlockedScheme
from jobs.guard import BlockedSocket, guarded_socket, host_port, is_public, parse_host_port

PRIVATE = """127.0.0.1 127.8.9.10 0.0.0.0 10.0.0.1 172.16.5.4 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
    100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 192.88.99.1 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 ::8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1
    2001::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd12:3456::1
    fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1"""
PUBLIC = "8.8.8.8 1.1.1.1 93.184.216.34 172.32.0.1 100.128.0.1 2606:4700:4700::1111 2a00:1450:4001::5"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private_and_special_addresses_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses_are_let_through(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_becomes_public_by_being_wrapped_in_ipv6(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    wrapped = [ipaddress.IPv6Address(prefix | number) for prefix in (0, 0xFFFF << 32, 0x64FF9B << 96)]
    wrapped.append(ipaddress.IPv6Address((0x2002 << 112) | (number << 80)))
    assert not any(is_public(str(address)) for address in wrapped)
    assert not is_public(str(plain)) or plain.is_global


@given(st.text(max_size=40))
def test_what_is_no_address_is_not_public(text: str) -> None:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        assert not is_public(text)


def test_no_socket_is_made_for_a_private_address() -> None:
    with pytest.raises(BlockedSocket, match=r"10\.0\.0\.1"):
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))


def test_a_socket_is_made_for_a_public_address() -> None:
    with guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))) as made:
        assert made.family == socket.AF_INET


def test_only_web_addresses_have_a_host_and_a_port() -> None:
    assert host_port("https://News.Example/feed") == ("news.example", 443)
    assert host_port("http://[2606:4700::1]:8080/") == ("2606:4700::1", 8080)
    for url in ("file:///etc/hosts", "ftp://news.example/", "gopher://news.example/", "javascript:alert(1)"):
        with pytest.raises(BlockedScheme):
            host_port(url)
    for url in (
        "",
        "//news.example/",
        "http://",
        "http://news.example:99999/",
        "http://a b/",
        "http://[::1/",
        "http://a\\b/",
    ):
        with pytest.raises(BadUrl):
            host_port(url)


def test_a_private_host_is_named_with_its_port() -> None:
    assert parse_host_port("NAS.lan:8080") == ("nas.lan", 8080)
    assert parse_host_port("[fd00::1]:80") == ("fd00::1", 80)
    for text in ("nas.lan", "nas.lan:", ":80", "user@nas.lan:80", "nas.lan:80/path", "nas.lan:x"):
        with pytest.raises(ValueError):
            parse_host_port(text)
