"""Areas and bodies become dimensions of type 2; what became of areas has tables of its own."""

from pathlib import Path

from alembic import op

from warehouse.bulk_copy import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Give areas and bodies a row for each state; what is there is the first one."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    run_script(op.get_bind(), statements)


def downgrade() -> None:
    """Refuse: facts and the audit chain are never taken away."""
    raise NotImplementedError("a warehouse with facts is not taken down by a migration")
