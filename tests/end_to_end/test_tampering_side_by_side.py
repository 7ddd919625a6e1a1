"""Two programmes in one warehouse: a change of what the second one depends on is named as well.

The columns are those of the catalogue; in each table a row of the second programme is changed.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from plans.reading import DEFAULT_PLAN
from services.context import open_contexts
from tests.support.office import Office
from tests.support.reports import district_rows, workbook
from tests.support.starter_forms import fill
from tests.support.tampering import StoredColumn, change_cell, drop_constraints, stored_columns, undone
from warehouse.verification.coverage import not_covered
from warehouse.verification.database import CHECKS, run_check, verify_database

pytestmark = pytest.mark.long

STARTER = DEFAULT_PLAN.with_name("starter.yaml")
CODE = "TH-2021"
# How a row leads to its plan: by the first of these columns that its table has.
_OF_PLAN = {
    "plan_code": f"plan_code = '{CODE}'",
    "plan_key": f"plan_key IN (SELECT plan_key FROM dw.dim_plan WHERE plan_code = '{CODE}')",
    "submission_id": f"submission_id IN (SELECT submission_id FROM audit.submission WHERE plan_code = '{CODE}')",
    "period_key": f"period_key IN (SELECT period_key FROM dw.dim_period WHERE plan_code = '{CODE}')",
    "form_set_code": "form_set_code = 'starter'",
}


@pytest.fixture
def connection(office: Office) -> Iterator[Connection]:
    """A warehouse with reports of both programmes, in whose transaction nothing rejects a change."""
    office.use(DEFAULT_PLAN, STARTER, now="2021-03-20")
    assert office.run("init").status == 0
    for body, period in (("SNV", "2021-M02"), ("UBND-731", "2021-Q1")):
        made = office.run(
            f"templates --plan-code {CODE} --body {body} --period {period} --out {office.folder}"
        )
        assert made.status == 0, made.err
        office.put(f"drive/{body}/a.xlsx", fill((office.folder / body / f"{period}.xlsx").read_bytes()))
    rows = district_rows("01-PCMD")
    office.put("drive/CAT/march.xlsx", workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    done = office.run(f"ingest {office.folder / 'drive'} --json")
    assert done.json["submissions"]["accepted"] == 3
    assert office.run(f"close 2021-M02 --plan-code {CODE}").status == 0
    assert office.run(f"waive UBND-732 02-TH 2021-Q1 --plan-code {CODE} --reason x").status == 0
    engine = open_contexts(purpose="read")[0].engine  # its connections know the forms of both programmes
    with engine.connect() as connection:
        assert list(verify_database(connection)) == []
        drop_constraints(connection)
        yield connection
        connection.rollback()
    engine.dispose()


def chosen(table: str, columns: set[str]) -> str:
    """The condition that a row belongs to the second programme."""
    return next((condition for name, condition in _OF_PLAN.items() if name in columns), "true")


def test_every_column_of_the_second_programme_is_covered(connection: Connection) -> None:
    declared = not_covered()
    columns = stored_columns(connection)
    names: dict[str, set[str]] = {}
    for column in columns:
        names.setdefault(column.table, set()).add(column.name)
    covered = [c for c in columns if not {(c.table, c.name), (c.table, "*")} & declared.keys()]
    unnamed: list[StoredColumn] = []
    changed = 0
    likely = dict(CHECKS)
    for column in covered:
        with undone(connection):
            if not change_cell(connection, column, chosen(column.table, names[column.table])):
                continue
            changed += 1
            found = next((n for n, check in likely.items() if run_check(n, check, connection)), None)
            if found is None:
                unnamed.append(column)
            else:
                likely = {found: CHECKS[found], **CHECKS}
    assert changed > 200
    assert unnamed == []
