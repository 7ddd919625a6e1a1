"""A form set as one workbook, in the manner of XLSForm: exported, edited in a spreadsheet, imported again.

Each sheet holds one kind of declaration, one per row; the columns are the keys of the YAML files. Lists such
as aliases are separated by `|`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import yaml
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from plans.errors import ChitieuError
from schemas.declaration import CodeList, Dimension, Form, Measure, Rule
from schemas.form_set import FormSet

_SEPARATOR = " | "
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_Row = dict[str, Any]


class FormWorkbookError(ChitieuError):
    """A workbook that is not a form set; the message names the sheet."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of the workbook: its columns, and the rows that a form set has in it."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[FormSet], Iterable[_Row]]


_NO_PREFIX = "-"  # an empty cell means the default
_SET_COLUMNS = ("code", "version", "prefix", "title_vi", "title_en")


def _set_rows(form_set: FormSet) -> list[_Row]:
    row = {name: getattr(form_set, name) for name in _SET_COLUMNS}
    return [row | {"prefix": form_set.prefix or _NO_PREFIX}]


def _unit_rows(form_set: FormSet) -> list[_Row]:
    names = ("key", "label_vi", "label_en", "max_value", "whole", "money", "counts_persons")
    return [{name: getattr(unit, name) for name in names} for unit in form_set.units.values()]


def _code_rows(form_set: FormSet) -> list[_Row]:
    return [
        {
            "code_list": key,
            "code": c.code,
            "label_vi": c.label_vi,
            "label_en": c.label_en,
            "aliases": _SEPARATOR.join(c.aliases),
            "reported_by": _SEPARATOR.join(c.reported_by),
        }
        for key, code_list in form_set.code_lists.items()
        for c in code_list.codes
    ]


def _dimension_row(form_set: FormSet, dimension: Dimension) -> _Row:
    return {
        "key": dimension.key,
        "label_vi": dimension.label_vi,
        "label_en": dimension.label_en,
        "aliases": _SEPARATOR.join(dimension.aliases),
        "level": dimension.level,
        "code_list": _key_of(form_set, dimension.code_list),
        "repeated_count": dimension.is_repeated_count,
    }


def _form_row(key: str, form: Form) -> _Row:
    level, finding = form.rows_expected or ("", "")
    return {
        "code": form.code,
        "key": key,
        "title": form.title,
        "title_en": form.title_en,
        "sensitive": form.sensitive,
        "expected_level": level,
        "expected_finding": finding,
        "dimensions": _SEPARATOR.join(dimension.key for dimension in form.dimensions),
        "across": _SEPARATOR.join(dimension.key for dimension in form.across),
    }


def _measure_row(form_set: FormSet, form: str, measure: Measure) -> _Row:
    return {
        "form": form,
        "key": measure.key,
        "label_vi": measure.label_vi,
        "label_en": measure.label_en,
        "group": measure.group,
        "group_en": measure.group_en,
        "aliases": _SEPARATOR.join(measure.aliases),
        "unit": measure.unit.key,
        "type": measure.kind.value,
        "code_list": _key_of(form_set, measure.code_list),
        "amount_of": measure.amount_of,
        "renamed_from": measure.renamed_from,
        "introduced_on": measure.introduced_on,
        "retired_on": measure.retired_on,
    }


def _rule_row(form: str, rule: Rule) -> _Row:
    return {
        "form": form,
        "id": rule.id,
        "severity": rule.severity.value,
        "scope": rule.scope.value,
        "condition": rule.condition,
        "expression": rule.expression,
        "column": rule.column,
        "replaces_check": rule.replaces_check,
        "label_vi": rule.label_vi,
        "label_en": rule.label_en,
    }


def _key_of(form_set: FormSet, code_list: CodeList | None) -> str:
    return code_list.key.removeprefix(form_set.prefix) if code_list else ""


_SHEETS = (
    _Sheet("set", _SET_COLUMNS, _set_rows),
    _Sheet(
        "units",
        ("key", "label_vi", "label_en", "max_value", "whole", "money", "counts_persons"),
        _unit_rows,
    ),
    _Sheet("codes", ("code_list", "code", "label_vi", "label_en", "aliases", "reported_by"), _code_rows),
    _Sheet(
        "dimensions",
        ("key", "label_vi", "label_en", "aliases", "level", "code_list", "repeated_count"),
        lambda form_set: (_dimension_row(form_set, d) for d in form_set.dimensions.values()),
    ),
    _Sheet(
        "forms",
        (
            "code", "key", "title", "title_en", "sensitive", "expected_level", "expected_finding",
            "dimensions", "across",
        ),
        lambda form_set: starmap(_form_row, form_set.by_key.items()),
    ),
    _Sheet(
        "measures",
        (
            "form", "key", "label_vi", "label_en", "group", "group_en", "aliases", "unit", "type",
            "code_list", "amount_of", "renamed_from", "introduced_on", "retired_on",
        ),
        lambda form_set: (
            _measure_row(form_set, key, m) for key, form in form_set.by_key.items() for m in form.measures
        ),
    ),
    _Sheet(
        "rules",
        (
            "form", "id", "severity", "scope", "condition", "expression", "column", "replaces_check",
            "label_vi", "label_en",
        ),
        lambda form_set: (
            _rule_row(key, rule) for key, form in form_set.by_key.items() for rule in form.rules
        ),
    ),
)  # fmt: skip
_DEFAULTS: _Row = {
    "whole": True, "money": False, "counts_persons": False, "repeated_count": False, "sensitive": False,
    "scope": "row",
}  # fmt: skip
_LISTS = frozenset({"aliases", "dimensions", "across", "reported_by"})


def write_workbook(form_set: FormSet, path: Path) -> None:
    """Write a form set as a workbook with a sheet for each kind of declaration."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in _SHEETS:
        worksheet = workbook.create_sheet(sheet.name)
        worksheet.append(list(sheet.columns))
        worksheet.freeze_panes = "A2"
        for row in sheet.rows(form_set):
            worksheet.append([_cell(row[column]) for column in sheet.columns])
            for cell in worksheet[worksheet.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # an expression must never become a formula
    workbook.save(path)


def read_workbook(path: Path) -> dict[str, str]:
    """Return the YAML files of the form set in a workbook, by their paths in the set's folder.

    Raises FormWorkbookError where a sheet, a column or a key is missing, a key is given twice, or a row
    belongs to no form.
    """
    rows = _rows_by_sheet(path)
    forms = _by_key(path, "forms", rows["forms"])
    for name in ("measures", "rules"):
        for row in rows[name]:
            if row.get("form") not in forms:
                raise FormWorkbookError(
                    f"{path}, sheet {name!r}: the form {row.get('form', '')!r} is not in the sheet 'forms'."
                )
    lists = {
        "units": _by_key(path, "units", rows["units"]),
        "code_lists": _code_lists(path, rows["codes"]),
        "dimensions": _by_key(path, "dimensions", rows["dimensions"]),
    }
    files = {
        "set.yaml": _yaml("set", rows["set"][0] if rows["set"] else {}),
        "lists.yaml": _yaml("lists", lists),
    }
    for key, form in forms.items():
        document = _form_document(key, form, rows["measures"], rows["rules"])
        files[f"forms/{key}.yaml"] = _yaml("form", document)
    return files


def _rows_by_sheet(path: Path) -> dict[str, list[_Row]]:
    try:
        workbook = load_workbook(path, read_only=False, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError) as error:
        raise FormWorkbookError(f"{path} is not a workbook in the format .xlsx.") from error
    rows = {}
    for sheet in _SHEETS:
        if sheet.name not in workbook.sheetnames:
            raise FormWorkbookError(f"{path} has no sheet {sheet.name!r}.")
        rows[sheet.name] = _rows_of(path, workbook[sheet.name], sheet.columns)
    return rows


def _by_key(path: Path, sheet: str, rows: Iterable[_Row]) -> dict[str, _Row]:
    """Return the rows without their key, by key. A key becomes the name of a file, so it is checked here."""
    found: dict[str, _Row] = {}
    for row in rows:
        key = str(row.get("key", ""))
        if not _KEY.fullmatch(key):
            raise FormWorkbookError(
                f"{path}, sheet {sheet!r}: the key {key!r} must consist of small letters, digits and _."
            )
        if key in found:
            raise FormWorkbookError(f"{path}, sheet {sheet!r}: the key {key!r} is given twice.")
        found[key] = {column: value for column, value in row.items() if column != "key"}
    return found


def _cell(value: Any) -> Any:
    return None if value in ("", None) else value


def _rows_of(path: Path, worksheet: Worksheet, columns: Sequence[str]) -> list[_Row]:
    grid = worksheet.iter_rows(values_only=True)
    header = [str(value) if value is not None else "" for value in next(grid, ())]
    missing = [column for column in columns if column not in header]
    if missing:
        raise FormWorkbookError(f"{path}, sheet {worksheet.title!r}: the column {missing[0]!r} is missing.")
    found = []
    for values in grid:
        row = {
            name: _value(name, value)
            for name, value in zip(header, values, strict=True)
            if name in columns and value is not None and value != _DEFAULTS.get(name)
        }
        if row:
            found.append(row)
    return found


def _value(column: str, value: Any) -> Any:
    if column in _LISTS:
        return [part.strip() for part in str(value).split("|") if part.strip()]
    if column in ("introduced_on", "retired_on") and hasattr(value, "date"):
        return value.date()
    if column == "prefix" and value == _NO_PREFIX:
        return ""
    return str(value) if column in ("version", "code") else value


def _code_lists(path: Path, rows: Iterable[_Row]) -> dict[str, dict[str, _Row]]:
    lists: dict[str, dict[str, _Row]] = {}
    for row in rows:
        codes = lists.setdefault(row.get("code_list", ""), {})
        code = row.get("code", "")
        if code in codes:
            raise FormWorkbookError(f"{path}, sheet 'codes': the code {code!r} is given twice.")
        codes[code] = {column: value for column, value in row.items() if column not in ("code_list", "code")}
    return lists


def _form_document(key: str, form: _Row, measures: Iterable[_Row], rules: Iterable[_Row]) -> _Row:
    document: _Row = {"code": form.get("code"), "key": key}
    document |= {name: value for name, value in form.items() if not name.startswith("expected_")}
    if form.get("expected_level"):
        expected = {"level": form["expected_level"], "finding": form.get("expected_finding", "ROW-MISSING")}
        document["expected_rows"] = expected
    for name, rows in (("measures", measures), ("rules", rules)):
        document[name] = [
            {column: value for column, value in row.items() if column != "form"}
            for row in rows
            if row.get("form") == key
        ]
    return document


def _yaml(kind: str, document: _Row) -> str:
    depth = "../" if kind == "form" else ""
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)
    return f"# yaml-language-server: $schema={depth}json_schema/{kind}.json\n{text}"
