"""Guidelines, the member list, and campaigns."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FINAL = "a version of the guidelines is never altered"


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("fed", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=True),
        sa.Column("message_ts", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    is_open = sa.text("status IN ('running', 'paused')")
    op.create_index(
        "uq_campaign_open", "campaign", ["kind"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("campaign_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_job_campaign_id_campaign"), "campaign", ["campaign_id"], ["id"])
    of_campaign = sa.text("campaign_id IS NOT NULL")
    op.create_index(
        "ix_job_campaign", "job", ["campaign_id", "state"], sqlite_where=of_campaign, postgresql_where=of_campaign
    )
    op.add_column("lane", sa.Column("pace", sa.Float(), nullable=True))

    op.add_column("person", sa.Column("kind", sa.String(length=10), nullable=False, server_default="unknown"))
    op.add_column("person", sa.Column("here_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("accepted_number", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)
        batch_op.alter_column("accepted_number", server_default=None)
    here = sa.text("NOT deactivated AND kind IN ('member', 'guest')")
    op.create_index("ix_person_accepted", "person", ["accepted_number", "id"], sqlite_where=here, postgresql_where=here)
    op.create_table(
        "member_list",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("complete_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_list")),
    )

    op.create_table(
        "guidelines_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_guidelines_version")),
    )
    op.create_table(
        "guidelines_acceptance",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("where", sa.String(length=10), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"], ["guidelines_version.number"], name=op.f("fk_guidelines_acceptance_number_guidelines_version")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guidelines_acceptance_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidelines_acceptance")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_guidelines_acceptance_person_id")),
    )
    op.create_table(
        "guidelines_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("spell", sa.BigInteger(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=False),
        sa.Column("message_ts", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guidelines_message_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidelines_message")),
        sa.UniqueConstraint("person_id", "number", "spell", "nth", name=op.f("uq_guidelines_message_person_id")),
    )
    _never_altered()


def _never_altered() -> None:
    """What people agreed to stays what they agreed to, no matter who writes to the database."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER guidelines_version_no_{act.lower()} BEFORE {act} ON guidelines_version "
                f"BEGIN SELECT RAISE(ABORT, '{FINAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION guidelines_version_is_final() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{FINAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER guidelines_version_is_final BEFORE UPDATE OR DELETE ON guidelines_version "
        "FOR EACH ROW EXECUTE FUNCTION guidelines_version_is_final()"
    )
