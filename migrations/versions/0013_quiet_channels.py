"""Asking about quiet channels."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = (("watched", "since"), ("asked", "began_at"), ("offered", "began_at"))


def upgrade() -> None:
    op.create_table(
        "quiet_channel",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=10), nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.Column("card_channel_id", sa.String(length=20), nullable=True),
        sa.Column("card_ts", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_quiet_channel_answered_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_quiet_channel_decided_by_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_quiet_channel_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_quiet_channel")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_quiet_channel_channel_id")),
    )
    for state, by in INDEXES:
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"ix_quiet_channel_{state}",
            "quiet_channel",
            [by, "proposal_id"],
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table(
        "quiet_question",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=True),
        sa.Column("message_ts", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quiet_question_person_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["quiet_channel.proposal_id"], name=op.f("fk_quiet_question_proposal_id_quiet_channel")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_quiet_question")),
    )
    op.create_index("ix_quiet_question_person_id", "quiet_question", ["person_id"])
    # Channels that were opened before are watched from then on.
    op.execute(
        "INSERT INTO quiet_channel (proposal_id, channel_id, state, since, round) "
        "SELECT id, channel_id, 'watched', COALESCE(decided_at, proposed_at), 0 FROM proposal "
        "WHERE state = 'opened' AND channel_id IS NOT NULL"
    )
