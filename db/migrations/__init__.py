"""The schema's history, append-only. `upgrade` runs at start; a new file goes to versions/, numbered, at the end."""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

HERE = Path(__file__).parent


def upgrade(engine: Engine) -> None:
    """Brings the database to the newest schema; costs one query when it is there already."""
    if revision(engine) == newest():
        return
    # Alembic takes a third of a second to import, and is needed once a release.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    with engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def newest() -> str:
    """The last revision: files are named after theirs."""
    return max(path.stem for path in (HERE / "versions").glob("[0-9]*.py"))


def revision(engine: Engine) -> str | None:
    """What the database is at; None when it was never brought to any."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
