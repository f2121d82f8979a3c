"""Proposals of channels."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("wanting", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("card", sa.Integer(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("is_missing", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_proposal_proposer_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_proposal_decided",
            ["decided_at", "id"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NOT NULL"),
            postgresql_where=sa.text("decided_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_proposal_open",
            ["proposed_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index("ix_proposal_proposer", ["proposer_id", "proposed_at", "id"], unique=False)
        batch_op.create_index(
            "uq_proposal_name",
            ["name"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'approved', 'stuck')"),
            postgresql_where=sa.text("state IN ('open', 'approved', 'stuck')"),
        )

    op.create_table(
        "proposal_concern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_concern_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_concern")),
    )
    with op.batch_alter_table("proposal_concern", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_concern_proposal_id", ["proposal_id"], unique=False)
        batch_op.create_index(
            "ix_proposal_concern_kept",
            ["at", "id"],
            unique=False,
            sqlite_where=sa.text("kept"),
            postgresql_where=sa.text("kept"),
        )

    op.create_table(
        "proposal_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("once", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_event_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_event")),
        sa.UniqueConstraint("once", name=op.f("uq_proposal_event_once")),
    )
    with op.batch_alter_table("proposal_event", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_event_proposal_id", ["proposal_id", "id"], unique=False)

    op.create_table(
        "proposal_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=False),
        sa.Column("message_ts", sa.String(length=20), nullable=False),
        sa.Column("drawing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_message_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_message")),
        sa.UniqueConstraint("channel_id", "message_ts", name=op.f("uq_proposal_message_channel_id")),
    )
    with op.batch_alter_table("proposal_message", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_message_proposal_id", ["proposal_id"], unique=False)

    op.create_table(
        "proposal_steward",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_steward_person_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_steward_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_proposal_steward")),
    )
    with op.batch_alter_table("proposal_steward", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_steward_person_id", ["person_id"], unique=False)

    op.create_table(
        "supporter",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supports", sa.Boolean(), nullable=False),
        sa.Column("wants_in", sa.Boolean(), nullable=False),
        sa.Column("click", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_supporter_person_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_supporter_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_supporter")),
    )
    with op.batch_alter_table("supporter", schema=None) as batch_op:
        batch_op.create_index("ix_supporter_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "ix_supporter_wants_in",
            ["proposal_id", "person_id"],
            unique=False,
            sqlite_where=sa.text("wants_in"),
            postgresql_where=sa.text("wants_in"),
        )

    op.create_table(
        "proposal_concern_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["proposal_concern.id"],
            name=op.f("fk_proposal_concern_message_concern_id_proposal_concern"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_concern_message")),
    )
    with op.batch_alter_table("proposal_concern_message", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_concern_message_concern_id", ["concern_id"], unique=False)
