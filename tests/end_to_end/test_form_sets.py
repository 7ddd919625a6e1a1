"""Programmes with forms of their own beside the shipped one: files alone, by commands on a real database."""

import openpyxl
import pytest

from plans.reading import DEFAULT_PLAN
from tests.support.office import Office
from tests.support.pages import broken_links
from tests.support.reports import district_rows, workbook
from tests.support.starter_forms import fill

STARTER = DEFAULT_PLAN.with_name("starter.yaml")
NEW_MEASURE = """
  - key: certificates
    label_vi: "Số chứng chỉ"
    unit: person
    type: flow
# An error rejects"""


@pytest.fixture
def training(office: Office) -> Office:
    """The office with the shipped plan and a programme whose forms are in a folder beside its plan."""
    assert office.run(f"forms new {office.folder / 'training-forms'}").status == 0
    plan = office.folder / "training.yaml"
    assert office.run(f"plan new {plan} --form-set training-forms").status == 0
    office.use(DEFAULT_PLAN, plan, now="2021-03-20")
    assert office.run("init").status == 0
    return office


def report(office: Office, body: str, period: str) -> None:
    """Put the filled-in blank form of a body into its folder on the drive."""
    made = office.run(f"templates --plan-code TH-2021 --body {body} --period {period} --out {office.folder}")
    assert made.status == 0, made.err
    office.put(f"drive/{body}/{period}.xlsx", fill((office.folder / body / f"{period}.xlsx").read_bytes()))


def ingested(office: Office) -> dict[str, int]:
    done = office.run(f"ingest {office.folder / 'drive'} --json")
    assert done.status == 0, done.err
    return {status: count for status, count in done.json["submissions"].items() if count}


@pytest.mark.long
def test_two_programmes_share_a_warehouse(training: Office) -> None:
    report(training, "SNV", "2021-M02")
    report(training, "UBND-731", "2021-Q1")
    rows = district_rows("01-PCMD")
    training.put("drive/CAT/march.xlsx", workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    assert ingested(training) == {"accepted": 3}
    figures = training.run("targets --plan-code TH-2021 --period 2021-Q1 --json").json
    assert [(row["target_code"], row["value"]) for row in figures] == [("A", 12), ("B", 50)]
    cells = training.run("trace A --plan-code TH-2021 --period 2021-Q1 --json").json["cells"]
    assert {cell["measure"] for cell in cells} == {"courses.courses_held"}
    assert sum(cell["value"] for cell in cells) == 12
    assert training.rows("SELECT sum(courses_held)::int, count(*) FROM mart.starter_courses") == [(12, 6)]
    assert training.rows("SELECT count(*) FROM mart.enforcement") == [(11,)]
    assert training.run("audit verify").status == 0
    assert training.run("close 2021-M02 --plan-code TH-2021").status == 0
    assert training.run(f"publish --plan-code TH-2021 --out {training.folder / 'site'}").status == 0
    page = (training.folder / "site" / "TH-2021" / "form-01-TH.html").read_text("utf-8")
    assert "Kết quả tổ chức lớp tập huấn" in page
    assert "Học viên" in page


def test_a_rule_of_an_own_form_rejects_with_its_words(training: Office) -> None:
    report(training, "SNV", "2021-M02")
    file = training.folder / "drive" / "SNV" / "2021-M02.xlsx"
    book = openpyxl.load_workbook(file)
    book["Biểu 01-TH"]["F11"] = 41
    book.save(file)
    assert ingested(training) == {"rejected": 1}
    assert training.rows("SELECT code, cell, split_part(message_vi, ':', 1) FROM audit.finding") == [
        ("COURSE-01", "F11", "Số học viên nữ không được lớn hơn tổng số học viên")
    ]


def test_a_warehouse_keeps_the_forms_of_plans_that_are_not_active(training: Office) -> None:
    report(training, "SNV", "2021-M02")
    assert ingested(training) == {"accepted": 1}
    training.use(DEFAULT_PLAN, now="2021-03-21")
    assert training.run("init").status == 0
    assert training.run("audit verify").status == 0
    assert training.rows("SELECT count(*) FROM mart.starter_courses") == [(6,)]
    assert training.rows("SELECT form_set_code FROM dw.dim_form_set ORDER BY 1") == [("pcmd",), ("starter",)]


def test_a_changed_form_is_applied_on_purpose(training: Office) -> None:
    report(training, "SNV", "2021-M02")
    assert ingested(training) == {"accepted": 1}
    form = training.folder / "training-forms" / "forms" / "courses.yaml"
    form.write_text(form.read_text("utf-8").replace("\n# An error rejects", NEW_MEASURE, 1), "utf-8")
    shown = training.run("targets --plan-code TH-2021 --period 2021-Q1")
    assert shown.status == 0
    assert "Courses held" in shown.out
    assert "The forms changed" in shown.err
    columns = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'certificates'"
    assert training.rows(columns) == [(0,)]
    left_out = training.run(f"ingest {training.folder / 'drive'}")
    assert "The forms changed since the plan TH-2021 was applied." in left_out.err
    assert training.rows(columns) == [(0,)]
    assert training.run("init").status == 0
    report(training, "SNV", "2021-M03")
    assert ingested(training) == {"accepted": 1}
    assert training.rows("SELECT sum(certificates)::int FROM mart.starter_courses") == [(42,)]
    assert training.run("audit verify").status == 0


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("form_set: starter", "form_set: nowhere", "neither a shipped form set nowhere"),
        ('form_set_version: "1"', 'form_set_version: "2"', "has the version 1, not 2"),
        ("form: 01-TH", "form: 01-PCMD", "an obligation names the unknown form 01-PCMD"),
        ("sum(courses.courses_held)", "sum(enforcement.cases_detected)", "is no measure of a form"),
    ],
)
def test_a_plan_that_does_not_fit_its_forms_is_rejected(
    office: Office, old: str, new: str, sentence: str
) -> None:
    plan = office.plan("training", (old, new), source=STARTER)
    office.use(plan, now="2021-03-20")
    done = office.run("init")
    assert done.status == 2
    assert sentence in done.err
    assert "line" in done.err


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("set.yaml", "code: starter", "code: pcmd", "uses a form set pcmd that differs"),
        ("forms/courses.yaml", "code: 01-TH", "code: 1.PCMD", "cannot be distinguished"),
        ("set.yaml", "code: starter", "code: measure", "has the name of a view"),
    ],
)
def test_sets_that_cannot_be_kept_apart_are_rejected(
    office: Office, file: str, old: str, new: str, sentence: str
) -> None:
    folder = office.folder / "training-forms"
    office.run(f"forms new {folder}")
    changed = folder / file
    changed.write_text(changed.read_text("utf-8").replace(old, new, 1), "utf-8")
    form = folder / "forms" / "readiness.yaml"
    form.write_text(form.read_text("utf-8").replace("key: readiness", "key: value", 1), "utf-8")
    form.rename(form.with_name("value.yaml"))
    words = [("form_set: starter", "form_set: training-forms"), ("readiness.has_plan", "value.has_plan")]
    if "1.PCMD" in new:
        words.append(("form: 01-TH", "form: 1.PCMD"))
    plan = office.plan("training", *words, source=STARTER)
    office.use(DEFAULT_PLAN, plan, now="2021-03-20")
    done = office.run("init")
    assert done.status != 0
    assert sentence in done.err


CODES = ("Mẫu 3/BC", "05A-TKYT", "1.2-BTP", "HMIS 105", "Form 3", "02/ĐT")


@pytest.mark.long
def test_form_codes_of_any_shape_lead_from_the_blank_form_to_the_pages(office: Office) -> None:
    folder = office.folder / "training-forms"
    office.run(f"forms new {folder}")
    first = folder / "forms" / "courses.yaml"
    for number, code in enumerate(CODES, 1):
        copied = first.read_text("utf-8")
        for old, new in (("code: 01-TH", f'code: "{code}"'), ("key: courses\n", f"key: courses{number}\n")):
            copied = copied.replace(old, new, 1)
        first.with_name(f"courses{number}.yaml").write_text(
            copied.replace("COURSE-01", f"COURSE-{number}1"), "utf-8"
        )
    first.unlink()
    owed = "\n  - ".join(f'{{form: "{code}", bodies: [SNV], frequency: M}}' for code in CODES)
    words = (
        ("form_set: starter", "form_set: training-forms"),
        ("{form: 01-TH, bodies: [SNV], frequency: M}", owed),
        ("sum(courses.courses_held)", "sum(courses1.courses_held)"),
    )
    office.use(office.plan("training", *words, source=STARTER), now="2021-03-20")
    prepared = office.run("init")
    assert prepared.status == 0, prepared.err
    assert office.run(f"templates --body SNV --period 2021-M02 --out {office.folder}").status == 0
    office.put("drive/SNV/2.xlsx", fill((office.folder / "SNV" / "2021-M02.xlsx").read_bytes()))
    assert ingested(office) == {"accepted": len(CODES)}
    assert office.rows("SELECT form_code FROM audit.submission ORDER BY 1") == [
        (code,) for code in sorted(CODES)
    ]
    assert office.run("close 2021-M02").status == 0
    assert office.run(f"publish --out {office.folder / 'site'}").status == 0
    assert broken_links(office.folder / "site") == []
    assert office.run(f"export --format dhis2 --out {office.folder / 'dhis2'}").status in (0, 2)


def test_every_command_works_on_a_programme_of_its_own(training: Office) -> None:
    report(training, "SNV", "2021-M02")
    assert ingested(training) == {"accepted": 1}
    plan = "--plan-code TH-2021"
    assert training.run(f"close 2021-M02 {plan}").status == 0
    out = training.folder
    for line in (
        f"status {plan} --period 2021-M02",
        "report 1",
        f"targets {plan} --snapshot 2021-M02",
        f"materialize 2021-M02 {plan}",
        f"backfill --from 2021-M02 --to 2021-M02 {plan}",
        f"plan diff {plan}",
        f"audit verify --replay 2021-M02 {plan}",
        f"check {plan}",
        f"sql A {plan}",
        "dictionary",
        f"export --out {out / 'star'}",
        f"export --as-reader --out {out / 'reader'}",
        f"export --format dbt --out {out / 'dbt'}",
        f"export --format superset --out {out / 'superset'}",
        f"export --format sdmx --out {out / 'sdmx'} {plan}",
        f"export --format dhis2 --out {out / 'dhis'} {plan}",
        "withdraw 1 --reason Nhầm",
    ):
        done = training.run(line)
        assert done.status == 0, (line, done.err)
    assert (out / "star" / "dw.fact_starter_courses.parquet").is_file()
    found = training.run("doctor --json").json["lines"]
    assert [
        line for line in found if line["topic"] in ("database", "plan") and line["state"] == "fault"
    ] == []
    assert any("schema is that of this release" in line["message"] for line in found)
