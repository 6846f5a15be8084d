"""Keeps the catalogues in step with what the code says: `make messages`; with LANGUAGE=pl it begins one for Polish.

A message is the constant in `say("…")`, `say.count("one", "many", n)` and `N_("…")`, and what a source's error says.
"""

import ast
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.speech import LOCALES, catalogue_path, languages
from jobs.errors import SourceError

ROOT = Path(__file__).parent.parent
WIDTH = 118
Call = tuple[int, str, tuple[str | None, ...], list[str]]  # line, name, arguments, comments
HEADER = """# Triptych in {name}. `make messages` adds what is new in the code and drops what is gone.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def family(cls: type[SourceError]) -> Iterator[type[SourceError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from family(child)


def keywords() -> dict[str, tuple[int, ...] | None]:
    """What is called with messages, and which of its arguments they are; None: the first."""
    errors = {cls.__name__: (2,) for cls in family(SourceError)}
    return {"say": None, "count": (1, 2), "N_": None, "BrokenCoding": None, **errors}


def messages_of() -> Catalog:
    """All that people can be told, in the order of the code; the playground's page is not the bot's."""
    found = Catalog()
    for folder in ("bot", "jobs"):
        extracted = extract_from_dir(ROOT / folder, [("**.py", "tests.catalogues:calls")], keywords=keywords())
        for file, line, message, _, _ in extracted:
            if not file.startswith("playground"):
                found.add(message, locations=[(f"{folder}/{file}", line)])
    return found


def calls(file: IO[bytes], keywords: Collection[str], _: object, options: object) -> Iterator[Call]:
    """An extraction method for Babel: its own overlooks calls inside f-strings on Python 3.11."""
    tree = ast.parse(file.read())
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in keywords:
            yield node.lineno, name, tuple(_text(argument) for argument in node.args), []


def _text(argument: ast.expr) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def read_catalogue(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merge(catalogue: Catalog, messages: Catalog) -> None:
    """New messages come in empty; those that are gone go with their translations, which git keeps."""
    catalogue.update(messages, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """With a header of our own: nothing in it changes from one run to the next."""
    locale = catalogue.locale
    assert locale is not None
    name = locale.get_display_name("en")
    head = HEADER.format(name=name, language=locale, plural_forms=catalogue.plural_forms)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(head.encode())
        write_po(file, catalogue, width=WIDTH, omit_header=True, include_lineno=False)


def is_empty(message: Message) -> bool:
    given = message.string or ""
    return not all([given] if isinstance(given, str) else given)


def main(wanted: list[str], folder: Path = LOCALES) -> int:
    messages = messages_of()
    for language in sorted({*languages(folder), *wanted} - {"en"}):
        path = catalogue_path(language, folder)
        catalogue = read_catalogue(path, language) if path.exists() else Catalog(language)
        merge(catalogue, messages)
        write_catalogue(path, catalogue)
        empty = sum(is_empty(one) for one in catalogue if one.id)
        print(f"{language}: {len(catalogue)} messages, {empty} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
