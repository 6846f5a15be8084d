"""Every test runs offline, in a folder and an environment of its own: what reaches outside loopback fails."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from jobs.settings import Settings
from tests.desk import a_database, add_outlet


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither this machine's environment nor a `.env` beside the project is seen."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("cwd"))


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pytest.fail` is no Exception: code that catches everything cannot swallow it."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not ip_address(address[0]).is_loopback:
            pytest.fail(f"reached out to {address}")
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in (None, "", "localhost", b"localhost"):
            try:
                look_up(host, None, flags=socket.AI_NUMERICHOST)  # any spelling of an address; asks nobody
            except socket.gaierror:
                pytest.fail(f"looked up {host}")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long runs are for `make test-long`."""
    if not config.option.markexpr:
        long = [item for item in items if item.get_closest_marker("long")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)


@pytest.fixture
def root() -> Path:
    return Path(__file__).parent.parent


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Of a database with one outlet."""
    database = a_database(tmp_path)
    with Session(database.engine) as session:
        add_outlet(session, "The Lantern")
        yield session
    database.close()
