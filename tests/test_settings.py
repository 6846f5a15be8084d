"""Settings: every mistake is named at once, and no secret is shown."""

from pathlib import Path

import pytest

from jobs.settings import Settings, SettingsError, env_example, load_settings

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_everything_has_a_default() -> None:
    settings = load_settings()
    assert (settings.access, settings.admin_ids, settings.bot_token.get_secret_value()) == ("open", (), "")


def test_an_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("ACCESS=closed\nADMIN_IDS=7, 8\n")
    monkeypatch.setenv("ACCESS", "INVITE")
    settings = load_settings()
    assert (settings.access, settings.admin_ids) == ("invite", (7, 8))


def test_three_mistakes_are_named_at_once_with_what_they_may_be() -> None:
    Path(".env").write_text("ACCESS=everyone\nADMIN_IDS=me\nLISTEN=here\nLOG_LEVEL=info\n")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    lines = str(caught.value).splitlines()
    assert [line.split()[0] for line in lines] == ["ADMIN_IDS", "ACCESS", "LISTEN"]
    assert "open, invite or closed" in lines[1]


def test_a_wrong_secret_is_not_repeated() -> None:
    Path(".env").write_text("DATABASE_URL=mysql://me:hunter2@host/db\n")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "DATABASE_URL" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_the_example_file_has_every_setting_with_its_default() -> None:
    assert (ROOT / ".env.example").read_text() == env_example()


def test_the_example_file_is_itself_valid() -> None:
    Path(".env").write_text((ROOT / ".env.example").read_text())
    assert load_settings() == Settings()
