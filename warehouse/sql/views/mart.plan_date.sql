-- Days of each plan with the reporting periods that they lie in: what mart.date has for all plans together.
{% set periods = [('D', 'ten_days'), ('W', 'week'), ('M', 'month'), ('Q', 'quarter'), ('H', 'half'), ('Y', 'year')] %}
CREATE VIEW mart.plan_date AS
SELECT plan_code, day::date AS date, to_char(day, 'YYYYMMDD')::int AS date_key,
{% for kind, name in periods %}
    max(period_code) FILTER (WHERE period_kind = {{ kind | literal }}) AS reporting_{{ name }}{{ ',' if not loop.last }}
{% endfor %}
FROM dw.dim_period CROSS JOIN generate_series(window_start, window_end, interval '1 day') AS days (day)
WHERE period_kind <> 'A'
GROUP BY plan_code, day;

COMMENT ON VIEW mart.plan_date IS
'Days of each plan with the reporting periods of its calendar: one row per plan and day.';
COMMENT ON COLUMN mart.plan_date.plan_code IS 'Plan whose calendar it is.';
COMMENT ON COLUMN mart.plan_date.date IS 'The day.';
COMMENT ON COLUMN mart.plan_date.date_key IS 'The day as a number: 20200315; key of mart.date.';
COMMENT ON COLUMN mart.plan_date.reporting_ten_days IS 'Ten-day period that the day lies in; empty in plans without.';
COMMENT ON COLUMN mart.plan_date.reporting_week IS 'Reporting week that the day lies in; empty in plans without.';
COMMENT ON COLUMN mart.plan_date.reporting_month IS 'Reporting month that the day lies in: 15 March is in 2020-M04.';
COMMENT ON COLUMN mart.plan_date.reporting_quarter IS 'Reporting quarter that the day lies in.';
COMMENT ON COLUMN mart.plan_date.reporting_half IS 'Reporting half-year that the day lies in.';
COMMENT ON COLUMN mart.plan_date.reporting_year IS 'Reporting year that the day lies in.';
