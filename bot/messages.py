"""Briefs and answers as Telegram HTML, split so that each message keeps Telegram's limits. Pure.

A message is packed from blocks; a block is markup that is closed in itself, so no tag is ever cut. A block too long
for a message is cut at a word before it gets its markup.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from bot.speech import Html, Speech, safe
from db.records import PANELS, Bullet, Chosen, Panel, Part, StoryBullet, StoryView

MESSAGE_UNITS = 4096  # UTF-16 code units after parsing (Bot API, sendMessage)
MESSAGE_ENTITIES = 100  # what comes after is shown without markup
HEADLINE_CHARS = 200
BULLET_CHARS = 600
SPEAKER_CHARS = 120
TIGHT = 5  # where five stories do not fit, headline, bullets and speakers are cut to this part of their lengths
LABEL_CHARS = 40
OUTLETS_SHOWN = 3
LANGUAGES_SHOWN = 2  # that the reader does not read
BUTTONS_IN_A_ROW = 8  # more in a row are not shown
STORIES = {"headlines": 10, "short": 5, "full": 8}  # how many stories an edition carries, by length

Buttons = tuple[tuple[tuple[str, str], ...], ...]  # rows of (label, callback data or https address)

TAG = re.compile(r"<[^>]*>")
OPENING_TAG = re.compile(r"<[a-z]")
WORD = re.compile(r"[\w’'-]+")


@dataclass(frozen=True, slots=True)
class Block:
    html: Html
    bullets: tuple[int, ...] = ()
    story: int | None = None  # the story it opens; None: it opens none
    gap: bool = False  # an empty line stands before it

    @property
    def units(self) -> int:
        return len(plain(self.html).encode("utf-16-le", "surrogatepass")) // 2

    @property
    def entities(self) -> int:
        return len(OPENING_TAG.findall(self.html))


def plain(html: str) -> str:
    """The same without markup."""
    return unescape(TAG.sub("", html))


def cut(text: str, chars: int) -> str:
    """At most so many characters on one line, cut at a word where one ends in the last third."""
    line = " ".join(text.split())
    if len(line) <= chars:
        return line
    head = line[: chars - 1]
    space = head.rfind(" ")
    return (head[:space] if space > chars * 2 // 3 else head).rstrip(" ,;:–—-") + "…"


def link(label: str, url: str, chars: int = LABEL_CHARS) -> Html:
    """A link; the label alone where there is no web address."""
    text = safe(cut(label, chars))
    if not url.startswith(("http://", "https://")):
        return Html(text)
    return Html(f'<a href="{safe(url).replace(chr(34), "%22")}">{text}</a>')


def pack(blocks: Iterable[Block], preview_url: str | None = None) -> list[Part]:
    """As few messages as hold the blocks in their order."""
    pages: list[list[Block]] = []
    units = entities = 0
    for block in blocks:
        more = block.units + 2
        if not pages or units + more > MESSAGE_UNITS or entities + block.entities > MESSAGE_ENTITIES:
            pages.append([])
            units = entities = 0
        pages[-1].append(block)
        units, entities = units + more, entities + block.entities
    return [_part(page, preview_url) for page in pages]


def _part(page: Sequence[Block], preview_url: str | None) -> Part:
    html = ""
    for block in page:
        html += ("" if not html else "\n\n" if block.gap else "\n") + block.html
    return Part(
        html=html,
        plain=plain(html),
        preview_url=preview_url,
        bullets=tuple(bullet for block in page for bullet in block.bullets),
        stories=tuple(block.story for block in page if block.story is not None),
    )


def bullet_html(bullet: Bullet, say: Speech, part: int = 1) -> Html:
    """ "Speaker: text (outlet, outlet)", each outlet a link to its article; where the text names its speaker, no label.

    With `part`, shortened to that part of its length, and to the first outlet."""
    outlets = _outlet_links(bullet)
    links = [link(source, url) for source, url in outlets[: 1 if part > 1 else OUTLETS_SHOWN]]
    if part > 1 and len(outlets) > 1:
        links.append(say.count("{n} more", "{n} more", len(outlets) - 1))
    mark = f"<i>{_mark(bullet, say)}</i> " if bullet.mark else ""
    where = f" ({', '.join(links)})" if links else ""
    said, speaker = cut(bullet.text, BULLET_CHARS // part), " ".join((bullet.speaker or "").split())
    at = _named(speaker, said)
    if at:
        return Html(f"{mark}{safe(said[: at[0]])}<b>{safe(said[slice(*at)])}</b>{safe(said[at[1] :])}{where}")
    who = cut(speaker, max(SPEAKER_CHARS // part, 40))
    label = f"<b>{safe(who[:1].upper() + who[1:])}:</b> " if who else ""
    return Html(f"{label}{mark}{safe(said)}{where}")


def panel_line(bullet: StoryBullet, say: Speech, part: int = 1) -> Block:
    """A bullet as a line of its own, with its panel's name before it."""
    return Block(Html(f"<u>{panel_name(bullet.panel, say)}</u> {bullet_html(bullet.bullet, say, part)}"), (bullet.id,))


def _named(speaker: str, said: str) -> tuple[int, int] | None:
    """Where the text names its speaker; None when a word of the label is not in it."""
    words, there = WORD.findall(speaker), {word.casefold() for word in WORD.findall(said)}
    if not words or any(word.casefold() not in there for word in words):
        return None
    for first in range(len(words)):  # as much of the label as stands together: "chief executive, Edda Quill"
        found = re.search(rf"\b{r'[ ,]+'.join(map(re.escape, words[first:]))}\b", said, re.IGNORECASE)
        if found:
            return found.span()
    return None


def _outlet_links(bullet: Bullet) -> list[tuple[str, str]]:
    first = {citation.source: citation.url for citation in reversed(bullet.citations)}
    return list(reversed(first.items()))


def _mark(bullet: Bullet, say: Speech) -> Html:
    marks = {"denial": say("denies:"), "correction": say("corrects:"), "withdrawal": say("takes back:")}
    return marks[bullet.mark] if bullet.mark else Html("")


def panel_name(panel: Panel, say: Speech) -> Html:
    names = {"offer": say("Offer"), "responses": say("Responses"), "reactions": say("Reactions")}
    return names[panel]


def headline_html(story: StoryView, number: int | None, say: Speech, now: datetime, part: int = 1) -> Html:
    """Number, headline, and below it the outlets and how old the newest article is."""
    numbered = f"{number}. " if number else ""
    outlets = [safe(cut(outlet, LABEL_CHARS)) for outlet in story.outlets[:OUTLETS_SHOWN]]
    more = len(story.outlets) - OUTLETS_SHOWN
    if more > 0:
        outlets.append(say.count("{n} more", "{n} more", more))
    return Html(
        f"<b>{numbered}{safe(cut(story.headline, max(HEADLINE_CHARS // part, 100)))}</b>\n"
        f"{', '.join(outlets)} · {safe(say.ago(story.updated_at, now))}"
    )


def story_blocks(
    chosen: Chosen, number: int | None, say: Speech, now: datetime, *, length: str, zone: str = "UTC"
) -> list[Block]:
    """One story: its headline; then, unless the length is "headlines", the first new bullet of each panel.

    The others follow in an expandable quote, or stay behind the story's button when the length is "first" or "tight":
    but by "first", a reversal in a panel is shown too.
    """
    story, part = chosen.story, TIGHT if length == "tight" else 1
    blocks = [Block(headline_html(story, number, say, now, part), story=story.id, gap=True)]
    if chosen.told_at is not None:
        blocks.append(Block(Html(f"<i>{say('New since {when}:', when=say.moment(chosen.told_at, zone))}</i>")))
    if length == "headlines":
        new = tuple(b.id for b in story.bullets if b.id in chosen.new)
        return [Block(blocks[0].html, new, story.id, gap=True)]
    shown = [b for b in story.bullets if b.id in chosen.new]
    for panel in PANELS:
        blocks += _panel_blocks(
            panel, [b for b in shown if b.panel == panel], say, rest=length not in ("first", "tight"), part=part
        )
    return [*blocks, *unread_blocks(story, say), *_missing_blocks(story, say)]


def _panel_blocks(panel: Panel, bullets: Sequence[StoryBullet], say: Speech, *, rest: bool, part: int) -> list[Block]:
    if not bullets:
        return []
    first, others = bullets[0], bullets[1:]
    blocks = [panel_line(first, say, part)]
    if not rest:
        reversed_ = [] if first.bullet.mark or part > 1 else [b for b in others if b.bullet.mark][:1]
        return [Block(blocks[0].html, tuple(b.id for b in bullets)), *(panel_line(b, say, 2) for b in reversed_)]
    if others:
        lines = "\n".join(bullet_html(b.bullet, say) for b in others)
        blocks.append(Block(Html(f"<blockquote expandable>{lines}</blockquote>"), tuple(b.id for b in others)))
    return blocks


def unread_blocks(story: StoryView, say: Speech) -> list[Block]:
    """One line a language that the reader does not read, with a link to an article in it."""
    first = {one.language: one for one in reversed(story.unread)}
    lines = [
        say("Also in {language}: {outlet}", language=say.tongue(language), outlet=link(one.outlet, one.url))
        for language, one in reversed(first.items())
    ]
    return [Block(Html(f"<i>{line}</i>")) for line in lines[:LANGUAGES_SHOWN]]


def _missing_blocks(story: StoryView, say: Speech) -> list[Block]:
    """What is missing, on one quiet line: empty panels, and that only one source tells the story."""
    outlets = max(1, len(story.outlets))
    words = [_missing(panel, outlets, say) for panel in PANELS if not any(b.panel == panel for b in story.bullets)]
    if outlets == 1:
        words.append(say("One source only."))
    return [Block(Html(f"<i>{' '.join(words)}</i>"))] if words and story.kind == "news" else []


def _missing(panel: Panel, outlets: int, say: Speech) -> Html:
    """In the reader's language; what the condenser says of it is in the articles'."""
    if panel == "offer":
        return say.count("No opening move told in {n} source.", "No opening move told in {n} sources.", outlets)
    if panel == "responses":
        return say.count("No response in {n} source.", "No responses in {n} sources.", outlets)
    return say.count("No reaction in {n} source.", "No reactions in {n} sources.", outlets)


def story_buttons(chosen: Sequence[Chosen], stories: Sequence[int]) -> Buttons:
    """Numbers, each for the details of its story."""
    numbered = [(str(n), f"story:{c.story.id}") for n, c in enumerate(chosen, 1) if c.story.id in stories]
    return tuple(tuple(numbered[i : i + BUTTONS_IN_A_ROW]) for i in range(0, len(numbered), BUTTONS_IN_A_ROW))
