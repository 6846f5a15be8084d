"""Three fictional newsrooms on loopback, with feeds and pages, so that a first run needs no network.

An article is in the feeds, on the home page and at its address only once the clock has reached it: moving the
clock brings news.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from aiohttp import web
from lxml import etree
from lxml.builder import ElementMaker

from bot.playground.newsprint import article_page, home_page, paragraph_html
from bot.playground.newsroom import OUTLETS, Article, Outlet, read_articles

FEED_LENGTH = 20
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"


def rss(outlet: Outlet, articles: Sequence[Article], site: str) -> bytes:
    """RSS 2.0; `site` is the outlet's address without a slash at its end."""
    make = ElementMaker(nsmap={"content": CONTENT, "dc": DC, "atom": ATOM})
    channel = make.channel(
        make.title(outlet.title),
        make.link(f"{site}/"),
        make.description(outlet.tagline),
        make.language(outlet.language),
        etree.Element(f"{{{ATOM}}}link", rel="self", href=f"{site}/feed.xml", type="application/rss+xml"),
    )
    for article in articles:
        item = make.item(
            make.title(article.title),
            make.link(f"{site}/{article.slug}"),
            make.guid(f"{outlet.name}:{article.slug}", isPermaLink="false"),
            make.pubDate(format_datetime(article.published_at, usegmt=True)),
            make.category(article.section),
            make.description(article.summary),
        )
        etree.SubElement(item, f"{{{DC}}}creator").text = article.author
        if outlet.feed == "full":
            etree.SubElement(item, f"{{{CONTENT}}}encoded").text = content_html(article)
        channel.append(item)
    return document(make.rss(channel, version="2.0"))


def atom(outlet: Outlet, articles: Sequence[Article], site: str) -> bytes:
    """Atom 1.0 whose entries carry their own languages."""
    make = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    feed = make.feed(
        make.title(outlet.title),
        make.subtitle(outlet.tagline),
        make.id(f"{site}/"),
        make.link(href=f"{site}/"),
        make.link(rel="self", href=f"{site}/feed.xml"),
        {lang: outlet.language},
    )
    if articles:
        feed.append(make.updated(articles[0].published_at.isoformat()))
    for article in articles:
        feed.append(
            make.entry(
                make.title(article.title),
                make.id(f"{site}/{article.slug}"),
                make.link(href=f"{site}/{article.slug}"),
                make.published(article.published_at.isoformat()),
                make.updated(article.published_at.isoformat()),
                make.author(make.name(article.author)),
                make.category(term=article.section),
                make.summary(article.summary),
                make.content(content_html(article), type="html"),
                {lang: article.language},
            )
        )
    return document(feed)


def document(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


def content_html(article: Article) -> str:
    return "\n".join(paragraph_html(paragraph) for paragraph in article.paragraphs)


def outlet_routes(now: Callable[[], datetime], start: datetime) -> list[web.RouteDef]:
    """Feeds at /outlets/NAME/feed.xml, home pages at /outlets/NAME/, articles at /outlets/NAME/SLUG."""
    outlets = {outlet.name: outlet for outlet in OUTLETS}
    articles = read_articles(start)

    def asked(request: web.Request) -> tuple[Outlet, list[Article], str]:
        outlet = outlets.get(request.match_info["name"])
        if outlet is None:
            raise web.HTTPNotFound(text="No such outlet.")
        out = [article for article in articles if article.outlet == outlet.name and article.published_at <= now()]
        return outlet, out, f"{request.url.origin()}/outlets/{outlet.name}"

    async def index(request: web.Request) -> web.Response:
        rows = "".join(f'<li><a href="/outlets/{o.name}/">{escape(o.title)}</a></li>' for o in OUTLETS)
        return html(f"<!doctype html><title>Sample outlets</title><h1>Sample outlets</h1><ul>{rows}</ul>")

    async def home(request: web.Request) -> web.Response:
        outlet, out, site = asked(request)
        return html(home_page(outlet, out, site))

    async def feed(request: web.Request) -> web.Response:
        outlet, out, site = asked(request)
        write = atom if outlet.feed == "atom" else rss
        kind = "application/atom+xml" if outlet.feed == "atom" else "application/rss+xml"
        return unless_known(request, write(outlet, out[:FEED_LENGTH], site), kind)

    async def page(request: web.Request) -> web.Response:
        outlet, out, site = asked(request)
        for article in out:
            if article.slug == request.match_info["slug"]:
                return html(article_page(outlet, article, out, site))
        raise web.HTTPNotFound(text="No such article.")

    return [
        web.get("/outlets/", index),
        web.get("/outlets/{name}/", home),
        web.get("/outlets/{name}/feed.xml", feed),
        web.get("/outlets/{name}/{slug}", page),
    ]


def html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


def unless_known(request: web.Request, body: bytes, content_type: str) -> web.Response:
    """304 when the asker already has these bytes, by ETag."""
    etag = hashlib.sha256(body).hexdigest()[:20]
    known = {known.value for known in request.if_none_match or ()}
    if etag in known:
        response = web.Response(status=304)
    else:
        response = web.Response(body=body, content_type=content_type, charset="utf-8")
    response.etag = etag
    return response
