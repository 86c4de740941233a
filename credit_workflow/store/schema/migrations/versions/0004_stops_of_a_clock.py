"""A deadline's chosen length, and the stops of its clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("case_deadline", sa.Column("length", sa.String(), nullable=True))
    op.add_column("case_deadline", sa.Column("pauses", sa.String(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("the log is permanent: there is nothing to go back to")
