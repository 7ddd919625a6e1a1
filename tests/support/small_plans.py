"""Small plans written as files, and drives with real sheets for them."""

import copy
import io
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import yaml

from plans.model import Plan
from plans.reading import read_plan
from schemas.target_checks import check_plan
from tests.support.forms import BY_CODE, BY_KEY
from tests.support.reports import HEADER_ROW, default_rows, write_sheet

PROVINCE: dict[str, Any] = {
    "format": 2,
    "code": "P-2020",
    "title": "Kế hoạch thử",
    "year": 2020,
    "area": "75",
    "calendar": {
        "closing_day": 14,
        "due_working_days": {"commune": 2, "district": 4, "province": 4},
        "close_working_days": 6,
    },
    "areas": [
        {"code": "75", "name": "Tỉnh Đồng Nai", "level": "province"},
        {"code": "731", "name": "Thành phố Biên Hòa", "level": "district", "parent": "75"},
        {"code": "732", "name": "Thành phố Long Khánh", "level": "district", "parent": "75"},
        {"code": "25993", "name": "Phường Trảng Dài", "level": "commune", "parent": "731"},
        {"code": "25996", "name": "Phường Tân Phong", "level": "commune", "parent": "731"},
        {"code": "26071", "name": "Phường Xuân Trung", "level": "commune", "parent": "732"},
        {"code": "26074", "name": "Phường Xuân Thanh", "level": "commune", "parent": "732"},
    ],
    "bodies": [{"code": "CAT", "name": "Công an tỉnh", "level": "province", "area": "75"}],
    "obligations": [
        {"form": "01-PCMD", "bodies": ["CAT"], "frequency": "M"},
        {"form": "05-PCMD", "bodies": ["district"], "frequency": "Q"},
    ],
    "targets": [],
}


def target(code: str, numerator: str, **fields: Any) -> dict[str, Any]:
    """A target as a plan file states it, with defaults that a test changes by `fields`."""
    stated: dict[str, Any] = {
        "code": code,
        "label_vi": f"Chỉ tiêu {code}",
        "numerator": numerator,
        "unit": "case",
    }
    stated |= {"pace": "constant", "reported_levels": ["province", "district"]}
    if "at_most" not in fields:
        stated["at_least"] = 1
    return stated | fields


def plan_file(folder: Path, document: Mapping[str, Any] = PROVINCE, **changes: Any) -> Path:
    """Write a plan file: a copy of a document with some of its keys changed."""
    stated = {**copy.deepcopy(dict(document)), **changes}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stated['code']}.yaml"
    path.write_text(yaml.safe_dump(stated, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def plan_of(folder: Path, document: Mapping[str, Any] = PROVINCE, **changes: Any) -> Plan:
    """Write a plan file and read it as the commands do."""
    plan = read_plan(plan_file(folder, document, **changes))
    check_plan(plan, BY_KEY)
    return plan


def put_sheet(
    drive: Path,
    plan: Plan,
    form_code: str,
    body_code: str,
    period: str,
    rows: Mapping[str, Mapping[str, object]],
    window: str = "",
    received: datetime | None = None,
    heading: str = "",
) -> None:
    """Write a workbook of a form into the folder of a body: `rows` by the names of areas, other cells 0."""
    place = BY_CODE[form_code].area_dimension
    assert place is not None
    written = [{**row, **rows[str(row[place.key])]} for row in default_rows(form_code, [*rows])]
    put_rows(drive, plan, form_code, body_code, period, written, window, received, heading)


def put_rows(
    drive: Path,
    plan: Plan,
    form_code: str,
    body_code: str,
    period: str,
    rows: Sequence[dict[str, Any]],
    window: str = "",
    received: datetime | None = None,
    heading: str = "",
) -> None:
    """Write a workbook with rows of a form into the folder of a body; `heading` is that of the areas."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    write_sheet(sheet, form_code, body_code, period, rows, window, plan)
    if heading:
        place = BY_CODE[form_code].area_dimension
        assert place is not None
        sheet.cell(HEADER_ROW, [*BY_CODE[form_code].columns].index(place.key) + 1, heading)
    content = io.BytesIO()
    book.save(content)
    folder = drive / body_code
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len([*folder.iterdir()]):03}.xlsx"
    path.write_bytes(content.getvalue())
    if received:
        os.utime(path, (received.timestamp(), received.timestamp()))
