"""How far each newcomer is, and which channels they chose."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("spell", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("later_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hello_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_why", sa.LargeBinary(), nullable=True),
        sa.Column("welcomer_id", ID, nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.String(length=20), nullable=True),
        sa.Column("message_ts", sa.String(length=20), nullable=True),
        sa.Column("card_channel_id", sa.String(length=20), nullable=True),
        sa.Column("card_ts", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_arrival_person_id_person")),
        sa.ForeignKeyConstraint(["welcomer_id"], ["person.id"], name=op.f("fk_arrival_welcomer_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_arrival")),
    )
    op.create_table(
        "arrival_channel",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_arrival_channel_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "round", "channel_id", name=op.f("pk_arrival_channel")),
    )
