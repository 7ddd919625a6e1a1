"""A form set: report forms with their units, code lists and dimensions, read from files of data.

A set is a folder with `set.yaml`, `lists.yaml` and one file per form in `forms/`. Shipped sets are the
folders of `schemas.sets`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from plans.errors import ChitieuError
from plans.yaml_lines import Path, YamlFaultError, line_of, read_yaml
from schemas.declaration import Code, CodeList, Dimension, Form, Measure, Rule, Unit
from schemas.form_files import DimensionFile, FormFile, ListsFile, MeasureFile, RuleFile, SetFile, UnitFile
from schemas.form_set_checks import check_form, check_lists, check_set

Model = TypeVar("Model", bound=BaseModel)


class FormSetError(ChitieuError):
    """A file of a form set that cannot be used; the message is one sentence with file and line."""


@dataclass(frozen=True, eq=False)
class FormSet:
    """The forms of one programme, in the order of their codes, with what they share."""

    code: str
    version: str
    title_vi: str
    title_en: str
    units: Mapping[str, Unit]
    code_lists: Mapping[str, CodeList]
    dimensions: Mapping[str, Dimension]
    forms: tuple[Form, ...]

    @cached_property
    def by_code(self) -> dict[str, Form]:
        """The forms by code as printed."""
        return {form.code: form for form in self.forms}

    @cached_property
    def by_key(self) -> dict[str, Form]:
        """The forms by English key."""
        return {form.key: form for form in self.forms}


def shipped_codes() -> list[str]:
    """Return the codes of the shipped form sets, in alphabetical order."""
    folders = files("schemas.sets").iterdir()
    return sorted(folder.name for folder in folders if folder.joinpath("set.yaml").is_file())


@lru_cache
def shipped_form_set(code: str) -> FormSet:
    """Return a shipped form set. Raises FormSetError where there is none of this code."""
    if code not in shipped_codes():
        raise FormSetError(f"There is no shipped form set {code!r}.")
    return read_form_set(files("schemas.sets").joinpath(code))


def read_form_set(folder: Traversable) -> FormSet:
    """Read and check the files of a form set. Raises FormSetError for the first fault."""
    about, _ = _read(folder.joinpath("set.yaml"), SetFile)
    lists_file = folder.joinpath("lists.yaml")
    lists, lines = _read(lists_file, ListsFile)
    _raise_first(lists_file, lines, check_lists(lists))
    units = {key: _unit(key, unit) for key, unit in lists.units.items()}
    code_lists = {
        key: CodeList(key, tuple(Code(c, f.label_vi, f.aliases, f.reported_by) for c, f in codes.items()))
        for key, codes in lists.code_lists.items()
    }
    dimensions = {key: _dimension(key, d, code_lists) for key, d in lists.dimensions.items()}
    forms = []
    for file in _form_files(folder):
        declared, lines = _read(file, FormFile)
        _raise_first(file, lines, check_form(declared, lists))
        forms.append(_form(declared, units, code_lists, dimensions))
    forms.sort(key=lambda form: form.code)
    for message in check_set(forms):
        raise FormSetError(f"{folder.joinpath('forms')}: {message}.")
    return FormSet(
        about.code, about.version, about.title_vi, about.title_en, units, code_lists, dimensions, tuple(forms)
    )


def _form_files(folder: Traversable) -> list[Traversable]:
    forms = folder.joinpath("forms")
    entries = forms.iterdir() if forms.is_dir() else ()
    found = sorted((file for file in entries if file.name.endswith(".yaml")), key=lambda file: file.name)
    if not found:
        raise FormSetError(f"{forms} has no form: a form set needs a file forms/<key>.yaml for each form.")
    return found


def _read(file: Traversable, model: type[Model]) -> tuple[Model, dict[Path, int]]:
    try:
        document, lines = read_yaml(file.read_text(encoding="utf-8"))
    except YamlFaultError as fault:
        raise FormSetError(f"{file}, line {fault.line}: {fault}.") from fault
    except (OSError, UnicodeDecodeError) as error:
        raise FormSetError(f"{file} cannot be read: {error}.") from error
    try:
        return model.model_validate(document), lines
    except ValidationError as error:
        # A misspelt key is both unknown and missing: the unknown one is what the author sees.
        faults = error.errors()
        first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
        path = tuple(part for part in first["loc"] if part != "[key]")
        place = ".".join(str(part) for part in path) or "file"
        message = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise FormSetError(f"{file}, line {line_of(lines, path)}: {place}: {message}.") from error


def _raise_first(file: Traversable, lines: dict[Path, int], faults: list[tuple[Path, str]]) -> None:
    for path, message in faults:
        raise FormSetError(f"{file}, line {line_of(lines, path)}: {message}.")


def _unit(key: str, file: UnitFile) -> Unit:
    return Unit(key, file.label_vi, file.max_value, file.whole, file.money, file.counts_persons)


def _rule(file: RuleFile) -> Rule:
    return Rule(
        id=file.id,
        severity=file.severity,
        expression=file.expression,
        condition=file.condition,
        column=file.column,
        label_vi=file.label_vi,
        label_en=file.label_en,
        scope=file.scope,
        replaces_check=file.replaces_check,
    )


def _dimension(key: str, file: DimensionFile, code_lists: Mapping[str, CodeList]) -> Dimension:
    return Dimension(
        key=key,
        label_vi=file.label_vi,
        aliases=file.aliases,
        level=file.level,
        code_list=code_lists[file.code_list] if file.code_list else None,
        is_repeated_count=file.repeated_count,
    )


def _measure(file: MeasureFile, units: Mapping[str, Unit], code_lists: Mapping[str, CodeList]) -> Measure:
    return Measure(
        key=file.key,
        label_vi=file.label_vi,
        unit=units[file.unit],
        kind=file.type,
        group=file.group,
        aliases=file.aliases,
        code_list=code_lists[file.code_list] if file.code_list else None,
        amount_of=file.amount_of or "",
        renamed_from=file.renamed_from,
        introduced_on=file.introduced_on,
        retired_on=file.retired_on,
    )


def _form(
    file: FormFile,
    units: Mapping[str, Unit],
    code_lists: Mapping[str, CodeList],
    dimensions: Mapping[str, Dimension],
) -> Form:
    rows = file.expected_rows
    return Form(
        code=file.code,
        key=file.key,
        title=file.title,
        dimensions=tuple(dimensions[key] for key in file.dimensions),
        measures=tuple(_measure(measure, units, code_lists) for measure in file.measures),
        rules=tuple(_rule(rule) for rule in file.rules),
        sensitive=file.sensitive,
        title_en=file.title_en or "",
        rows_expected=(rows.level, rows.finding) if rows else None,
    )
