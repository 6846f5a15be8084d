"""Full-text search, on SQLite"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in ("article", "bullet"):
        # detail=none: whole words are asked for, never phrases; the index is a third of the size
        op.execute(f"CREATE VIRTUAL TABLE {table}_search USING fts5(stems, detail=none, tokenize='unicode61')")
        op.execute(
            f"CREATE TRIGGER {table}_search_forget AFTER DELETE ON {table} "
            f"BEGIN DELETE FROM {table}_search WHERE rowid = OLD.id; END"
        )
