"""Finding people by what their name begins with."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "name_start",
        sa.Column("start", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_name_start_person_id_person")),
        sa.PrimaryKeyConstraint("start", "person_id", name=op.f("pk_name_start")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_name_start_person_id", "name_start", ["person_id"])
