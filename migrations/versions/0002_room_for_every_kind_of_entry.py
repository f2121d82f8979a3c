"""Room for every kind of entry: PostgreSQL holds to the length, and refused what the reporter answered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report_entry") as batch_op:
        batch_op.alter_column(
            "kind", existing_type=sa.String(length=12), type_=sa.String(length=20), existing_nullable=False
        )


def downgrade() -> None:
    with op.batch_alter_table("report_entry") as batch_op:
        batch_op.alter_column(
            "kind", existing_type=sa.String(length=20), type_=sa.String(length=12), existing_nullable=False
        )
