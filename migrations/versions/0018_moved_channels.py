"""The ids that Slack has given one channel after another."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moved_channel",
        sa.Column("slack_id", sa.String(length=20), nullable=False),
        sa.Column("known_as", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slack_id", name=op.f("pk_moved_channel")),
    )
