"""Formats of the plan file: the current one, and how a file of an older format is upgraded.

Format 1 is that of release 0.1: `vi`, `en`, `every`, `scopes`, `shown_by`, and `valid_to` for the last day.
Format 2 names them `label_vi`, `label_en`, `frequency`, `reported_levels`, `breakdown_levels`, `last_day`.
"""

from collections.abc import Iterator
from typing import Any

import yaml

CURRENT_FORMAT = 2

_ANY = "*"
# New names by the path of the mapping that holds the key; `*` means each entry of a list.
_RENAMED: dict[tuple[str, ...], dict[str, str]] = {
    ("areas", _ANY): {"valid_to": "last_day"},
    ("bodies", _ANY): {"valid_to": "last_day"},
    ("obligations", _ANY): {"valid_to": "last_day", "every": "frequency"},
    ("targets", _ANY): {
        "valid_to": "last_day",
        "vi": "label_vi",
        "en": "label_en",
        "scopes": "reported_levels",
        "shown_by": "breakdown_levels",
    },
    ("targets", _ANY, "overrides", _ANY): {"valid_to": "last_day"},
}


def upgrade_document(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a plan file in the current format; a file without `format` is of format 1."""
    if document.get("format", 1) != 1:
        return document
    upgraded = _upgrade(document, ())
    return {"format": CURRENT_FORMAT, **{key: value for key, value in upgraded.items() if key != "format"}}


def _upgrade(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        names = _RENAMED.get(path, {})
        return {names.get(key, key): _upgrade(part, (*path, str(key))) for key, part in value.items()}
    if isinstance(value, list):
        return [_upgrade(part, (*path, _ANY)) for part in value]
    return value


def upgrade_text(text: str) -> str:
    """Return the text of a plan file in the current format, with its comments and layout as they were.

    Raises yaml.YAMLError where the text is no YAML.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return text
    formats = [value for key, value in root.value if key.value == "format"]
    if formats and formats[0].value != "1":
        return text
    edits = [(node.start_mark.index, node.end_mark.index, name) for node, name in _old_keys(root, ())]
    if formats:
        edits.append((formats[0].start_mark.index, formats[0].end_mark.index, str(CURRENT_FORMAT)))
    for start, end, name in sorted(edits, reverse=True):
        text = text[:start] + name + text[end:]
    if not formats:
        start = root.start_mark.index
        text = f"{text[:start]}format: {CURRENT_FORMAT}\n{text[start:]}"
    return text


def _old_keys(node: yaml.Node, path: tuple[str, ...]) -> Iterator[tuple[yaml.Node, str]]:
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _old_keys(entry, (*path, _ANY))
    if isinstance(node, yaml.MappingNode):
        names = _RENAMED.get(path, {})
        for key, value in node.value:
            if key.value in names:
                yield key, names[key.value]
            yield from _old_keys(value, (*path, key.value))
