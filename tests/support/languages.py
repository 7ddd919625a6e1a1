"""A plan in French with the texts of its language, and the texts of all languages for comparison."""

import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from plans.reading import read_plan
from schemas.form_set import read_form_set
from tests.support.paths import DATA

FRENCH = DATA / "french"
PLAN, FORMS = read_plan(FRENCH / "plan.yaml"), read_form_set(FRENCH / "set")
LAO = read_plan(DATA / "registry" / "plan_2024.yaml")
VIETNAMESE_LETTERS = set("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")


def texts_of(folder: Path, part: str) -> dict[str, Any]:
    """The texts of a language in a file."""
    return dict(yaml.safe_load((folder / f"{part}.yaml").read_text("utf-8")))


def fields(text: Any) -> set[str]:
    """What a text fills in."""
    return {name for part in strings(text) for _, name, _, _ in string.Formatter().parse(part) if name}


def strings(text: Any) -> Iterator[str]:
    """All strings in a text, a list or a mapping."""
    if isinstance(text, str):
        yield text
    elif isinstance(text, dict | list):
        for part in text.values() if isinstance(text, dict) else text:
            yield from strings(part)
