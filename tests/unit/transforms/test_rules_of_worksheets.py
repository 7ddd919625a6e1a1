"""Conditional formats of .xlsx files: bars and icons without figures, rules of Excel 2010, dark fills."""

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl.formatting.rule import DataBarRule, IconSetRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.grids import CONTEXT, communications, errors, read_grid, xlsx
from tests.support.processor_time import reference_seconds
from transforms.extract.conditional_formats import (
    UNSEEN,
    ConditionalFormat,
    looks_of_cells,
)
from transforms.extract.sheet import MergedRange
from transforms.extract.xlsx.worksheet_scanner import Look, scan_worksheet
from transforms.extract.xlsx.xlsx_conditional import read_conditional_formats
from transforms.extract.xlsx.xlsx_styles import read_marked_strings
from transforms.file_parser import read_file


def bar(shows_value: bool) -> Rule:
    rule: Rule = DataBarRule("min", None, "max", None, color="FF638EC6", showValue=shows_value)
    return rule


def icons(shows_value: bool) -> Rule:
    rule: Rule = IconSetRule("3Arrows", "percent", [0, 33, 67], showValue=shows_value)
    return rule


@pytest.mark.parametrize("rule", [bar, icons])
def test_bars_and_icons_in_place_of_the_figures(rule: Callable[[bool], Rule]) -> None:
    def read(shows_value: bool) -> set[str]:
        def spoil(sheet: Worksheet) -> None:
            sheet.conditional_formatting.add("B7:D7", rule(shows_value))  # B7 is a text, which stays

        reading = read_grid(communications(), spoil=spoil)
        assert [f.details["cells"] for f in reading.findings] == ([] if shows_value else ["C7, D7"])
        return errors(reading)

    assert read(False) == {"CELL-HIDDEN C7"}
    assert read(True) == set()


RULE_OF_2010 = (
    b'<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{78C0D931}">'
    b'<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="urn:m">'
    b'<x14:cfRule type="expression" priority="1"><xm:f>Sheet2!$A$1=1</xm:f><x14:dxf><font><color rgb="FFFFFFFF"/>'
    b"</font></x14:dxf></x14:cfRule><xm:sqref>D7</xm:sqref></x14:conditionalFormatting>"
    b"</x14:conditionalFormattings></ext></extLst></worksheet>"
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"", b"", {"warning NUMBER-AMBIGUOUS D7"}),
        (b"Sheet2!$A$1=1", b"D7&gt;1000", {"error CELL-HIDDEN D7"}),
        (b"FFFFFFFF", b"FFC00000", set()),
        (b'type="expression"', b'type="iconSet"', {"warning NUMBER-AMBIGUOUS D7"}),
        (b"<xm:f>", b'<x14:iconSet showValue="0"/><xm:f>', {"warning NUMBER-AMBIGUOUS D7"}),
    ],
)
def test_a_rule_of_excel_2010(old: bytes, new: bytes, expected: set[str]) -> None:
    content = xlsx(communications())
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w") as target:
        for name in archive.namelist():
            data = archive.read(name)
            if name.startswith("xl/worksheets/"):
                data = data.replace(b"</worksheet>", RULE_OF_2010.replace(old, new) if old else RULE_OF_2010)
            target.writestr(name, data)
    [sheet] = read_file(made.getvalue(), "a.xlsx", "SYT", CONTEXT).sheets
    assert {f"{f.severity.value} {f.code} {f.cell}" for f in sheet.findings} == expected


@pytest.mark.parametrize(
    ("formula", "value", "expected"),
    [
        ("D7>1000", 1037.0, True),
        ("$D7>1000", 1037.0, None),  # of the cells beside it the first column decides
        ("D$7>1000", 1037.0, True),
        ("ISTEXT(D7)", "x", True),
        ("ISTEXT(D7)", 1.0, False),
        ("NOT(ISNUMBER(D7))", "x", True),
        ("ISBLANK(D7)", 1.0, False),
        ("ISBLANK($F$1)", 1.0, None),
        ("ISBLANK(D7)=0", 1.0, None),
        ("LEN(TRIM(D7))=0", 1.0, False),
        ('D7=""', 1.0, False),
        ('C7=""', 1.0, None),
    ],
)
def test_the_condition_of_a_rule(formula: str, value: object, expected: bool | None) -> None:
    rule = ConditionalFormat((MergedRange(6, 3, 6, 4),), "expression", "", (formula,), UNSEEN)
    blank: list[object] = [None] * 5
    rows = [*[blank] * 6, [None, None, None, value, None]]
    met = [is_certain for _, _, is_certain in looks_of_cells(rows, [rule])]
    assert met == {True: [True], False: [], None: [False]}[expected]


@pytest.mark.parametrize(
    ("operator", "ends", "expected"),
    [
        ("between", ("1", "5"), [True]),
        ("between", ("6", "9"), []),
        ("notBetween", ("6", "9"), [True]),
        ("notBetween", ("1", "5"), []),
        ("between", ("1", "A1"), [False]),
    ],
)
def test_a_value_between_two_others(operator: str, ends: tuple[str, str], expected: list[bool]) -> None:
    rule = ConditionalFormat((MergedRange(0, 0, 0, 0),), "cellIs", operator, ends, UNSEEN)
    assert [is_certain for _, _, is_certain in looks_of_cells([[5.0]], [rule])] == expected


def test_black_text_on_a_black_cell() -> None:
    black = PatternFill("solid", fgColor="FF000000")

    def spoil(sheet: Worksheet) -> None:
        sheet["C7"].fill = sheet["C8"].fill = black
        sheet["C7"].font, sheet["C8"].font = Font(), Font(color="FFFFFFFF")
        style = DifferentialStyle(fill=PatternFill(bgColor="FF000000"))
        sheet.conditional_formatting.add("D9", Rule(type="expression", formula=["TRUE"], dxf=style))

    reading = read_grid(communications(), spoil=spoil)
    assert errors(reading) == {"CELL-HIDDEN C7"}
    assert reading.findings[0].details["cells"] == "C7, D9"


@pytest.mark.parametrize(
    "read",
    [
        lambda n: read_conditional_formats(b"<conditionalFormatting a>" * n, {}),
        lambda n: read_conditional_formats(
            b"<conditionalFormatting a>%b</conditionalFormatting>" % (b"<cfRule a>" * n), {}
        ),
        lambda n: read_marked_strings(b"<strike/>" + b"<si>" * n),
        lambda n: read_marked_strings(b"<strike/><si>%b</si>" % (b"<r>" * n)),
        lambda n: scan_worksheet(
            b"<strike/>" + b"".join(b'<c r="A%d" t="inlineStr"><is>' % i for i in range(n)), Look()
        ),
    ],
    ids=["blocks", "rules", "strings", "runs", "inline texts"],
)
def test_elements_that_are_never_closed_take_no_longer_for_each_other(read: Callable[[int], object]) -> None:
    assert reference_seconds(lambda: read(50_000), enough=5) < 5
