"""The warehouse: dimensions, audit, marts, and the functions that guard them."""

from pathlib import Path

from alembic import op

from warehouse.bulk_copy import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything but the tables of forms, which `migrations.upgrade` makes."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    run_script(op.get_bind(), statements)


def downgrade() -> None:
    """Refuse: facts and the audit chain are never taken away."""
    raise NotImplementedError("a warehouse with facts is not taken down by a migration")
