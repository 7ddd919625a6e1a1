"""A machine whose clock is wrong by a year for a whole run, in either direction: nothing is lost or reordered."""

import shutil

import pytest

from plans.reading import DEFAULT_PLAN
from tests.support.office import Office
from tests.support.paths import SAMPLE
from tests.support.reports import district_rows, workbook

pytestmark = pytest.mark.long

RIGHT, BEHIND, AHEAD = "2020-04-20", "2019-04-20", "2021-04-20"
CURRENT = (
    "SELECT max(cases_detected) FROM mart.enforcement WHERE body_code = 'CAT' AND period_code = '2020-M03'"
)
EARLY = f"SELECT count(*) FROM dw.target_indicator WHERE window_end >= '{RIGHT}'"
# When the figures of such periods that were removed had been computed.
REMOVED = (
    "SELECT max(computed_at::date)::text FROM dw.target_indicator_history"
    f" WHERE window_end >= '{RIGHT}' AND superseded_at::date = '{RIGHT}'"
)
REVISIONS = (
    "SELECT file_name FROM audit.submission WHERE body_code = 'CAT' AND period_code = '2020-M03'"
    " AND form_code = '01-PCMD' AND revision IS NOT NULL AND file_name IN ('100.xlsx', '200.xlsx', '300.xlsx')"
    " ORDER BY revision"
)


def run_jobs(office: Office, now: str, cases: int) -> None:
    """Report so many cases, and run the jobs of a day with the clock at `now`."""
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": cases, "cases_prosecuted": 0}
    office.put(f"drive/CAT/{cases}.xlsx", workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    office.use(DEFAULT_PLAN, now=now)
    for job in ("ingest", "materialize", "audit verify"):
        done = office.run(job)
        assert done.status == 0, f"{job}: {done.err} {done.out}"


@pytest.mark.parametrize("wrong", [BEHIND, AHEAD])
def test_reports_keep_their_order(office: Office, wrong: str) -> None:
    shutil.copytree(SAMPLE / "drive", office.folder / "drive")
    office.sources("drive")
    office.use(DEFAULT_PLAN, now=RIGHT)
    assert office.run("init").status == 0
    run_jobs(office, RIGHT, 100)
    run_jobs(office, wrong, 200)
    # A period that has not begun by the clock is rejected, and judged again once it has.
    assert office.rows(CURRENT) == [(100 if wrong == BEHIND else 200,)]
    run_jobs(office, RIGHT, 300)
    assert office.rows(CURRENT) == [(300,)]  # what came in last counts, whatever the clock showed
    assert office.rows(REVISIONS) == [("100.xlsx",), ("200.xlsx",), ("300.xlsx",)]
    assert office.run("materialize").out.startswith("0 ")
    assert office.run("audit verify --replay 2020-M03").status == 0
    done = office.run("check")
    assert done.status == 0, done.err
    assert office.rows(EARLY) == [(0,)]
    assert office.rows(REMOVED)[0][0] == (AHEAD if wrong == AHEAD else None)
    assert office.run("publish").status == 0
    assert office.run("audit verify").status == 0
