"""The tables of a new warehouse; `warehouse.migrations.baseline` writes the SQL."""

from pathlib import Path

from alembic import op

from warehouse.bulk_copy import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables that every warehouse has."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    run_script(op.get_bind(), statements)


def downgrade() -> None:
    """Fail: facts and the audit chain are never dropped."""
    raise NotImplementedError("migrations drop no facts")
