"""What dashboards ask of mart, as a BI tool's account does; each with its milliseconds."""

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
    "share withheld": "SELECT * FROM mart.suppression WHERE period_code LIKE :year || '%'",
}


def milliseconds(engine: Engine, plan: str, year: int, times: int = 5) -> dict[str, float]:
    """The median time of each query, as somebody who has but the role chitieu_bi."""
    taken: dict[str, float] = {}
    with engine.connect() as connection:
        connection.execute(text("SET ROLE chitieu_bi"))
        for name, query in QUERIES.items():
            said = text(query.replace(":year ||", "CAST(:year AS text) ||"))
            spent = []
            for _ in range(times):
                started = time.perf_counter()
                connection.execute(said, {"plan": plan, "year": year}).all()
                spent.append(1000 * (time.perf_counter() - started))
            taken[name] = round(median(spent), 1)
    return taken
