"""The audit tables beside the submissions: findings, events, plan versions, listings, schema fingerprints."""

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from warehouse.models.submission_table import SUBMISSION
from warehouse.models.tables import METADATA, MOMENT, column, load_reference, one_of

PLAN_DOCUMENT = Table(
    "plan_document",
    METADATA,
    column("plan_code", Text, "Code of the plan."),
    column("recorded_at", MOMENT, "When it was loaded."),
    column("sha256", Text, "Hash of the document, which is in the audit chain too."),
    column("document", Text, "The plan as it was read, as JSON."),
    PrimaryKeyConstraint("plan_code", "recorded_at", "sha256"),
    schema="audit",
    comment="Versions of plans: one row each time that a plan, or a form, changed.",
)
FINDING = Table(
    "finding",
    METADATA,
    column("submission_id", BigInteger, "Submission it is about.", ForeignKey(SUBMISSION.c.submission_id)),
    column("finding_no", Integer, "Number of the finding in its submission."),
    column("severity", Text, "error rejects the sheet, warning does not."),
    column("code", Text, "Finding code, or the id of the form's rule."),
    column("sheet_name", Text, "Sheet of the finding."),
    column("cell", Text, "Cell in A1 notation; empty where it is about the whole sheet."),
    column("column_key", Text, "Column of the form; empty where it is about none."),
    column("value_shown", Text, "Value of the cell; never one that identifies a person."),
    column("message_vi", Text, "What is wrong and what would be right, in Vietnamese."),
    column("message_en", Text, "The same in English."),
    PrimaryKeyConstraint("submission_id", "finding_no"),
    one_of("severity", ("error", "warning")),
    Index("finding_code_idx", "code"),
    schema="audit",
    comment="What validation found in a submission.",
)
EVENT = Table(
    "event",
    METADATA,
    column(
        "event_id", BigInteger, "Number of the event, without gaps.", primary_key=True, autoincrement=False
    ),
    column("occurred_at", MOMENT, "When it happened; CHITIEU_NOW may set it."),
    column(
        "recorded_at", MOMENT, "When the database recorded it, by its own clock; later than the event before."
    ),
    column("role_name", Text, "Role of the database that recorded it."),
    column("account_name", Text, "Account of the operating system, as the client states it."),
    column("kind", Text, "What happened: ingest, waive, close, reopen and so on."),
    column("subject", Text, "What it happened to."),
    column("payload", JSONB, "The particulars, with the reason where one was given."),
    column("previous_hash", LargeBinary, "Hash of the event before; empty bytes for the first."),
    column("hash", LargeBinary, "SHA-256 of the hash before and of this event.", unique=True),
    Index(  # each edition of a period is closed, and reopened, once
        "event_closing_idx",
        text("(payload ->> 'plan')"),
        "subject",
        "kind",
        text("(payload ->> 'edition')"),
        unique=True,
        postgresql_where=text("kind IN ('close', 'reopen')"),
    ),
    schema="audit",
    comment="The append-only chain of all changes: each event has the hash of the previous one.",
)
WITHDRAWAL = Table(
    "withdrawal",
    METADATA,
    column(
        "submission_id",
        BigInteger,
        "Submission that was taken back.",
        ForeignKey(SUBMISSION.c.submission_id),
        primary_key=True,
        autoincrement=False,
    ),
    column("withdrawn_at", MOMENT, "When it was taken back."),
    column("reason", Text, "Why it was taken back."),
    column(
        "restored_ids",
        ARRAY(BigInteger),
        "Submissions that are in force again: none, one, or the parts of a report.",
    ),
    column("event_id", BigInteger, "Event of the audit chain that recorded it."),
    load_reference(),
    schema="audit",
    comment="Accepted submissions that were taken back.",
)
PURGE = Table(
    "purge",
    METADATA,
    column(
        "submission_id",
        BigInteger,
        "Submission whose content was erased.",
        ForeignKey(SUBMISSION.c.submission_id),
        primary_key=True,
        autoincrement=False,
    ),
    column("purged_at", MOMENT, "When it was erased."),
    column("reason", Text, "Why it was erased."),
    column("event_id", BigInteger, "Event of the audit chain that recorded it."),
    load_reference(),
    schema="audit",
    comment="Submissions whose content, values and findings were erased, because a person was found in them.",
)
DRIVE_FILE = Table(
    "drive_file",
    METADATA,
    column("source_url", Text, "Drive, without credentials."),
    column("path", Text, "Path below the drive's root."),
    column("size_bytes", BigInteger, "Size at the last listing."),
    column("modified_at", MOMENT, "Last change at the last listing, where the drive has it.", nullable=True),
    column("sha256", Text, "Hash of the content; empty where it was not read.", nullable=True),
    column("seen_at", MOMENT, "When it was last read."),
    column(
        "judged_plans",
        ARRAY(Text),
        "Plans for which it was judged: code and hash of the definition, with a space between.",
        server_default=text("'{}'::text[]"),
    ),
    PrimaryKeyConstraint("source_url", "path"),
    column(
        "judge_again_on",
        Date,
        "Day on which it is judged again, because the period of a sheet begins then.",
        nullable=True,
    ),
    schema="audit",
    comment="The last listing of the drives, so that unchanged files are not read again.",
)
SCHEMA_FINGERPRINT = Table(
    "schema_fingerprint",
    METADATA,
    column("name", Text, "View, function, or file of triggers or policies.", primary_key=True),
    column("sha256", Text, "Hash of the statements that created it."),
    schema="audit",
    comment="What the objects of the database were created from; only changed ones are created again.",
)
LOCK = Table(
    "lock",
    METADATA,
    column("what", Text, "What only one process may do at a time.", primary_key=True),
    schema="audit",
    comment="Rows that the pipeline locks, so that one process at a time loads or publishes.",
)
