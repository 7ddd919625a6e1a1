"""Generate the reference pages from the declarations in the code; mkdocs calls `on_files`."""

import inspect
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from schemas.declaration import Dimension, Form, Measure
from schemas.findings import TEXTS
from schemas.form_set import shipped_form_set
from schemas.json_schema import MODELS, json_schema
from services.form_schema import schema_as_yaml

_FORM_SET = shipped_form_set("pcmd")

_ROOT = Path(__file__).parents[2]
_GENERATED = "<!-- Generated from the code when the documentation is built. -->\n\n"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to the pages of the folder."""
    pages = {
        "reference/findings.md": findings_page(),
        "reference/forms.md": forms_page(),
        "reference/form-files.md": form_files_page(),
        "reference/commands.md": commands_page(),
        "reference/settings.md": settings_page(),
    }
    for name, text in pages.items():
        files.append(File.generated(config, name, content=_GENERATED + text))
    return files


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; vertical bars and line ends in cells are escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(_cell(text) for text in line) + " |\n" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("{", "&#123;")


def findings_page() -> str:
    """Return the page of finding codes: each code is a heading, so that it can be linked to."""
    parts = [
        "# Finding codes\n\nAn **error** rejects the whole sheet; a **warning** does not. The messages"
        " name the place and the remedy; words in braces are filled in.\n\n"
    ]
    for code, text in sorted((TEXTS | _FORM_SET.rule_texts).items()):
        parts.append(f"## {code}\n\nSeverity: {text.severity.value}.\n\n")
        parts.append(f"- {_cell(text.label_en)}\n- {_cell(text.label_vi)}\n\n")
    return "".join(parts)


def forms_page() -> str:
    """Return the page of report forms: columns, code lists and rules."""
    parts = [
        "# Forms\n\nAs declared in `schemas/sets/pcmd/forms`. Headers are matched by label and alias.\n\n"
    ]
    return "".join([*parts, *(_form_section(form) for form in _FORM_SET.forms)])


def _form_section(form: Form) -> str:
    columns = table(
        ("Column", "Label", "Type", "Unit", "Aliases"), (_column_row(c) for c in form.columns.values())
    )
    rules = table(
        ("Rule", "Severity", "Scope", "Message"),
        ((r.id, r.severity.value, r.scope.value.replace("_", " "), r.label_en) for r in form.rules),
    )
    heading = f"## {form.code} {form.title}\n\nKey `{form.key}`, table `dw.fact_{form.key}`.\n\n"
    schema = f"The Pandera schema of its rows:\n\n```yaml\n{schema_as_yaml(form).strip()}\n```\n\n"
    return heading + columns + (rules if form.rules else "") + schema


def _column_row(column: Dimension | Measure) -> Sequence[str]:
    label = column.label_vi
    aliases = "; ".join(column.aliases)
    codes = ", ".join(code.code for code in column.code_list.codes) if column.code_list else ""
    if isinstance(column, Measure):
        if column.group:
            label = f"{column.group} – {label}"
        kind = column.kind.value.replace("_", " ")
        return (
            f"`{column.key}`",
            label,
            f"{kind}: {codes}" if codes else kind,
            column.unit.label_vi,
            aliases,
        )
    kind = f"{column.level} (key)" if column.level else f"{codes or 'date'} (key)"
    return (f"`{column.key}`", label, kind, "", aliases)


def form_files_page() -> str:
    """Return the page of the files of a form set: the keys of each file and of its parts."""
    files = {name: json.loads(json_schema(name)) for name in MODELS}
    parts = {part: schema for file in files.values() for part, schema in file.pop("$defs", {}).items()}
    sections = [*files.values(), *(parts[name] for name in sorted(parts))]
    intro = "The keys of the files of a form set; `chitieu forms check` checks them."
    return f"# Form files\n\n{intro}\n\n" + "".join(map(_form_file_section, sections))


def _form_file_section(schema: Mapping[str, Any]) -> str:
    text = " ".join(schema.get("description", "").split())
    section = f"## {schema['title']}\n\n{_cell(text)}\n\n"
    if "properties" not in schema:
        return f"{section}One of {_type_of(schema)}.\n\n"
    required = schema.get("required", ())
    rows = [
        (f"`{key}`", _type_of(value), "required" if key in required else _default_of(value))
        for key, value in schema["properties"].items()
    ]
    return section + table(("Key", "Value", "Default"), rows)


def _type_of(value: Mapping[str, Any]) -> str:
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "anyOf" in value:
        return " or ".join(_type_of(choice) for choice in value["anyOf"] if choice != {"type": "null"})
    if "enum" in value:
        return ", ".join(f"`{choice}`" for choice in value["enum"])
    if value.get("type") == "array":
        return f"list of {_type_of(value['items'])}"
    if value.get("type") == "object":
        patterns = list(value.get("patternProperties", {}).values())
        return f"{_type_of(patterns[0] if patterns else value['additionalProperties'])} by key"
    return f"`{value['const']}`" if "const" in value else str(value["type"])


def _default_of(value: Mapping[str, Any]) -> str:
    default = value.get("default")
    return f"`{json.dumps(default)}`" if default not in (None, "", [], {}) else "none"


def settings_page() -> str:
    """Return the page of settings: `.env.example` with its comments."""
    example = _ROOT / ".env.example"
    text = example.read_text(encoding="utf-8") if example.exists() else ""
    return (
        "# Settings\n\nRead from the environment, then from a file `.env` in the working folder. Copy"
        " `.env.example` to `.env` and change it:\n\n```sh\n" + text + "```\n"
    )


def commands_page() -> str:
    """Return the page of commands with their arguments, options and examples."""
    from typer.main import get_command

    from cli.main import build_app

    parts = [
        "# Commands\n\nEvery command takes `--json` for a machine-readable result, writes its progress to"
        " stderr, and exits with 0 on success, 2 on a usage or settings error, 1 on any other failure. A"
        " rejected submission is a result, not a failure.\n\n"
    ]
    return "".join([*parts, *_command_sections("chitieu", get_command(build_app()))])


def _command_sections(name: str, command: Any) -> Iterable[str]:
    """Yield the section of a click command, or those of a group's commands."""
    for key, child in sorted(getattr(command, "commands", {}).items()):
        yield from _command_sections(f"{name} {key}", child)
    if hasattr(command, "commands"):
        return
    rows = [_parameter_row(parameter) for parameter in command.params]
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    explanation, _, examples = text.partition("Example")
    yield f"## {name}\n\n{_cell(explanation.strip())}\n\n"
    if examples:
        yield f"```text\nExample{examples}\n```\n\n"
    yield table(("Argument or option", "Meaning"), rows)


def _parameter_row(parameter: Any) -> tuple[str, str]:
    options = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    name = (
        options
        if parameter.param_type_name == "option"
        else f"`{(parameter.metavar or parameter.name).upper()}`"
    )
    return name, getattr(parameter, "help", None) or ""
