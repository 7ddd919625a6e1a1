"""Checks of a form set beyond the types of its fields; each fault is a path in the file and one sentence."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from plans.yaml_lines import Path
from schemas import expressions
from schemas.declaration import Form, MeasureType, RuleScope
from schemas.form_codes import clashing_codes, code_key
from schemas.form_files import FormFile, ListsFile, MeasureFile, RuleFile

Fault = tuple[Path, str]

# Columns that every fact table and frame has; a declared column of that name would collide.
RESERVED = frozenset(
    {
        "submission", "row", "window_start", "window_end", "previous", "fact_id", "submission_id", "load_id",
        "body_key", "period_key", "area_key", "source_sheet", "source_row", "recorded_at", "superseded_at",
        "year", "plan_code", "area_code", "area_name", "body_code", "period_code", "is_suppressed",
    }
)  # fmt: skip
# Words of SQL that cannot name a column without quotes.
SQL_WORDS = frozenset(
    {
        "all", "and", "any", "array", "as", "asc", "both", "case", "cast", "check", "collate", "column",
        "constraint", "create", "current_date", "default", "desc", "distinct", "do", "else", "end",
        "except", "false", "fetch", "for", "foreign", "from", "grant", "group", "having", "in", "initially",
        "intersect", "into", "lateral", "leading", "limit", "not", "null", "offset", "on", "only", "or",
        "order", "placing", "primary", "references", "returning", "select", "session_user", "some",
        "symmetric", "table", "then", "to", "trailing", "true", "union", "unique", "user", "using",
        "variadic", "when", "where", "window", "with",
    }
)  # fmt: skip
_LONGEST_NAME = 40  # PostgreSQL cuts names at 63 bytes, and an index has 20 more
_WINDOW = ("window_start", "window_end")


def check_lists(lists: ListsFile) -> list[Fault]:
    """Return the faults of units, code lists and dimensions."""
    return [
        *_column_names("dimensions", lists.dimensions),
        *(fault for key in lists.dimensions for fault in _dimension(key, lists)),
        *(fault for key in lists.code_lists for fault in _wordings_of_list(key, lists)),
    ]


def check_form(form: FormFile, lists: ListsFile) -> list[Fault]:
    """Return the faults of a form file."""
    return [
        *_form_code(form),
        *_dimensions_of_form(form, lists),
        *_measure_keys(form),
        *(fault for n, measure in enumerate(form.measures) for fault in _measure(n, measure, lists)),
        *_amounts(form, lists),
        *_wordings_of_columns(form, lists),
        *_expected_rows(form, lists),
        *(fault for n, rule in enumerate(form.rules) for fault in _rule(n, rule, form, lists)),
        *_rule_ids(form),
    ]


def check_set(forms: Sequence[Form], prefix: str) -> list[str]:
    """Return the faults across forms: codes, keys and rule ids that are given twice, too long names."""
    faults = [
        f"the key {form.key.removeprefix(prefix)} with the prefix {prefix} is longer than {_LONGEST_NAME}"
        " characters, and names of tables are made of both"
        for form in forms
        if len(form.key) > _LONGEST_NAME
    ]
    for what, values in (
        ("form code", [form.code for form in forms]),
        ("form key", [form.key.removeprefix(prefix) for form in forms]),
        ("rule id", [rule.id for form in forms for rule in form.rules]),
    ):
        faults += [f"the {what} {value} is given twice" for value, n in Counter(values).items() if n > 1]
    return faults + [
        f"the form codes {first} and {second} cannot be distinguished"
        for first, second in clashing_codes(form.code for form in forms)
    ]


def _dimension(key: str, lists: ListsFile) -> Iterator[Fault]:
    dimension = lists.dimensions[key]
    if dimension.level and dimension.code_list:
        yield ("dimensions", key), f"dimension {key} has both a level and a code list"
    if dimension.code_list and dimension.code_list not in lists.code_lists:
        yield (
            ("dimensions", key, "code_list"),
            f"dimension {key} names the code list {dimension.code_list}, which is not declared",
        )


def _column_names(part: str, keys: Iterable[str]) -> Iterator[Fault]:
    for key in keys:
        if key in RESERVED or key in SQL_WORDS:
            yield (part, key), f"{key} is a reserved word and cannot name a column"


def _wordings_of_list(key: str, lists: ListsFile) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for code, entry in lists.code_lists[key].items():
        for wording in dict.fromkeys(map(_folded, (entry.label_vi, *entry.aliases))):
            other = owners.setdefault(wording, code)
            if other != code:
                yield ("code_lists", key, code), f"a wording of {code} in {key} also fits {other}"


def _form_code(form: FormFile) -> Iterator[Fault]:
    try:
        code_key(form.code)
    except ValueError as error:
        yield ("code",), str(error)


def _dimensions_of_form(form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    for n, key in enumerate(form.dimensions):
        if key not in lists.dimensions:
            yield ("dimensions", n), f"the dimension {key} is not declared in lists.yaml"
    for key, times in Counter(form.dimensions).items():
        if times > 1:
            yield ("dimensions",), f"the dimension {key} is given twice"
    levels = [key for key in form.dimensions if key in lists.dimensions and lists.dimensions[key].level]
    if len(levels) > 1:
        yield ("dimensions",), f"the form has two area columns: {levels[0]} and {levels[1]}"


def _measure_keys(form: FormFile) -> Iterator[Fault]:
    seen = set(form.dimensions)
    for n, measure in enumerate(form.measures):
        if measure.key in seen:
            yield ("measures", n, "key"), f"the column {measure.key} is given twice"
        if measure.key in RESERVED or measure.key in SQL_WORDS:
            yield ("measures", n, "key"), f"{measure.key} is a reserved word and cannot name a column"
        seen.add(measure.key)


def _measure(n: int, measure: MeasureFile, lists: ListsFile) -> Iterator[Fault]:
    if measure.unit not in lists.units:
        yield (
            ("measures", n, "unit"),
            f"measure {measure.key} names the unit {measure.unit}, which is not declared",
        )
    if measure.code_list and measure.code_list not in lists.code_lists:
        yield (
            ("measures", n, "code_list"),
            f"measure {measure.key} names the code list {measure.code_list}, which is not declared",
        )
    if measure.code_list and measure.type is not MeasureType.SCORE:
        yield ("measures", n, "type"), f"measure {measure.key} has a code list, so its type must be score"


def _amounts(form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    """Find amounts of what the form does not count in persons."""
    persons = {
        measure.key
        for measure in form.measures
        if measure.unit in lists.units and lists.units[measure.unit].counts_persons
    }
    for n, measure in enumerate(form.measures):
        if measure.amount_of is not None and measure.amount_of not in persons - {measure.key}:
            yield (
                ("measures", n, "amount_of"),
                f"measure {measure.key} is an amount of {measure.amount_of}, which counts no persons here",
            )


def _wordings_of_columns(form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    """Find a label or alias that fits two columns; a group header distinguishes equal labels."""
    owners: dict[tuple[str, str], str] = {}
    columns: list[tuple[Path, str, str, tuple[str, ...]]] = [
        (("dimensions", n), key, "", (lists.dimensions[key].label_vi, *lists.dimensions[key].aliases))
        for n, key in enumerate(form.dimensions)
        if key in lists.dimensions
    ]
    columns += [
        (("measures", n), m.key, m.group, (m.label_vi, *m.aliases)) for n, m in enumerate(form.measures)
    ]
    for path, key, group, wordings in columns:
        for wording in dict.fromkeys(map(_folded, wordings)):
            other = owners.setdefault((_folded(group), wording), key)
            if other != key:
                yield path, f"a label or alias of {key} also fits {other}"


def _expected_rows(form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    if form.expected_rows is None:
        return
    levels = [lists.dimensions[key].level for key in form.dimensions if key in lists.dimensions]
    if form.expected_rows.level not in levels:
        yield ("expected_rows",), f"rows are expected by {form.expected_rows.level}, but no column names one"


def _rule_ids(form: FormFile) -> Iterator[Fault]:
    for rule_id, times in Counter(rule.id for rule in form.rules).items():
        if times > 1:
            yield ("rules",), f"the rule id {rule_id} is given twice"


def _rule(n: int, rule: RuleFile, form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    columns = {*form.dimensions, *(measure.key for measure in form.measures)}
    if rule.column not in columns:
        yield ("rules", n, "column"), f"rule {rule.id} points to the unknown column {rule.column}"
    for name in ("expression", "condition"):
        text = getattr(rule, name)
        if text:
            for message in _expression_faults(rule, text, columns):
                yield ("rules", n, name), f"rule {rule.id}: {message}"
    verdict = _constant_verdict(rule, form, lists)
    if verdict is not None:
        yield ("rules", n, "expression"), f"rule {rule.id} {'never' if verdict else 'always'} fails"


def _expression_faults(rule: RuleFile, text: str, columns: set[str]) -> Iterator[str]:
    try:
        used = expressions.names(text)
    except ValueError as error:
        yield str(error)
        return
    for name in sorted(used):
        column = name.removeprefix("previous.")
        if name.startswith("previous.") and rule.scope is not RuleScope.PREVIOUS_PERIOD:
            yield f"{name} needs the scope previous_period"
        if column not in columns and column not in _WINDOW:
            yield f"the column {column} is unknown"


def _constant_verdict(rule: RuleFile, form: FormFile, lists: ListsFile) -> bool | None:
    """Return True where the rule holds for all values that can occur, False for none, else None.

    Decided by trying the bounds and small values of the numeric columns, which suffices for comparisons of
    sums: a rule that is constant over them is constant.
    """
    numeric = {
        m.key: lists.units[m.unit].max_value
        for m in form.measures
        if m.unit in lists.units and m.code_list is None and m.type is not MeasureType.FLAG
    }
    try:
        used = expressions.names(rule.expression)
    except ValueError:
        return None
    plain = {name: name.removeprefix("previous.") for name in used}
    if not used or any(column not in numeric for column in plain.values()) or len(used) > 6:
        return None if used else _truth(rule.expression, {})
    # Values above the highest plausible one have a finding already, unless the rule replaces that check.
    above = 1 if rule.replaces_check else 0
    highest = {name: numeric[column] + above for name, column in plain.items()}
    verdicts: set[bool] = set()
    for values in _samples(highest):
        verdicts.add(_truth(rule.expression, values))
        if len(verdicts) == 2:
            return None
    return verdicts.pop()


def _samples(highest: dict[str, int]) -> Iterator[dict[str, float]]:
    choices = [sorted({0, 1, 2, value}) for value in highest.values()]
    for values in product(*choices):
        yield dict(zip(highest, values, strict=True))


def _truth(expression: str, values: dict[str, float]) -> bool:
    return bool(expressions.evaluate(expression, values))


def _folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(plain.replace("đ", "d").split())
