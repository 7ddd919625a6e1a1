{# The CTE unreported: the bounds of a count of areas, how many certainly count and of how
   many the latest report is missing. #}
{% import "macros/reports.sql" as reports %}
{% macro unreported_areas(counted, sources) -%}
counted_facts AS MATERIALIZED (
    {{ reports.reported_rows(counted) }}
),

due AS MATERIALIZED (
    SELECT
        m.period_key,
        d.area_key,
        max(b.window_end) AS window_end
    FROM (
        SELECT
            b.window_end,
            d.area_key
        FROM owed AS b
        INNER JOIN dw.dim_area AS d
            ON
                d.province_code = :province AND d.area_level = {{ counted.area_level | literal }}
                AND b.area_code = ANY(d.ancestors) AND ({{ reports.owed_for(sources) }})
        UNION ALL
        -- An area that came into being within the year has not reported until it reports itself.
        SELECT
            d.valid_from,
            d.area_key
        FROM dw.dim_area AS d
        WHERE
            d.province_code = :province AND d.area_level = {{ counted.area_level | literal }}
            AND d.valid_from > :year_start AND d.valid_from < d.valid_to
    ) AS b
    INNER JOIN dw.dim_area AS d USING (area_key)
    INNER JOIN moments AS m
        ON
            b.window_end <= m.window_end
            AND d.valid_from <= m.window_end AND d.valid_to > m.window_end
    GROUP BY m.period_key, d.area_key
),

latest AS MATERIALIZED (
    SELECT DISTINCT ON (m.period_key, f.area_key)
        m.period_key,
        f.area_key,
        f.window_end,
        f.counts AND f.reported AS is_counted
    FROM moments AS m
    INNER JOIN counted_facts AS f ON m.window_end >= f.window_end
    ORDER BY m.period_key ASC, f.area_key ASC, f.window_end DESC
),

answered AS MATERIALIZED (
    SELECT
        period_key,
        area_key,
        coalesce(l.is_counted, FALSE) AS is_counted,
        coalesce(coalesce(l.window_end, '-infinity') < d.window_end, FALSE) AS is_missing
    FROM due AS d
    FULL OUTER JOIN latest AS l USING (period_key, area_key)
),

unreported AS (
    SELECT
        i.outer_key AS area_key,
        s.period_key,
        count(*) FILTER (WHERE s.is_counted AND NOT s.is_missing) AS certain,
        count(*) FILTER (WHERE s.is_missing) AS missing
    FROM answered AS s
    INNER JOIN inside AS i
        ON
            s.area_key = i.area_key AND s.period_key = i.period_key
            AND i.is_there AND i.outer_level = ANY(:levels)
    GROUP BY i.outer_key, s.period_key
)
{%- endmacro %}
