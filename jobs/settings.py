"""Settings come from the environment or `.env`; a mistake is named with what the variable may be, all at once.

SettingsError      one line per wrong variable, never its value: it may be a secret
"""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsError(Exception):
    """Some variables hold what they may not hold."""


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("not a web address")
    return value.rstrip("/")


def _database_address(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("not a database address")
    return value


def _host_and_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) < 65536:
        raise ValueError("not host:port")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
HostAndPort = Annotated[str, AfterValidator(_host_and_port)]
Seconds = Annotated[float, Field(ge=0, le=3600)]
Days = Annotated[int, Field(ge=1, le=36500)]


class Settings(BaseSettings):
    """Each description says what the variable may be; it stands in `.env.example` and in error messages."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    bot_token: SecretStr = Field(
        default=SecretStr(""), description="the token BotFather gave; empty: the playground opens"
    )
    telegram_api_url: WebAddress = Field(
        default="https://api.telegram.org", description="http(s) address of a Bot API server"
    )
    database_url: Annotated[str, AfterValidator(_database_address)] = Field(
        default="sqlite:///data/triptych.db", description="sqlite:///path/to/file.db"
    )
    admin_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Telegram user ids of the admins, separated by commas; empty: a code is printed"
    )
    access: Literal["open", "invite", "closed"] = Field(
        default="open", description="who may use the bot: open, invite or closed"
    )
    allow_private_hosts: Annotated[tuple[HostAndPort, ...], NoDecode] = Field(
        default=(),
        description="host:port pairs that a source may be on although the address is private, separated by commas",
    )
    llm_url: WebAddress = Field(default="", description="http(s) address of an OpenAI-compatible server; empty: none")
    llm_model: str = Field(default="", description="the model's name on that server")
    llm_key: SecretStr = Field(default=SecretStr(""), description="the key for that server; may be empty")
    webhook_url: WebAddress = Field(default="", description="public https address Telegram calls; empty: the bot polls")
    webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="1-256 letters, digits, _ or -; empty: a random one"
    )
    listen: HostAndPort = Field(
        default="127.0.0.1:8080", description="host:port for the webhook, or for the playground"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    pull_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        default=15, description="minutes between two looks at a source, 1-1440"
    )
    host_pause_seconds: Seconds = Field(default=1.0, description="seconds between two requests to one host, 0-3600")
    pages_per_minute: Annotated[int, Field(ge=1, le=600)] = Field(
        default=6, description="article pages read from one host in a minute, 1-600"
    )
    messages_per_second: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=30, description="messages a second over all chats, 1-1000; more than 30 needs a paid broadcast"
    )
    group_messages_per_minute: Annotated[int, Field(ge=1, le=60)] = Field(
        default=20, description="messages a minute to one group, 1-60"
    )
    keep_article_days: Days = Field(
        default=30, description="days after which articles and stories are forgotten, 1-36500"
    )
    keep_ledger_days: Days = Field(default=90, description="days after which sent briefs are forgotten, 1-36500")
    keep_audit_days: Days = Field(default=365, description="days after which the audit log forgets, 1-36500")

    @field_validator("admin_ids", "allow_private_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("access", "log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value


def load_settings(**given: Any) -> Settings:
    """Settings from the environment and `.env`; what is given by name wins. Raises SettingsError."""
    try:
        return Settings(**given)
    except ValidationError as error:
        names = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors() if problem["loc"])
        raise SettingsError("\n".join(_sentence(name) for name in names)) from None
    except UnicodeDecodeError as error:
        raise SettingsError(".env is not text in UTF-8; write it again in UTF-8.") from error


def _sentence(name: str) -> str:
    return f"{name.upper()} is not valid; it may be: {Settings.model_fields[name.lower()].description}."


def env_example() -> str:
    """`.env.example`: one line per setting."""
    return "".join(
        f"# {field.description}\n{name.upper()}={_written(field.default)}\n"
        for name, field in Settings.model_fields.items()
    )


def _written(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
