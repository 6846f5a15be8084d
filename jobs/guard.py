"""Which addresses may be asked for.

The check belongs where the connection is made, on the address the name resolved to: a check of the URL
alone is undone by a name that resolves inward, by rebinding, by redirects and by odd spellings.
"""

import errno
import ipaddress
import re
import socket
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from jobs.errors import BadUrl, BlockedScheme

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
HostPort = tuple[str, int]
AddrInfo = tuple[Any, Any, int, str, tuple[Any, ...]]

# What `is_global` lets through and we do not, or lets through on some Python versions only.
# Registries: https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
_CLOSED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared, RFC 6598
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relay
        "168.63.129.16/32",  # a cloud's metadata and DNS host, on a public address
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "::/8",  # unspecified, loopback, IPv4-mapped, IPv4-compatible
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "100::/64",  # discard
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local
        "fe80::/9",  # link-local and the former site-local
        "ff00::/8",
    )
)


_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")


class BlockedSocket(OSError):
    """Raised instead of making a socket to an address that must not be touched."""


def is_public(address: str) -> bool:
    """Whether this literal address may be connected to. A text that is no address is not public."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _CLOSED if net.version == ip.version)


def guarded_socket(info: AddrInfo) -> socket.socket:
    """A socket for a resolved address; BlockedSocket when the address is not public."""
    family, kind, protocol, _, sockaddr = info
    if not is_public(str(sockaddr[0])):
        raise BlockedSocket(errno.EACCES, f"{sockaddr[0]} is not a public address")
    return socket.socket(family=family, type=kind, proto=protocol)


@lru_cache(maxsize=4096)
def host_port(url: str) -> HostPort:
    """The host, in lower case, and port an http(s) address names; BadUrl or BlockedScheme otherwise."""
    if _BLANK.search(url):
        raise BadUrl(url, "has blanks or control characters in it")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadUrl(url, "is not an address that can be read") from error
    if parts.scheme not in ("http", "https"):
        raise (BlockedScheme if parts.scheme else BadUrl)(url, "is not an http or https address")
    if not host or "\\" in parts.netloc or len(url) > 4096:
        raise BadUrl(url, "names no host that can be asked")
    return host.lower(), port if port is not None else {"http": 80, "https": 443}[parts.scheme]


def parse_host_port(text: str) -> HostPort:
    """`host:port` as ALLOW_PRIVATE_HOSTS spells it (`[::1]:8080` for IPv6); ValueError says what is wrong."""
    parts = urlsplit(f"//{text.strip()}")
    if not parts.hostname or parts.port is None or parts.path or parts.username is not None:
        raise ValueError(f"{text!r} is not host:port")
    return parts.hostname.lower(), parts.port
