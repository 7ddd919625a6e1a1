-- The reporting calendar of each plan: one row per plan and period, with the longer periods that it lies in and its
-- neighbours, and one row per plan for submissions without a period of the plan.
{% from 'macros/periods.sql' import code_a_year_before, lies_in %}
{# The periods of all plans of a province, each once. #}
{% macro of_provinces() -%}
    SELECT DISTINCT o.province_code, e.period_kind, e.period_code, e.year, e.window_end
    FROM dw.dim_period e JOIN dw.dim_plan o USING (plan_code)
{%- endmacro %}
CREATE VIEW mart.calendar AS
SELECT p.plan_code, p.period_code, p.period_kind, p.year, p.period_number, p.name_vi, p.name_en,
    p.window_start, p.window_end,
    p.window_end - p.window_start + 1 AS days, q.period_code AS quarter_code, h.period_code AS half_code,
    y.period_code AS year_code, b.period_code AS previous_period_code, l.period_code AS period_a_year_before,
    p.window_end < audit.present()::date AS has_ended
FROM dw.dim_period p
LEFT JOIN dw.dim_period q ON q.plan_code = p.plan_code AND q.period_kind = 'Q'
    AND {{ lies_in('p.window_start', 'p.window_end', 'q.window_start', 'q.window_end') }}
LEFT JOIN dw.dim_period h ON h.plan_code = p.plan_code AND h.period_kind = 'H'
    AND {{ lies_in('p.window_start', 'p.window_end', 'h.window_start', 'h.window_end') }}
LEFT JOIN dw.dim_period y ON y.plan_code = p.plan_code AND y.period_kind = 'Y'
    AND {{ lies_in('p.window_start', 'p.window_end', 'y.window_start', 'y.window_end') }}
JOIN dw.dim_plan pl ON pl.plan_code = p.plan_code
LEFT JOIN ({{ of_provinces() }}) b ON b.province_code = pl.province_code AND b.period_kind = p.period_kind
    AND b.window_end = p.window_start - 1
LEFT JOIN ({{ of_provinces() }}) l ON l.province_code = pl.province_code AND l.period_kind = p.period_kind
    AND l.year = p.year - 1 AND l.period_code = {{ code_a_year_before('p.period_code') }}
UNION ALL
SELECT plan_code, 'unknown' AS period_code, NULL AS period_kind, NULL AS year, NULL AS period_number,
    'Không xác định' AS name_vi, 'Unknown' AS name_en, NULL AS window_start, NULL AS window_end, NULL AS days,
    NULL AS quarter_code, NULL AS half_code, NULL AS year_code, NULL AS previous_period_code,
    NULL AS period_a_year_before, FALSE AS has_ended
FROM dw.dim_plan;

COMMENT ON VIEW mart.calendar IS
'The reporting calendar of each plan: periods with windows, names and the longer ones around them, and one unknown.';
COMMENT ON COLUMN mart.calendar.plan_code IS 'Plan whose calendar it is of.';
COMMENT ON COLUMN mart.calendar.period_code IS 'Code: 2020-M03, 2020-Q1, 2020-W05, FY2020-Q1 or 2020-A-0305.';
COMMENT ON COLUMN mart.calendar.period_kind IS 'D ten days, W week, M month, Q quarter, H half-year, Y year, A ad hoc.';
COMMENT ON COLUMN mart.calendar.year IS 'Year that it is named after.';
COMMENT ON COLUMN mart.calendar.period_number IS 'Number of the month, quarter or half in the year; 0 for other kinds.';
COMMENT ON COLUMN mart.calendar.name_vi IS 'Name in Vietnamese.';
COMMENT ON COLUMN mart.calendar.name_en IS 'Name in English.';
COMMENT ON COLUMN mart.calendar.window_start IS 'First day of the window.';
COMMENT ON COLUMN mart.calendar.window_end IS 'Last day of the window.';
COMMENT ON COLUMN mart.calendar.days IS 'How many days the window has.';
COMMENT ON COLUMN mart.calendar.quarter_code IS 'Quarter in which it lies; empty for longer periods.';
COMMENT ON COLUMN mart.calendar.half_code IS 'Half-year in which it lies; empty for a year.';
COMMENT ON COLUMN mart.calendar.year_code IS 'Year in which it lies.';
COMMENT ON COLUMN mart.calendar.previous_period_code IS 'The previous period of the same kind.';
COMMENT ON COLUMN mart.calendar.period_a_year_before IS 'The same period of the year before.';
COMMENT ON COLUMN mart.calendar.has_ended IS 'Whether its window has ended.';
