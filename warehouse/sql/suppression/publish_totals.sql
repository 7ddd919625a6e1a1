{# Publish the province-wide sums of a count of persons for a quarter or a year that is being closed, where they give no
   withheld count away: every withheld cell keeps an interval of possible values at least 3 wide, whether the sum is
   published or not. docs/decisions has the proof; tests/integration/warehouse/test_disclosure.py computes the intervals
   from all that BI tools see. `count` is the published count of a group of linked counts, `single` whether it is alone.

   A sum is published once and never again: two sums of different days would give the row away that changed. A year is
   the sum of its published quarters, or, where no quarter was closed before it, computed from the rows.

   Rows whose count is small now are `is_small`. Other withheld rows were small once, and only add to the uncertainty. #}
{% from 'macros/suppression.sql' import has_small_count, largest_withheld, smallest_withheld %}
WITH reported AS (
    SELECT
        CASE WHEN own.area_code = own.province_code THEN b.body_code ELSE b.body_level END AS reported_by,
        f.{{ count.key }} AS value,
        s.{{ count.key }} IS NULL AS is_withheld,
        {{ has_small_count(group, 'f', smallest_shown) }} AS is_small,
        {{ smallest_withheld(count, 'f', smallest_shown) }} AS smallest,
        {{ largest_withheld(count, 'f', smallest_shown) }} AS largest
    FROM {{ form.fact_table }} AS f
    INNER JOIN {{ form.suppressed_table }} AS s USING (fact_id)
    INNER JOIN dw.dim_body AS b ON f.body_key = b.body_key
    INNER JOIN dw.dim_area AS own ON b.area_key = own.area_key
    INNER JOIN dw.dim_period AS p ON f.period_key = p.period_key
    WHERE
        f.superseded_at IS NULL AND b.province_code = :province AND p.plan_code = :plan
        AND p.window_start >= CAST(:window_start AS date) AND p.window_end <= CAST(:window_end AS date)
),

summed AS (
    SELECT
        reported_by,
        sum(value)::bigint AS value,
        bool_or(is_withheld) AS includes_withheld
    FROM reported
    GROUP BY reported_by
    HAVING
        count(*) FILTER (WHERE is_withheld) = 0
        OR (
            count(*) FILTER (WHERE is_small) >= 2
            {% if single %}
            AND sum(value) FILTER (WHERE is_small)
            BETWEEN sum(smallest) FILTER (WHERE is_small) + {{ smallest_shown - 2 }}
            AND sum(largest) FILTER (WHERE is_small) - {{ smallest_shown - 2 }}
            {% else %}
            AND sum(value) FILTER (WHERE is_small) >= count(*) FILTER (WHERE is_small) + {{ smallest_shown - 1 }}
            {% endif %}
        )
),

quarterly AS (
    SELECT
        reported_by,
        sum(value)::bigint AS value,
        bool_or(includes_withheld) AS includes_withheld
    FROM dw.person_total
    WHERE
        plan_code = :plan AND form_code = {{ form.code | literal }} AND measure_name = {{ count.key | literal }}
        AND period_code = ANY(CAST(:quarters AS text []))
    GROUP BY reported_by
    HAVING count(*) = cardinality(CAST(:quarters AS text []))
)

INSERT INTO dw.person_total (
    plan_code, form_code, measure_name, reported_by, area_code, period_code, window_start, window_end, value,
    includes_withheld, published_at
)
SELECT
    :plan AS plan_code,
    {{ form.code | literal }} AS form_code,
    {{ count.key | literal }} AS measure_name,
    t.reported_by,
    :province AS area_code,
    :period AS period_code,
    CAST(:window_start AS date) AS window_start,
    CAST(:window_end AS date) AS window_end,
    t.value,
    t.includes_withheld,
    CAST(:now AS timestamptz) AS published_at
FROM (
    SELECT * FROM summed
    WHERE CAST(:from_rows AS boolean)
    UNION ALL
    SELECT * FROM quarterly
    WHERE NOT CAST(:from_rows AS boolean)
) AS t
-- A sum that overlaps another one, of a year that was closed before or of another plan, would be a difference.
WHERE NOT EXISTS (
    SELECT FROM dw.person_total AS o
    WHERE
        o.form_code = {{ form.code | literal }} AND o.measure_name = {{ count.key | literal }}
        AND o.area_code = :province AND o.reported_by = t.reported_by
        AND o.window_start <= CAST(:window_end AS date) AND o.window_end >= CAST(:window_start AS date)
        AND NOT (o.plan_code = :plan AND o.period_code = ANY(CAST(:quarters AS text [])))
)
ON CONFLICT DO NOTHING
