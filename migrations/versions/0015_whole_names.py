"""Finding out whether words name a member in full."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # It fills when the list of members is read, which every start asks for.
    op.create_table(
        "whole_name",
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_whole_name_person_id_person")),
        sa.PrimaryKeyConstraint("name", "person_id", name=op.f("pk_whole_name")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_whole_name_person_id", "whole_name", ["person_id"])
