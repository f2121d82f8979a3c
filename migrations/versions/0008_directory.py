"""The public channels, and what they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("searchable", sa.Text(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    is_open = sa.text("NOT is_archived")
    op.create_index("ix_channel_open", "channel", ["name", "id"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_channel_name", "channel", ["name"])
    op.create_table(
        "channel_topic",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_channel_topic_channel_id_channel"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "channel_id", name=op.f("pk_channel_topic")),
    )
    op.create_index(op.f("ix_channel_topic_channel_id"), "channel_topic", ["channel_id"])
    op.create_table(
        "channel_list",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("complete_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_list")),
    )
