"""Time the queries of typical dashboards over mart, run with a login of BI tools."""

import time
from statistics import median

from sqlalchemy import Engine, text

QUERIES = {
    "targets of a period": "SELECT * FROM mart.target_indicator WHERE plan_code = :plan"
    " AND period_code = :year || '-Y' AND area_level = 'province'",
    "a target over all periods and years": "SELECT period_code, value FROM mart.target_indicator"
    " WHERE target_code = 'T1' AND area_code = '75' ORDER BY window_end",
    "communes behind": "SELECT area_name, value FROM mart.target_indicator WHERE plan_code = :plan"
    " AND target_code = 'T8' AND period_code = :year || '-Y' AND status <> 'met' ORDER BY value",
    "targets by the areas of today": "SELECT * FROM mart.target_indicator_by_area_today"
    " WHERE plan_code = :plan AND period_code = :year || '-Y' AND area_level = 'district'",
    "reports by status": "SELECT status, count(*) FROM mart.reporting_status"
    " WHERE plan_code = :plan GROUP BY 1",
    "who is late most": "SELECT body_name, count(*) FROM mart.reporting_status"
    " WHERE plan_code = :plan AND status IN ('late', 'missing') GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
    "inspections by district": "SELECT area_name, sum(inspected) FROM mart.inspections"
    " WHERE year = :year AND area_level = 'district' GROUP BY 1",
    "inspections by year": "SELECT year, sum(inspected) FROM mart.inspections GROUP BY 1 ORDER BY 1",
    "communes by classification": "SELECT classification_label, count(*) FROM mart.commune_status"
    " WHERE period_code = :year || '-Q4' GROUP BY 1",
    "communes by the areas of today": "SELECT area_name, sum(managed) FROM mart.commune_status_by_area_today"
    " WHERE year = :year GROUP BY 1",
    "year on year": "SELECT * FROM mart.year_on_year WHERE plan_code = :plan AND area_code = '75'",
    "forecast": "SELECT * FROM mart.forecast WHERE plan_code = :plan AND area_code = '75'",
    "what moved since it was frozen": "SELECT * FROM mart.revision_log WHERE plan_code = :plan",
    "calendar": "SELECT * FROM mart.calendar WHERE year = :year AND period_kind <> 'A'",
    "outliers": "SELECT * FROM mart.outlier WHERE period_code LIKE :year || '%' LIMIT 50",
    "communes of a district": "SELECT * FROM mart.commune_status WHERE year = :year"
    " AND area_code IN (SELECT area_code FROM mart.area WHERE parent_code = '731' AND is_latest)",
    "offenders by year": "SELECT year, sum(offenders_total), count(*) FILTER (WHERE is_suppressed)"
    " FROM mart.enforcement GROUP BY 1 ORDER BY 1",
    "trials of an area": "SELECT * FROM mart.trials WHERE year = :year AND area_code = '731'",
    "inspections by area and year": "SELECT area_name, year, sum(inspected)"
    " FROM mart.inspections GROUP BY 1, 2",
    "inspections by the areas of today": "SELECT area_name, year, sum(inspected)"
    " FROM mart.inspections_by_area_today GROUP BY 1, 2",
    "reports of all years": "SELECT left(period_code, 4) AS year, status, count(*) FROM mart.reporting_status"
    " GROUP BY 1, 2",
    "year on year, all areas": "SELECT * FROM mart.year_on_year WHERE period_code = :year || '-Y'"
    " ORDER BY change_pct LIMIT 100",
    "forecast, all areas": "SELECT * FROM mart.forecast",
    "verdicts of all years": "SELECT plan_code, target_code, verdict, count(*) FROM mart.target_indicator"
    " WHERE period_code LIKE '%-Y' GROUP BY 1, 2, 3",
    "a target by the areas of today": "SELECT area_name, period_code, value"
    " FROM mart.target_indicator_by_area_today WHERE target_code = 'T3' AND period_code LIKE '%-Y'",
    "verdicts that turned": "SELECT period_code, count(*) FROM mart.revision_log"
    " WHERE verdict_changed GROUP BY 1",
    "a period as known then": "SELECT * FROM mart.target_indicator_as_of("
    "CAST(:year || '-12-20' AS timestamptz), :plan, :year || '-Q3')",
    "targets as known then": "SELECT * FROM mart.target_indicator_as_of("
    "make_date(:year + 1, 2, 15)) WHERE plan_code = :plan AND period_code = :year || '-Y'",
    "a plan as known then": "SELECT * FROM mart.target_indicator_as_of(make_date(:year + 1, 2, 15), :plan)",
    "verdicts of all years as known then": "SELECT plan_code, target_code, verdict, count(*)"
    " FROM mart.target_indicator_as_of(make_date(:year + 1, 2, 15)) GROUP BY 1, 2, 3",
    "how a figure came to be": "SELECT * FROM mart.target_indicator_history WHERE plan_code = :plan"
    " AND target_code = 'T1' ORDER BY window_end, computed_at",
    "what moved, by plan": "SELECT plan_code, count(*), count(*) FILTER (WHERE verdict_changed)"
    " FROM mart.revision_log GROUP BY 1",
    "what moved of a period, by whom": "SELECT target_code, area_name, value, frozen_value, submission_ids"
    " FROM mart.revision_log WHERE plan_code = :plan AND period_code = :year || '-Y'",
    "who revises": "SELECT * FROM mart.revision_statistics ORDER BY revisions DESC LIMIT 20",
    "share withheld, all years": "SELECT form_code, sum(withheld), sum(counts)"
    " FROM mart.suppression GROUP BY 1",
    "share withheld": "SELECT * FROM mart.suppression WHERE period_code LIKE :year || '%'",
}


def milliseconds(reader: Engine, plan: str, year: int, times: int = 15) -> dict[str, float]:
    """Return the median milliseconds of each query, run with the login of BI tools that the engine has."""
    taken: dict[str, float] = {}
    with reader.connect() as connection:
        for name, query in QUERIES.items():
            statement = text(query.replace(":year ||", "CAST(:year AS text) ||"))
            spent = []
            for _ in range(times):
                started = time.perf_counter()
                connection.execute(statement, {"plan": plan, "year": year}).all()
                spent.append(1000 * (time.perf_counter() - started))
            taken[name] = round(median(spent), 1)
    return taken
