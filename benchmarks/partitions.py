"""What partitions of the largest fact table would bring: the same rows plain and by province, side by side.

Both copies have the indexes of the original. A ratio is the partitioned copy's time over the plain one's.
"""

import time
from statistics import median

from sqlalchemy import Connection, Engine, text

from plans.model import Plan
from schemas.forms import FORMS

TIMES = 7
# What is asked of facts again and again: by a target, by a dashboard, by a late file; {table} is the copy.
STATEMENTS = {
    "a target's rows": "SELECT area_key, period_key, count(*) FROM {table} WHERE superseded_at IS NULL"
    " AND province_code = :province GROUP BY 1, 2",
    "a dashboard over all provinces": "SELECT period_key, count(*) FROM {table} GROUP BY 1",
    "a late file": "INSERT INTO {table} SELECT * FROM {table} WHERE body_key = :body LIMIT 60",
}


def against_partitions(engine: Engine, plan: Plan) -> dict[str, float]:
    """The ratio of each statement, and the rows; nothing of it stays in the database."""
    with engine.connect() as connection:
        largest = max(FORMS, key=lambda form: _count(connection, f"dw.fact_{form.key}"))
        table = f"dw.fact_{largest.key}"
        _copy(connection, table)
        asked = {"province": plan.area, "body": _a_body(connection, table, plan)}
        ratios = {name: _ratio(connection, statement, asked) for name, statement in STATEMENTS.items()}
        ratios["rows"] = _count(connection, table)
        connection.rollback()
    return ratios


def _copy(connection: Connection, table: str) -> None:
    rows = f"SELECT f.*, b.province_code FROM {table} f JOIN dw.dim_body b USING (body_key)"
    connection.execute(text(f"CREATE TEMPORARY TABLE plain AS {rows}"))
    connection.execute(text("CREATE TEMPORARY TABLE parted (LIKE plain) PARTITION BY LIST (province_code)"))
    provinces = connection.scalars(text("SELECT DISTINCT province_code FROM plain")).all()
    for number, province in enumerate(provinces):
        connection.exec_driver_sql(
            f"CREATE TEMPORARY TABLE parted_{number} PARTITION OF parted FOR VALUES IN ('{province}')"
        )
    connection.execute(text("INSERT INTO parted SELECT * FROM plain"))
    for copy in ("plain", "parted"):
        connection.execute(text(f"CREATE INDEX ON {copy} (submission_id)"))
        connection.execute(text(f"CREATE INDEX ON {copy} (period_key, body_key)"))
        connection.execute(text(f"ANALYZE {copy}"))


def _ratio(connection: Connection, statement: str, asked: dict[str, object]) -> float:
    """The median time on the partitioned copy over that on the plain one, taken in turn."""
    spent: dict[str, list[float]] = {"plain": [], "parted": []}
    for _ in range(TIMES):
        for copy, times in spent.items():
            started = time.perf_counter()
            connection.execute(text(statement.format(table=copy)), asked)
            times.append(time.perf_counter() - started)
    return round(median(spent["parted"]) / median(spent["plain"]), 2)


def _count(connection: Connection, table: str) -> int:
    return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def _a_body(connection: Connection, table: str, plan: Plan) -> int:
    of_province = "SELECT body_key FROM dw.dim_body WHERE province_code = :province"
    query = f"SELECT min(body_key) FROM {table} WHERE body_key IN ({of_province})"
    return int(connection.scalar(text(query), {"province": plan.area}) or 0)
