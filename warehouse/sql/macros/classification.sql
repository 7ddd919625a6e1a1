{# The CTEs of a statement over the relation classified: a target's figures with value, bounds, verdict and
   status. c: see `Classification` in warehouse.indicators.classification. #}
{% from "macros/assessments.sql" import last_assessment %}
{% macro in_effect(dated) -%}
{{ "p.window_end >= " ~ dated.valid_from | literal if dated.valid_from else "TRUE" }}
AND {{ "p.window_end <= " ~ dated.last_day | literal if dated.last_day else "TRUE" }}
{%- endmacro %}
{# What is expected by the end of the period p on the way to a threshold, an SQL expression; steps: what is to be
   reached by days of the year. #}
{% macro expected(c, threshold, steps) -%}
{% set first_day = ":plan_start" if c.spans_plan else ":year_start" %}
{% set last_day = ":plan_end" if c.spans_plan else ":year_end" %}
{% if c.target.due %}
CASE WHEN p.window_end >= {{ c.target.due | literal }} THEN {{ threshold }} ELSE 0 END
{%- elif c.target.pace == "constant" %}
{{ threshold }}
{%- elif c.target.pace == "stepwise" %}
CASE
    WHEN p.window_end = {{ last_day }} THEN {{ threshold }}
    {% for step in steps | reverse %}
    WHEN p.window_end >= {{ step.day | literal }} THEN {{ step.threshold | literal }}
    {% endfor %}
    ELSE {{ 0 if c.target.at_least is not none else steps[0].threshold | literal }}
END
{%- elif steps %}
CASE
    {% for step in steps %}
    {% set first -%}
        {{ loop.previtem.day | literal if loop.previtem is defined else "CAST(" ~ first_day ~ " AS date) - 1" }}
    {%- endset %}
    {% set from = loop.previtem.threshold if loop.previtem is defined else 0 %}
    WHEN p.window_end <= {{ step.day | literal }}
        THEN {{ from | literal }} + ({{ (step.threshold - from) | literal }})::double precision
            * (p.window_end - ({{ first }})) / ({{ step.day | literal }} - ({{ first }}))
    {% endfor %}
    {% set last = steps[-1] %}
    ELSE {{ last.threshold | literal }} + ({{ threshold }} - {{ last.threshold | literal }})
        * (p.window_end - {{ last.day | literal }})
        / nullif(CAST({{ last_day }} AS date) - {{ last.day | literal }}, 0)
END
{%- else %}
{{ threshold }} * (p.window_end - CAST({{ first_day }} AS date) + 1)
/ (CAST({{ last_day }} AS date) - CAST({{ first_day }} AS date) + 1)
{%- endif %}
{%- endmacro %}
{% macro by_override(c, field) -%}
{% set own = "CAST(:threshold AS double precision)" %}
{% if c.overrides %}
CASE
    {% for override in c.overrides %}
    {% set threshold -%}
        {{ override.threshold | literal }}::double precision
    {%- endset %}
    WHEN {{ in_effect(override) }}
        {% if override.areas %}
        AND a.area_code = ANY({{ override.areas | list | literal }})
        {% endif %}
        THEN {{ expected(c, threshold, override.steps) if field == "expected" else threshold }}
    {% endfor %}
    ELSE {{ expected(c, own, c.target.steps) if field == "expected" else own }}
END
{%- else -%}
{{ expected(c, own, c.target.steps) if field == "expected" else own }}
{%- endif %}
{%- endmacro %}
{% macro classification(c) -%}
WITH figures AS (
    {{ c.figures }}
),

measured AS (
    SELECT
        a.area_key,
        p.period_key,
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
        h.expected_value,
        round(100.0 * received / nullif(expected, 0), 2)::double precision AS completeness_pct,
        {{ "is_complete" if c.needs_reports else "TRUE" }}
        {{- " AND bool_and(received = expected) OVER (PARTITION BY p.period_key)" if c.whole_plan }} AS is_final,
        ({{ c.factor }}f.numerator_min{{ c.divisor }})::double precision AS lower_bound,
        ({{ c.factor }}f.numerator_max{{ c.divisor }})::double precision AS upper_bound,
        {% if c.target.due %}
        p.window_end >= {{ c.target.due | literal }} AS is_year_end,
        {% else %}
        p.window_end = {{ ":plan_end" if c.spans_plan else ":year_end" }} AS is_year_end,
        {% endif %}
        {% if c.assessments %}
        ({{ last_assessment(c.assessments, "a.area_code", "p.window_end") }}) AS assessed_status,
        {% endif %}
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
            {{ by_override(c, "threshold") }} AS threshold,
            {{ by_override(c, "expected") }} AS expected_value
    ) AS h
    WHERE {{ in_effect(c.target) }}
    {% if c.target.periods %}
    AND p.period_kind = ANY({{ c.target.periods | list | literal }})
    {% endif %}
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
        END AS verdict,
        coalesce({{ c.rules.reached }}, FALSE) AS is_reached
    FROM bounded
),

classified AS (
    SELECT
        *,
        CASE
            WHEN value IS NULL THEN 'no_data'
            {% if c.assessments %}
            WHEN assessed_status IS NOT NULL THEN assessed_status
            {% endif %}
            WHEN {{ c.rules.met }} THEN 'met'
            WHEN {{ c.rules.missed }} THEN 'missed'
            WHEN is_year_end AND (is_final OR verdict = 'not_met') THEN 'missed'
            WHEN {{ c.rules.on_track }} THEN 'on_track'
            ELSE 'behind'
        END AS status
    FROM decided
)
{%- endmacro %}
