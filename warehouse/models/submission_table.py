"""The table of submissions, to which facts, findings and figures refer."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, Sequence, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from warehouse.models.tables import METADATA, MOMENT, STATUSES, column, load_reference, one_of

SUBMISSION_ID = Sequence("submission_id_seq", metadata=METADATA, schema="audit")
SUBMISSION = Table(
    "submission",
    METADATA,
    column(
        "submission_id",
        BigInteger,
        "Number of the submission.",
        primary_key=True,
        autoincrement=False,
        server_default=text("nextval('audit.submission_id_seq'::regclass)"),
    ),
    load_reference(),
    column("plan_code", Text, "Plan under which it was ingested."),
    column("body_code", Text, "Body whose folder it lay in."),
    column("form_code", Text, "Code of its form; empty where none was found.", nullable=True),
    column("period_code", Text, "Code of its period; empty where none was found.", nullable=True),
    column(
        "revision",
        Integer,
        "0 for the first valid report, then 1, 2, the same for its parts; only where accepted.",
        nullable=True,
    ),
    column("status", Text, "accepted, accepted_with_warnings, rejected, duplicate or ignored."),
    column("source_url", Text, "Drive that it was pulled from, without credentials."),
    column("file_name", Text, "Path below the body's folder."),
    column("sheet_name", Text, "Sheet of the workbook; empty for a text table."),
    column(
        "sha256", Text, "Hash of the file's content; empty where it was too large to read.", nullable=True
    ),
    column("size_bytes", BigInteger, "Size of the file in bytes."),
    column("received_at", MOMENT, "When the file was received: its last change on the drive."),
    column("ingested_at", MOMENT, "When it was ingested."),
    column("error_count", Integer, "How many errors were found."),
    column("warning_count", Integer, "How many warnings were found."),
    column("column_map", JSONB, "Letter of the sheet's column for each column of the form."),
    column(
        "roles",
        JSONB,
        "Ranges of cells by their role (letterhead, header, measure and so on); one object per sheet.",
        server_default=text("'[]'::jsonb"),
    ),
    column(
        "stated_units",
        JSONB,
        "Units that the sheet states where they differ from the measure's: key, cell, unit and factor.",
        server_default=text("'[]'::jsonb"),
    ),
    column(
        "is_declared_correction",
        Boolean,
        "Whether the sheet declares itself a correction of an earlier report.",
        server_default=text("false"),
    ),
    column(
        "part_set",
        BigInteger,
        "First submission of the parts that make up the report; empty where this one is all of it.",
        nullable=True,
    ),
    column(
        "part_no",
        Integer,
        "Number of the part in its set, 0 without parts; a later one of the same number replaces it.",
        server_default=text("0"),
    ),
    one_of("status", STATUSES),
    CheckConstraint("(part_set IS NULL) = (part_no = 0)", name="part"),
    CheckConstraint(
        "(revision IS NOT NULL) = (status IN ('accepted', 'accepted_with_warnings'))", name="revision"
    ),
    CheckConstraint("revision IS NULL OR error_count = 0", name="valid"),
    Index("submission_load_idx", "load_id"),
    Index("submission_sha256_idx", "sha256"),
    Index("submission_part_idx", "body_code", postgresql_where=text("part_set IS NOT NULL")),
    Index("submission_report_idx", "plan_code", "body_code", "form_code", "period_code"),
    Index(
        "submission_revision_idx",
        "plan_code",
        "body_code",
        "form_code",
        "period_code",
        "revision",
        "part_no",
        unique=True,
        postgresql_where=text("revision IS NOT NULL"),
    ),
    schema="audit",
    comment="Submissions: one row per sheet that is a form, and one per file in which no form was found.",
)
