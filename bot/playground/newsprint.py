"""How the sample outlets' pages look: the text with everything newsrooms put around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.playground.newsroom import Article, Outlet


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands around the text in one language."""

    sections: tuple[str, ...]
    cookies: str
    newsletter: str
    most_read: str
    comments: tuple[str, ...]  # the heading, then what readers wrote
    footer: str


FURNITURE = {
    "en": Furniture(
        sections=("Home", "World", "Business", "Culture", "Sport", "Subscribe"),
        cookies="We and our 214 partners use cookies to improve your experience. Accept all or manage choices.",
        newsletter="Our morning letter: seven stories before the kettle boils. Sign up for free.",
        most_read="Most read",
        comments=(
            "Comments (2)",
            "Told you so last year, nobody listened.",
            "Can we talk about the parking downtown instead?",
        ),
        footer="Contact · Imprint · Privacy · Advertise with us",
    ),
    "uk": Furniture(
        sections=("Головна", "Світ", "Економіка", "Культура", "Спорт", "Підписка"),
        cookies="Ми та наші 214 партнерів використовуємо файли cookie. Прийняти всі або налаштувати.",
        newsletter="Ранковий лист: сім новин до першої кави. Підпишіться безкоштовно.",
        most_read="Найчитаніше",
        comments=("Коментарі (2)", "Я казав про це ще торік.", "А коли полагодять міст?"),
        footer="Контакти · Редакція · Конфіденційність · Реклама",
    ),
    "de": Furniture(
        sections=("Startseite", "Welt", "Wirtschaft", "Kultur", "Sport", "Abo"),
        cookies="Wir und unsere 214 Partner verwenden Cookies. Alle akzeptieren oder Einstellungen verwalten.",
        newsletter="Der Morgenbrief: sieben Meldungen vor dem ersten Kaffee. Kostenlos anmelden.",
        most_read="Meistgelesen",
        comments=("Kommentare (2)", "Das habe ich schon letztes Jahr gesagt.", "Und wann wird die Brücke repariert?"),
        footer="Kontakt · Impressum · Datenschutz · Werbung",
    ),
}
STYLE = (
    "body{font:18px/1.6 Georgia,serif;max-width:44rem;margin:0 auto;padding:1rem;color:#1c1c1c;background:#fffdf8}"
    "nav a{margin-right:1rem}nav,aside,footer,.cookies,.comments,figure{font:14px/1.5 sans-serif;color:#666}"
    "h1{line-height:1.2}.cookies{position:sticky;bottom:0;background:#eee;padding:.6rem}"
)
PHOTO = ("Photo:", "Image:", "Фото:", "Foto:")
RELATED = ("Also read:", "Читайте також:", "Lesen Sie auch:")


def paragraph_html(paragraph: str) -> str:
    """A paragraph as the newsroom's system would mark it up: picture credits and pointers elsewhere stand out."""
    if paragraph.startswith(PHOTO):
        return f"<figure><figcaption>{escape(paragraph)}</figcaption></figure>"
    if paragraph.startswith(RELATED):
        return f"<p><em>{escape(paragraph)}</em></p>"
    return f"<p>{escape(paragraph)}</p>"


def home_page(outlet: Outlet, articles: Sequence[Article], site: str) -> str:
    teasers = "".join(
        f'<section lang="{article.language}"><h2><a href="{site}/{article.slug}">{escape(article.title)}</a></h2>'
        f"<p>{escape(article.summary)}</p></section>"
        for article in articles
    )
    return framed(outlet, outlet.title, outlet.language, f"<p>{escape(outlet.tagline)}</p>{teasers}", site)


def article_page(outlet: Outlet, article: Article, others: Sequence[Article], site: str) -> str:
    words = FURNITURE[article.language]
    text = "".join(paragraph_html(paragraph) for paragraph in article.paragraphs)
    main = (
        f"<article><h1>{escape(article.title)}</h1>"
        f'<p class="byline">{escape(article.author)} · <time>{article.published_at:%Y-%m-%d %H:%M} UTC</time></p>'
        f"{text}</article><aside>{escape(words.newsletter)}</aside>"
        f"{most_read(article, others, site)}{comments(article.language)}"
    )
    return framed(outlet, article.title, article.language, main, site)


def most_read(article: Article, others: Sequence[Article], site: str) -> str:
    titles = [other for other in others if other != article and other.language == article.language][:4]
    links = "".join(f'<li><a href="{site}/{other.slug}">{escape(other.title)}</a></li>' for other in titles)
    return f'<aside class="most-read"><h3>{FURNITURE[article.language].most_read}</h3><ul>{links}</ul></aside>'


def comments(language: str) -> str:
    heading, *lines = FURNITURE[language].comments
    said = "".join(f'<li class="comment">{escape(line)}</li>' for line in lines)
    return f'<section class="comments" id="comments"><h3>{heading}</h3><ul>{said}</ul></section>'


def framed(outlet: Outlet, title: str, language: str, main: str, site: str) -> str:
    """The page around `main`: its head names the feed, as a site's pages do."""
    words = FURNITURE[language]
    kind = "application/atom+xml" if outlet.feed == "atom" else "application/rss+xml"
    sections = "".join(f'<a href="{site}/">{escape(section)}</a>' for section in words.sections)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)} | {escape(outlet.title)}</title><style>{STYLE}</style>"
        f'<link rel="alternate" type="{kind}" title="{escape(outlet.title)}" href="{site}/feed.xml"></head>'
        f"<body><header><strong>{escape(outlet.title)}</strong><nav>{sections}</nav></header><main>{main}</main>"
        f'<div class="cookies" role="dialog">{escape(words.cookies)}</div>'
        f"<footer>{escape(words.footer)}</footer></body></html>"
    )
