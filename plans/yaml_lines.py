"""Read YAML with the line of every value, so that a fault can be reported with its line."""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.constructor import ConstructorError

Path = tuple[str | int, ...]

# The C loader reads a plan of 180 areas in 10 ms, the Python one in 150.
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Leading zeros, bases other than ten, minutes and hours; groups of thousands with a zero at the end.
_AMBIGUOUS = re.compile(r"[-+]?(0[\dxXbB_][\w.]*|[\d_.]+(:[\d_.]+)+|[1-9]\d{0,2}\.\d\d0)")


@dataclass(frozen=True, slots=True, repr=False)
class AmbiguousNumber:
    """A number that a person may read otherwise than YAML: 010 is 8, 1:30 is 90, 1.500 may be 1500.

    It is neither a number nor a text, so that each field rejects it.
    """

    text: str
    value: float

    def __str__(self) -> str:
        """Return the number as YAML reads it."""
        return str(self.value)

    def __repr__(self) -> str:
        """Return the number as it is written, for the path of a fault."""
        return self.text


class Loader(_BASE):  # type: ignore[misc]
    """A YAML loader that rejects what YAML would read in silence: a key given twice, a number in two ways."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> object:
        """Return the mapping of a node. Raises ConstructorError for a key given twice."""
        seen: set[str] = set()
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise ConstructorError(None, None, f"the key {key.value!r} is given twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)

    def construct_number(self, node: yaml.ScalarNode) -> object:
        """Return the number of a node, as an AmbiguousNumber where it can be read in two ways."""
        is_whole = node.tag.endswith(":int")
        try:
            value = self.construct_yaml_int(node) if is_whole else self.construct_yaml_float(node)
        except ValueError as error:  # of thousands of digits
            raise ConstructorError(None, None, "a number is too long", node.start_mark) from error
        return AmbiguousNumber(node.value, value) if _AMBIGUOUS.fullmatch(node.value) else value

    def construct_day(self, node: yaml.ScalarNode) -> object:
        """Return the day of a node. Raises ConstructorError for a day that is in no calendar."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise ConstructorError(None, None, f"{node.value} is no day: {error}", node.start_mark) from error


Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_number)
Loader.add_constructor("tag:yaml.org,2002:float", Loader.construct_number)
Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_day)


class YamlFaultError(ValueError):
    """A text that is not usable YAML; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """Return the document of a text and the line of each of its values by path.

    Raises YamlFaultError for text that is not YAML and for a key given twice.
    """
    loader = Loader(text)
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


def name_of(path: Path) -> str:
    """Return a path as it is named in messages, without parts of a model such as `[key]`."""
    return ".".join(str(part) for part in path if "[" not in str(part))


def _note_lines(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, entry in enumerate(node.value):
            _note_lines(entry, (*path, index), lines)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            _note_lines(value, (*path, key.value), lines)
            lines[(*path, key.value)] = key.start_mark.line + 1
