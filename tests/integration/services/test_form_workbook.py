"""A form set as a workbook: exported and imported again it is the same set."""

from importlib.resources import files
from pathlib import Path

import pytest
from openpyxl import load_workbook

from schemas.form_set import FormSet, FormSetError, read_form_set, shipped_form_set
from services.form_workbook import FormWorkbookError, read_workbook, write_workbook

SHIPPED = [entry.name for entry in files("schemas.sets").iterdir() if entry.joinpath("set.yaml").is_file()]


def imported(workbook: Path, folder: Path) -> FormSet:
    for name, text in read_workbook(workbook).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return read_form_set(folder)


@pytest.mark.parametrize("code", SHIPPED)
def test_a_round_trip_gives_the_same_declarations(code: str, tmp_path: Path) -> None:
    form_set = shipped_form_set(code)
    write_workbook(form_set, tmp_path / "set.xlsx")
    again = imported(tmp_path / "set.xlsx", tmp_path / "set")
    assert [repr(form) for form in again.forms] == [repr(form) for form in form_set.forms]
    assert repr(again.units) == repr(form_set.units)
    assert repr(again.code_lists) == repr(form_set.code_lists)
    assert repr(again.dimensions) == repr(form_set.dimensions)
    assert (again.code, again.version, again.title_vi) == (form_set.code, form_set.version, form_set.title_vi)


def test_an_edit_in_the_spreadsheet_arrives_and_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "set.xlsx"
    write_workbook(shipped_form_set("pcmd"), path)
    workbook = load_workbook(path)
    sheet = workbook["measures"]
    header = [cell.value for cell in sheet[1]]
    new = {"form": "trials", "key": "appealed", "label_vi": "Kháng cáo", "unit": "case", "type": "flow"}
    sheet.append([new.get(str(name)) for name in header])
    workbook.save(path)
    assert imported(path, tmp_path / "set").by_key["trials"].columns["appealed"].label_vi == "Kháng cáo"
    sheet.cell(sheet.max_row, header.index("unit") + 1).value = "cases"
    workbook.save(path)
    with pytest.raises(FormSetError, match="measure appealed names the unit cases"):
        imported(path, tmp_path / "again")


def test_no_expression_becomes_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "set.xlsx"
    write_workbook(shipped_form_set("pcmd"), path)
    types = {cell.data_type for row in load_workbook(path)["rules"].iter_rows() for cell in row}
    assert "f" not in types


def test_a_workbook_that_is_no_form_set(tmp_path: Path) -> None:
    path = tmp_path / "set.xlsx"
    write_workbook(shipped_form_set("pcmd"), path)
    workbook = load_workbook(path)
    workbook["units"]["A1"].value = "name"
    workbook.save(path)
    with pytest.raises(FormWorkbookError, match="sheet 'units': the column 'key' is missing"):
        read_workbook(path)
    del workbook["units"]
    workbook.save(path)
    with pytest.raises(FormWorkbookError, match="has no sheet 'units'"):
        read_workbook(path)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("forms", "B2", "../../outside", r"sheet 'forms': the key '../../outside' must consist of"),
        ("forms", "B2", None, "sheet 'forms': the key '' must consist of"),
        ("forms", "B3", "enforcement", "sheet 'forms': the key 'enforcement' is given twice"),
        ("units", "A3", "case", "sheet 'units': the key 'case' is given twice"),
        ("dimensions", "A2", 12, "sheet 'dimensions': the key '12' must consist of"),
        (
            "measures",
            "A2",
            "enforcment",
            "sheet 'measures': the form 'enforcment' is not in the sheet 'forms'",
        ),
        ("rules", "A2", None, "sheet 'rules': the form '' is not in the sheet 'forms'"),
        ("codes", "B3", "LODGING", "sheet 'codes': the code 'LODGING' is given twice"),
    ],
)
def test_a_row_that_would_be_lost_is_an_error(
    sheet: str, cell: str, value: str | int | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "set.xlsx"
    write_workbook(shipped_form_set("pcmd"), path)
    workbook = load_workbook(path)
    workbook[sheet][cell] = value
    workbook.save(path)
    with pytest.raises(FormWorkbookError, match=message):
        read_workbook(path)


def test_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "set.xlsx"
    path.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(FormWorkbookError, match=r"is not a workbook in the format .xlsx"):
        read_workbook(path)
