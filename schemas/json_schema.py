"""JSON Schemas of the files of a form set, for editors: `# yaml-language-server: $schema=…`."""

import json

from schemas.form_files import FilePart, FormFile, ListsFile, SetFile
from schemas.sample_file import SampleFile

MODELS: dict[str, type[FilePart]] = {
    "form": FormFile,
    "lists": ListsFile,
    "sample": SampleFile,
    "set": SetFile,
}


def json_schema(name: str) -> str:
    """Return the JSON Schema of `form`, `lists`, `sample` or `set` as text, one key per line."""
    return json.dumps(MODELS[name].model_json_schema(), indent=1, ensure_ascii=False) + "\n"
