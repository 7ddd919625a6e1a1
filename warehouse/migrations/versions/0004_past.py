"""What the target table said before is kept, and what a plan said; both are rows that nobody changes."""

from pathlib import Path

from alembic import op

from warehouse.bulk_copy import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of the past; what is known now becomes the past of what comes."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    run_script(op.get_bind(), statements)


def downgrade() -> None:
    """Refuse: facts and the audit chain are never taken away."""
    raise NotImplementedError("a warehouse with facts is not taken down by a migration")
