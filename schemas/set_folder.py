"""The files of a form set in its folder: which there are, and their texts."""

from importlib.resources.abc import Traversable

from plans.errors import ChitieuError

SAMPLE = "sample.yaml"


class FormSetError(ChitieuError):
    """A file of a form set that cannot be used; the message is one sentence with file and line."""


def texts_of(folder: Traversable) -> dict[str, str]:
    """Return the texts of the files of a form set by their names. Raises FormSetError."""
    _check_endings(folder)
    texts = {name: _text(folder.joinpath(name)) for name in ("set.yaml", "lists.yaml")}
    for file in _form_files(folder):
        texts[f"forms/{file.name}"] = _text(file)
    if folder.joinpath(SAMPLE).is_file():
        texts[SAMPLE] = _text(folder.joinpath(SAMPLE))
    return texts


def _form_files(folder: Traversable) -> list[Traversable]:
    forms = folder.joinpath("forms")
    entries = forms.iterdir() if forms.is_dir() else ()
    found = sorted((file for file in entries if _is_yaml(file)), key=lambda file: file.name)
    if not found:
        raise FormSetError(f"{forms} has no form: a form set needs a file forms/<key>.yaml for each form.")
    return found


def _is_yaml(file: Traversable) -> bool:
    """Whether a file is of the form set: macOS keeps files ._courses.yaml on shared drives beside others."""
    return file.name.endswith(".yaml") and not file.name.startswith(".")


def _check_endings(folder: Traversable) -> None:
    """Reject files that only seem to be of the set: they would be left out in silence."""
    for place in (folder, folder.joinpath("forms")):
        for file in sorted(place.iterdir() if place.is_dir() else (), key=lambda file: file.name):
            stem, _, ending = file.name.lower().rpartition(".")
            is_of_set = place is not folder or stem in ("set", "lists", "sample")
            if is_of_set and stem and ending in ("yml", "yaml") and not file.name.endswith(".yaml"):
                raise FormSetError(f"{file}: the files of a form set end in .yaml: rename it to {stem}.yaml.")


def _text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FormSetError(
            f"There is no file {file}: a form set has set.yaml, lists.yaml and a folder forms."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FormSetError(f"{file} cannot be read: {error}.") from error
