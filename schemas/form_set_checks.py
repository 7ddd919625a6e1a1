"""Checks of a form set beyond the types of its fields; each fault is a path in the file and one sentence."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from plans.model import LEVELS
from plans.similar_codes import similar_code
from plans.yaml_lines import Path
from schemas.across_checks import check_across
from schemas.declaration import Form, MeasureType
from schemas.findings import TEXTS
from schemas.form_codes import clashing_codes, code_key
from schemas.form_files import FormFile, ListsFile, MeasureFile
from schemas.reserved_labels import column_meant, is_total
from schemas.rule_checks import check_rule

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
        "analyse", "analyze", "asymmetric", "authorization", "binary", "collation", "concurrently", "cross",
        "current_catalog", "current_role", "current_schema", "current_time", "current_timestamp",
        "current_user", "deferrable", "freeze", "full", "ilike", "inner", "is", "isnull", "join", "left",
        "like", "localtime", "localtimestamp", "natural", "notnull", "outer", "overlaps", "right", "similar",
        "system_user", "tablesample", "verbose",
    }
)  # fmt: skip
_HAS_WORDS = re.compile(r"[^\W_]|[%‰#]")
_COLUMN_NUMBER = re.compile(r"[(\[]?\d{1,2}[)\]]?")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LONGEST_NAME = 40  # PostgreSQL cuts names at 63 bytes, and an index has 20 more


def check_lists(lists: ListsFile) -> list[Fault]:
    """Return the faults of units, code lists and dimensions."""
    return [
        *_column_names("dimensions", lists.dimensions),
        *(fault for key in lists.dimensions for fault in _dimension(key, lists)),
        *(fault for key in lists.code_lists for fault in _wordings_of_list(key, lists)),
        *(fault for key in lists.code_lists for fault in _reporting_levels(key, lists)),
        *(
            (("code_lists", key), f"the code list {key} has no codes")
            for key, codes in lists.code_lists.items()
            if not codes
        ),
        *(
            (("units", key), f"the unit {key} is both money and a count of persons")
            for key, unit in lists.units.items()
            if unit.money and unit.counts_persons
        ),
    ]


def check_form(form: FormFile, lists: ListsFile) -> list[Fault]:
    """Return the faults of a form file."""
    return [
        *_form_code(form),
        *_dimensions_of_form(form, lists),
        *check_across(form, lists),
        *_measure_keys(form),
        *(fault for n, measure in enumerate(form.measures) for fault in _measure(n, measure, lists)),
        *(fault for n, measure in enumerate(form.measures) for fault in _history(n, measure, form)),
        *_amounts(form, lists),
        *_wordings_of_columns(form, lists),
        *_expected_rows(form, lists),
        *(fault for n, rule in enumerate(form.rules) for fault in check_rule(n, rule, form, lists)),
        *_rule_ids(form),
    ]


def check_set(forms: Sequence[Form], prefix: str) -> list[tuple[Form, Path, str]]:
    """Return the faults across forms: codes, keys and rule ids that are given twice, too long names.

    Each is a form and a fault of its file.
    """
    faults: list[tuple[Form, Path, str]] = [
        (
            form,
            ("key",),
            f"the key {form.key.removeprefix(prefix)} with the prefix {prefix} is longer than {_LONGEST_NAME}"
            " characters, and names of tables are made of both",
        )
        for form in forms
        if len(form.key) > _LONGEST_NAME
    ]
    seen: set[tuple[str, str]] = set()
    for form in forms:
        places: list[tuple[str, str, Path]] = [
            ("form code", form.code, ("code",)),
            ("form key", form.key.removeprefix(prefix), ("key",)),
            *(("rule id", rule.id, ("rules", n, "id")) for n, rule in enumerate(form.rules)),
        ]
        for what, value, path in places:
            if (what, value) in seen:
                faults.append((form, path, f"the {what} {value} is given twice"))
            seen.add((what, value))
    owners = {form.code: form for form in forms}
    return faults + [
        (owners[second], ("code",), f"the form codes {first} and {second} cannot be distinguished")
        for first, second in clashing_codes(form.code for form in forms)
    ]


def _dimension(key: str, lists: ListsFile) -> Iterator[Fault]:
    dimension = lists.dimensions[key]
    if dimension.level and dimension.code_list:
        yield ("dimensions", key), f"dimension {key} has both a level and a code list"
    for label in (dimension.label_vi, *dimension.aliases):
        if meant := column_meant(label):
            yield ("dimensions", key), f"dimension {key} has the label {label}, which is that of {meant}"
    for code, entry in lists.code_lists.get(dimension.code_list or "", {}).items():
        for label in filter(is_total, (entry.label_vi, *entry.aliases)):
            yield (
                ("code_lists", dimension.code_list or "", code),
                f"{code} of {dimension.code_list} has the label {label}, which is that of total rows",
            )
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


def _reporting_levels(key: str, lists: ListsFile) -> Iterator[Fault]:
    """Find misspelt levels of bodies. A plan may declare others, so a level that is like none is accepted."""
    known = [*LEVELS, *(d.level for d in lists.dimensions.values() if d.level)]
    for code, entry in lists.code_lists[key].items():
        for level in entry.reported_by:
            if level not in known and (meant := similar_code(level, known)):
                yield (
                    ("code_lists", key, code, "reported_by"),
                    f"{code} of {key} is reported by the level {level}; {meant} is probably meant",
                )


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
    for label in (measure.label_vi, *measure.aliases):
        if meant := column_meant(label):
            yield (
                ("measures", n, "label_vi"),
                f"measure {measure.key} has the label {label}, which is that of {meant}",
            )
    if not _HAS_WORDS.search(measure.label_vi) or _COLUMN_NUMBER.fullmatch(measure.label_vi):
        yield (
            ("measures", n, "label_vi"),
            f"measure {measure.key} has the label {measure.label_vi}, which reads as the number of a column",
        )
    unit = lists.units.get(measure.unit)
    is_number = measure.type is not MeasureType.FLAG and not measure.code_list
    if unit and is_number and not unit.max_value:
        yield (
            ("measures", n, "unit"),
            f"measure {measure.key} has the unit {measure.unit}, whose max_value 0 allows no figure",
        )


def _history(n: int, measure: MeasureFile, form: FormFile) -> Iterator[Fault]:
    """Find a column that replaces one that is there, and one that is retired before it is introduced."""
    if measure.renamed_from in {*form.dimensions, *(other.key for other in form.measures)}:
        yield (
            ("measures", n, "renamed_from"),
            f"measure {measure.key} is renamed from {measure.renamed_from}, which is a column of the form",
        )
    if measure.introduced_on and measure.retired_on and measure.introduced_on >= measure.retired_on:
        yield (
            ("measures", n, "retired_on"),
            f"measure {measure.key} is retired on {measure.retired_on}, before it is introduced",
        )


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
    read_alike: dict[tuple[str, str], str] = {}
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
        for wording in dict.fromkeys(map(_without_remarks, wordings)):
            other = read_alike.setdefault((_folded(group), wording), key)
            if other != key:
                yield (
                    path,
                    f"a label or alias of {key} reads like that of {other}:"
                    " words in brackets and a mark at the end do not count in headers",
                )


def _expected_rows(form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    if form.expected_rows is None:
        return
    levels = [lists.dimensions[key].level for key in form.dimensions if key in lists.dimensions]
    if form.expected_rows.level not in levels:
        yield ("expected_rows",), f"rows are expected by {form.expected_rows.level}, but no column names one"
    finding = form.expected_rows.finding
    if finding not in TEXTS and finding not in {rule.id for rule in form.rules}:
        yield ("expected_rows",), f"the finding {finding} of a missing row is not known"


def _rule_ids(form: FormFile) -> Iterator[Fault]:
    for rule_id, times in Counter(rule.id for rule in form.rules).items():
        if times > 1:
            yield ("rules",), f"the rule id {rule_id} is given twice"


def _without_remarks(text: str) -> str:
    """Return what of a label counts in a header; the whole of one that is in brackets."""
    kept = _REMARK.sub(" ", text)
    return _folded(kept if _HAS_WORDS.search(kept) else text).rstrip(" .:;,")


def _folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(plain.replace("đ", "d").split())
