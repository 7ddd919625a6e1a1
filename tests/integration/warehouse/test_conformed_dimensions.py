"""Joins from the relations of mart to its dimensions keep every row, and multiply none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from services.ingest import ingest
from tests.support.database_roles import as_role
from tests.support.pipeline import PLAN, sample_work
from tests.support.reports import district_rows, workbook
from warehouse.dimensions.seeds import load_reference
from warehouse.privacy.roles import create_roles

# Dimension by the columns that lead to it.
DIMENSIONS = {
    ("plan_code",): "plan",
    ("body_code",): "body",
    ("form_code",): "form",
    ("form_name",): "form",
    ("form_name", "measure_name"): "measure",
    ("plan_code", "period_code"): "calendar",
    ("plan_code", "target_code"): "target",
    ("area_key",): "area",
    ("load_id",): "load",
    ("submission_id",): "submission",
}
# Rows without a submission: missing reports.
WITHOUT = {("reporting_status", "submission_id")}
COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'mart'"
    " ORDER BY table_name, ordinal_position"
)


@pytest.fixture
def owner(sample_url: str, tmp_path: Path) -> Iterator[Engine]:
    """The sample, a folder of no body, a file without a form, and a plan with another calendar."""
    context = sample_work(sample_url, tmp_path)
    drive = tmp_path / "more"
    report = workbook("01-PCMD", "CAT", "Tháng 4 năm 2021", district_rows("01-PCMD"))
    for path, content in (("XYZ/a.xlsx", report), ("CAT/a.xlsx", report), ("CAT/b.xlsx", b"no table")):
        file = drive / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    ingest(context, [str(drive)])
    calendar = PLAN.calendar.model_copy(update={"closing_day": 19})
    with context.engine.begin() as connection:
        load_reference(connection, PLAN.model_copy(update={"code": "OTHER", "calendar": calendar}))
    assert create_roles(context.engine) == []
    yield context.engine
    context.engine.dispose()


@pytest.mark.parametrize("role", ["owner", "chitieu_bi"])
def test_a_join_to_a_dimension_keeps_all_rows(owner: Engine, role: str) -> None:
    engine = owner if role == "owner" else as_role(owner, role)
    relations: dict[str, set[str]] = {}
    lost, joined = [], 0
    with engine.connect() as connection:
        for relation, column in connection.execute(text(COLUMNS)).tuples():
            relations.setdefault(relation, set()).add(column)
        for relation, columns in relations.items():
            for keys, dimension in DIMENSIONS.items():
                if not columns.issuperset(keys) or relation == dimension or (relation, keys[0]) in WITHOUT:
                    continue
                before, after = connection.execute(
                    text(
                        f"SELECT (SELECT count(*) FROM mart.{relation}),"
                        f" (SELECT count(*) FROM mart.{relation} JOIN mart.{dimension} USING ({', '.join(keys)}))"
                    )
                ).one()
                joined += before > 0
                if before != after:
                    lost.append((relation, dimension, before, after))
    assert lost == []
    assert joined > 60


def test_the_unknown_members_are_used_and_have_labels(owner: Engine) -> None:
    query = (
        "SELECT DISTINCT s.body_code, f.form_title, c.name_vi, b.body_name_en, a.area_name_en FROM mart.submission s"
        " JOIN mart.form f USING (form_code) JOIN mart.calendar c USING (plan_code, period_code)"
        " JOIN mart.body b USING (body_code) JOIN mart.area a ON a.area_key = b.area_key"
        " WHERE 'unknown' IN (s.body_code, s.period_code, s.form_code)"
    )
    with owner.connect() as connection:
        found = {tuple(row) for row in connection.execute(text(query))}
    assert ("unknown", "Unknown", "Unknown") in {(row[0], *row[3:]) for row in found}
    assert ("CAT", "Không xác định") in {row[:2] for row in found}
    assert "Không xác định" in {row[2] for row in found}


def test_days_have_the_periods_of_each_plan_where_calendars_differ(owner: Engine) -> None:
    with owner.connect() as connection:
        days = connection.execute(
            text(
                "SELECT d.date::text, d.reporting_month, array_agg(p.reporting_month ORDER BY p.plan_code)"
                " FROM mart.date d JOIN mart.plan_date p USING (date_key)"
                " WHERE d.date IN ('2020-03-10', '2020-03-17') GROUP BY 1, 2 ORDER BY 1"
            )
        ).tuples()
        assert list(days) == [
            ("2020-03-10", "2020-M03", ["2020-M03", "2020-M03"]),
            ("2020-03-17", None, ["2020-M04", "2020-M03"]),
        ]
        counts = text("SELECT count(*), count(DISTINCT date) FROM mart.date")
        assert connection.execute(counts).one() == (371, 371)
