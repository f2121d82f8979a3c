"""Which case a job is about, so that it goes with that; and what has to be left of those that have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ABOUT = sa.text("subject IS NOT NULL")
NOT_EMPTIED = sa.text("priority = 1 AND done_at IS NOT NULL AND wire_id != ''")


def upgrade() -> None:
    op.add_column("job", sa.Column("subject", sa.Uuid(), nullable=True))
    op.create_index("ix_job_subject", "job", ["subject"], sqlite_where=ABOUT, postgresql_where=ABOUT)
    op.create_index("ix_job_not_emptied", "job", ["done_at"], sqlite_where=NOT_EMPTIED, postgresql_where=NOT_EMPTIED)
