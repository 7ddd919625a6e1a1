"""OpenDocument spreadsheets, flat ones too: conditional formats, and figures of which nothing is shown."""

import pytest

from tests.support.processor_time import reference_seconds
from transforms.extract.file_safety import UnreadableFile
from transforms.extract.sheet import CellFlag, Sheet
from transforms.extract.workbook import read_contents, read_sheets

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:{name}"' for name in ("office", "style", "fo", "table", "text", "calcext", "number")
)
STYLES = """
 <office:styles>
  <number:number-style style:name="N1"><number:number number:min-integer-digits="1"/></number:number-style>
  <style:style style:name="White_5f_1" style:display-name="White_1" style:family="table-cell">
   <style:text-properties fo:color="#ffffff"/></style:style>
  <style:style style:name="Dark" style:family="table-cell"><style:table-cell-properties
   fo:background-color="#1f4e78"/><style:text-properties fo:color="#ffffff"/></style:style>
  <style:style style:name="Struck" style:family="table-cell">
   <style:text-properties style:text-line-through-style="solid"/></style:style>
 </office:styles>"""


def flat(rows: str, automatic: str = "", behind: str = "", scripts: str = "") -> bytes:
    """A flat file with one table, indented as LibreOffice does."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NAMESPACES} office:mimetype="{MIMETYPE}">\n'
        f" <office:meta><meta:generator>LibreOffice/7.4</meta:generator></office:meta>{scripts}{STYLES}\n"
        f" <office:automatic-styles>{automatic}</office:automatic-styles>\n <office:body>\n"
        f'  <office:spreadsheet>\n   <table:table table:name="A">\n    <table:table-column/>\n    {rows}\n'
        f"   {behind}</table:table>\n  </office:spreadsheet>\n </office:body>\n</office:document>\n"
    ).encode()


def figure(value: float, style: str = "", shown: str | None = None, row: str = "") -> str:
    text = f"{value:g}" if shown is None else shown
    named = f' table:style-name="{style}"' if style else ""
    return (
        f"<table:table-row{row}>\n     <table:table-cell{named}"
        f' office:value-type="float" office:value="{value:g}">\n      <text:p>{text}</text:p>\n'
        "     </table:table-cell>\n    </table:table-row>\n"
    )


def sheet_of(content: bytes) -> Sheet:
    [sheet] = read_sheets(content, "bao cao.fods")
    return sheet


def flag_by_style(condition: str, style: str = "White_5f_1", base: str = "A.A1") -> CellFlag | None:
    """The flag of A1 = 12, whose own style has a condition."""
    automatic = (
        '<style:style style:name="ce1" style:family="table-cell">'
        f'<style:map style:condition="{condition}" style:apply-style-name="{style}"'
        f' style:base-cell-address="{base}"/></style:style>'
    )
    return sheet_of(flat(figure(12, "ce1"), automatic)).flags.get((0, 0))


def flag_by_range(inside: str, ranges: str = "A.A1:A.A1") -> CellFlag | None:
    """The flag of A1 = 12, in a range with a conditional format."""
    behind = (
        '<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="'
        f'{ranges}">{inside}</calcext:conditional-format></calcext:conditional-formats>'
    )
    return sheet_of(flat(figure(12), behind=behind)).flags.get((0, 0))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("cell-content()&gt;5", CellFlag.INVISIBLE),
        ("cell-content()!=12", None),
        ("of:cell-content()&lt;=12", CellFlag.INVISIBLE),
        ("cell-content()=&quot;x&quot;", CellFlag.AMBIGUOUS),
        ("cell-content-is-between(1,12)", CellFlag.INVISIBLE),
        ("cell-content-is-not-between(1,12)", None),
        ("is-true-formula([.A1]&gt;5)", CellFlag.INVISIBLE),
        ("is-true-formula([.A1]&gt;50)", None),
        ("is-true-formula([.B1]&gt;50)", CellFlag.AMBIGUOUS),
        ("is-true-formula([.$A$1]&gt;50)", CellFlag.AMBIGUOUS),
        ("is-true-formula(ISERROR([.A1]))", None),
        ("is-true-formula(1)", CellFlag.INVISIBLE),
        ("unheard-of()", CellFlag.AMBIGUOUS),
    ],
)
def test_a_condition_of_a_cell_style(condition: str, expected: CellFlag | None) -> None:
    assert flag_by_style(condition) is expected


def test_what_a_condition_makes_of_a_cell() -> None:
    assert flag_by_style("cell-content()&gt;5", "Struck") is CellFlag.STRUCK_OUT
    assert flag_by_style("cell-content()&gt;5", "Dark") is None
    assert flag_by_style("cell-content()&gt;5", "undeclared") is None
    assert flag_by_style("is-true-formula([.B7]&gt;5)", base="A.B7") is CellFlag.INVISIBLE  # its own cell


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("&gt;5", CellFlag.INVISIBLE),
        ("between(20,30)", None),
        ("not-between(20,30)", CellFlag.INVISIBLE),
        ("formula-is([.A1]=12)", CellFlag.INVISIBLE),
        ("error", None),
        ("no-error", CellFlag.INVISIBLE),
        ("duplicate", CellFlag.AMBIGUOUS),
    ],
)
def test_a_condition_of_a_range(condition: str, expected: CellFlag | None) -> None:
    inside = (
        f'<calcext:condition calcext:apply-style-name="White_1" calcext:value="{condition}"'
        ' calcext:base-cell-address="A.A1"/>'
    )
    assert flag_by_range(inside) is expected
    assert flag_by_range(inside, "'a b.c'.C1:'a b.c'.D9 'a b.c'.A1:'a b.c'.B3") is expected
    assert flag_by_range(inside, "A.B1:A.B9 A.A2") is None


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<calcext:data-bar calcext:show-value="false"/>', CellFlag.INVISIBLE),
        ('<calcext:data-bar calcext:show-value="true"/>', None),
        (
            '<calcext:icon-set><calcext:formatting-entry calcext:show-value="false"/></calcext:icon-set>',
            CellFlag.INVISIBLE,
        ),
        ("<calcext:icon-set><calcext:formatting-entry/></calcext:icon-set>", None),
    ],
)
def test_bars_and_icons(inside: str, expected: CellFlag | None) -> None:
    assert flag_by_range(inside) is expected


def test_figures_of_which_the_file_shows_nothing() -> None:
    rows = figure(12, shown="") + figure(0, shown="") + figure(7)
    unwritten = (
        '<table:table-row><table:table-cell office:value-type="float" office:value="9"/></table:table-row>'
    )
    sheet = sheet_of(flat(rows + unwritten))
    assert sheet.rows == [[12.0], [0.0], [7.0], [9.0]]
    assert sheet.displayed == {(0, 0): ""}


def test_the_style_of_a_row_holds_for_its_cells() -> None:
    row = ' table:default-cell-style-name="White_5f_1"'
    assert set(sheet_of(flat(figure(1, row=row) + figure(2))).flags) == {(0, 0)}


def test_a_flat_file_is_read_as_the_archive_of_its_parts() -> None:
    text = (
        '<table:table-row>\n <table:table-cell office:value-type="string">\n  <text:p>Biên <text:span>Hòa</text:span>'
        " <text:span>1</text:span></text:p>\n  </table:table-cell>\n</table:table-row>"
    )
    note = (
        '<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>0912 345 678'
        "</text:p></office:annotation><text:p>x</text:p></table:table-cell></table:table-row>"
    )
    for content in (
        flat(text + note),
        flat(text + note).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ):
        contents = read_contents(content, "bao cao.fods")
        assert contents.sheets[0].rows == [["Biên Hòa 1"], ["x"]]
        assert contents.other_text == [("content.xml", "0912 345 678")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (flat("", scripts='<office:scripts><ooo:module ooo:name="M"/></office:scripts>'), "macro"),
        (flat("").replace(b'spreadsheet">', b'text">'), "other_xml"),
        (flat("").replace(b"</office:document>", b""), "damaged"),
        (
            flat("").replace(b"<office:document ", b"<!DOCTYPE a [<!ENTITY b 'c'>]><office:document "),
            "entity",
        ),
    ],
)
def test_flat_files_that_are_refused(content: bytes, expected: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_sheets(content, "bao cao.fods")
    assert refused.value.detail == expected


def test_many_conditions_on_many_cells_are_refused_in_time() -> None:
    maps = '<style:map style:condition="x" style:apply-style-name="White_5f_1"/>' * 20_000
    automatic = f'<style:style style:name="ce1" style:family="table-cell">{maps}</style:style>'
    content = flat(figure(1, "ce1") * 5_000, automatic)

    def read() -> None:
        with pytest.raises(UnreadableFile) as refused:
            read_sheets(content, "a.fods")
        assert refused.value.code == "FILE-TOO-LARGE"

    assert reference_seconds(read, enough=10) < 10
    with pytest.raises(UnreadableFile):
        read_sheets(flat("", automatic * 3), "a.fods")
