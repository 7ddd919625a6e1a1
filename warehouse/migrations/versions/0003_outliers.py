"""Outliers become a table: as a view they took longer the older a warehouse grew."""

from pathlib import Path

from alembic import op

from warehouse.bulk_copy import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take the view away and make the table; `warehouse.migrations.upgrade` fills it."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    run_script(op.get_bind(), statements)


def downgrade() -> None:
    """Refuse: facts and the audit chain are never taken away."""
    raise NotImplementedError("a warehouse with facts is not taken down by a migration")
