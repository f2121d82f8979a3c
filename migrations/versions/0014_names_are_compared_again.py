"""Names of role holders are compared with every kept report again whenever a role or a name changes."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEPT = sa.text("state != 'erased'")


def upgrade() -> None:
    # Nobody who holds a role now counts as compared with a report that is there already: gpbot's first start does it.
    for table, column, before in (("role", "changed", "1"), ("report", "compared", "0")):
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default=before))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)
    op.create_index("ix_role_changed", "role", ["changed"])
    op.create_index("ix_report_compared", "report", ["compared", "id"], sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_table(
        "sealed_roster",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_roster")),
    )
