"""The second shipped programme: health reports with four levels and calendar months, from files alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from benchmarks.truth import Entry, faults
from drives import archive
from plans.reading import DEFAULT_PLAN, read_plan
from publishing.site.build import publish
from schemas.form_set import shipped_form_set
from schemas.linked_measures import linked_measures
from schemas.target_checks import check_plan
from tests.support.disclosure import Attack
from tests.support.fact_rows import as_reader, put_report
from tests.support.generated_year import generated_year
from tests.support.pages import broken_links
from warehouse.indicators.lineage import recompute, trace
from warehouse.privacy.roles import create_roles
from warehouse.sql_templates import render
from warehouse.views.form_context import form_context

PLAN = read_plan(DEFAULT_PLAN.with_name("health_2024.yaml"))
FORMS = shipped_form_set("health")
NOW = datetime(2025, 2, 1, tzinfo=UTC)
Year = tuple[Connection, list[Entry], Path]  # the database, what is true of the sheets, the archive


@pytest.fixture(scope="module")
def year(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Year]:
    """A year of the programme, generated and ingested, with what is true of its sheets."""
    folder = tmp_path_factory.mktemp("health")
    for context, truth in generated_year(folder, PLAN, FORMS, NOW, seed=4):
        with context.engine.connect() as connection:
            yield connection, truth, folder / "archive"


def test_the_plan_fits_the_forms() -> None:
    check_plan(PLAN, FORMS.by_key)
    assert {form.key for form in FORMS.forms} >= {"health_births", "health_facility_services"}


def test_every_sheet_gives_its_expected_result(year: Year) -> None:
    connection, truth, _ = year
    assert len(truth) > 250
    assert faults(connection, truth) == []


def test_every_figure_comes_from_its_cells(year: Year) -> None:
    connection, *_ = year
    rows = connection.execute(
        text(
            "SELECT target_code, area_code, numerator, denominator FROM mart.target_indicator"
            " WHERE period_code = '2024-Y' AND numerator IS NOT NULL"
        )
    ).all()
    assert {row[0] for row in rows} == {"H1", "H2", "H3", "H4", "H5", "H6"}
    for code, area, numerator, denominator in rows:
        target = PLAN.targets_by_code[code]
        cells = trace(connection, PLAN, code, "2024-Y", area)
        assert (code, area, *recompute(cells, target)) == (code, area, numerator, denominator)


@pytest.mark.long
def test_the_pages_lead_everywhere(year: Year, tmp_path: Path) -> None:
    connection, _, kept = year

    def load(sha256: str) -> bytes | None:
        return archive.load(kept, sha256) if archive.contains(kept, sha256) else None

    publish(connection, PLAN, load, tmp_path, NOW)
    assert broken_links(tmp_path) == []
    page = (tmp_path / "form-YT-05.html").read_text("utf-8")
    assert "Hoạt động của cơ sở y tế" in page
    assert "nhân viên" in page


VACCINATIONS = FORMS.by_key["vaccinations"]
DOSES = dict(zip(("BCG", "HEPATITIS_B", "PENTAVALENT", "POLIO", "MEASLES"), (0, 1, 2, 4, 7), strict=True))


def adverse_events(connection: Connection, view: str) -> tuple[list[int | None], int]:
    """What BI tools see of few doses and their adverse events: the doses, and the narrowest interval of a count."""
    query = (
        f"SELECT * FROM {view} WHERE body_code = 'TYT-25993' AND period_code = '2024-M01' ORDER BY vaccine"
    )
    rows = as_reader(connection, "chitieu_bi", query)
    (group,) = (
        [m.key for m in group] for group in linked_measures(VACCINATIONS) if group[0].key == "adverse_events"
    )
    attack = Attack(VACCINATIONS, rows, group, for_small_counts=False)
    return [row["doses"] for row in rows], min(high - low for low, high in attack.intervals().values())


def test_visible_doses_do_not_bound_adverse_events(year: Year) -> None:
    connection, *_ = year
    assert create_roles(connection.engine) == []
    with connection.begin_nested() as savepoint:
        rows = {
            code: {"doses": n, "doses_5_up_male": n, "adverse_events": min(n, 1)} for code, n in DOSES.items()
        }
        put_report(connection, VACCINATIONS, "TYT-25993", "2024-M01", rows, NOW)
        assert adverse_events(connection, "mart.health_vaccinations") == ([0, None, 7, None, None], 4)
        # Without that rule, two doses leave three possible numbers, one dose two.
        context = form_context(VACCINATIONS)
        columns = tuple(replace(column, withheld_if="") for column in context.stored_columns)
        shown = tuple(replace(c, group=0) if c.name.startswith("doses") else c for c in columns)
        weakened = render(
            "form_views/mart.readable", form=replace(context, stored_columns=shown), smallest_shown=5
        )
        connection.exec_driver_sql(weakened.replace("mart.health_vaccinations", "mart.weakened"))
        connection.execute(text("GRANT SELECT ON mart.weakened TO chitieu_bi"))
        assert adverse_events(connection, "mart.weakened") == ([0, 1, 7, 2, 4], 1)
        savepoint.rollback()
