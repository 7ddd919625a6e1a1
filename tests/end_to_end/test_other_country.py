"""A programme as an author elsewhere would write it: tests/data/registry, by commands on a real database.

No counts of persons, form codes without digits, fractions, another currency, script and language, thirds of
months in a year that closes on the 28th, and a plan of two years after one of a year.
"""

import io

import openpyxl
import pytest

from tests.support.office import Office
from tests.support.pages import broken_links
from tests.support.paths import DATA

REGISTRY = DATA / "registry"
FIGURES = (
    "SELECT target_code, period_code, completeness_pct, is_final FROM mart.target_indicator"
    " WHERE area_code = 'X' AND plan_code = 'REG-2024'"
)


@pytest.fixture
def registry(office: Office) -> Office:
    """The office with both plans and their generated reports, which were ingested."""
    plans = [REGISTRY / f"plan_{year}.yaml" for year in (2023, 2024)]
    office.use(*plans, now="2026-02-01")
    assert office.run("init").status == 0
    for seed, code in enumerate(("REG-2023", "REG-2024")):
        drive = office.folder / f"drive-{code}"
        made = office.run(f"sample {drive} --plan-code {code} --faults 0 --seed {seed}")
        assert made.status == 0, made.err
        done = office.run(f"ingest {drive} --json")
        assert done.status == 0, done.err
        assert done.json["submissions"]["rejected"] == 0, done.out
    return office


@pytest.mark.long
def test_figures_begin_again_each_year_and_continue_the_plan_before(registry: Office) -> None:
    owed = "SELECT count(*) FROM mart.reporting_status WHERE plan_code = 'REG-2024' AND form_code = 'A'"
    assert registry.rows(owed) == [(72,)]
    figures = {(row[0], row[1]): row[2:] for row in registry.rows(FIGURES)}
    # Before the yearly form is due, a year has no report of it: none of the year before counts.
    assert figures["ONLINE", "2024-Y"] == (100, True)
    assert figures["ONLINE", "2025-M01"] == (None, False)
    assert figures["OWN", "2025-M02-D1"] == (100, True)
    counted = (
        "SELECT period_code, denominator::int FROM mart.target_indicator WHERE target_code = 'ON_TIME'"
        " AND period_code IN ('2024-Y', '2025-Y', '2025-M01-D1') ORDER BY 1"
    )
    assert registry.rows(counted) == [("2024-Y", 36), ("2025-M01-D1", 2), ("2025-Y", 36)]
    before = registry.rows("SELECT sum(received) FROM mart.registry_services WHERE plan_code = 'REG-2023'")
    change = "SELECT denominator FROM mart.target_indicator WHERE target_code = 'CHANGE'"
    assert registry.rows(f"{change} AND period_code = '2024-Y' AND area_code = 'X'") == before


@pytest.mark.long
def test_each_period_is_computed_again_from_the_archive(registry: Office) -> None:
    for period in ("2024-M01", "2025-M02-D1"):
        assert registry.run(f"close {period} --plan-code REG-2024 --anyway --reason trial").status == 0
        again = registry.run(f"audit verify --replay {period} --plan-code REG-2024")
        assert again.status == 0, again.err
    # The cells of the plan before, which have no page of this plan, are no links.
    assert registry.run(f"publish --out {registry.folder / 'site'}").status == 0
    assert broken_links(registry.folder / "site") == []


@pytest.mark.long
def test_its_blank_forms_are_accepted(registry: Office) -> None:
    for period in ("2025-M03-D2", "2025-Y"):
        made = registry.run(
            f"templates --plan-code REG-2024 --period {period} --out {registry.folder / 'blank'}"
        )
        assert made.status == 0, made.err
    for path in (registry.folder / "blank").rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        assert any(
            "ເດືອນ" in str(cell.value) or "ປີ" in str(cell.value) for sheet in book for cell in sheet["A"]
        )
        for row in (row for sheet in book if sheet.sheet_state == "visible" for row in sheet.iter_rows()):
            for cell in row:
                if not cell.protection.locked and cell.value is None:
                    cell.value = 0
        content = io.BytesIO()
        book.save(content)
        path.write_bytes(content.getvalue())
    done = registry.run(f"ingest {registry.folder / 'blank'} --json").json["submissions"]
    assert (done["accepted"], done["rejected"], done["accepted_with_warnings"]) == (3, 0, 0)
