"""The tables of operation: results of quality checks, and the state of the drives."""

from sqlalchemy import BigInteger, Boolean, Integer, PrimaryKeyConstraint, Table, Text

from warehouse.models.tables import METADATA, MOMENT, column, one_of

CHECK_RESULT = Table(
    "check_result",
    METADATA,
    column("checked_at", MOMENT, "When the checks were run, by the clock of the database."),
    column("plan_code", Text, "Plan that was checked."),
    column("relation", Text, "Table or view that was checked, with its schema."),
    column("check_code", Text, "Code of the check."),
    column("severity", Text, "critical stops a publication, warning does not."),
    column("label_vi", Text, "What must hold, in Vietnamese."),
    column("label_en", Text, "What must hold, in English."),
    column("outcome", Text, "passed, failed, or error where it could not be evaluated."),
    column("wrong_rows", BigInteger, "How many rows are not so."),
    PrimaryKeyConstraint("plan_code", "checked_at", "check_code"),
    one_of("severity", ("critical", "warning")),
    one_of("outcome", ("passed", "failed", "error")),
    schema="audit",
    comment="The results of the quality checks, one row per check and run; counts only, no values.",
)
DRIVE_FRESHNESS = Table(
    "drive_freshness",
    METADATA,
    column("drive", Text, "URL of the drive, without credentials.", primary_key=True),
    column("attempted_at", MOMENT, "When an ingest last tried to list it, by the clock of the database."),
    column("is_listed", Boolean, "Whether it could be listed then; the log of the ingest has the reason."),
    column("listed_at", MOMENT, "When it could last be listed; null: never.", nullable=True),
    column("files", Integer, "Files in the folders of bodies when it was last listed.", nullable=True),
    column("newest_file_at", MOMENT, "When the newest of them was modified.", nullable=True),
    schema="audit",
    comment="The state of each drive at the last ingest that named it.",
)
