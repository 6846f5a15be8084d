"""Alembic's entry: it is handed a connection by `db.migrations.upgrade`."""

from alembic import context
from sqlmodel import SQLModel

import db.tables  # noqa: F401 (its classes fill the metadata)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
