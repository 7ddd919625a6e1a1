"""Read YAML with the line of every value, so that a fault can be reported with its line."""

from typing import Any

import yaml

Path = tuple[str | int, ...]

# The C loader is ten times faster than the Python one.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlFaultError(ValueError):
    """A text that is not usable YAML; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """Return the document of a text and the line of each of its values by path.

    Raises YamlFaultError for text that is not YAML and for a key given twice.
    """
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        lines: dict[Path, int] = {}
        if node is None:
            return None, lines
        _note_lines(node, (), lines)
        return loader.construct_document(node), lines
    except RecursionError as error:
        raise YamlFaultError("an alias (*) lies inside what it names", 1) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it is not YAML"
        raise YamlFaultError(str(reason), mark.line + 1 if mark else 1) from error
    finally:
        loader.dispose()


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of a value, or that of the closest value around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _note_lines(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, entry in enumerate(node.value):
            _note_lines(entry, (*path, index), lines)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise YamlFaultError(f"the key {key.value!r} is given twice", key.start_mark.line + 1)
            seen.add(key.value)
            _note_lines(value, (*path, key.value), lines)
            lines[(*path, key.value)] = key.start_mark.line + 1
