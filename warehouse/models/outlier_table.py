"""The table of figures far from what their body usually reports."""

from sqlalchemy import Double, Integer, PrimaryKeyConstraint, Table, Text

from warehouse.models.tables import METADATA, column

OUTLIER = Table(
    "outlier",
    METADATA,
    column("province_code", Text, "Province that the body reports to."),
    column("area_code", Text, "Area that the body is responsible for."),
    column("body_code", Text, "Body that reported."),
    column("form_code", Text, "Code of the form."),
    column(
        "measure_name", Text, "Measure, added up over a report's rows; counts about persons are left out."
    ),
    column("plan_code", Text, "Plan under which it was reported."),
    column("period_code", Text, "Period it is about."),
    column("value", Double, "What it reported."),
    column("median", Double, "The median of what it reported in periods of the same kind."),
    column("periods", Integer, "How many those are; at least eight."),
    column(
        "score",
        Double,
        "Distance from the median in robust standard deviations; more than 3.5 either way.",
    ),
    PrimaryKeyConstraint(
        "province_code", "body_code", "form_code", "measure_name", "plan_code", "period_code"
    ),
    schema="dw",
    comment="Figures far from what their body usually reports: robust statistics over eight periods or more.",
)
