{# Bring the outliers of a form up to date with what :bodies of :province (null: all) have reported.
   Modified z-scores after Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): distance from the
   median, divided by the median absolute deviation, or by the mean one where more than half of the figures are
   the same. #}
WITH reporting AS (
    SELECT
        b.body_key,
        b.province_code,
        b.body_code,
        a.area_code
    FROM dw.dim_body AS b
    INNER JOIN dw.dim_area AS a USING (area_key)
    WHERE
        CAST(:province AS text) IS NULL
        OR (b.province_code = :province AND b.body_code = ANY(CAST(:bodies AS text [])))
),

reported AS (
    SELECT
        b.province_code,
        b.area_code,
        b.body_code,
        p.plan_code,
        p.period_kind,
        p.period_code,
        m.measure_name,
        m.value
    FROM (
        SELECT
            body_key,
            period_key,
            {% for measure in measures %}
            sum({{ measure | ident }})::double precision AS {{ measure | ident }}{{ "," if not loop.last }}
            {% endfor %}
        FROM {{ fact_table | ident }}
        WHERE superseded_at IS NULL AND body_key IN (SELECT body_key FROM reporting)
        GROUP BY body_key, period_key
    ) AS s
    INNER JOIN reporting AS b USING (body_key)
    INNER JOIN dw.dim_period AS p USING (period_key)
    CROSS JOIN LATERAL (
        VALUES
        {% for measure in measures %}
        ({{ measure | literal }}, s.{{ measure | ident }}){{ "," if not loop.last }}
        {% endfor %}
    ) AS m (measure_name, value)
),

usual AS (
    SELECT
        province_code,
        body_code,
        measure_name,
        count(*)::int AS periods,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median,
        array_agg(area_code) AS area_codes,
        array_agg(plan_code) AS plan_codes,
        array_agg(period_code) AS period_codes,
        array_agg(value) AS figures
    FROM reported
    GROUP BY province_code, body_code, measure_name, period_kind
    HAVING count(*) >= {{ min_periods }}
),

found AS MATERIALIZED (
    SELECT
        u.province_code,
        t.area_code,
        u.body_code,
        u.measure_name,
        t.plan_code,
        t.period_code,
        t.value,
        u.median,
        u.periods,
        (t.value - u.median) / s.spread AS score
    FROM usual AS u
    CROSS JOIN LATERAL (
        SELECT
            coalesce(
                nullif(1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(x - u.median)), 0),
                nullif(1.253314 * avg(abs(x - u.median)), 0)
            ) AS spread
        FROM unnest(u.figures) AS x
    ) AS s
    CROSS JOIN LATERAL unnest(
        u.area_codes, u.plan_codes, u.period_codes, u.figures
    ) AS t (area_code, plan_code, period_code, value)
    WHERE abs((t.value - u.median) / s.spread) > {{ max_score }}
),

removed AS (
    DELETE FROM dw.outlier AS o
    WHERE
        o.form_code = {{ form_code | literal }}
        AND (
            CAST(:province AS text) IS NULL
            OR (o.province_code = :province AND o.body_code = ANY(CAST(:bodies AS text [])))
        )
        AND NOT EXISTS (
            SELECT FROM found AS f
            WHERE
                f.province_code = o.province_code
                AND f.body_code = o.body_code
                AND f.measure_name = o.measure_name
                AND f.plan_code = o.plan_code
                AND f.period_code = o.period_code
        )
)

INSERT INTO dw.outlier AS kept (
    province_code,
    body_code,
    form_code,
    measure_name,
    plan_code,
    period_code,
    area_code,
    value,
    median,
    periods,
    score
)
SELECT
    province_code,
    body_code,
    {{ form_code | literal }},
    measure_name,
    plan_code,
    period_code,
    area_code,
    value,
    median,
    periods,
    score
FROM found
ON CONFLICT (province_code, body_code, form_code, measure_name, plan_code, period_code) DO UPDATE
SET
    area_code = excluded.area_code,
    value = excluded.value,
    median = excluded.median,
    periods = excluded.periods,
    score = excluded.score
WHERE
    (kept.area_code, kept.value, kept.median, kept.periods, kept.score)
    IS DISTINCT FROM
    (excluded.area_code, excluded.value, excluded.median, excluded.periods, excluded.score)
