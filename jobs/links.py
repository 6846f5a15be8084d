"""Addresses of articles in one form, so that the same page has one address."""

import re
from typing import Final
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from jobs.markup import safe

URL_AT_MOST: Final = 2000
# Parameters that say where a reader came from, never what is shown.
_TRACKING: Final = re.compile(
    r"(?i)(utm_.*|ga_.*|pk_.*|mtm_.*|hsa_.*|at_(medium|campaign|custom\d?|format|link_.*|ptr_.*|bbc_team)|fbclid|gclid|dclid"
    r"|gbraid|wbraid|yclid|ysclid|msclkid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|_openstat|cmpid|ocid"
    r"|ns_(campaign|mchannel|source|linkname|fee)|ito|s_cid|xtor|wt_mc|wt\.mc_id|traffic_source|partner|rss_?id)"
)
_NOT_IN_URL: Final = re.compile(r"[\s\x00-\x1f]")


def absolute(link: str, base: str) -> str:
    """The link resolved against its base; "" when that cannot be done."""
    try:
        return urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""


def canonical(link: str) -> str:
    """An http(s) address without tracking, password or default port; "" for every other scheme and for what is none.

    What a site may read is left as it is: path, order of parameters, fragment.
    """
    link = safe(link).strip()
    if not link[:8].lower().startswith(("http://", "https://")) or len(link) > URL_AT_MOST:
        return ""
    link = _NOT_IN_URL.sub(lambda found: quote(found[0]) if found[0] == " " else "", link)
    try:
        parts = urlsplit(link)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    scheme = parts.scheme.lower()
    netloc = parts.netloc.rpartition("@")[2]
    if port == {"http": 80, "https": 443}[scheme]:
        netloc = netloc.rpartition(":")[0]
    fragment = "" if _is_tracking(parts.fragment) else parts.fragment
    return urlunsplit((scheme, netloc, parts.path, _without_tracking(parts.query), fragment))


def _is_tracking(pair: str) -> bool:
    return _TRACKING.fullmatch(pair.partition("=")[0]) is not None


def _without_tracking(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if not _is_tracking(pair)) if query else ""
