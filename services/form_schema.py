"""The Pandera schema of a form as text that Pandera reads again: YAML or a Python script."""

import warnings

from pandera.io import common_io

from schemas.declaration import Form
from schemas.pandera_schema import build_schema

# The checks of the project must be registered before Pandera can find them by name.
_REGISTERS_CHECKS = "import schemas.pandera_schema  # registers the checks that Pandera does not have\n"


def schema_as_yaml(form: Form) -> str:
    """Return the schema as Pandera's YAML; `pandera.io.from_yaml` reads it."""
    text = build_schema(form).to_yaml()
    return str(text)


def schema_as_python(form: Form) -> str:
    """Return the schema as a Python script that defines `schema`.

    `DataFrameSchema.to_script` needs the package black for the layout; this is the same text without it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Pandera warns where it leaves a check out
        script: str = common_io._to_script_minimal(build_schema(form), backend="pandas")
    script = script.replace("from pandera import", "from pandera.pandas import")
    return _REGISTERS_CHECKS + script.strip() + "\n"
