"""Checks of single expressions of `sample.yaml`: their numbers, texts and codes."""

import ast
from collections.abc import Iterator

from schemas.declaration import Dimension, Form, Measure
from schemas.figure_expressions import parse_figure

LARGEST = 10**15  # of numbers, also of computed ones
_LONGEST = 100  # characters of a text
_BOUNDS: dict[str, type | tuple[type, ...]] = {"whole": int, "number": (int, float)}
_PROBABILITY = {"chance": 0, "rare": 0, "some": 1}  # by function, which argument it is


def expression_faults(key: str, expression: str, form: Form) -> Iterator[str]:
    """Yield the faults of the expression of a column, or of a helper, of a form."""
    tree = parse_figure(expression)
    for node in ast.walk(tree):
        yield from _node_faults(node, form)
    column = form.columns.get(key)
    if column is not None:
        for text in _texts(tree):
            yield from _text_faults(text, key, column)


def _node_faults(node: ast.AST, form: Form) -> Iterator[str]:
    match node:
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int() | float() as number) if not abs(number) <= LARGEST:
            yield f"the number {str(number)[:20]}… is above {LARGEST}"
        case ast.Constant(value=str() as text) if len(text) > _LONGEST:
            yield f"the text {text[:20]!r}… has more than {_LONGEST} characters"
        case ast.BinOp(left=ast.Constant(value=str())) | ast.BinOp(right=ast.Constant(value=str())):
            yield f"{ast.unparse(node)} calculates with a text"
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod(), right=ast.Constant(value=0)):
            yield f"{ast.unparse(node)} divides by 0"
        case ast.Compare(left=ast.Name(id=name), comparators=[ast.Constant(value=str() as text)]):
            if column := form.columns.get(name):
                yield from _text_faults(text, name, column)
        case ast.Call(func=ast.Name(id="code"), args=[ast.Name(id=name)]):
            column = form.columns.get(name)
            if column is None or column.code_list is None:
                yield f"code({name}) names no column with a code list"
        case ast.Call(func=ast.Name(id=name), args=args):
            yield from _argument_faults(name, args, ast.unparse(node))


def _argument_faults(name: str, args: list[ast.expr], shown: str) -> Iterator[str]:
    given = [arg.value if isinstance(arg, ast.Constant) else None for arg in args]
    if name in _BOUNDS:
        low, high = given
        if any(value is not None and not isinstance(value, _BOUNDS[name]) for value in given):
            yield f"{shown} needs {'whole numbers' if name == 'whole' else 'numbers'}"
        elif isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            yield f"{shown} has its first number above the second"
    if name in _PROBABILITY:
        chance = given[_PROBABILITY[name]]
        if chance is not None and not (isinstance(chance, int | float) and 0 <= chance <= 1):
            yield f"{shown} needs a probability from 0 to 1"


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may give."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body)
            yield from _texts(other)
        case ast.Call(func=ast.Name(id="choose"), args=parts):
            for part in parts:
                yield from _texts(part)
        case ast.Call(func=ast.Name(id="former"), args=[_, default]):
            yield from _texts(default)


def _text_faults(text: str, key: str, column: Dimension | Measure) -> Iterator[str]:
    if column.code_list is not None:
        if text not in {code.code for code in column.code_list.codes}:
            yield f"{text!r} is not in the code list of {key}"
    elif isinstance(column, Measure):
        yield f"{key} holds no texts, such as {text!r}"
