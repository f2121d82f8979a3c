"""How what the settings name in Slack stood when it was last looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "named_place",
        sa.Column("setting", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("trouble", sa.String(length=12), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_members", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("setting", "mark", name=op.f("pk_named_place")),
    )
