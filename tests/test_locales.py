"""The catalogues have nothing missing, unused or badly formatted; a newcomer meets no other language than theirs."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

import bot
from bot.about import LONG, SHORT
from bot.speech import catalogue_path, languages, speech
from tests.catalogues import is_empty, main, messages_of, read_catalogue

SPOKEN = [language for language in languages() if language != "en"]
COMMAND = re.compile(r"(?<![\w<>/:.])/[a-z]+")
TAG = re.compile(r"</?[a-z]+(?: [a-z]+)*>")
SHOWING = {"Refusal", "Html", "reply", "edit", "toast", "send", "send_to"}
NO_WORDS = re.compile(r"<[^>]*>?|https?://\S*|\?start=")  # tags, also those that are cut by a value, and addresses
TERMINAL = {"cli.py", "terminal.py", "doctor.py", "start.py"}
LABEL = 20  # characters of what may be a button; translated it may be half as long again


def names(text: str) -> list[str]:
    return sorted({str(name) for _, name, _, _ in Formatter().parse(text) if name is not None})


def edges(text: str) -> tuple[str, str]:
    """The blanks at both ends."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def unbalanced(text: str) -> bool:
    opened: list[str] = []
    for tag in TAG.findall(text):
        name = tag.strip("</>").split()[0]
        if not tag.startswith("</"):
            opened.append(name)
        elif not opened or opened.pop() != name:
            return True
    return bool(opened)


def faults_of(message: str, said: str) -> Iterator[str]:
    """What is wrong with one translation."""
    try:
        placeholders = names(said)
    except ValueError:
        yield "braces that cannot be read"
        return
    if placeholders != names(message):
        yield f"placeholders {placeholders}"
    if Counter(TAG.findall(said)) != Counter(TAG.findall(message)) or unbalanced(said):
        yield "markup differs"
    if edges(said) != edges(message) or said.count("\n") != message.count("\n"):
        yield "blanks or lines differ"
    if sorted(COMMAND.findall(said)) != sorted(COMMAND.findall(message)):
        yield "commands differ"
    if len(message) <= LABEL < len(said) * 2 / 3 and message[-1:] not in ".:":
        yield "too long for a button"


def faults(catalogue: Catalog, messages: Catalog) -> list[str]:
    """Everything that is wrong with a catalogue."""
    found = [f"unused: {message.id!r}" for message in catalogue if message.id and message.id not in messages]
    found += [f"obsolete: {id!r}" for id in catalogue.obsolete]
    for message in catalogue:
        if message.id and not is_empty(message):
            found += [f"{fault}: {message.string!r}" for fault in message_faults(message, catalogue.num_plurals)]
    return found


def message_faults(message: Message, forms: int) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    said = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if message.pluralizable and len(said) != forms:
        yield f"{len(said)} plural forms instead of {forms}"
    original = message.id if isinstance(message.id, str) else message.id[-1]
    for one in said:
        yield from faults_of(original, one)


def missing(catalogue: Catalog, messages: Catalog) -> list[str]:
    there = {message.id for message in catalogue if message.id and not is_empty(message)}
    return [str(message.id) for message in messages if message.id and message.id not in there]


def unsaid(source: str) -> list[str]:
    """Words shown to a person that no catalogue can know: written where they are shown, or said without a name."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Call) and getattr(node.func.func, "id", "") == "speech":
            found.append(ast.unparse(node))
        elif getattr(node.func, "attr", getattr(node.func, "id", "")) in SHOWING:
            found += [ast.unparse(node) for argument in node.args if has_words(argument)]
    return found


def has_words(argument: ast.expr) -> bool:
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    text = "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return bool(re.search("[A-Za-z]{2}", NO_WORDS.sub("", text)))


def test_nothing_is_shown_that_was_not_said() -> None:
    modules = [path for path in Path(bot.__file__).parent.glob("*.py") if path.name not in TERMINAL]
    assert len(modules) > 40
    assert [f"{path.name}: {one}" for path in modules for one in unsaid(path.read_text("utf-8"))] == []


def test_words_shown_past_the_catalogues_are_found() -> None:
    assert unsaid("async def f(t): await t.reply(Html(f'<b>Hello {t.name}</b>'))") != []
    assert unsaid("raise Refusal('No such thing.')") != []
    assert unsaid("html = speech(language)('Gone.')") != []
    assert unsaid("async def f(t): await t.reply(t.say('Hello'), (((t.say('Back'), 'back'),),))") == []


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return messages_of()


@pytest.mark.parametrize("language", SPOKEN)
def test_nothing_in_a_catalogue_is_unused_or_badly_formatted(language: str, messages: Catalog) -> None:
    assert faults(read_catalogue(catalogue_path(language), language), messages) == []


@pytest.mark.parametrize("language", SPOKEN)
def test_everything_the_bot_says_is_translated(language: str, messages: Catalog) -> None:
    assert missing(read_catalogue(catalogue_path(language), language), messages) == []


def test_the_four_languages_that_are_condensed_are_spoken(messages: Catalog) -> None:
    assert languages() == ("en", "de", "ru", "uk")
    assert len(messages) > 400


def test_what_calls_say_is_found_also_inside_an_f_string(messages: Catalog) -> None:
    found = {message.id for message in messages}
    assert {"Your brief", "Offer", ("{n} source", "{n} sources"), "answered {status}", "What I can do"} <= found


@pytest.mark.parametrize(
    ("message", "said", "fault"),
    [
        ("Hello {name}", "Hallo {nam}", "placeholders ['nam']"),
        ("Hello {name}", "Hallo {name", "braces that cannot be read"),
        ("<b>Hello</b>", "<b>Hallo<b>", "markup differs"),
        ("<b>Hello</b>", "</b>Hallo<b>", "markup differs"),
        ("Hello", "Hallo ", "blanks or lines differ"),
        ("Hello\nyou", "Hallo du", "blanks or lines differ"),
        ("Say /start", "Sagen Sie /beginn", "commands differ"),
        ("Back", "Zurück zu dem, was vorher da stand", "too long for a button"),
    ],
)
def test_each_kind_of_bad_format_is_found(message: str, said: str, fault: str) -> None:
    assert list(faults_of(message, said)) == [fault]


def test_missing_unused_and_fuzzy_messages_and_wrong_plurals_are_found() -> None:
    messages, catalogue = Catalog(), Catalog("uk")
    messages.add("Here")
    messages.add(("{n} source", "{n} sources"))
    catalogue.add("Gone", "Немає")
    catalogue.add(("{n} source", "{n} sources"), ("{n} джерело", "{n} джерела"), flags=["fuzzy"])
    assert missing(catalogue, messages) == ["Here"]
    assert [fault.partition(":")[0] for fault in faults(catalogue, messages)] == [
        "unused",
        "fuzzy",
        "2 plural forms instead of 3",
    ]


def test_a_new_language_begins_with_every_message_and_keeps_what_is_translated(
    tmp_path: Path, messages: Catalog
) -> None:
    main(["pl"], tmp_path)
    path = catalogue_path("pl", tmp_path)
    assert len(missing(read_catalogue(path, "pl"), messages)) == len(messages)
    path.write_text(path.read_text("utf-8").replace('msgid "Offer"\nmsgstr ""', 'msgid "Offer"\nmsgstr "Oferta"'))
    before = path.read_text("utf-8")
    main([], tmp_path)
    assert path.read_text("utf-8") == before
    assert languages(tmp_path) == ("en", "pl")
    assert speech("pl", tmp_path)("Offer") == "Oferta"


@pytest.mark.parametrize("language", languages())
def test_descriptions_keep_telegrams_limits(language: str) -> None:
    say = speech(language)
    assert len(say(SHORT)) <= 120
    assert len(say(LONG)) <= 512
