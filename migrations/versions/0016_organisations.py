"""Where role holders work. People who held a role before were not asked yet: it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("organisation", sa.String(length=200), nullable=True))
