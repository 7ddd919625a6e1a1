"""Read a plan file into its model, or raise one sentence about what is wrong with it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from plans.errors import ChitieuError, PlanFaultError
from plans.languages.catalog import add_folder
from plans.model import Plan
from plans.model_faults import sentence
from plans.outlines import OutlineError, outlines_of
from plans.plan_format import upgrade_document
from plans.yaml_lines import Loader, YamlFaultError, line_of, name_of, read_yaml

_LARGEST_OUTLINES = 50_000_000  # bytes
DEFAULT_PLAN = Path(__file__).parent / "dong_nai_2020.yaml"


class PlanError(ChitieuError):
    """The plan file is missing, is not YAML or contradicts itself; the message names the place."""

    exit_code = 2


def read_plan(path: Path) -> Plan:
    """Read the plan file at `path`; the folder `languages` beside it may hold the texts of its language.

    Raises PlanError with one clear sentence when the file cannot be read or is inconsistent.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no UTF-8 text"
        raise PlanError(f"The plan file {path} cannot be read: {reason}.") from error
    try:
        add_folder(path.absolute().parent / "languages")
        return _plan_of(text, _outlines_beside(path, text))
    except PlanError as error:
        raise PlanError(f"The plan file {path}{error}.") from error


def _outlines_beside(path: Path, text: str) -> str:
    """Return the text of the GeoJSON file that a plan names for its map; empty where it names none."""
    if "geojson" not in text:
        return ""
    named = _document_of(text).get("map")
    name = named.get("geojson") if isinstance(named, dict) else None
    if not isinstance(name, str) or not name:
        return ""
    file = path.parent / name
    try:
        if file.stat().st_size > _LARGEST_OUTLINES:
            raise PlanError(f" names {name} for its map, which is over 50 MB: simplify it")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no UTF-8 text"
        raise PlanError(f" names {name} for its map, which cannot be read: {reason}") from error


@lru_cache(maxsize=64)
def _plan_of(text: str, outlines: str = "") -> Plan:
    """Return the plan of a text; cached, because each flow of a process reads it and a plan never changes.

    `outlines`: the text of the GeoJSON file of its map.
    """
    document = dict(_document_of(text))
    try:
        if outlines:
            code_property = str(document["map"].get("code_property", "code"))
            made = outlines_of(outlines, code_property, _area_codes(document))
            document["map"] = {**document["map"], "outlines": made}
        return Plan.model_validate(upgrade_document(document))
    except OutlineError as error:
        name = document["map"]["geojson"]
        raise PlanError(f" names {name} for its map, which cannot be used: {error}") from error
    except RecursionError as error:
        raise PlanError(" (line 1) is no usable YAML: an alias (*) lies inside what it names") from error
    except ValidationError as error:
        raise PlanError(_first_fault(error, text)) from error


def _area_codes(document: dict[str, Any]) -> set[str]:
    """Return the codes of the areas of a document that is not checked yet."""
    areas = document.get("areas")
    return {str(a.get("code")) for a in (areas if isinstance(areas, list) else ()) if isinstance(a, dict)}


@lru_cache(maxsize=64)
def _document_of(text: str) -> dict[str, Any]:
    """Return the keys of a text as they are written. Not to be changed."""
    try:
        document = yaml.load(text, Loader=Loader)  # noqa: S506 (a safe loader)
    except RecursionError as error:
        raise PlanError(" (line 1) is no usable YAML: an alias (*) lies inside what it names") from error
    except (yaml.YAMLError, ValueError) as error:
        raise PlanError(f" is no valid YAML: {_yaml_fault(error)}") from error
    if not isinstance(document, dict):
        raise PlanError(" (line 1) holds no mapping of keys")
    return document


def _yaml_fault(error: Exception) -> str:
    """Return what a loader found, with its line, without the loader's name of the text."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return " ".join(str(error).split())
    context, begun = getattr(error, "context", None), getattr(error, "context_mark", None)
    if context and begun:
        context = f"{context} (begun in line {begun.line + 1})"
    found = filter(None, (context, getattr(error, "problem", None)))
    return f"line {mark.line + 1}, column {mark.column + 1}: {', '.join(found)}"


def fault_in_file(path: Path, fault: ValueError) -> PlanError:
    """Return the error of a plan file whose model was read and then found to have a fault."""
    place = fault.path if isinstance(fault, PlanFaultError) else ()
    return PlanError(f"The plan file {path}{_placed(place, path.read_text('utf-8'))}: {fault}.")


def _first_fault(error: ValidationError, text: str) -> str:
    # A misspelt key is both unknown and missing: the unknown one is what the author sees.
    faults = error.errors()
    first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
    cause = first.get("ctx", {}).get("error")
    path = (*first["loc"], *(cause.path if isinstance(cause, PlanFaultError) else ()))
    message = sentence(first)
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return " " + " ".join(f"{_placed(path, text)}: {message}{more}".split())


def _placed(path: tuple[str | int, ...], text: str) -> str:
    """Return the place of a fault: its line in the text, keys and numbers."""
    try:
        _, lines = read_yaml(text)
    except YamlFaultError as fault:
        raise PlanError(f" (line {fault.line}) is no usable YAML: {fault}") from fault
    place = name_of(path) or "plan"
    return f" (line {line_of(lines, path)}) is inconsistent at {place}"
