"""Plan files of format 1: read as format 2, and rewritten with their comments kept."""

from pathlib import Path

import yaml

from plans.plan_format import upgrade_document, upgrade_text
from plans.reading import DEFAULT_PLAN, read_plan

OLD = """# Kế hoạch
code: X-2020
year: 2020
areas:
  - {code: "75", name: Tỉnh, level: province, valid_to: 2020-06-30}   # its last day
obligations:
  - form: 01-PCMD
    bodies: [CAT]
    every: M
targets:
  - code: T1
    vi: "Số vụ vi phạm: every, scopes"
    en: Cases
    scopes: [province]
    shown_by: [district]
    overrides:
      - {areas: ["75"], valid_to: 2020-03-31, threshold: 20}
"""
_RENAMED = {"every": "frequency", "scopes": "reported_levels", "shown_by": "breakdown_levels"}


def test_the_upgraded_text_is_the_upgraded_document_and_keeps_comments() -> None:
    text = upgrade_text(OLD)
    assert yaml.safe_load(text) == upgrade_document(yaml.safe_load(OLD))
    assert text.startswith("# Kế hoạch\nformat: 2\ncode: X-2020\n")
    assert "last_day: 2020-06-30}   # its last day" in text
    assert 'label_vi: "Số vụ vi phạm: every, scopes"' in text
    assert "last_day: 2020-03-31" in text


def test_a_file_of_the_current_format_stays_as_it_is() -> None:
    text = upgrade_text(OLD)
    assert upgrade_text(text) == text
    assert upgrade_document(yaml.safe_load(text)) == yaml.safe_load(text)


def test_a_file_that_names_format_1_is_upgraded() -> None:
    assert upgrade_text("format: 1\n" + OLD.partition("\n")[2]).startswith("format: 2\ncode")


def test_a_plan_in_format_1_reads_as_the_same_plan(tmp_path: Path) -> None:
    new = DEFAULT_PLAN.read_text(encoding="utf-8")
    old = new.replace("format: 2\n", "").replace("label_vi:", "vi:").replace("label_en:", "en:")
    for name, current in _RENAMED.items():
        old = old.replace(f"{current}:", f"{name}:")
    path = tmp_path / "old.yaml"
    path.write_text(old, encoding="utf-8")
    assert read_plan(path) == read_plan(DEFAULT_PLAN)
    assert upgrade_text(old) == new.replace("format: 2\n", "", 1).replace("code:", "format: 2\ncode:", 1)


def test_the_last_day_is_inclusive() -> None:
    plan = read_plan(DEFAULT_PLAN)
    area = plan.areas[-1].model_copy(update={"last_day": plan.areas[-1].ends_on.replace(year=2020)})
    assert area.last_day is not None
    assert area.exists(area.last_day, area.last_day)
    assert not area.exists(area.last_day.replace(year=2021), area.last_day.replace(year=2021))
