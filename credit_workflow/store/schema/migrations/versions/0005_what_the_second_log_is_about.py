"""Which entries of the second log are about a record, a case or a person; and when, and whose, they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    on_server = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "journal_about",
        sa.Column("about", sa.String(collation="C" if on_server else None), nullable=False),
        sa.Column("id", sa.BigInteger() if on_server else sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("about", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("journal_log_when", "journal_log", ["stream", "at"], unique=False)
    op.create_index("journal_log_whose", "journal_log", ["actor", "at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("the log is permanent: there is nothing to go back to")
