"""What can go wrong with a source: one class a kind, each with words for the admin.

SourceError
  FetchError
    BadUrl  BlockedScheme  BlockedAddress
    Network  Timeout  BadResponse  BadCompression  TooLarge  RedirectLoop  NotModified
    Refused
      ClientError
        Gone
      RateLimited
      ServerError
  ParseError
    Empty  NotAFeed  Malformed  UnsafeMarkup  BadOpml
"""

import re
from collections.abc import Iterator
from typing import ClassVar

DAY = 24 * 3600  # seconds

_USER_INFO = re.compile(r"(?<=//)[^/?#\s]*@")
_SECRET_VALUE = re.compile(r"(?i)([?&][^=&#\s]*(?:token|key|auth|secret|passw|sig)[^=&#\s]*=)[^&#\s]*")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa1-\u1fff\u2030-\u205e\u2070-\ud7ff\uf900-\ufaff\uff01-\uffdc]")


def shown(url: str) -> str:
    """The address as a person may see it: no password, no token, one line of at most 200 characters."""
    bare = _SECRET_VALUE.sub(r"\1…", _USER_INFO.sub("", url))
    return _UNPRINTABLE.sub("", bare)[:200] or "the source"


def N_(message: str) -> str:
    """Marks a message for the catalogues of the interface."""
    return message


class SourceError(Exception):
    """A source could not be read. `kind` is stable; str() is the subject, what happened and what to do.

    What happened is a template for `values`, so that it can be said in other languages.
    """

    kind: ClassVar[str] = "source"
    advice: str = ""

    def __init__(self, url: str, template: str, **values: object) -> None:
        super().__init__(url, template)
        self.url = url
        self.template = template
        self.values = values

    @property
    def what(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def __str__(self) -> str:
        said = f"{shown(self.url)} {self.what}"
        return f"{said}. {self.advice}" if self.advice else said


class FetchError(SourceError):
    """Nothing readable came back."""

    kind = "fetch"


class BadUrl(FetchError):
    kind = "bad_url"
    advice = N_("Give a full address such as https://news.example/feed.xml.")


class BlockedScheme(FetchError):
    kind = "blocked_scheme"
    advice = N_("Only http and https are read: give the address the feed has on the web.")


class BlockedAddress(FetchError):
    kind = "blocked_address"
    advice = N_("If this is a server of your own, add its exact host:port to ALLOW_PRIVATE_HOSTS.")


class Network(FetchError):
    kind = "network"
    advice = N_("Check the spelling of the address, or wait: it is tried again by itself.")


class Timeout(FetchError):
    kind = "timeout"
    advice = N_("It is tried again by itself, less and less often; remove the source if it stays this slow.")


class BadResponse(FetchError):
    kind = "bad_response"
    advice = N_("Open the address in a browser; if it works there, tell the site's webmaster.")


class BadCompression(FetchError):
    kind = "bad_compression"
    advice = N_("The site's server is set up wrongly; it is tried again by itself.")


class TooLarge(FetchError):
    kind = "too_large"
    advice = N_("Look for a smaller feed of the same site, one section for example.")


class RedirectLoop(FetchError):
    kind = "redirect_loop"
    advice = N_("Open the address in a browser and give the one you end at.")


class NotModified(FetchError):
    kind = "not_modified"
    advice = N_("The server answers 304 to everybody; it is asked again in full by itself.")


class Refused(FetchError):
    """The server answered with an error status. `retry_after` is in seconds, at most a day; None when it names none."""

    kind = "refused"

    def __init__(self, url: str, status: int, retry_after: int | None = None) -> None:
        super().__init__(url, N_("answered {status}"), status=status)
        self.status = status
        self.retry_after = retry_after


class ClientError(Refused):
    kind = "client_error"
    advice = N_("The feed may have moved or be closed to bots: look for its new address on the site.")


class Gone(ClientError):
    kind = "gone"
    advice = N_("The site has ended this feed for good: remove the source or give its new address.")


class RateLimited(Refused):
    kind = "rate_limited"
    advice = N_("It is asked again after the pause the server wishes.")


class ServerError(Refused):
    kind = "server_error"
    advice = N_("The trouble is on their side; it is tried again by itself.")


class ParseError(SourceError):
    """Something came back that gives no entries."""

    kind = "parse"


class Empty(ParseError):
    kind = "empty"
    advice = N_("It is tried again by itself; if it stays so, look for another feed on the site.")


class NotAFeed(ParseError):
    kind = "not_a_feed"
    advice = N_("Give the address of a feed (RSS, Atom or JSON Feed); sites often link it as “RSS”.")


class Malformed(ParseError):
    kind = "malformed"
    advice = N_("The feed is broken on their side; it is tried again by itself.")


class UnsafeMarkup(ParseError):
    kind = "unsafe_markup"
    advice = N_("The feed was not read, to keep this server safe; remove it unless you trust the site.")


class BadOpml(ParseError):
    kind = "bad_opml"
    advice = N_("Export the list again from your reader as OPML, or send a plain list of addresses, one a line.")


def _family(cls: type[SourceError]) -> Iterator[type[SourceError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from _family(child)


def parse_error(kind: str, url: str, template: str, **values: object) -> ParseError:
    """The error of this kind, as the parser's process named it."""
    for cls in _family(ParseError):
        if cls.kind == kind and issubclass(cls, ParseError):
            return cls(url, template, **values)
    return Malformed(url, template, **values)


# What happened, where it carries values: by these the words of an error are found again; of two that fit, the later.
TEMPLATES = (
    N_("answered {status}"),
    N_("answered {status}, which leads nowhere"),
    N_("leads to {address}, which {what}"),
    N_("redirects more than {n} times"),
    N_("is larger than {size} MiB"),
    N_("has more than {n} outlines"),
    N_("cannot be read ({fault})"),
)


def kept_error(kind: str, url: str, said: str) -> SourceError:
    """An error again whose words were kept with its kind; words that no template gives stay as they are."""
    advice = next((cls.advice for cls in _family(SourceError) if cls.kind == kind), "")
    what = said.removeprefix(f"{shown(url)} ").removesuffix(f". {advice}" if advice else "")
    error = SourceError(url, what)
    for template in TEMPLATES:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template))
        if found := re.fullmatch(pattern, what):
            error = SourceError(url, template, **found.groupdict())
    error.advice = advice
    return error


def refused(url: str, status: int, retry_after: int | None) -> Refused:
    """The error for a 4xx or 5xx answer (https://www.rfc-editor.org/rfc/rfc9110#section-15.5)."""
    if status == 429:
        return RateLimited(url, status, retry_after)
    if status == 410:
        return Gone(url, status)
    if status >= 500:
        return ServerError(url, status, retry_after)
    return ClientError(url, status, retry_after)
