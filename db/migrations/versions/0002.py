"""Full-text search, on SQLite"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    # detail=none: whole words are asked for, never phrases; the index is a third of the size.
    # ascii: what stands between two white spaces is one word, whatever letters a later Unicode adds
    op.execute("CREATE VIRTUAL TABLE article_search USING fts5(stems, detail=none, tokenize='ascii')")
    op.execute("CREATE VIRTUAL TABLE bullet_search USING fts5(stems, detail=none, tokenize='ascii')")
    op.execute(
        "CREATE TRIGGER article_search_forget AFTER DELETE ON article "
        "BEGIN DELETE FROM article_search WHERE rowid = OLD.id; END"
    )
    op.execute(
        "CREATE TRIGGER bullet_search_forget AFTER DELETE ON bullet "
        "BEGIN DELETE FROM bullet_search WHERE rowid = OLD.id; END"
    )
