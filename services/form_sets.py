"""Form sets in folders: check them, start one from the example, write them as workbooks and read these."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from plans.errors import UsageError
from schemas.declaration import Form
from schemas.form_set import FormSet, FormSetError, read_form_set, shipped_codes, shipped_form_set
from schemas.json_schema import MODELS, json_schema
from services.codes import did_you_mean
from services.form_workbook import FormWorkbookError, read_workbook, write_workbook

_DEFAULT = "pcmd"
_EXAMPLE = "starter"
_SHIPPED_SCHEMAS = "$schema=../"  # the shipped sets share one folder of JSON Schemas, beside them


@dataclass(frozen=True, slots=True)
class CheckedSet:
    """What was read of a form set without a fault: its place, and how many declarations of each kind."""

    place: str
    code: str
    version: str
    forms: int
    columns: int
    rules: int
    code_lists: int
    units: int

    def as_json(self) -> dict[str, object]:
        """Return the fields for programs."""
        return asdict(self)


def check_form_sets(folder: Path | None) -> list[CheckedSet]:
    """Check the form set in a folder, or all shipped ones. Raises FormSetError for the first fault."""
    if folder is not None:
        return [_checked(str(folder), open_form_set(folder))]
    return [_checked("shipped", shipped_form_set(code)) for code in shipped_codes()]


def open_form_set(folder: Path | None) -> FormSet:
    """Read the form set in a folder; without one, the shipped set that the product uses."""
    if folder is None:
        return shipped_form_set(_DEFAULT)
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "chitieu forms new writes an example.")
    return read_form_set(folder)


def find_form(code: str, folder: Path | None) -> Form:
    """Return a form by its code or key, from the set in a folder or from the shipped sets."""
    if folder is not None:
        sets = [open_form_set(folder)]
    else:
        sets = [shipped_form_set(name) for name in (_DEFAULT, *shipped_codes())]
    for form_set in sets:
        form = form_set.by_code.get(code) or form_set.by_key.get(code)
        if form is not None:
            return form
    known = [name for form_set in sets for name in (*form_set.by_code, *form_set.by_key)]
    raise UsageError(f"There is no form {code}.", did_you_mean(code, known))


def new_form_set(folder: Path) -> list[Path]:
    """Write the example form set with its JSON Schemas to a new folder; returns the files."""
    _check_vacant(folder)
    example = files("schemas.sets").joinpath(_EXAMPLE)
    sources = {name: example.joinpath(name) for name in ("set.yaml", "lists.yaml")}
    sources |= {f"forms/{form.name}": form for form in example.joinpath("forms").iterdir()}
    texts = {
        name: source.read_text(encoding="utf-8").replace(_SHIPPED_SCHEMAS, "$schema=", 1)
        for name, source in sources.items()
    }
    return _write(folder, texts)


def export_form_set(folder: Path | None, workbook: Path) -> FormSet:
    """Write the form set in a folder, or the shipped one, as a workbook; returns it."""
    form_set = open_form_set(folder)
    write_workbook(form_set, workbook)
    return form_set


def import_form_set(workbook: Path, folder: Path, replace: bool = False) -> FormSet:
    """Write the form set in a workbook to a folder and return it. Nothing is written if it has a fault.

    An existing folder is an error unless `replace` is set and the folder holds a form set; then its
    declarations are replaced and its other files are kept. Raises FormWorkbookError, FormSetError.
    """
    if not workbook.is_file():
        raise UsageError(f"There is no file {workbook}.")
    if not (replace and (folder / "set.yaml").is_file()):
        _check_vacant(folder)
    texts = read_workbook(workbook)
    with tempfile.TemporaryDirectory(prefix="form-set-") as temporary:
        _write(Path(temporary), texts)
        try:
            form_set = read_form_set(Path(temporary))
        except FormSetError as error:
            sentence = str(error).replace(f"{temporary}{os.sep}", "")
            raise FormWorkbookError(
                f"{workbook} has a fault: {sentence}", "The file named is that made of the sheets."
            ) from error
    for form in folder.glob("forms/*.yaml"):
        if f"forms/{form.name}" not in texts:
            form.unlink()
    _write(folder, texts)
    return form_set


def _checked(place: str, form_set: FormSet) -> CheckedSet:
    form_set.sample  # noqa: B018  # raises for a fault in sample.yaml
    return CheckedSet(
        place=place,
        code=form_set.code,
        version=form_set.version,
        forms=len(form_set.forms),
        columns=sum(len(form.columns) for form in form_set.forms),
        rules=sum(len(form.rules) for form in form_set.forms),
        code_lists=len(form_set.code_lists),
        units=len(form_set.units),
    )


def _check_vacant(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not an empty folder.", "Name another folder.")


def _write(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write the files of a form set and, for editors, the JSON Schemas that they name."""
    schemas = {f"json_schema/{name}.json": json_schema(name) for name in MODELS}
    written = []
    for name, text in {**texts, **schemas}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
