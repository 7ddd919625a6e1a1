"""Form codes behind other words than "Biểu", and what is shown where there is none."""

import pytest

from tests.support.grids import communications, read_grid


@pytest.mark.parametrize(
    "line", ["Phụ lục 06-PCMD", "PL 06-PCMD", "Bảng 06-PCMD", "Bảng số 6/PCMD", "B06-PCMD", "Biểu 06-PC MD"]
)
def test_a_known_code_is_read_behind_other_words(line: str) -> None:
    rows = communications()
    rows[1] = [line]
    reading = read_grid(rows)
    assert reading.form_code == "06-PCMD"
    assert reading.findings == []


@pytest.mark.parametrize("line", ["Tổng hợp theo Phụ lục 03-PCMD", "Phụ lục 2 kèm theo", "Bảng 3 tổng hợp"])
def test_other_words_before_numbers_are_no_code_of_the_sheet(line: str) -> None:
    rows = communications()
    rows[0] = [line]
    assert read_grid(rows).form_code == "06-PCMD"


@pytest.mark.parametrize("line", ["Biểu VI", "Phụ lục 66-PCMD", "Biểu số: ……", "Biểu số: 06-PCTN"])
def test_the_line_of_an_unknown_code_is_shown(line: str) -> None:
    rows = communications()
    rows[1] = [None, line]
    (finding,) = read_grid(rows).findings
    assert (finding.code, finding.cell, finding.value_shown) == ("FORM-UNKNOWN", "B2", line)


def test_the_title_is_not_shown_as_a_wrong_code() -> None:
    rows = communications()
    rows[1] = []
    (finding,) = read_grid(rows).findings
    assert (finding.code, finding.cell, finding.value_shown) == ("FORM-UNKNOWN", "A3", "")
    assert "thấy" not in finding.message_vi
