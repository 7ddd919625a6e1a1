"""Figures far from what their body usually reports: a table of mart that every load keeps up.

As a view it was reckoned from all facts for whoever looked, and took longer the older a warehouse grew.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Double, Integer, PrimaryKeyConstraint, Table, Text, text

from schemas.declaration import Form
from schemas.forms import FORMS
from warehouse.models.tables import METADATA, column

_LEAST_HISTORY = 8  # periods of a body and measure before any is called unusual
_UNUSUAL = 3.5
_KEY = ("province_code", "body_code", "form_code", "measure_name", "period_code")

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
    column("period_code", Text, "Period it is about."),
    column("value", Double, "What it reported."),
    column("median", Double, "The median of what it reported in periods of the same kind."),
    column("periods", Integer, "How many those are; at least eight."),
    column(
        "score",
        Double,
        "How far from the median in robust standard deviations; more than 3.5 either way.",
    ),
    PrimaryKeyConstraint(*_KEY),
    schema="mart",
    comment="Figures far from what their body usually reports: robust statistics over eight periods or more.",
)


def refresh_outliers(connection: Connection, form: Form, province: str, bodies: Collection[str]) -> None:
    """Find again what is unusual of what the bodies reported on a form; other rows stay untouched."""
    _refresh(connection, form, {"province": province, "bodies": list(bodies)})


def find_all_outliers(connection: Connection) -> None:
    """The same for all that was ever reported."""
    for form in FORMS:
        _refresh(connection, form, {"province": None, "bodies": None})


def definition() -> str:
    """What the table is made by; where that changed, it is to be made anew."""
    return "\n".join(_statement(form, _measures(form)) for form in FORMS)


def _refresh(connection: Connection, form: Form, touched: dict[str, object]) -> None:
    if measures := _measures(form):
        connection.execute(text(_statement(form, measures)), touched)


def _measures(form: Form) -> list[str]:
    """The measures that add up and count no persons."""
    return [m.key for m in form.measures if m.is_additive and m.is_number and not m.unit.counts_persons]


# Modified z-scores after Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): from the median, by
# the median absolute deviation, or by the mean one where more than half of the figures are the same.
_FOUND = f"""
usual AS (
    SELECT province_code, body_code, measure_name, count(*)::int AS periods,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median,
        array_agg(area_code) AS area_codes, array_agg(period_code) AS period_codes,
        array_agg(value) AS figures
    FROM told GROUP BY province_code, body_code, measure_name, period_kind
    HAVING count(*) >= {_LEAST_HISTORY}
),
found AS MATERIALIZED (
    SELECT u.province_code, t.area_code, u.body_code, u.measure_name, t.period_code, t.value, u.median,
        u.periods, (t.value - u.median) / s.spread AS score
    FROM usual u
    CROSS JOIN LATERAL (
        SELECT coalesce(nullif(1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(x - u.median)), 0),
            nullif(1.253314 * avg(abs(x - u.median)), 0)) AS spread
        FROM unnest(u.figures) AS x
    ) s
    CROSS JOIN LATERAL unnest(u.area_codes, u.period_codes, u.figures) AS t(area_code, period_code, value)
    WHERE abs((t.value - u.median) / s.spread) > {_UNUSUAL}
)"""


def _statement(form: Form, measures: Sequence[str]) -> str:
    """The statement that brings the table's rows of a form to what :bodies of :province told (null: all)."""
    sums = ", ".join(f"sum({key})::double precision AS {key}" for key in measures)
    listed = ", ".join(f"('{key}', s.{key})" for key in measures)
    told = ("area_code", "value", "median", "periods", "score")
    names = (*_KEY, *told)
    found = ", ".join(f"'{form.code}'" if name == "form_code" else name for name in names)
    same = " AND ".join(f"f.{name} = o.{name}" for name in _KEY if name != "form_code")
    return f"""
WITH reporting AS (
    SELECT b.body_key, b.province_code, b.body_code, a.area_code
    FROM dw.dim_body b JOIN dw.dim_area a USING (area_key)
    WHERE CAST(:province AS text) IS NULL
        OR (b.province_code = :province AND b.body_code = ANY(CAST(:bodies AS text[])))
),
told AS (
    SELECT b.province_code, b.area_code, b.body_code, p.period_kind, p.period_code, m.measure_name, m.value
    FROM (SELECT body_key, period_key, {sums} FROM dw.fact_{form.key}
        WHERE superseded_at IS NULL AND body_key IN (SELECT body_key FROM reporting)
        GROUP BY body_key, period_key) s
    JOIN reporting b USING (body_key) JOIN dw.dim_period p USING (period_key)
    CROSS JOIN LATERAL (VALUES {listed}) AS m(measure_name, value)
),{_FOUND},
gone AS (
    DELETE FROM mart.outlier o WHERE o.form_code = '{form.code}'
        AND (CAST(:province AS text) IS NULL
            OR (o.province_code = :province AND o.body_code = ANY(CAST(:bodies AS text[]))))
        AND NOT EXISTS (SELECT FROM found f WHERE {same})
)
INSERT INTO mart.outlier AS kept ({", ".join(names)}) SELECT {found} FROM found
ON CONFLICT ({", ".join(_KEY)}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in told)}
WHERE ({", ".join(f"kept.{name}" for name in told)}) IS DISTINCT FROM
    ({", ".join(f"excluded.{name}" for name in told)})"""
