"""Rewrite plan files."""

import os
import tempfile
from pathlib import Path

import yaml

from plans.errors import UsageError
from plans.plan_format import upgrade_text
from plans.reading import DEFAULT_PLAN, PlanError, read_plan

_STARTER = DEFAULT_PLAN.with_name("starter.yaml")
_ITS_FORM_SET = "form_set: starter "


def new_plan_file(path: Path, form_set: str) -> None:
    """Write the example plan with the name of its form set. Raises UsageError for a file that is there."""
    text = _STARTER.read_text(encoding="utf-8").replace(_ITS_FORM_SET, f"form_set: {form_set} ", 1)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists already.", "Name a new file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def upgrade_plan_file(path: Path) -> bool:
    """Rewrite a plan file of an older format in place; returns whether it changed.

    The new file replaces the old one in one step, and only if it can be read. Raises PlanError.
    """
    read_plan(path)  # an invalid plan is left as it is
    text = path.read_text(encoding="utf-8")
    try:
        upgraded = upgrade_text(text)
    except yaml.YAMLError as error:
        raise PlanError(f"The plan file {path} is no valid YAML: {' '.join(str(error).split())}.") from error
    if upgraded == text:
        return False
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(upgraded)
            file.flush()
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            os.fsync(file.fileno())
        read_plan(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True
