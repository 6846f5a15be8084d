"""Full-text search, on SQLite"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # detail=none: whole words are asked for, never phrases; the index is a third of the size
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE article_search USING fts5(stems, detail=none, tokenize='unicode61')")
