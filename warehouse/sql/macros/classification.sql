{# The CTEs of a statement over the relation classified: a target's figures with value, bounds, verdict and
   status. c: see `Classification` in warehouse.indicators.classification. #}
{% macro in_effect(dated) -%}
{{ "p.window_end >= " ~ dated.valid_from | literal if dated.valid_from else "TRUE" }}
AND {{ "p.window_end <= " ~ dated.last_day | literal if dated.last_day else "TRUE" }}
{%- endmacro %}
{% macro classification(c) -%}
WITH figures AS (
    {{ c.figures }}
),

measured AS (
    SELECT
        CAST(:plan AS text) AS plan_code,
        CAST(:target AS text) AS target_code,
        a.area_code,
        a.area_name,
        a.area_level,
        p.period_code,
        p.window_start,
        p.window_end,
        f.numerator,
        f.denominator,
        ({{ c.factor }}f.numerator{{ c.divisor }})::double precision AS value,
        CAST(:unit AS text) AS unit,
        h.threshold AS target_value,
        h.threshold
        {%- if c.is_linear %}

        * (p.window_end - CAST(:year_start AS date) + 1)
        / (CAST(:year_end AS date) - CAST(:year_start AS date) + 1)
        {%- endif %} AS expected_value,
        round(100.0 * received / nullif(expected, 0), 2)::double precision AS completeness_pct,
        expected > 0 AND received = expected AS is_final,
        ({{ c.factor }}f.numerator_min{{ c.divisor }})::double precision AS lower_bound,
        ({{ c.factor }}f.numerator_max{{ c.divisor }})::double precision AS upper_bound,
        p.window_end = :year_end AS is_year_end,
        CAST(:now AS timestamptz) AS computed_at,
        EXISTS (
            SELECT FROM dw.sensitive_target AS s
            WHERE s.plan_code = :plan AND s.target_code = :target
        ) AS is_sensitive
    FROM figures AS f
    INNER JOIN dw.dim_area AS a USING (area_key)
    INNER JOIN dw.dim_period AS p USING (period_key)
    CROSS JOIN LATERAL (
        SELECT
            {% if c.overrides %}
            CASE
                {% for override in c.overrides %}
                WHEN {{ in_effect(override) }}
                    {% if override.areas %}
                    AND a.area_code = ANY({{ override.areas | list | literal }})
                    {% endif %}
                    THEN {{ override.threshold | literal }}::double precision
                {% endfor %}
                ELSE CAST(:threshold AS double precision)
            END AS threshold
            {% else %}
            CAST(:threshold AS double precision) AS threshold
            {% endif %}
    ) AS h
    WHERE {{ in_effect(c.target) }}
),

bounded AS (
    SELECT
        *,
        CASE WHEN is_final THEN coalesce(value, lower_bound) ELSE lower_bound END AS value_min,
        CASE WHEN is_final THEN coalesce(value, upper_bound) ELSE upper_bound END AS value_max,
        100.0 * value / nullif(target_value, 0) AS achievement_pct
    FROM measured
),

decided AS (
    SELECT
        *,
        CASE
            WHEN {{ c.rules.certainly_met }} THEN 'met'
            WHEN {{ c.rules.certainly_not_met }} THEN 'not_met'
            ELSE 'undecided'
        END AS verdict
    FROM bounded
),

classified AS (
    SELECT
        *,
        CASE
            WHEN value IS NULL THEN 'no_data'
            WHEN {{ c.rules.met }} THEN 'met'
            WHEN {{ c.rules.missed }} THEN 'missed'
            WHEN is_year_end AND (is_final OR verdict = 'not_met') THEN 'missed'
            WHEN {{ c.rules.on_track }} THEN 'on_track'
            ELSE 'behind'
        END AS status
    FROM decided
)
{%- endmacro %}
