"""Declared conflicts, found by whom they are with."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_declared_conflict_other", "declared_conflict", ["other_id"])
