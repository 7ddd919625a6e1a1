"""A form set: report forms with their units, code lists and dimensions, read from files of data.

A set is a folder with `set.yaml`, `lists.yaml` and one file per form in `forms/`; `sample.yaml` may declare
how the figures of sample reports come about. Shipped sets are the folders of `schemas.sets`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from plans.model_faults import sentence
from plans.yaml_lines import Path, YamlFaultError, line_of, name_of, read_yaml
from schemas.declaration import Code, CodeList, Dimension, Form, Measure, Rule, Unit, english_label
from schemas.findings import FindingText, rule_text
from schemas.form_files import (
    DimensionFile,
    FormFile,
    ListsFile,
    MeasureFile,
    RuleFile,
    SetFile,
    UnitFile,
)
from schemas.form_set_checks import check_form, check_lists, check_set
from schemas.printed_form import printed_form
from schemas.sample_checks import check_sample
from schemas.sample_file import SampleFile
from schemas.set_folder import SAMPLE, FormSetError, texts_of

__all__ = ["FormSet", "FormSetError", "read_form_set", "read_texts", "shipped_codes", "shipped_form_set"]

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, eq=False)
class FormSet:
    """The forms of one programme, in the order of their codes, with what they share.

    The keys of forms and code lists begin with the prefix of the set, which makes them unique in a warehouse;
    `code_lists` and `dimensions` are by the keys of the files. `files` are the texts that it was read from,
    without `sample.yaml`, on which no figure depends; the forms of `sample` are by key with the prefix.
    `place` is the folder that messages name.
    """

    code: str
    version: str
    title_vi: str
    title_en: str
    prefix: str
    units: Mapping[str, Unit]
    code_lists: Mapping[str, CodeList]
    dimensions: Mapping[str, Dimension]
    forms: tuple[Form, ...]
    files: Mapping[str, str]
    place: str = field(default="", repr=False)
    sample_text: str = field(default="", repr=False)

    @cached_property
    def sample(self) -> SampleFile:
        """What `sample.yaml` declares. It is read when it is needed: reports are read without it.

        Raises FormSetError for the first fault.
        """
        if not self.sample_text:
            return SampleFile()
        file = f"{self.place}/{SAMPLE}"
        sample, lines = _read(file, self.sample_text, SampleFile)
        _raise_first(file, lines, check_sample(sample, self.by_key, self.dimensions))
        return sample.model_copy(
            update={"forms": {f"{self.prefix}{key}": form for key, form in sample.forms.items()}}
        )

    @cached_property
    def by_code(self) -> dict[str, Form]:
        """The forms by code as printed."""
        return {form.code: form for form in self.forms}

    @cached_property
    def by_key(self) -> dict[str, Form]:
        """The forms by English key as the files and plans of the set name them: without the prefix."""
        return {form.key.removeprefix(self.prefix): form for form in self.forms}

    @cached_property
    def as_printed(self) -> "FormSet":
        """The set with its forms as printed."""
        return replace(self, forms=tuple(map(printed_form, self.forms)))

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of `declarations`."""
        return sha256(self.declarations.encode()).hexdigest()

    @cached_property
    def declarations(self) -> str:
        """The declarations of all forms as one text; comments and layout of the files do not count."""
        across = [[dimension.key for dimension in form.across] for form in self.forms]
        return f"{self.forms!r}{across if any(across) else ''}"

    @cached_property
    def present_names(self) -> dict[tuple[str, str], str]:
        """The key of each renamed measure by its form's key, as plans name it, and the key it had before."""
        return {
            (key, measure.renamed_from): measure.key
            for key, form in self.by_key.items()
            for measure in form.measures
            if measure.renamed_from
        }

    @cached_property
    def rule_texts(self) -> dict[str, FindingText]:
        """The texts of findings by rule, in the order of the forms."""
        return {rule.id: rule_text(rule) for form in self.forms for rule in form.rules}


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
    texts = texts_of(folder)
    form_set = read_texts(texts, str(folder))
    for name in sorted(texts.keys() - {f"forms/{key}.yaml" for key in form_set.by_key}):
        if name.startswith("forms/"):
            document, lines = read_yaml(texts[name])
            key = document["key"]
            fault = f"the form {key} must be in a file {key}.yaml: rename the file or the key"
            raise FormSetError(f"{folder}/{name}, line {line_of(lines, ('key',))}: {fault}.")
    return form_set


def read_texts(texts: Mapping[str, str], place: str) -> FormSet:
    """Read and check a form set from the texts of its files by their names in the folder `place`.

    The same texts give the same object. Raises FormSetError for the first fault.
    """
    return _form_set_of(tuple(sorted(texts.items())), place)


@lru_cache(maxsize=32)
def _form_set_of(items: tuple[tuple[str, str], ...], place: str) -> FormSet:
    texts = dict(items)
    about, _ = _read(f"{place}/set.yaml", texts["set.yaml"], SetFile)
    lists_file = f"{place}/lists.yaml"
    lists, lines = _read(lists_file, texts["lists.yaml"], ListsFile)
    _raise_first(lists_file, lines, check_lists(lists))
    prefix = f"{about.code}_" if about.prefix is None else about.prefix
    units = {key: _unit(key, unit) for key, unit in lists.units.items()}
    code_lists = _code_lists(lists, prefix)
    dimensions = {key: _dimension(key, d, code_lists) for key, d in lists.dimensions.items()}
    forms: list[Form] = []
    read: dict[int, tuple[str, dict[Path, int]]] = {}
    for name in sorted(texts.keys() - {"set.yaml", "lists.yaml", SAMPLE}):
        declared, lines = _read(f"{place}/{name}", texts[name], FormFile)
        _raise_first(f"{place}/{name}", lines, check_form(declared, lists))
        forms.append(_form(declared, prefix, units, code_lists, dimensions))
        read[id(forms[-1])] = (f"{place}/{name}", lines)
    forms.sort(key=lambda form: form.code)
    for form, path, message in check_set(forms, prefix):
        file, lines = read[id(form)]
        raise FormSetError(f"{file}, line {line_of(lines, path)}: {message}.")
    return FormSet(
        code=about.code,
        version=about.version,
        title_vi=about.title_vi,
        title_en=about.title_en,
        prefix=prefix,
        units=units,
        code_lists=code_lists,
        dimensions=dimensions,
        forms=tuple(forms),
        files={name: text for name, text in texts.items() if name != SAMPLE},
        place=place,
        sample_text=texts.get(SAMPLE, ""),
    )


def _code_lists(lists: ListsFile, prefix: str) -> dict[str, CodeList]:
    return {
        key: CodeList(
            f"{prefix}{key}",
            tuple(
                Code(c, f.label_vi, f.aliases, f.reported_by, f.label_en or english_label(c))
                for c, f in codes.items()
            ),
        )
        for key, codes in lists.code_lists.items()
    }


def _read(file: str, text: str, model: type[Model]) -> tuple[Model, dict[Path, int]]:
    try:
        document, lines = read_yaml(text)
    except YamlFaultError as fault:
        raise FormSetError(f"{file}, line {fault.line}: {fault}.") from fault
    try:
        return model.model_validate(document), lines
    except ValidationError as error:
        # A misspelt key is both unknown and missing: the unknown one is what the author sees.
        faults = error.errors()
        first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
        path = first["loc"]
        place = name_of(path) or "file"
        raise FormSetError(f"{file}, line {line_of(lines, path)}: {place}: {sentence(first)}.") from error


def _raise_first(file: str, lines: dict[Path, int], faults: list[tuple[Path, str]]) -> None:
    for path, message in faults:
        raise FormSetError(f"{file}, line {line_of(lines, path)}: {message}.")


def _unit(key: str, file: UnitFile) -> Unit:
    return Unit(
        key,
        file.label_vi,
        file.max_value,
        file.whole,
        file.money,
        file.counts_persons,
        file.label_en or key.replace("_", " "),
    )


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
        label_en=file.label_en or english_label(key),
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
        label_en=file.label_en or english_label(file.key),
        group_en=file.group_en,
    )


def _form(
    file: FormFile,
    prefix: str,
    units: Mapping[str, Unit],
    code_lists: Mapping[str, CodeList],
    dimensions: Mapping[str, Dimension],
) -> Form:
    rows = file.expected_rows
    return Form(
        code=file.code,
        key=f"{prefix}{file.key}",
        title=file.title,
        dimensions=tuple(dimensions[key] for key in file.dimensions),
        measures=tuple(_measure(measure, units, code_lists) for measure in file.measures),
        rules=tuple(_rule(rule) for rule in file.rules),
        sensitive=file.sensitive,
        title_en=file.title_en or "",
        rows_expected=(rows.level, rows.finding) if rows else None,
        across=tuple(dimensions[key] for key in file.across),
    )
