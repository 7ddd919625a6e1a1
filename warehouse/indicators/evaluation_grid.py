"""What all targets are reckoned over: the cells, what lies in each, and what is owed.

Each is a query, and for a run over many targets a temporary table.
The planner guesses badly at the size of what is only said in a query, and chooses loops that take seconds.
Parameters: :plan, :province, :year, :today, :periods and :areas (null means all), :as_of (null means now).
"""

from collections.abc import Mapping

# A cell is an area as it is at the end of a period. What an area reported counts for every area in which all
# that it has become by then lies: whole where it was merged, nowhere but in the province where it was divided
# among its communes. `is_there`: the area is still as it was. `ancestors` of a cell name all that the area,
# and what became it, lay in.
CELLS = {
    "grid": """
    WITH place AS MATERIALIZED (
        SELECT a.area_key, a.area_code, a.area_level, a.valid_from, a.valid_to, a.ancestors || ARRAY(
            SELECT DISTINCT up.code FROM dw.bridge_area s JOIN dw.dim_area e ON e.area_key = s.area_key,
                unnest(e.ancestors) AS up(code)
            WHERE s.later_area_key = a.area_key) AS ancestors
        FROM dw.dim_area a
        WHERE a.province_code = :province
          AND (CAST(:areas AS text[]) IS NULL OR a.area_code = ANY(CAST(:areas AS text[])))
    )
    SELECT a.area_key, a.area_code, a.area_level, a.ancestors, p.period_key, p.window_end
    FROM place a JOIN dw.dim_period p ON a.valid_from <= p.window_end AND a.valid_to > p.window_end
    WHERE p.year = :year AND p.period_kind <> 'A' AND p.window_end < :today
      AND (CAST(:periods AS text[]) IS NULL OR p.period_code = ANY(CAST(:periods AS text[])))""",
    "moments": "SELECT DISTINCT period_key, window_end FROM grid",
    "inside": """
    WITH live AS (
        SELECT d.area_key, m.period_key, l.province_code, unnest(l.ancestors) AS area_code,
            l.area_key = d.area_key AS is_there,
            count(*) OVER (PARTITION BY d.area_key, m.period_key) AS lives
        FROM dw.dim_area d JOIN moments m ON d.valid_from <= m.window_end
        JOIN (
            SELECT area_key, area_key AS later_area_key FROM dw.dim_area
            UNION ALL SELECT area_key, later_area_key FROM dw.bridge_area
        ) s ON s.area_key = d.area_key
        JOIN dw.dim_area l ON l.area_key = s.later_area_key
            AND l.valid_from <= m.window_end AND l.valid_to > m.window_end
        WHERE d.province_code = :province
    )
    SELECT g.area_key AS outer_key, g.area_level AS outer_level, g.period_key, w.area_key,
        bool_or(w.is_there) AS is_there
    FROM live w JOIN grid g USING (period_key, area_code) WHERE w.province_code = :province
    GROUP BY 1, 2, 3, 4, w.lives HAVING count(*) = w.lives""",
}
REPORTS = {
    "owed": """
    SELECT b.body_code, a.area_key, a.area_code, fo.form_code, p.window_end, EXISTS (
        SELECT FROM audit.submission s
        WHERE s.plan_code = :plan AND s.body_code = b.body_code AND s.form_code = fo.form_code
          AND s.period_code = p.period_code AND s.revision IS NOT NULL
          AND s.ingested_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')) AS is_in
    FROM dw.reporting_obligation o JOIN dw.dim_plan pl USING (plan_key) JOIN dw.dim_body b USING (body_key)
    JOIN dw.dim_area a ON a.area_key = b.area_key JOIN dw.dim_form fo USING (form_key)
    JOIN dw.dim_period p USING (period_key)
    WHERE pl.plan_code = :plan AND NOT o.is_optional
      AND (o.waived_at IS NULL OR o.waived_at > coalesce(CAST(:as_of AS timestamptz), 'infinity'))""",
}


def _temporary(queries: Mapping[str, str]) -> tuple[str, ...]:
    made = (f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}" for name, query in queries.items())
    return (*made, f"ANALYZE {', '.join(queries)}")


GRID = _temporary(CELLS)
OWED = _temporary(REPORTS)
CLEAR_GRID = "DROP TABLE grid, inside, moments"
CLEAR = f"{CLEAR_GRID}, owed"
# A row that was known at the moment asked for, or is in force now.
KNOWN = (
    "f.recorded_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity') AND (f.superseded_at IS NULL"
    " OR f.superseded_at > coalesce(CAST(:as_of AS timestamptz), 'infinity'))"
)
# Of a figure that does not add up over time the last one of a place counts until a place that it became, or a
# part of it became, has told of it; and the first one unless a place that became it told of it before. When
# the others began to tell is looked up once for all of `facts`; then it is a condition on one of its rows f,
# {end} being the last day that is reckoned with.
OTHERS = (
    "later AS MATERIALIZED (SELECT s.area_key, min(l.window_end) AS window_end FROM dw.bridge_area s"
    " JOIN facts l ON l.area_key = s.later_area_key GROUP BY 1),"
    " earlier AS MATERIALIZED (SELECT s.later_area_key AS area_key, min(e.window_end) AS window_end"
    " FROM dw.bridge_area s JOIN facts e ON e.area_key = s.area_key GROUP BY 1)"
)
SUCCEEDED = "NOT EXISTS (SELECT FROM later l WHERE l.area_key = f.area_key AND l.window_end <= {end})"
PRECEDED = (
    "NOT EXISTS (SELECT FROM earlier e WHERE e.area_key = f.area_key AND e.window_end <= f.window_end"
    " AND e.window_end <= {end})"
)
CARRIED = {"sum": "TRUE", "first": PRECEDED, "last": SUCCEEDED, "count": "TRUE"}
