"""The texts of the command line: complete in Vietnamese, and in any language that has a file."""

import ast
import logging
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cli import console, texts
from cli.log_output import configure_logging
from plans.errors import SettingsError
from plans.reading import DEFAULT_PLAN, read_plan
from services import languages
from services.settings import read_settings

ROOT = Path(__file__).parents[3]
VIETNAMESE = languages.read_texts(languages.FOLDER / "vi.yaml").texts
_VIETNAMESE_LETTER = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
FRENCH = """
decimal: ","
thousands: " "
day: "%d.%m.%Y"
moment: "%d.%m.%Y %H h %M"
texts:
  Target: Objectif
  "yes": oui
  behind: en retard
  "{count} target figures changed": "{count} valeurs modifiées"
  "Recomputing %s": "Nouveau calcul de %s"
"""


def _printed() -> dict[str, str]:
    """Each text that a module of the command line says, heads a table with or logs, and the module."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "cli").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            for text in _texts_of(node):
                found[text] = path.name
    return found


def _texts_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
        return [
            part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
    names = [n.id for n in getattr(node, "targets", []) if isinstance(n, ast.Name)]
    if isinstance(node, ast.Assign) and names[:1] in (["sentence"], ["ready"]):
        return [ast.literal_eval(node.value)]
    if isinstance(node, ast.Assign) and names and names[0].endswith("_COLUMNS"):
        return [heading for _, heading in ast.literal_eval(node.value)]
    return []


def test_every_text_of_the_command_line_has_a_vietnamese_one() -> None:
    printed = _printed()
    assert len(printed) > 60
    assert {text: module for text, module in printed.items() if text not in VIETNAMESE} == {}


@pytest.mark.parametrize("text", VIETNAMESE)
def test_a_translation_fills_in_the_same_values(text: str) -> None:
    for pattern in (r"\{\w+\}", "%s"):
        assert sorted(re.findall(pattern, text)) == sorted(re.findall(pattern, VIETNAMESE[text]))


def test_no_text_in_the_code_is_vietnamese() -> None:
    assert [text for text in _printed() if _VIETNAMESE_LETTER.search(text)] == []


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for file in languages.FOLDER.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "fr.yaml").write_text(FRENCH, "utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    monkeypatch.setenv("CHITIEU_LANG", "fr")
    texts.language.cache_clear()
    yield
    texts.language.cache_clear()


@pytest.mark.usefixtures("french")
def test_a_third_language_is_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"target_code": "T1", "status": "behind", "value": 1234.5, "is_final": True}
    ]
    columns = (("target_code", "Target"), ("status", "Status"), ("value", "Value"), ("is_final", "Final"))
    console.print_table(columns, rows, UTC)
    configure_logging()
    logging.getLogger("chitieu").info("Recomputing %s", "2020-Q1")
    captured = capsys.readouterr()
    for word in ("Objectif", "en retard", "1 234,5", "oui", "Status"):
        assert word in captured.out
    assert captured.err == "Nouveau calcul de 2020-Q1\n"
    assert texts.say("{count} target figures changed", count=3) == "3 valeurs modifiées"
    assert console.shown(date(2020, 3, 14)) == "14.03.2020"
    assert console.shown(datetime(2020, 3, 14, 8, 5, tzinfo=UTC), UTC) == "14.03.2020 08 h 05"


@pytest.mark.parametrize(("chosen", "label"), [("vi", "label_vi"), ("en", "label_en"), ("", "label_en")])
def test_labels_of_plans_are_in_the_chosen_language(
    chosen: str, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_LANG", chosen)
    texts.language.cache_clear()
    target = read_plan(DEFAULT_PLAN).targets[0]
    shown = texts.in_language(target, "label")
    texts.language.cache_clear()
    assert shown == getattr(target, label)


def test_a_plan_without_english_labels_has_its_own() -> None:
    assert texts.in_language({"label_vi": "Số vụ", "label_en": ""}, "label") == "Số vụ"


def test_an_unknown_language_is_a_fault_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHITIEU_LANG", "xx")
    with pytest.raises(SettingsError, match="CHITIEU_LANG must be one of en, vi, not 'xx'"):
        read_settings()
