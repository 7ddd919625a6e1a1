"""Two warehouses that differ in withheld counts alone look the same to every reader: in views, exports and pages.

Small counts differ, with their amounts, and the warnings about them; sums over a province are equal. A later
revision replaces the small counts by large ones.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from plans.reporting_calendar import period_from_code
from publishing.site.audiences import Audience, AudienceKind
from publishing.site.build import publish
from services.context import AppContext
from services.exports import ExportFormat, export
from services.ingest import IngestContext, ingest
from services.settings import Settings
from tests.support.database_roles import as_role, new_database, separate_server
from tests.support.forms import BY_CODE
from tests.support.pipeline import PLAN, work
from tests.support.reports import default_rows, district_rows, workbook
from warehouse.database import connect
from warehouse.history.snapshots import close
from warehouse.privacy.roles import create_area_role, create_roles
from warehouse.sql_templates import render

pytestmark = pytest.mark.long

NOW = datetime(2020, 4, 1, tzinfo=UTC)
READERS = ("chitieu_bi", "chitieu_area_731")
COMMUNES = [area.name for area in PLAN.areas if area.parent == "731"]
# What the moment of a load or its place decides, and the heads of the chain, whose events have a random salt.
BY_CHANCE = (
    "chain_head,started_at,finished_at,loaded_on,computed_at,ingested_at,checked_at,attempted_at,listed_at,newest_file_at,"
    "drive"
)
Rows = list[dict[str, Any]]


def offenders(first: int, amount: int | None, others: int = 0) -> dict[str, int | None]:
    """Counts of persons of a row in which one is small, with the amount that belongs to them."""
    sanctioned = {"sanctioned_sellers": first, "sanctioned_buyers": others, "sanctioned_other": 0}
    small = {"offenders_harbouring": first, "offenders_brokering": 0, "offenders_other": 0}
    totals = {"offenders_total": first, "sanctioned_total": first + others, "fines_amount": amount}
    return {**sanctioned, **small, **totals}


LARGE = {
    **{"offenders_harbouring": 13, "offenders_brokering": 9, "offenders_other": 8, "offenders_total": 30},
    **{"sanctioned_sellers": 9, "sanctioned_buyers": 8, "sanctioned_other": 7, "sanctioned_total": 24},
    "fines_amount": 9_000_000,
}


def with_codes(form_code: str, *rows: dict[str, Any]) -> Rows:
    """Rows for the first codes of the form's list."""
    (dimension,) = BY_CODE[form_code].dimensions
    assert dimension.code_list is not None
    labels = [code.label_vi for code in dimension.code_list.codes]
    (default,) = default_rows(form_code)
    return [{**default, dimension.key: label, **row} for label, row in zip(labels, rows, strict=False)]


def reports(is_first: bool) -> Iterator[tuple[str, bytes]]:
    """The files of one of the two warehouses."""
    a, b = (1, 4) if is_first else (4, 1)
    enforcement = [{**row, "cases_detected": 30, **LARGE} for row in district_rows("01-PCMD")]
    enforcement[0] |= offenders(a, 0 if is_first else 1_500_000)
    enforcement[1] |= offenders(b, None if is_first else 2_000_000)
    yield "CAT/01.xlsx", workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", enforcement)
    trials = [{**row, "accepted": 6, "tried": 6, "defendants": 9} for row in district_rows("04-PCMD")]
    for row, count in zip(trials, (a, b), strict=False):
        row |= {"accepted": 1, "tried": 1, "defendants": count}
    yield "TAND/04.xlsx", workbook("04-PCMD", "TAND", "Quý I năm 2020", trials)
    communes = default_rows("05-PCMD", COMMUNES)
    for number, row in enumerate(communes):
        is_free = number == 0
        row |= {"free_of_prostitution": "x" if is_free else "0", "hotspots": 0 if is_free else 1}
        row |= {
            "sanctioned": (number + a) % 7
        }  # a commune without prostitution where some were sanctioned: a warning
    yield "UBND-731/05.xlsx", workbook("05-PCMD", "UBND-731", "Quý I năm 2020", communes)
    support = with_codes(
        "08-PCMD",
        {"persons": a, "persons_female": 1, "amount": 3 if is_first else None},
        {"persons": b, "persons_female": 0, "amount": 900},
        {"persons": 20, "persons_female": 8, "amount": 12},
    )
    yield "UBND-731/08.xlsx", workbook("08-PCMD", "UBND-731", "Quý I năm 2020", support)
    (incident,) = default_rows("12-PCMD")
    incident |= {"offenders": a, "minors": 1}
    yield "CAT/12.xlsx", workbook("12-PCMD", "CAT", "Đột xuất ngày 05/03/2020", [incident])


def ingested(context: IngestContext, folder: Path, files: Iterator[tuple[str, bytes]]) -> None:
    for name, content in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (1_584_000_000, 1_584_000_000))
    result = ingest(context, [str(folder)])
    assert result.submissions["rejected"] == 0


def lived(server: str, folder: Path, is_first: bool) -> IngestContext:
    """A warehouse with these reports, a closing, and a revision after which no count is small."""
    context = replace(work(new_database(server), folder), now=NOW)
    assert create_roles(context.engine) == []
    create_area_role(context.engine, PLAN.area, "731")
    ingested(context, folder / "drive", reports(is_first))
    with context.engine.begin() as connection:
        close(connection, PLAN, period_from_code("2020-Q1", PLAN.calendar), NOW)
    rows = [{**row, "cases_detected": 31, **LARGE} for row in district_rows("01-PCMD")]
    revision = ("CAT/01.xlsx", workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    later = replace(context, now=NOW + timedelta(days=30))
    ingested(later, folder / "revised", iter([revision]))
    return later


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[IngestContext, IngestContext]]:
    folder = tmp_path_factory.mktemp("twins")
    for server in separate_server():
        first, second = (lived(server, folder / str(is_first), is_first) for is_first in (True, False))
        yield first, second
        first.engine.dispose()
        second.engine.dispose()


def seen(connection: Connection, role: str) -> dict[str, list[str]]:
    """All rows of all relations that a role may read."""
    connection.execute(text(f"SET LOCAL ROLE {role}"))
    relations = connection.scalars(
        text(
            "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'mart'::regnamespace AND relkind = 'v'"
            " AND has_table_privilege(oid, 'SELECT')"
        )
    ).all()
    query = f"SELECT (to_jsonb(t) - string_to_array('{BY_CHANCE}', ','))::text FROM {{}} AS t"
    names = [*relations, "mart.target_indicator_as_of(now())"]
    return {name: sorted(connection.scalars(text(query.format(name)))) for name in names}


def differing(twins: tuple[IngestContext, IngestContext], role: str, *weakening: str) -> set[str]:
    """The relations in which a role sees a difference, after some statements in each of both."""
    found = []
    for context in twins:
        with context.engine.connect() as connection:
            for statement in weakening:
                connection.exec_driver_sql(statement)
            found.append(seen(connection, role))
            connection.rollback()
    first, second = found
    return {name for name in first if first[name] != second[name]}


@pytest.mark.parametrize("role", READERS)
def test_no_relation_differs(twins: tuple[IngestContext, IngestContext], role: str) -> None:
    assert differing(twins, role) == set()


def test_an_auditor_sees_the_difference(twins: tuple[IngestContext, IngestContext]) -> None:
    assert {"mart.enforcement", "mart.submission"} - differing(twins, "chitieu_auditor") == {
        "mart.enforcement"
    }


def test_a_view_that_shows_all_warnings_differs(twins: tuple[IngestContext, IngestContext]) -> None:
    statements = ("DROP VIEW mart.finding CASCADE", render("views/mart.finding", forms=()))
    grant = "GRANT SELECT ON mart.finding TO chitieu_bi"
    assert differing(twins, "chitieu_bi", *statements, grant) == {"mart.finding"}


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a folder, without the heads of the chain."""
    return {
        file.relative_to(folder).as_posix(): re.sub(rb"[0-9a-f]{64}", b"", file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize(("as_reader", "is_same"), [(True, True), (False, False)])
def test_no_export_differs(
    twins: tuple[IngestContext, IngestContext], tmp_path: Path, as_reader: bool, is_same: bool
) -> None:
    """But for the relations with moments and heads of the chain; an export of everything does."""
    by_chance = {
        "mart.load",
        "mart.closed_period",
        "mart.revision_log",
        "mart.drive_freshness",
        "mart.check_result",
    }
    written = []
    for number, context in enumerate(twins):
        url = context.engine.url.render_as_string(hide_password=False)
        app = AppContext(Settings(home=tmp_path, database_url=url, sources=()), PLAN, NOW, connect(url))
        for kind in ExportFormat:
            export([app], kind, tmp_path / str(number) / kind.value, as_reader)
        app.engine.dispose()
        written.append(files_of(tmp_path / str(number)))
    first, second = written
    assert first.keys() == second.keys()
    names = {name for name in first if first[name] != second[name]}
    differing_files = {
        name for name in names if name.rpartition("/")[2].removesuffix(".parquet") not in by_chance
    }
    assert (differing_files == set()) is is_same


def test_no_page_differs(twins: tuple[IngestContext, IngestContext], tmp_path: Path) -> None:
    sites = []
    for number, context in enumerate(twins):
        out, bi = tmp_path / str(number), as_role(context.engine, "chitieu_bi")
        with context.engine.connect() as connection, bi.connect() as reader:
            publish(connection, PLAN, lambda _: None, out, NOW, readers=(Audience(AudienceKind.BI), reader))
        bi.dispose()
        sites.append(files_of(out))
    first, second = sites
    assert len(first) > 100
    assert {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)} == set()
