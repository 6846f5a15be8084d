"""The rules the code keeps: which way imports run, how large things are, what is documented."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from bot.app import COMMANDS
from bot.cli import parser
from jobs.settings import Settings

ROOT = Path(__file__).parent.parent
ABOVE = {"db": {"jobs", "bot"}, "jobs": {"bot"}}
HEAVY = {"telegram", "sqlmodel", "sqlalchemy", "aiohttp"}
PURE = (
    "group",
    "condense",
    "digest.py",
    "parse.py",
    "hours.py",
    "topics.py",
    "terms.py",
    "health.py",
    "lookup.py",
    "questions.py",
)
VAGUE = {"utils", "util", "helpers", "common", "core", "base", "misc", "manager", "service", "repository"}


def modules() -> list[Path]:
    found = [path for folder in ("bot", "jobs", "db") for path in (ROOT / folder).rglob("*.py")]
    assert len(found) > 60
    return found


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def functions() -> list[tuple[str, int]]:
    """Name and lines, without the docstring."""
    found = []
    for path in modules():
        if "versions" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                doc = (ast.get_docstring(node, clean=False) or "").count("\n") + 1 if ast.get_docstring(node) else 0
                found.append((f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1 - doc))
    assert len(found) > 500
    return found


def test_imports_run_from_the_bot_to_the_jobs_to_the_facts() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        for name in imports(path)
        if name.split(".")[0] in ABOVE.get(path.relative_to(ROOT).parts[0], set())
    ]
    assert wrong == []


def test_what_decides_touches_no_network_and_no_database() -> None:
    pure = [path for path in modules() if path.relative_to(ROOT).parts[:1] == ("jobs",) and path.parts[-1] in PURE]
    pure += [p for folder in ("group", "condense") for p in (ROOT / "jobs" / folder).rglob("*.py")]
    assert len(pure) > 20
    wrong = [f"{p.name} imports {name}" for p in pure for name in imports(p) if name.split(".")[0] in HEAVY]
    assert wrong == []


def test_no_module_is_longer_than_400_lines() -> None:
    assert [
        p.name for p in modules() if len(p.read_text("utf-8").splitlines()) > 400 and "versions" not in p.parts
    ] == []


def test_functions_are_short() -> None:
    lengths = functions()
    assert median(length for _, length in lengths) < 12
    assert [f"{name}: {length}" for name, length in lengths if length > 50] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [p.name for p in modules() if p.stem in VAGUE] == []


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name.upper()}`" in (ROOT / "README.md").read_text("utf-8")


def test_every_command_of_the_chat_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [c.name for c in COMMANDS if f"`/{c.name}" not in readme] == []


def test_every_command_of_the_terminal_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    names = re.findall(r"^    (\w+) ", parser().format_help(), re.MULTILINE)
    assert len(names) >= 8
    assert [name for name in names if f"triptych {name}" not in readme] == []


def test_nothing_in_the_project_names_this_machine_or_a_registry() -> None:
    texts = [
        p
        for p in ROOT.rglob("*")
        if p.suffix in (".py", ".md", ".toml", ".lock", ".example") and ".venv" not in p.parts
    ]
    assert len(texts) > 100
    registry = re.compile(r"pythonhosted|py[p]i[.]org|/(?:work|farm)/|/root/")
    assert [p.name for p in texts if p.name != "test_shape.py" and registry.search(p.read_text("utf-8"))] == []
