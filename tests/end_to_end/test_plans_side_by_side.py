"""Several plans in one warehouse: a year's end, two provinces, two programmes; by commands on a real database."""

import re
from pathlib import Path

import pytest

from services.context import open_contexts
from services.scheduled_jobs import remind_of_plans
from tests.support.office import Office
from tests.support.paths import DATA
from tests.support.reports import district_rows, workbook


def cases(period: str, number: int) -> bytes:
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": number, "cases_prosecuted": number}
    return workbook("01-PCMD", "CAT", period, rows)


NEXT_YEAR = (("code: DN-2020", "code: DN-2021"), ("year: 2020", "year: 2021"))
SUBMISSIONS = "SELECT plan_code, period_code, status FROM audit.submission ORDER BY submission_id"
FIGURES = (
    "SELECT plan_code, period_code, numerator::int FROM mart.target_indicator"
    " WHERE target_code = 'T1' AND area_code = '75' AND numerator IS NOT NULL"
    " AND period_code IN ('2020-M11', '2020-M12', '2021-M01') ORDER BY window_end"
)
FIGURES_OF_MARCH = (
    "SELECT plan_code, numerator::int FROM mart.target_indicator"
    " WHERE target_code = 'T1' AND area_code = '75' AND period_code = '2020-M03' ORDER BY 1"
)


def test_at_a_years_end_both_plans_get_their_reports(office: Office) -> None:
    old, new = office.plan("dn_2020"), office.plan("dn_2021", *NEXT_YEAR)
    office.put("drive/CAT/december.xlsx", cases("Tháng 12 năm 2020", 3))
    office.put("drive/CAT/january.xlsx", cases("Tháng 1 năm 2021", 5))
    ingest = f"ingest {office.folder / 'drive'} --json"

    office.use(old, now="2020-12-20")
    assert office.run("init").status == 0
    assert office.run(ingest).json["submissions"] == {
        "accepted": 1,
        "accepted_with_warnings": 0,
        "rejected": 1,
        "duplicate": 0,
        "ignored": 0,
    }
    assert office.rows(SUBMISSIONS) == [
        ("DN-2020", "2020-M12", "accepted"),
        ("DN-2020", "2021-M01", "rejected"),
    ]
    assert len(office.run("finding list --json").json) == 1

    office.use(old, new, now="2021-01-20")
    assert [row["plan"] for row in office.run("init --json").json["plans"]] == ["DN-2020", "DN-2021"]
    again = office.run(ingest)
    assert (again.status, again.json["plans"]) == (0, ["DN-2020", "DN-2021"])
    assert again.json["submissions"]["accepted"] == 1
    assert office.rows(SUBMISSIONS)[2:] == [("DN-2021", "2021-M01", "accepted")]
    assert office.run("finding list --json").json == []

    office.put("drive/CAT/november.xlsx", cases("Tháng 11 năm 2020", 2))
    assert office.run(ingest).json["submissions"]["accepted"] == 1
    assert office.rows(SUBMISSIONS)[3:] == [("DN-2020", "2020-M11", "accepted")]
    assert office.rows(FIGURES) == [
        ("DN-2020", "2020-M11", 2),
        ("DN-2020", "2020-M12", 5),
        ("DN-2021", "2021-M01", 5),
    ]
    assert office.run(ingest).json["files"] == 0

    status = office.run("status --period 2020-M11 --json").json["reports"]
    assert {row["plan_code"] for row in status} == {"DN-2020"}
    assert [row["status"] for row in status if row["body_code"] == "CAT" and row["revision"] == 0] == ["late"]
    assert {row["plan_code"] for row in office.run("targets --period 2021-M01 --json").json} == {"DN-2021"}
    unclear = office.run("targets")
    assert unclear.status == 2
    assert "Several active plans fit: DN-2020, DN-2021." in unclear.err
    assert office.run("targets --plan-code DN-2020 --json").json[0]["plan_code"] == "DN-2020"
    unknown = office.run("targets --plan-code DN-2022")
    assert (unknown.status, "Active plans: DN-2020, DN-2021" in unknown.err) == (2, True)


@pytest.mark.long
def test_a_report_that_comes_before_its_period_is_accepted_once_that_begins(office: Office) -> None:
    old, new = office.plan("dn_2020"), office.plan("dn_2021", *NEXT_YEAR)
    office.put("drive/CAT/february.xlsx", cases("Tháng 2 năm 2021", 5))
    ingest = f"ingest {office.folder / 'drive'} --json"
    for plans, now, accepted in (
        ((old,), "2020-12-20", 0),
        ((old, new), "2020-12-28", 0),
        ((old, new), "2021-01-10", 0),
        ((old, new), "2021-01-16", 1),
        ((old, new), "2021-01-17", 0),
    ):
        office.use(*plans, now=now)
        assert office.run("init").status == 0
        assert office.run(ingest).json["submissions"]["accepted"] == accepted, now
    assert office.run(ingest).json["files"] == 0
    assert office.rows(SUBMISSIONS) == [
        ("DN-2020", "2021-M02", "rejected"),
        ("DN-2021", "2021-M02", "accepted"),
    ]


@pytest.mark.long
def test_late_reports_that_the_next_plan_rejected_are_found_again(office: Office) -> None:
    old, new = office.plan("dn_2020"), office.plan("dn_2021", *NEXT_YEAR)
    office.put("drive/CAT/november.xlsx", cases("Tháng 11 năm 2020", 2))
    office.put("drive/CAT/december.xlsx", cases("Tháng 12 năm 2020", 3))
    office.use(new, now="2021-01-20")
    assert office.run("init").status == 0
    ingest = f"ingest {office.folder / 'drive'} --json"
    assert office.run(ingest).json["submissions"]["rejected"] == 2

    (office.folder / "drive/CAT/november.xlsx").unlink()
    office.use(old, new, now="2021-01-21")
    assert office.run("init").status == 0
    assert office.run(ingest).json["submissions"]["accepted"] == 1
    assert office.run("backfill --from 2020-M11 --to 2020-M11").status == 0
    assert office.rows(SUBMISSIONS)[2:] == [
        ("DN-2020", "2020-M12", "accepted"),
        ("DN-2020", "2020-M11", "accepted"),
    ]
    assert office.rows(FIGURES) == [("DN-2020", "2020-M11", 2), ("DN-2020", "2020-M12", 5)]
    assert office.run("audit verify").status == 0


@pytest.mark.long
def test_each_plan_has_a_site_and_bodies_get_one_reminder(office: Office) -> None:
    old, new = office.plan("dn_2020"), office.plan("dn_2021", *NEXT_YEAR)
    office.put("drive/CAT/december.xlsx", cases("Tháng 12 năm 2020", 3))
    office.put("drive/CAT/wrong.xlsx", cases("Tháng 1 năm 2021", -5))
    office.use(old, new, now="2021-01-25")
    office.sources("drive")
    assert office.run("init").status == 0
    assert office.run("ingest").status == 0
    published = office.run("publish --json")
    assert published.status == 0, published.err
    assert published.json["handed_out"] == ["CAT/_tra_lai/wrong (xlsx) - ket qua kiem tra.xlsx"]
    front = (office.folder / "published/index.html").read_text(encoding="utf-8")
    assert 'href="DN-2021/index.html"' in front
    assert (office.folder / "published/DN-2020/index.html").is_file()
    assert office.run("check").status == 0
    own = office.folder / "published/DN-2021/note.txt"
    own.write_text("of the office", encoding="utf-8")
    assert office.run("publish --plan-code DN-2020").status == 0
    assert (office.folder / "published/DN-2021/index.html").is_file()
    assert (office.folder / "drive/CAT/_tra_lai/wrong (xlsx) - ket qua kiem tra.xlsx").is_file()
    result = remind_of_plans(open_contexts(purpose="read"), [str(office.folder / "drive")])
    assert result["written"] == ["CAT/_tra_lai/nhac_bao_cao.txt"]
    message = (office.folder / "drive/CAT/_tra_lai/nhac_bao_cao.txt").read_text(encoding="utf-8-sig")
    assert "năm 2020, Tháng 11" not in message
    assert {"Tháng 11 năm 2020", "Tháng 1 năm 2021"} <= set(re.findall(r"Tháng \d+ năm \d+", message))

    office.use(new, now="2021-01-26")
    assert office.run("publish").status == 0
    published_folder = office.folder / "published"
    assert not (published_folder / "DN-2020").exists()
    assert list((published_folder / "DN-2021").iterdir()) == [own]  # no publication wrote it
    assert 'href="DN-20' not in (published_folder / "index.html").read_text(encoding="utf-8")
    folders = [folder for folder in published_folder.rglob("*") if folder.is_dir()]
    assert all(any(folder.iterdir()) for folder in folders)


def test_a_changed_plan_is_left_out_and_the_others_go_on(office: Office) -> None:
    old, new = office.plan("dn_2020"), office.plan("dn_2021", *NEXT_YEAR)
    office.use(old, new, now="2021-01-20")
    assert office.run("init").status == 0
    office.plan("dn_2021", *NEXT_YEAR, ("at_least: 30", "at_least: 60"))
    office.put("drive/CAT/december.xlsx", cases("Tháng 12 năm 2020", 3))
    office.put("drive/CAT/january.xlsx", cases("Tháng 1 năm 2021", 5))
    done = office.run(f"ingest {office.folder / 'drive'} --json")
    assert (done.status, done.json["plans"]) == (1, ["DN-2020"])
    assert "differs from the applied plan DN-2021" in done.err
    assert office.rows(SUBMISSIONS) == [
        ("DN-2020", "2020-M12", "accepted"),
        ("DN-2020", "2021-M01", "rejected"),
    ]
    assert office.run("plan diff --plan-code DN-2020").status == 0
    assert office.run("plan diff").status == 1
    assert office.run("plan apply --plan-code DN-2021").status == 0
    assert office.run(f"ingest {office.folder / 'drive'} --json").json["submissions"]["accepted"] == 1


def test_two_provinces_keep_their_calendars_and_drives(office: Office) -> None:
    first = office.plan("dn", ("code: DN-2020", "code: DN-2023"), ("year: 2020", "year: 2023"))
    second = office.plan(
        "tn", ("code: CA,", "code: CAT,"), ("[CA]", "[CAT]"), source=DATA / "plan_second.yaml"
    )
    office.use(first, second, now="2023-05-20")
    assert office.run("init").status == 0
    windows = office.rows(
        "SELECT plan_code, window_start::text, window_end::text FROM dw.dim_period"
        " WHERE period_code = '2023-M03' ORDER BY plan_code"
    )
    assert windows == [("DN-2023", "2023-02-15", "2023-03-14"), ("TN-2023", "2023-02-20", "2023-03-19")]
    office.put("north/CAT/march.xlsx", cases("Tháng 3 năm 2023", 4))
    office.put("north/UBND-731/a.xlsx", b"no table")
    office.put("south/CAT/march.xlsx", cases("Tháng 3 năm 2023", 4))
    office.put("south/UB-961/a.xlsx", b"no table")
    done = office.run(f"ingest {office.folder / 'north'} {office.folder / 'south'} --json")
    assert done.status == 0, done.err
    found = office.rows(
        "SELECT plan_code, right(source_url, 5), status FROM audit.submission WHERE body_code = 'CAT' ORDER BY 1"
    )
    assert found == [("DN-2023", "north", "accepted"), ("TN-2023", "south", "rejected")]


@pytest.mark.long
def test_a_report_that_two_programmes_require_counts_for_both(office: Office) -> None:
    first = office.plan("a")
    second = office.plan("b", ("code: DN-2020", "code: PROGRAMME-B"))
    office.put("drive/CAT/march.xlsx", cases("Tháng 3 năm 2020", 4))
    office.use(first, now="2020-05-20")
    assert office.run("init").status == 0
    ingest = f"ingest {office.folder / 'drive'} --json"
    assert office.run(ingest).json["submissions"]["accepted"] == 1
    office.use(first, second, now="2020-05-20")
    assert office.run("init").status == 0
    assert office.run(ingest).json["submissions"]["accepted"] == 1
    office.put("drive/CAT/april.xlsx", cases("Tháng 4 năm 2020", 3))
    assert office.run(ingest).json["submissions"]["accepted"] == 2
    figures = office.rows(
        "SELECT plan_code, numerator::int FROM mart.target_indicator WHERE target_code = 'T1'"
        " AND area_code = '75' AND period_code = '2020-M04' ORDER BY 1"
    )
    assert figures == [("DN-2020", 7), ("PROGRAMME-B", 7)]
    assert office.rows("SELECT count(*) FROM mart.enforcement WHERE cases_prosecuted > 0") == [(4,)]


@pytest.mark.long
def test_a_report_that_counts_for_two_programmes_is_purged_from_both(office: Office) -> None:
    first = office.plan("a")
    second = office.plan("b", ("code: DN-2020", "code: PROGRAMME-B"))
    office.put("drive/CAT/march.xlsx", cases("Tháng 3 năm 2020", 4321))
    office.use(first, second, now="2020-05-20")
    assert office.run("init").status == 0
    assert office.run(f"ingest {office.folder / 'drive'} --json").json["submissions"]["accepted"] == 2
    assert office.run("publish").status == 0
    pages = office.folder / "published"
    assert [n for n in (1, 2) if "4321" in page_of(pages, n)] == [1, 2]
    purged = office.run("purge 2 --reason x --json")
    assert purged.status == 0, purged.err
    assert (purged.json["submissions"], sorted(purged.json["withdrawn"])) == ([1, 2], [1, 2])
    assert [n for n in (1, 2) if "4321" in page_of(pages, n)] == []
    assert "PROGRAMME-B" in (pages / "index.html").read_text(encoding="utf-8")
    assert office.rows("SELECT count(*) FROM dw.fact_enforcement") == [(0,)]
    assert office.rows(FIGURES_OF_MARCH) == [("DN-2020", None), ("PROGRAMME-B", None)]
    assert office.run("audit verify").status == 0

    office.use(first, now="2020-05-21")
    office.put("drive/CAT/april.xlsx", cases("Tháng 4 năm 2020", 3))
    office.use(first, second, now="2020-05-21")
    assert office.run(f"ingest {office.folder / 'drive'}").status == 0
    office.use(first, now="2020-05-22")
    refused = office.run("purge 3 --reason x")
    assert (refused.status, "of the plan PROGRAMME-B has the same content" in refused.err) == (1, True)


def page_of(pages: Path, submission: int) -> str:
    """The text of the page of a submission."""
    (page,) = pages.glob(f"*/submission-{submission}.html")
    return page.read_text(encoding="utf-8")
