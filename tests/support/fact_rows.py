"""Rows of reports put directly into the fact tables, for tests of many small databases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from schemas.declaration import CodeList, Form, MeasureType
from warehouse.load.facts import ReplacedReport, supersede_facts
from warehouse.models.form_tables import fact_table
from warehouse.models.submission_table import SUBMISSION
from warehouse.models.tables import DIM_AREA, DIM_BODY, DIM_PERIOD, LOAD


def put_report(
    connection: Connection,
    form: Form,
    body: str,
    period: str,
    rows: Mapping[str, Mapping[str, Any]],
    moment: datetime,
) -> None:
    """Record a report, or its revision: for each area (or code of the form's list) the measures; others are 0."""
    body_key = connection.scalar(
        select(DIM_BODY.c.body_key).where(DIM_BODY.c.body_code == body, DIM_BODY.c.is_latest)
    )
    period_key = connection.scalar(select(DIM_PERIOD.c.period_key).where(DIM_PERIOD.c.period_code == period))
    own_area = connection.scalar(select(DIM_BODY.c.area_key).where(DIM_BODY.c.body_key == body_key))
    assert body_key is not None, body
    assert period_key is not None, period
    load_id = connection.execute(insert(LOAD).values(_load(moment)).returning(LOAD.c.load_id)).scalar_one()
    submission_id = _add_submission(connection, form, body, period, load_id, moment)
    supersede_facts(connection, form, [ReplacedReport(body_key, period_key, None, 0)], moment)
    query = select(DIM_AREA.c.area_code, DIM_AREA.c.area_key).where(DIM_AREA.c.is_latest)
    areas: dict[str, int] = dict(connection.execute(query).tuples().all())
    further = [d for d in form.dimensions if not d.level]
    values = [
        {
            **{m.key: _default(m.kind, m.code_list) for m in form.measures},
            **measures,
            **({further[0].key: name} if further else {}),
            "submission_id": submission_id,
            "load_id": load_id,
            "body_key": body_key,
            "period_key": period_key,
            "area_key": own_area if further else areas[name],
            "source_sheet": "Sheet1",
            "source_row": number,
            "recorded_at": moment,
        }
        for number, (name, measures) in enumerate(rows.items(), 10)
    ]
    connection.execute(insert(fact_table(form)), values)


def as_reader(connection: Connection, role: str, query: str) -> list[dict[str, Any]]:
    """The rows of a query as a role sees them."""
    with connection.begin_nested():
        connection.execute(text(f"SET LOCAL ROLE {role}"))
        rows = [dict(row) for row in connection.execute(text(query)).mappings()]
        connection.execute(text("RESET ROLE"))
    return rows


def _default(kind: MeasureType, code_list: CodeList | None) -> object:
    if code_list is not None:
        return code_list.codes[0].code
    return False if kind is MeasureType.FLAG else 0


def _load(moment: datetime) -> dict[str, object]:
    texts = dict.fromkeys(("software_version", "plan_sha256", "forms_sha256"), "test")
    return {"kind": "ingest", "started_at": moment, "finished_at": moment, "plan_code": "DN-2020", **texts}


def _add_submission(
    connection: Connection, form: Form, body: str, period: str, load_id: int, moment: datetime
) -> int:
    s = SUBMISSION.c
    revision = connection.scalar(
        select(func.count()).where(s.body_code == body, s.form_code == form.code, s.period_code == period)
    )
    values: dict[str, object] = {
        "load_id": load_id,
        "plan_code": "DN-2020",
        "body_code": body,
        "form_code": form.code,
        "period_code": period,
        "revision": revision,
        "status": "accepted",
        "source_url": "file:///test",
        "file_name": "a.xlsx",
        "sheet_name": "Sheet1",
        "sha256": "0",
        "size_bytes": 1,
        "received_at": moment,
        "ingested_at": moment,
        "error_count": 0,
        "warning_count": 0,
        "column_map": {},
    }
    number = connection.execute(insert(SUBMISSION).values(values).returning(s.submission_id)).scalar_one()
    return int(number)
