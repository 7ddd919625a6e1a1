"""The commands about form sets, run in an empty folder without a database."""

import json
from pathlib import Path

import pandas as pd
import pandera.errors
import pytest
from openpyxl import load_workbook
from pandera.io import pandas_io

from cli.main import main
from schemas.form_set import read_form_set, shipped_codes, shipped_form_set
from schemas.json_schema import MODELS, json_schema
from schemas.pandera_schema import build_schema

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new form set `mine` in the current folder."""
    monkeypatch.chdir(tmp_path)
    assert main(["forms", "new", "mine"]) == 0
    return tmp_path / "mine"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_check_lists_all_shipped_sets(capsys: Capture) -> None:
    assert main(["forms", "check"]) == 0
    out, err = capsys.readouterr()
    assert all(code in out for code in shipped_codes())
    assert "No fault found" in out
    assert "Checking the shipped form sets" in err


def test_check_states_what_it_read(capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["forms", "check", "mine", "--json"]) == 0
    (checked,) = json.loads(capsys.readouterr().out)["sets"]
    assert checked == {
        "place": "mine", "code": "starter", "version": "1", "forms": 2, "columns": 8, "rules": 2,
        "code_lists": 1, "units": 3,
    }  # fmt: skip


def test_check_names_file_and_line_of_a_fault(folder: Path, capsys: Capture) -> None:
    edit(folder / "forms" / "courses.yaml", "unit: course\n", "unit: curse\n")
    capsys.readouterr()
    assert main(["forms", "check", "mine"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "courses.yaml, line 14: measure courses_held names the unit curse, which is not declared." in err


def test_check_needs_a_folder_with_forms(folder: Path, capsys: Capture) -> None:
    assert main(["forms", "check", "nowhere"]) == 2
    for form in (folder / "forms").iterdir():
        form.unlink()
    assert main(["forms", "check", "mine"]) == 1
    assert "has no form" in capsys.readouterr().err


def test_new_writes_the_schemas_that_its_files_name(folder: Path) -> None:
    declarations = [*folder.glob("*.yaml"), *folder.glob("forms/*.yaml")]
    assert len(declarations) == 4
    for file in declarations:
        name = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
        assert (file.parent / name).resolve().parent == folder / "json_schema"
        assert (file.parent / name).is_file()
    for name in MODELS:
        text = (folder / "json_schema" / f"{name}.json").read_text(encoding="utf-8")
        assert text == json_schema(name)


def test_new_never_writes_into_a_folder_with_files(folder: Path, capsys: Capture) -> None:
    edit(folder / "set.yaml", "code: starter", "code: mine")
    assert main(["forms", "new", "mine"]) == 2
    assert "exists and is not an empty folder" in capsys.readouterr().err
    assert "code: mine" in (folder / "set.yaml").read_text(encoding="utf-8")


def test_a_workbook_comes_back_with_its_edit(folder: Path, capsys: Capture) -> None:
    assert main(["forms", "export", "set.xlsx", "mine"]) == 0
    workbook = load_workbook("set.xlsx")
    assert workbook["forms"]["C2"].value.startswith("KẾT QUẢ")
    workbook["forms"]["C2"] = "LỚP TẬP HUẤN"
    workbook.save("set.xlsx")
    capsys.readouterr()
    assert main(["forms", "import", "set.xlsx", "again", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"folder": "again", "code": "starter", "forms": 2}
    assert read_form_set(Path("again")).by_key["courses"].title == "LỚP TẬP HUẤN"
    first_line = Path("again/forms/courses.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert (Path("again/forms") / first_line.partition("$schema=")[2]).is_file()


def test_import_replaces_a_form_set_only_when_forced(folder: Path) -> None:
    assert main(["forms", "export", "set.xlsx"]) == 0
    (folder / "notes.txt").write_text("kept", encoding="utf-8")
    assert main(["forms", "import", "set.xlsx", "mine"]) == 2
    assert read_form_set(folder).code == "starter"
    assert main(["forms", "import", "set.xlsx", "mine", "--force"]) == 0
    replaced = read_form_set(folder)
    assert replaced.code == "pcmd"
    assert list(replaced.by_code) == list(shipped_form_set("pcmd").by_code)
    assert (folder / "notes.txt").is_file()


def test_import_does_not_force_its_way_into_other_folders(tmp_path: Path) -> None:
    assert main(["forms", "export", "set.xlsx"]) == 0
    other = tmp_path / "other" / "forms"
    other.mkdir(parents=True)
    (other / "precious.yaml").write_text("kept", encoding="utf-8")
    assert main(["forms", "import", "set.xlsx", "other", "--force"]) == 2
    assert [file.name for file in other.iterdir()] == ["precious.yaml"]


def test_import_of_a_faulty_workbook_writes_nothing(folder: Path, capsys: Capture) -> None:
    assert main(["forms", "export", "set.xlsx", "mine"]) == 0
    workbook = load_workbook("set.xlsx")
    header = [cell.value for cell in workbook["measures"][1]]
    workbook["measures"].cell(2, header.index("unit") + 1).value = "curse"
    workbook.save("set.xlsx")
    capsys.readouterr()
    assert main(["forms", "import", "set.xlsx", "again"]) == 1
    message = capsys.readouterr().err
    assert "set.xlsx has a fault: forms/courses.yaml, line" in message
    assert "names the unit curse" in message
    assert not Path("again").exists()
    assert main(["forms", "import", "set.xlsx", "mine", "--force"]) == 1
    assert read_form_set(folder).code == "starter"


@pytest.mark.parametrize("file", ["missing.xlsx", "mine/set.yaml", "text.xlsx"])
def test_import_needs_a_workbook(file: str, capsys: Capture) -> None:
    Path("text.xlsx").write_text("no workbook", encoding="utf-8")
    assert main(["forms", "import", file, "again"]) in (1, 2)
    assert file in capsys.readouterr().err
    assert not Path("again").exists()


def failures(schema: object, frame: pd.DataFrame) -> list[tuple[str, int]]:
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(frame, lazy=True)  # type: ignore[attr-defined]
    cases = caught.value.failure_cases
    return sorted({(str(c), int(i)) for c, i in zip(cases["check"], cases["index"], strict=True)})


FRAME = pd.DataFrame(
    {
        "submission": 1,
        "row": [8, 9, 10, 11, 12],
        "district": "731",
        "course_topic": ["LAW", "COOKING", "LAW", "LAW", None],
        "courses_held": [1.0, 1.0, -1.0, 1.5, None],
        "participants": [10.0, 20.0, 30.0, 40.0, None],
        "women": [11.0, 5.0, 5.0, 5.0, 5.0],
    }
)
FAULTS = [("COURSE-01", 0), ("VALUE-CODE", 1), ("VALUE-NEGATIVE", 2), ("VALUE-RANGE", 3)]


def test_the_printed_schemas_find_what_the_schema_of_the_form_finds(folder: Path, capsys: Capture) -> None:
    form = read_form_set(folder).by_key["courses"]
    assert failures(build_schema(form), FRAME) == FAULTS
    capsys.readouterr()
    assert main(["forms", "schema", "courses", "mine"]) == 0
    assert failures(pandas_io.from_yaml(capsys.readouterr().out), FRAME) == FAULTS
    assert main(["forms", "schema", "01-TH", "mine", "--format", "python"]) == 0
    names: dict[str, object] = {}
    exec(compile(capsys.readouterr().out, "schema.py", "exec"), names)
    assert failures(names["schema"], FRAME) == FAULTS


@pytest.mark.parametrize("code", shipped_codes())
def test_every_shipped_form_has_a_schema_with_all_its_checks(code: str, capsys: Capture) -> None:
    for form in shipped_form_set(code).forms:
        built = build_schema(form)
        expected = {str(check.error) for check in built.checks}
        expected |= {str(check.error) for column in built.columns.values() for check in column.checks}
        for output in ("yaml", "python"):
            capsys.readouterr()
            assert main(["forms", "schema", form.code, "--format", output, "--json"]) == 0
            text = json.loads(capsys.readouterr().out)["schema"]
            assert all(error in text for error in expected)
            assert all(key in text for key in form.columns)


def test_schema_of_an_unknown_form(capsys: Capture) -> None:
    assert main(["forms", "schema", "02-PCMX"]) == 2
    assert "There is no form 02-PCMX. Did you mean 02-PCMD" in capsys.readouterr().err


def test_an_example_plan_and_its_reports_need_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["forms", "new", "my-forms"]) == 0
    assert main(["plan", "new", "plan.yaml", "--form-set", "my-forms"]) == 0
    assert main(["plan", "new", "plan.yaml"]) == 2
    monkeypatch.setenv("CHITIEU_PLAN", "plan.yaml")
    capsys.readouterr()
    assert main(["sample", "drive", "--faults", "0", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["folder"], made["with_a_fault"]) == ("drive", 0)
    assert made["sheets"] >= 20
    assert main(["sample", "drive"]) == 2
    files = list((tmp_path / "drive" / "SNV").rglob("*.xlsx"))
    assert main(["validate", "--body", "SNV", "--json", *map(str, files)]) == 0
    sheets = json.loads(capsys.readouterr().out)["sheets"]
    assert {sheet["status"] for sheet in sheets} <= {"accepted", "accepted_with_warnings"}
