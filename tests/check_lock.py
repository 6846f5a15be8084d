"""Fails when requirements.lock does not hold, with hashes, what pyproject.toml asks for."""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(r for group in project["optional-dependencies"].values() for r in group)]
    lock = (ROOT / "requirements.lock").read_text()
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE):
        locked.setdefault(canonicalize_name(name), set()).add(version)
    wrong = [
        r
        for r in map(Requirement, asked)
        if not any(map(r.specifier.contains, locked.get(canonicalize_name(r.name), ())))
    ]
    for requirement in wrong:
        sys.stderr.write(f"requirements.lock does not hold {requirement}; run `make lock`\n")
    addresses = re.findall(r"https?://\S+", lock)
    if addresses:
        sys.stderr.write("requirements.lock holds addresses; run `make lock`\n")
    return 1 if wrong or addresses or len(locked) < len(asked) else 0


sys.exit(main())
