-- Days: one row per day of the reporting calendar, with its calendar month and the reporting periods that it lies in.
-- Where the plans have other calendars a reporting period is empty: mart.plan_date has those of each plan.
{% set periods = [('M', 'month'), ('Q', 'quarter'), ('H', 'half'), ('Y', 'year')] %}
CREATE VIEW mart.date AS
WITH
days AS (
    SELECT DISTINCT day::date AS day
    FROM (
        SELECT min(window_start) AS first_day, max(window_end) AS last_day
        FROM dw.dim_period WHERE period_kind <> 'A' GROUP BY plan_code
    ) AS plans CROSS JOIN generate_series(first_day, last_day, interval '1 day') AS series (day)
),
{% for kind, name in periods %}
of_{{ name }} AS (
    SELECT day::date AS day,
        CASE WHEN min(p.period_code) = max(p.period_code) THEN min(p.period_code) END AS period_code
    FROM dw.dim_period p CROSS JOIN generate_series(p.window_start, p.window_end, interval '1 day') AS days (day)
    WHERE p.period_kind = {{ kind | literal }}
    GROUP BY day
){{ ',' if not loop.last }}
{% endfor %}
SELECT m.day AS date, to_char(m.day, 'YYYYMMDD')::int AS date_key, extract(YEAR FROM m.day)::int AS year,
    extract(QUARTER FROM m.day)::int AS quarter_number, extract(MONTH FROM m.day)::int AS month_number,
    extract(DAY FROM m.day)::int AS day_of_month, extract(ISODOW FROM m.day)::int AS day_of_week,
    extract(ISOYEAR FROM m.day)::int AS iso_year, extract(WEEK FROM m.day)::int AS iso_week,
    date_trunc('month', m.day)::date AS first_of_month,
    'Tháng ' || extract(MONTH FROM m.day) || ' năm ' || extract(YEAR FROM m.day) AS month_name,
    trim(to_char(m.day, 'Month')) || ' ' || extract(YEAR FROM m.day) AS month_name_en,
    (ARRAY['Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy', 'Chủ nhật'])[extract(ISODOW FROM m.day)]
        AS day_name,
    trim(to_char(m.day, 'Day')) AS day_name_en, o.period_code AS reporting_month, q.period_code AS reporting_quarter,
    h.period_code AS reporting_half, y.period_code AS reporting_year
FROM days m LEFT JOIN of_month o USING (day) LEFT JOIN of_quarter q USING (day)
LEFT JOIN of_half h USING (day) LEFT JOIN of_year y USING (day);

COMMENT ON VIEW mart.date IS 'Days: one row per day of the reporting calendars of all plans.';
COMMENT ON COLUMN mart.date.date IS 'The day.';
COMMENT ON COLUMN mart.date.date_key IS 'The day as a number: 20200315.';
COMMENT ON COLUMN mart.date.year IS 'Calendar year.';
COMMENT ON COLUMN mart.date.quarter_number IS 'Quarter of the calendar year.';
COMMENT ON COLUMN mart.date.month_number IS 'Calendar month.';
COMMENT ON COLUMN mart.date.day_of_month IS 'Day of the calendar month.';
COMMENT ON COLUMN mart.date.day_of_week IS 'Day of the week: 1 Monday to 7 Sunday.';
COMMENT ON COLUMN mart.date.iso_year IS 'Year of the week (ISO 8601).';
COMMENT ON COLUMN mart.date.iso_week IS 'Number of the week (ISO 8601).';
COMMENT ON COLUMN mart.date.first_of_month IS 'First day of the calendar month.';
COMMENT ON COLUMN mart.date.month_name IS 'Calendar month: name.';
COMMENT ON COLUMN mart.date.month_name_en IS 'Calendar month: name in English.';
COMMENT ON COLUMN mart.date.day_name IS 'Day of the week: name.';
COMMENT ON COLUMN mart.date.day_name_en IS 'Day of the week: name in English.';
COMMENT ON COLUMN mart.date.reporting_month IS 
'Reporting month that the day lies in: 15 March is in 2020-M04; empty where plans differ.';
COMMENT ON COLUMN mart.date.reporting_quarter IS 'Reporting quarter that the day lies in; empty where plans differ.';
COMMENT ON COLUMN mart.date.reporting_half IS 'Reporting half-year that the day lies in; empty where plans differ.';
COMMENT ON COLUMN mart.date.reporting_year IS 'Reporting year that the day lies in; empty where plans differ.';
