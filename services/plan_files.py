"""Rewrite plan files."""

import os
import tempfile
from pathlib import Path

import yaml

from plans.plan_format import upgrade_text
from plans.reading import PlanError, read_plan


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
