"""Messages about proposals go by turns, and no longer say that they are being drawn."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposal_message", schema=None) as batch_op:
        batch_op.drop_column("drawing")
