"""Opening channels."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("then", sa.String(length=12), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.Column("channel_id", sa.String(length=20), nullable=True),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("welcome_ts", sa.String(length=20), nullable=True),
        sa.Column("left", sa.Text(), nullable=False),
        sa.Column("card_channel_id", sa.String(length=20), nullable=True),
        sa.Column("card_ts", sa.String(length=20), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_opening_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_opening")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_opening_channel_id")),
    )
    op.create_index(
        "ix_opening_stuck",
        "opening",
        ["began_at"],
        sqlite_where=sa.text("state = 'stuck'"),
        postgresql_where=sa.text("state = 'stuck'"),
    )
    op.create_table(
        "opening_invitee",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opening_invitee_person_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["opening.proposal_id"], name=op.f("fk_opening_invitee_proposal_id_opening")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_opening_invitee")),
    )
    op.create_index(
        "ix_opening_invitee_waits",
        "opening_invitee",
        ["proposal_id", "person_id"],
        sqlite_where=sa.text("code IS NULL"),
        postgresql_where=sa.text("code IS NULL"),
    )
