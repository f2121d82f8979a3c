"""Jobs that go by turns."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("turns", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.alter_column("turns", server_default=None)
