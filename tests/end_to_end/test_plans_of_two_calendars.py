"""A plan over several calendar years and one over a fiscal year, which share months, in one warehouse."""

from tests.support.office import Office
from tests.support.small_plans import PROVINCE, plan_file, target

FISCAL = PROVINCE["calendar"] | {"closing_day": 31, "year_starts_in": 7, "year_named_by": "end"}
TARGETS = [target("T1", "sum(enforcement.cases_prosecuted)")]


def test_shared_months_are_verified_in_the_year_of_their_own_plan(office: Office) -> None:
    years = plan_file(office.folder, code="P-2020-2021", last_year=2021, targets=TARGETS)
    fiscal = plan_file(office.folder, code="P-FY2021", year=2021, calendar=FISCAL, targets=TARGETS)
    office.use(years, fiscal, now="2021-03-25")
    assert office.run("init").status == 0
    assert office.run("materialize").status == 0
    shared = "SELECT DISTINCT plan_code FROM mart.target_indicator WHERE period_code = '2020-M08' ORDER BY 1"
    assert office.rows(shared) == [("P-2020-2021",), ("P-FY2021",)]
    verified = office.run("audit verify")
    assert verified.status == 0, verified.out + verified.err
