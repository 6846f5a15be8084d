"""The commands of a terminal. Exit status: 0 it worked, 1 what was asked for failed, 2 wrong usage.

Each command imports what it needs when it runs: `condense` starts without Telegram and without a database.
"""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn, TextIO, TypeAlias


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    given = parser().parse_args(arguments)
    try:
        sys.exit(given.run(given))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever read the output has gone
        sys.stderr.close()
        sys.exit(1)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="triptych", description="A news briefer in Telegram that you host yourself.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "run", run, "bot, schedule and work in one process; without BOT_TOKEN it opens the playground")
    brief_parser = _add(commands, "brief", brief, "condense these articles as one story and print it")
    brief_parser.add_argument("articles", nargs="+", metavar="URL|FILE")
    brief_parser.add_argument("--json", action="store_true", help="print JSON")
    _add(commands, "condense", condense, "stories as JSON lines in, briefs as JSON lines out")
    _add(commands, "group", group, "articles as JSON lines in, their stories as JSON lines out")
    _add(commands, "evaluate", evaluate, "score the condenser on labelled stories").add_argument("file", metavar="FILE")
    _add_sources(_add(commands, "source", None, "manage the sources"))
    _add(commands, "backup", backup, "write a consistent copy of the database").add_argument("file", metavar="FILE")
    restore_parser = _add(commands, "restore", restore, "put a copy in the database's place")
    restore_parser.add_argument("file", metavar="FILE")
    restore_parser.add_argument("--overwrite", action="store_true", help="although there is a database already")
    _add(commands, "doctor", examine, "check settings, database, Telegram and sources; say what to mend")
    return top


Run = Callable[[argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add(commands: Commands, name: str, run: Run | None, help: str) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=help, description=help)
    if run is not None:
        added.set_defaults(run=run)
    return added


def _add_sources(source: argparse.ArgumentParser) -> None:
    verbs = source.add_subparsers(required=True, metavar="VERB")
    adding = _add(verbs, "add", source_add, "add a feed, or the feeds of a site")
    adding.add_argument("url", metavar="URL")
    adding.add_argument("--section", default="", help="the section its news belongs to")
    _add(verbs, "list", source_list, "list the sources and how they are")
    checking = _add(verbs, "check", source_check, "read a source as the bot would, and keep nothing")
    checking.add_argument("target", nargs="?", metavar="URL|FILE")
    checking.add_argument("--all", action="store_true", help="look at every stored source")
    checking.add_argument("--json", action="store_true", help="print JSON")
    importing = _add(verbs, "import", source_import, "add the sources of an OPML file or a plain list")
    importing.add_argument("file", nargs="?", metavar="FILE")
    importing.add_argument("--list", metavar="NAME", help="one of the ready-made lists, such as world-en")
    _add(verbs, "export", source_export, "print the sources as OPML")
    _add(verbs, "remove", source_remove, "remove a source").add_argument("url", metavar="URL")


def run(given: argparse.Namespace) -> int:
    from bot.start import start

    return start()


def brief(given: argparse.Namespace) -> int:
    from jobs.brief import brief_command

    return brief_command(given.articles, given.json, sys.stdout, sys.stderr)


def condense(given: argparse.Namespace) -> int:
    from jobs.condense.lines import condense_lines

    return condense_lines(_stdin(), sys.stdout, sys.stderr)


def group(given: argparse.Namespace) -> int:
    from jobs.group import group_lines

    return group_lines(_stdin(), sys.stdout, sys.stderr)


def evaluate(given: argparse.Namespace) -> int:
    from jobs.condense.evaluate import evaluate_file

    return evaluate_file(given.file, sys.stdout, sys.stderr)


def source_check(given: argparse.Namespace) -> int:
    if given.all == bool(given.target):
        print("triptych source check: give one URL or FILE, or --all", file=sys.stderr)
        return 2
    if given.all:
        from bot.terminal import check_all

        return check_all(given.json)
    from jobs.check import check_command
    from jobs.settings import SettingsError, load_settings

    try:
        private = load_settings().allow_private_hosts
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    return check_command(given.target, given.json, private, sys.stdout, sys.stderr)


def source_add(given: argparse.Namespace) -> int:
    from bot.terminal import add

    return add(given.url, given.section)


def source_list(given: argparse.Namespace) -> int:
    from bot.terminal import list_sources

    return list_sources()


def source_import(given: argparse.Namespace) -> int:
    if bool(given.file) == bool(given.list):
        print("triptych source import: give one FILE, or --list NAME", file=sys.stderr)
        return 2
    from bot.terminal import import_list

    return import_list(given.file, given.list)


def source_export(given: argparse.Namespace) -> int:
    from bot.terminal import export

    return export()


def source_remove(given: argparse.Namespace) -> int:
    from bot.terminal import remove

    return remove(given.url)


def backup(given: argparse.Namespace) -> int:
    from bot.terminal import make_backup

    return make_backup(given.file)


def restore(given: argparse.Namespace) -> int:
    from bot.terminal import restore_backup

    return restore_backup(given.file, overwrite=given.overwrite)


def examine(given: argparse.Namespace) -> int:
    from bot.doctor import doctor

    return doctor()


def _stdin() -> TextIO:
    """Bytes that are no UTF-8 never end the run: their line is read with marks in their place."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    return sys.stdin
