"""The changelog, decision records, settings, finding codes and pages keep their form."""

import re
from datetime import date
from typing import Any

import pytest
import yaml

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from schemas.findings import TEXTS
from services.settings import Settings
from tests.support.forms import FORM_SET
from tests.support.paths import ROOT
from tests.support.repository import text_of, tracked_files

KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
RECORDS = sorted(n for n in tracked_files() if re.fullmatch(r"docs/decisions/\d{4}-.*\.md", n))
PAGES = sorted(n for n in tracked_files() if n.startswith("docs/") and n.endswith(".md"))


def test_the_changelog_keeps_its_form() -> None:
    text = text_of("CHANGELOG.md")
    versions = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert versions[0] == "[Unreleased]"
    numbers = [
        re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})", version) for version in versions[1:]
    ]
    assert numbers
    assert all(numbers)
    order = [tuple(int(n[i]) for i in (1, 2, 3)) for n in numbers if n]
    assert order == sorted(order, reverse=True)
    assert all(date.fromisoformat(n[4]) for n in numbers if n)
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= KINDS


def test_the_newest_release_is_the_package_version() -> None:
    version = re.search(r'^version = "(.*)"$', text_of("pyproject.toml"), re.MULTILINE)
    newest = re.search(r"^## \[(\d.*?)\]", text_of("CHANGELOG.md"), re.MULTILINE)
    assert version
    assert newest
    assert version[1] == newest[1]


def test_there_are_decision_records() -> None:
    assert len(RECORDS) >= 11
    numbers = [int(name.rpartition("/")[2][:4]) for name in RECORDS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", RECORDS)
def test_a_decision_record_has_its_parts(name: str) -> None:
    text = text_of(name)
    number = int(name.rpartition("/")[2][:4])
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^- Status: (accepted|superseded by \[\d+\]\(.+\)|proposed)", text, re.MULTILINE)
    assert re.search(r"^- Date: \d{4}-\d{2}-\d{2}$", text, re.MULTILINE)
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings[:2] == ["Context", "Decision"]
    assert headings[-1] == "Alternatives considered"


def _nav_pages(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    values = entry.values() if isinstance(entry, dict) else entry
    return [page for value in values for page in _nav_pages(value)]


def test_every_page_is_in_the_navigation() -> None:
    settings = yaml.load(text_of("mkdocs.yml"), Loader=yaml.BaseLoader)
    listed = [f"docs/{page}" for page in _nav_pages(settings["nav"])]
    assert len(listed) == len(set(listed))
    assert set(PAGES) <= set(listed)
    assert len(PAGES) >= 25


def test_every_setting_is_in_the_example() -> None:
    fields = Settings.model_fields.items()
    declared = {str(field.validation_alias or f"CHITIEU_{name.upper()}") for name, field in fields}
    used = {
        name
        for path in tracked_files()
        if path.endswith((".py", ".yaml", "Dockerfile")) and not path.startswith(("tests/", "benchmarks/"))
        for name in re.findall(r"\bCHITIEU_[A-Z_]+[A-Z]\b", text_of(path))
    }
    example = set(re.findall(r"^#?([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))
    assert len(declared) >= 10
    assert declared == example
    assert used <= example


def test_every_finding_code_is_explained_in_both_languages() -> None:
    texts = TEXTS | FORM_SET.rule_texts
    assert len(texts) >= 50
    assert [
        code for code, text in texts.items() if not text.label_vi.strip() or not text.label_en.strip()
    ] == []


def test_every_aggregation_function_is_in_the_table_of_targets() -> None:
    lines = [line for line in text_of("docs/reference/plan-files.md").splitlines() if line.startswith("| `")]
    named = {name for line in lines for name in re.findall(r"`(\w+)\(", line.split(" | ")[0])}
    assert {name for name, one in AGGREGATION_FUNCTIONS.items() if one.argument != "number"} == named


def test_no_package_index_and_no_private_path_is_named() -> None:
    options = ("index", "extra-index")  # of pip, followed by -url
    pattern = re.compile(rf"--({'|'.join(options)})-url|(?<![\w/.])/(root|Users)/")
    named = [
        f"{name}: {line.strip()}"
        for name in tracked_files()
        if name.endswith((".md", ".toml", ".lock", ".yml", ".yaml", ".txt", "Makefile", "Dockerfile", ".py"))
        for line in text_of(name).splitlines()
        if pattern.search(line) and "no-emit-index-url" not in line and "test_documents" not in name
    ]
    assert named == []


def test_the_readme_fits_on_two_screens() -> None:
    assert len(text_of("README.md").splitlines()) <= 110
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").count("Apache License") >= 1
