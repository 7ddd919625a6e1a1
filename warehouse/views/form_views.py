"""Views that come from declarations: the rows in force of each form, plain and readable; who has reported."""

from collections.abc import Iterator

from schemas.declaration import Form, Measure, MeasureType
from schemas.forms import FORMS
from warehouse.models.form_tables import fact_columns
from warehouse.privacy.suppression import (
    READER,
    is_withheld,
    linked_measures,
    rows_in_force,
    share_query,
    shown,
)

View = tuple[str, str, str, dict[str, str]]  # name, comment, query, comment by column


def form_views(form: Form) -> Iterator[View]:
    """The views dw.current_<form> and mart.<form>."""
    yield _current(form)
    yield _readable(form)


def _current(form: Form) -> View:
    place = form.area_dimension
    alias = f", a.area_code AS {place.key}" if place else ""
    query = (
        f"SELECT f.fact_id, {', '.join(f'f.{name}' for name in fact_columns(form))},"
        f" b.body_code, '{form.code}'::text AS form_code, p.period_code, a.area_code{alias}"
        f" FROM dw.fact_{form.key} f JOIN dw.dim_body b USING (body_key)"
        " JOIN dw.dim_period p USING (period_key) JOIN dw.dim_area a ON a.area_key = f.area_key"
        " WHERE f.superseded_at IS NULL"
    )
    comments = {
        "body_code": "Body that reported.",
        "form_code": "Code of the form.",
        "period_code": "Period it is about.",
        "area_code": "Area it is about.",
    }
    if place:
        comments[place.key] = f"{place.label_vi}: code of the area."
    return f"dw.current_{form.key}", f"Form {form.code}: the rows in force.", query, comments


def _readable(form: Form) -> View:
    columns = [
        ("year", "p.year", "Year that the period is named after."),
        ("period_code", "p.period_code", "Period: code."),
        ("period_name", "p.name_vi", "Period: name."),
        ("period_name_en", "p.name_en", "Period: name in English."),
        ("window_start", "p.window_start", "First day of the window."),
        ("window_end", "p.window_end", "Last day of the window."),
        ("body_code", "b.body_code", "Body that reported: code."),
        ("body_name", "b.body_name", "Body that reported: name."),
        ("area_code", "a.area_code", "Area: code."),
        ("area_name", "a.area_name", "Area: name."),
        ("area_level", "a.area_level", "Area: level."),
    ]
    joins = ""
    for column in form.columns.values():
        if column.key == (form.area_dimension.key if form.area_dimension else None):
            continue
        label = (
            f"{column.group}: {column.label_vi}"
            if isinstance(column, Measure) and column.group
            else column.label_vi
        )
        said = shown(form, column, "f") if isinstance(column, Measure) else f"f.{column.key}"
        columns.append((column.key, said, f"{label}{_unit(column)}."))
        if column.code_list is not None:
            alias = f"l_{column.key}"
            columns.append((f"{column.key}_label", f"{alias}.label_vi", f"{label}: label."))
            said = f"{label}: label in English."
            columns.append((f"{column.key}_label_en", f"{alias}.label_en", said))
            joins += f" JOIN dw.dim_{column.code_list.key} {alias} ON {alias}.code = f.{column.key}"
    if linked_measures(form):
        why = "Whether small counts about persons, and what would give them away, are withheld from you."
        columns.append(("is_suppressed", is_withheld(form, "f"), why))
        joins += f" CROSS JOIN {READER}"
    columns += [
        ("submission_id", "f.submission_id", "Submission it came from."),
        ("recorded_at", "f.recorded_at", "When it came to be known."),
    ]
    query = (
        f"SELECT {', '.join(f'{said} AS {name}' for name, said, _ in columns)}"
        f" FROM {rows_in_force(form)} f JOIN dw.dim_body b USING (body_key)"
        " JOIN dw.dim_period p USING (period_key) JOIN dw.dim_area a ON a.area_key = f.area_key"
        f"{joins}"
    )
    return (
        f"mart.{form.key}",
        f"Form {form.code} ({form.title}): the rows in force, names beside codes.",
        query,
        {name: comment for name, _, comment in columns},
    )


SUPPRESSION: View = (
    "mart.suppression",
    "How many counts about persons, of the areas you see, are withheld: 1 to 4, and what is tied to them.",
    share_query(FORMS),
    {
        "form_code": "Code of the form.",
        "period_code": "Period it is about.",
        "counts": "How many counts about persons there are.",
        "withheld": "How many of them are withheld.",
        "withheld_pct": "Their share in percent.",
    },
)


def _unit(column: object) -> str:
    if not isinstance(column, Measure) or column.kind in (MeasureType.FLAG, MeasureType.SCORE):
        return ""
    return f" ({column.unit.label_vi})"


CALENDAR: View = (
    "mart.calendar",
    "The reporting calendar: a row per period, with its window, its names and what it lies in.",
    """
SELECT p.period_code, p.period_kind, p.year, p.number, p.name_vi, p.name_en, p.window_start, p.window_end,
    p.window_end - p.window_start + 1 AS days, q.period_code AS quarter_code, h.period_code AS half_code,
    y.period_code AS year_code, b.period_code AS period_before, l.period_code AS period_a_year_before,
    p.window_end < audit.present()::date AS has_ended
FROM dw.dim_period p
LEFT JOIN dw.dim_period q ON q.period_kind = 'Q'
    AND q.window_start <= p.window_start AND q.window_end >= p.window_end
LEFT JOIN dw.dim_period h ON h.period_kind = 'H'
    AND h.window_start <= p.window_start AND h.window_end >= p.window_end
LEFT JOIN dw.dim_period y ON y.period_kind = 'Y'
    AND y.window_start <= p.window_start AND y.window_end >= p.window_end
LEFT JOIN dw.dim_period b ON b.period_kind = p.period_kind AND b.window_end = p.window_start - 1
LEFT JOIN dw.dim_period l ON l.period_kind = p.period_kind AND l.year = p.year - 1
    AND substr(l.period_code, 5) = substr(p.period_code, 5)
""",
    {
        "period_code": "Code: 2020-M03, 2020-Q1, 2020-H1, 2020-Y or 2020-A-0305.",
        "period_kind": "M month, Q quarter, H half-year, Y year, A ad hoc.",
        "year": "Year that it is named after.",
        "number": "Which of its kind in the year; 0 for an ad hoc one.",
        "name_vi": "Name in Vietnamese.",
        "name_en": "Name in English.",
        "window_start": "First day of the window.",
        "window_end": "Last day of the window.",
        "days": "How many days the window has.",
        "quarter_code": "Quarter in which it lies; empty for what is longer.",
        "half_code": "Half-year in which it lies; empty for a year.",
        "year_code": "Year in which it lies.",
        "period_before": "The period of the same kind before it.",
        "period_a_year_before": "The same period of the year before.",
        "has_ended": "Whether its window has ended.",
    },
)


REPORTING_STATUS: View = (
    "mart.reporting_status",
    "Who has sent what: one row per report that is owed, and per report that came without being owed.",
    """
WITH sent AS (
    SELECT s.plan_code, s.body_code, s.form_code, s.period_code,
        (array_agg(s.received_at ORDER BY s.revision) FILTER (WHERE s.revision IS NOT NULL))[1]
            AS received_at,
        max(s.revision) AS revision,
        (array_agg(s.submission_id ORDER BY s.revision DESC) FILTER (WHERE s.revision IS NOT NULL))[1]
            AS submission_id,
        bool_or(s.status = 'rejected') AS any_rejected,
        (array_agg(s.submission_id ORDER BY s.submission_id DESC) FILTER (WHERE s.status = 'rejected'))[1]
            AS rejected_id
    FROM audit.submission s
    WHERE s.form_code IS NOT NULL AND s.period_code IS NOT NULL
    GROUP BY s.plan_code, s.body_code, s.form_code, s.period_code
),
owed AS (
    SELECT pl.plan_code, b.body_code, b.body_name, fo.form_code, p.period_code, o.due_at, o.is_optional,
        o.waived_at
    FROM dw.reporting_obligation o JOIN dw.dim_plan pl USING (plan_key)
    JOIN dw.dim_body b USING (body_key) JOIN dw.dim_form fo USING (form_key)
    JOIN dw.dim_period p USING (period_key)
)
SELECT plan_code, body_code, coalesce(o.body_name, b.body_name, body_code) AS body_name, form_code,
    period_code, o.due_at, s.received_at,
    CASE
        WHEN s.revision IS NOT NULL AND (o.due_at IS NULL OR s.received_at <= o.due_at) THEN 'on_time'
        WHEN s.revision IS NOT NULL THEN 'late'
        WHEN o.waived_at IS NOT NULL THEN 'waived'
        WHEN s.any_rejected THEN 'rejected'
        WHEN o.due_at < audit.present() THEN 'missing'
        ELSE 'not_due'
    END AS status,
    s.revision, coalesce(s.submission_id, s.rejected_id) AS submission_id
FROM owed o FULL JOIN sent s USING (plan_code, body_code, form_code, period_code)
LEFT JOIN (SELECT plan_code, province_code, true AS is_latest FROM dw.dim_plan) pl USING (plan_code)
LEFT JOIN dw.dim_body b USING (province_code, body_code, is_latest)
WHERE (o.plan_code IS NOT NULL AND NOT o.is_optional) OR s.revision IS NOT NULL
""",
    {
        "plan_code": "Plan that asks for it.",
        "body_code": "Body: code.",
        "body_name": "Body: name.",
        "form_code": "Form: code.",
        "period_code": "Period: code.",
        "due_at": "Until when it is on time; empty where nothing was owed.",
        "received_at": "When the first valid report came.",
        "status": "on_time, late, missing, rejected, not_due or waived.",
        "revision": "Revision in force; 0 is the first.",
        "submission_id": "Submission in force, or the last one that was rejected.",
    },
)
