"""Whether an address can be a source, and which addresses mean the same feed; nobody is asked to find out."""

import ipaddress
import socket
import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

from jobs.errors import BadUrl, BlockedAddress, SourceError
from jobs.guard import HostPort, host_port, is_public


def feed_identity(url: str) -> str:
    """Equal for spellings that surely mean one feed: scheme, case of the host, default port, slash at the end."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "") if port in (None, 80, 443) else f"{parts.hostname}:{port}"
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def why_refused(url: str, private_hosts: Collection[HostPort] = ()) -> SourceError | None:
    """Why this address cannot be a source, told without asking any name server; None when it can."""
    if not url:
        return BadUrl(url, "has no address")
    try:
        host, port = host_port(url)
    except SourceError as error:
        return error
    if (host, port) not in private_hosts and _is_private(host):
        return BlockedAddress(url, "is on an address that is not public")
    return None


def _is_private(host: str) -> bool:
    """Of literal addresses in every spelling, and of localhost; other names are checked when they are connected to."""
    host = unicodedata.normalize("NFKC", host).rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        try:
            address = socket.inet_ntoa(socket.inet_aton(host))
        except (OSError, UnicodeError):
            return False
    return not is_public(address)
