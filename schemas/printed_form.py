"""Forms as printed: where dimensions are spread over columns, a column for each combination of their codes.

The declared form (`across`) has a measure and a row per combination; the printed one what a person sees.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product

from schemas.declaration import Code, Form, Measure

_BETWEEN_LABELS = " - "
_BETWEEN_CODES = "/"


def printed_key(measure: str, codes: Sequence[str]) -> str:
    """Return the key of the column of a measure for codes of the spread dimensions: doses/UNDER_1/MALE."""
    return _BETWEEN_CODES.join((measure, *codes))


def declared_key(key: str) -> str:
    """Return the key of the declared column that a printed one belongs to."""
    return key.partition(_BETWEEN_CODES)[0]


def codes_of(key: str) -> list[str]:
    """Return the codes in the key of a printed column; empty for one that is declared."""
    return key.split(_BETWEEN_CODES)[1:]


@lru_cache(maxsize=256)
def printed_form(form: Form) -> Form:
    """Return a form as it is printed; a form without spread dimensions is printed as it is declared.

    Measures stay together, outermost in the header, and the codes follow in the order of `across`.
    """
    if not form.across:
        return form
    return replace(
        form,
        dimensions=tuple(dimension for dimension in form.dimensions if dimension not in form.across),
        measures=tuple(column for measure in form.measures for column in _columns_of(form, measure)),
        across=(),
    )


def combinations(form: Form) -> list[tuple[str, ...]]:
    """Return the combinations of codes that a form spreads over its columns, from left to right."""
    return [tuple(code.code for code in codes) for codes in _codes(form)]


def _codes(form: Form) -> Iterator[tuple[Code, ...]]:
    return product(*(d.code_list.codes for d in form.across if d.code_list is not None))


def _columns_of(form: Form, measure: Measure) -> Iterator[Measure]:
    """The columns of a measure. Its own label is above the codes unless two codes tell all columns apart."""
    is_named = len(form.measures) > 1 or len(form.across) == 1
    for codes in _codes(form):
        above = [(measure.label_vi, *measure.aliases)] if is_named else []
        above += [(code.label_vi, *code.aliases) for code in codes[:-1]]
        groups = [_BETWEEN_LABELS.join(labels) for labels in product(*above)]
        names = [code.code for code in codes]
        yield replace(
            measure,
            key=printed_key(measure.key, names),
            label_vi=codes[-1].label_vi,
            aliases=codes[-1].aliases,
            label_en=codes[-1].label_en,
            group_en=_BETWEEN_LABELS.join(
                [*([measure.label_en] if is_named else []), *(code.label_en for code in codes[:-1])]
            ),
            group=groups[0],
            group_aliases=tuple(groups[1:]),
            amount_of=printed_key(measure.amount_of, names) if measure.amount_of else "",
        )
