"""Checks of dimensions that are spread over columns; each fault is a path in the file and one sentence."""

import re
from collections import Counter
from collections.abc import Iterator
from math import prod

from plans.yaml_lines import Path
from schemas.form_files import FormFile, ListsFile

Fault = tuple[Path, str]

_MOST_COLUMNS = 200  # of measures; a sheet is read up to 300 columns
_NUMBER = re.compile(r"[(\[]?\d{1,2}[)\]]?")


def check_across(form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    """Yield the faults of `across`: dimensions that cannot be columns, too many columns, unused groups."""
    if not form.across:
        return
    for n, key in enumerate(form.across):
        yield from _dimension(n, key, form, lists)
    for key, times in Counter(form.across).items():
        if times > 1:
            yield ("across",), f"the dimension {key} is given twice"
    if not set(form.dimensions) - set(form.across):
        yield ("across",), "all dimensions are spread over columns; a form needs one that names its rows"
    codes = (lists.code_lists.get(_list_of(key, lists), {}) for key in form.across)
    columns = len(form.measures) * prod(map(len, codes))
    if columns > _MOST_COLUMNS:
        yield ("across",), f"the form has {columns} columns; {_MOST_COLUMNS} are possible"
    for n, measure in enumerate(form.measures):
        if measure.group:
            yield (
                ("measures", n, "group"),
                f"measure {measure.key} has a group, but columns of across are grouped by their codes",
            )


def _dimension(n: int, key: str, form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    if key not in form.dimensions:
        yield ("across", n), f"{key} is spread over columns, but is no dimension of the form"
    elif key in lists.dimensions and not lists.dimensions[key].code_list:
        yield ("across", n), f"{key} cannot be spread over columns: only the codes of a list are known"
    for code, entry in lists.code_lists.get(_list_of(key, lists), {}).items():
        for label in (entry.label_vi, *entry.aliases):
            if _NUMBER.fullmatch(label.strip()):
                yield (
                    ("across", n),
                    f"{code} of {key} has the label {label}, which reads as the number of a column",
                )


def _list_of(key: str, lists: ListsFile) -> str:
    dimension = lists.dimensions.get(key)
    return (dimension.code_list if dimension else "") or ""
